"""What the City says just now, in conversations: before the answer, to whom it is about, once, and until it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions.notices import KNOWN
from services_catalog.notices.model import Area, Circle, Notice
from services_catalog.segments import fits
from tests.support.desk import HandClock, ReportingLine
from tests.support.talk import ActionsAlone, Talk

NOON = HandClock().at
TOLD = "Until 6:00 p.m. today: Queen Street is closed"
BRIEF = "Until 6:00 p.m. today: Queen St is closed at Bay."
QUEEN = Area(street="Queen St W")
AT_QUEEN, ELSEWHERE = "100 queen st w", "king and spadina"


@pytest.fixture
def town(desk: ReportingLine) -> Iterator[ReportingLine]:
    yield desk
    desk.forget_notices()


@pytest.fixture
def talk(town: ReportingLine, request: pytest.FixtureRequest) -> Talk:
    return Talk(ActionsAlone(town.executor, f"con_{request.node.name[:30]}"))


def make_notice(**changes: Any) -> Notice:
    given: dict[str, Any] = {
        "id": "ntc_1",
        "text": "Queen Street is closed at Bay. Crews mend a water main.",
        "sms": "Queen St is closed at Bay.",
        "starts_at": NOON - timedelta(hours=1),
        "ends_at": NOON + timedelta(hours=6),
    }
    return Notice(**(given | changes))


def test_a_notice_about_a_service_stands_before_its_answer_once(
    town: ReportingLine, talk: Talk
) -> None:
    town.post(make_notice(services=("garbage_day",)))
    talk.says("when is garbage day").hears(TOLD)
    [reply] = talk.replies
    assert (reply["outcome"], reply["service_id"]) == ("answer", "garbage_day")
    assert "every second week" in reply["text"]
    assert reply["short"].startswith(f"{BRIEF}\nWe collect garbage")
    assert fits(reply["short"])
    talk.says("when is garbage day")
    assert "Queen" not in talk.replies[0]["text"]


def test_who_asks_about_something_else_does_not_hear_of_it(
    town: ReportingLine, talk: Talk
) -> None:
    town.post(make_notice(services=("garbage_day",)))
    talk.says("how do i get a dog licence")
    assert "Queen" not in talk.replies[0]["text"]


def test_a_notice_that_changed_is_said_again(town: ReportingLine, talk: Talk) -> None:
    first = make_notice(services=("garbage_day",))
    town.post(first)
    talk.says("when is garbage day").hears(TOLD)
    later = replace(first, ends_at=NOON + timedelta(hours=26), version=2)
    town.post(later)
    talk.says("when is garbage day").hears("Until 2:00 p.m. tomorrow: Queen Street")


def test_a_notice_ends_by_the_clock_and_begins_by_it(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice(services=("garbage_day",)))
    town.clock.at = NOON + timedelta(hours=6)
    talk.says("when is garbage day")
    assert "Queen" not in talk.replies[0]["text"]
    town.clock.at = NOON - timedelta(hours=2)
    talk.says("when is garbage day")
    assert "Queen" not in talk.replies[0]["text"]
    town.clock.at = NOON - timedelta(hours=1)
    talk.says("when is garbage day").hears(TOLD)


@pytest.mark.parametrize(
    "area",
    [
        QUEEN,
        Area(wards=("10",)),
        Area(("10",), "Queen St W"),
        Area(circle=Circle(43.6525, -79.3835, 300, "100 Queen St W")),
    ],
    ids=["street", "ward", "street in a ward", "circle"],
)
def test_a_place_in_the_area_is_enough(town: ReportingLine, talk: Talk, area: Area) -> None:
    town.post(make_notice(area=area))
    talk.says("when is garbage day")
    assert "Queen" not in talk.replies[0]["text"]
    talk.says(f"is there garbage collection at {AT_QUEEN}").hears(TOLD)


def test_a_place_that_is_remembered_is_enough(town: ReportingLine, talk: Talk) -> None:
    talk.says(AT_QUEEN, move="give_location").hears("100 Queen St W")
    town.post(make_notice(area=QUEEN))
    talk.says("how do i get a dog licence").hears(TOLD)


def test_a_message_that_is_only_a_place_or_a_street_is_enough(
    town: ReportingLine, talk: Talk
) -> None:
    town.post(make_notice(area=QUEEN))
    talk.says(ELSEWHERE, move="give_location")
    assert "closed" not in talk.replies[0]["text"]
    # It is not clear where on it, and all of it is meant.
    talk.says("is garbage collected on queen st w").hears(TOLD)


def test_a_place_that_was_shared_lies_on_the_street_it_is_beside(
    town: ReportingLine, talk: Talk
) -> None:
    town.post(make_notice(area=QUEEN))
    talk.shares(43.6520, -79.3836).hears(TOLD)


def test_what_is_not_found_is_told_of_too(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice())
    talk.says("zorbing lessons for my hamster").hears(TOLD)
    assert talk.replies[0]["outcome"] == "not_found"
    # The words after it are the assistant's fixed ones, in the text message too.
    assert talk.replies[0]["short"].startswith(f"{BRIEF}\n")
    assert talk.replies[0]["text"].partition("\n\n")[2] in talk.replies[0]["short"]


@pytest.mark.parametrize("move", ["greet", "thanks"])
def test_small_talk_is_left_alone(town: ReportingLine, talk: Talk, move: str) -> None:
    town.post(make_notice())
    talk.says("hello", move=move)
    assert "Queen" not in talk.replies[0]["text"]


def test_nothing_is_added_to_danger(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice())
    talk.says("when is garbage day", danger="wire")
    assert all("Queen" not in r["text"] for r in talk.replies)


def test_a_report_of_what_is_known_says_so_and_goes_on(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice(services=("pothole",), area=QUEEN))
    talk.says(f"there is a huge pothole at {AT_QUEEN}", move="report")
    talk.hears(TOLD, "How can staff reach you")
    assert KNOWN in talk.replies[0]["text"]
    assert KNOWN in talk.replies[0]["short"]
    talk.says("anonymous").hears("Shall I send this?")
    talk.says("send it").hears("Your reference is")
    assert KNOWN not in talk.replies[0]["text"]


def test_a_report_elsewhere_hears_nothing_of_it(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice(services=("pothole",), area=QUEEN))
    talk.says(f"there is a huge pothole at {ELSEWHERE}", move="report")
    assert all("Until" not in r["text"] for r in talk.replies)


def test_that_it_is_known_is_said_once_the_place_is(town: ReportingLine, talk: Talk) -> None:
    town.post(make_notice(services=("pothole",), area=QUEEN))
    talk.says("there is a huge pothole on my street", move="report")
    talk.hears(TOLD, "Where is it?")
    assert all(KNOWN not in r["text"] for r in talk.replies)
    talk.says(AT_QUEEN, move="give_location").hears(f"{KNOWN}\n\n")
    assert "closed" not in talk.replies[0]["text"]
    talk.says("anonymous").hears("Shall I send this?")
    assert KNOWN not in talk.replies[0]["text"]


def test_two_at_a_time_are_said_and_the_others_next(town: ReportingLine, talk: Talk) -> None:
    for n in range(3):
        town.post(make_notice(id=f"ntc_{n}", text=f"Number {n}."))
    talk.says("when is garbage day").hears(
        "today: Number 2.\n\nUntil 6:00 p.m. today: Number 1."
    )
    assert "Number 0" not in talk.replies[0]["text"]
    talk.says("how do i get a dog licence").hears("Number 0")
    assert "Number 2" not in talk.replies[0]["text"]
