"""Residents hear of what becomes of their report: once, in plain words, on their channel, and only if they want to."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.triage.cases.desk import HERE
from tests.triage.talking import Resident
from tests.triage.texting.carrier import WHATSAPP_LINE
from tests.triage.updates.conftest import Town, run, told
from triage.cases.changes import Moved, Step
from triage.cases.service import Cases
from triage.cases.workflow import Actor, Move
from triage.updates.outbox import into_updates
from triage.updates.tables import case_updates


def test_each_move_is_told_in_the_conversation_of_the_one_who_reported(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    town.moves(case, Move.START)
    town.is_settled(case)
    town.moves(case, Move.ASK, text="Is it near the school?")
    town.is_settled(case)
    town.resolves(case)
    town.is_settled(case)
    started, asked, resolved = told(resident)
    assert started["text"].startswith(f"News about your report {case} (pothole). ")
    assert "has started the work. They aim to finish by " in started["text"]
    assert "no more updates" in started["text"]
    assert "has a question for you: Is it near the school? Tell us here" in asked["text"]
    assert "no more updates" not in asked["text"]
    assert (
        "The work is done. The hole was filled today. If it is not fixed, tell us by"
        in (resolved["text"])
    )
    for message, status in (
        (started, "in_progress"),
        (asked, "waiting"),
        (resolved, "resolved"),
    ):
        assert message["outcome"] == "case_status"
        assert (message["case"]["reference"], message["case"]["status"]) == (case, status)


def test_who_is_just_looking_sees_it_at_once(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    with town.client.stream("GET", f"{resident.at}/events", headers=resident.headers) as stream:
        lines = stream.iter_lines()
        next(lines)
        town.moves(case, Move.START)
        found = next(line for line in lines if line.startswith("data: ") and case in line)
    assert json.loads(found.removeprefix("data: "))["outcome"] == "case_status"


def test_a_move_made_twice_under_one_key_is_told_once(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    town.moves(case, Move.START, key="once")
    town.moves(case, Move.START, key="once")
    town.is_settled(case)
    assert len(told(resident)) == 1


@pytest.mark.parametrize(
    "contact",
    [None, {"phone": "416-555-0123", "wants_updates": False}],
    ids=["anonymous", "no updates"],
)
def test_who_did_not_agree_is_not_told(town: Town, contact: dict[str, Any] | None) -> None:
    resident = town.resident()
    case = town.opens(resident.id, contact=contact)
    town.moves(case, Move.START)
    town.is_settled(case)
    assert told(resident) == []
    assert town.notes(case) == []


def test_nobody_is_told_what_they_did_themselves(town: Town) -> None:
    resident, neighbour = town.resident(), town.resident()
    case = town.opens(resident.id)
    town.joins(case, neighbour.id)
    town.resolves(case)
    town.is_settled(case)
    town.moves(case, Move.REOPEN, Actor.RESIDENT, text="no", conversation_id=resident.id)
    town.is_settled(case)
    assert len(told(resident)) == 1
    assert "It is open again." in told(neighbour)[1]["text"]


def test_what_needs_nobody_is_not_told(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    town.joins(case, town.resident().id)
    added = town.desk.sends(f"/cases/{case}/messages", text="it got bigger")
    assert added.status_code == 200
    town.is_settled(case)
    assert told(resident) == []


def test_who_joined_is_told_without_anything_personal_of_the_one_who_reported(
    town: Town,
) -> None:
    resident, neighbour = town.resident(), town.resident()
    case = town.opens(resident.id)
    town.joins(case, neighbour.id)
    town.resolves(case)
    town.is_settled(case)
    (message,) = told(neighbour)
    assert "(pothole), which you joined. The work is done." in message["text"]
    whole = json.dumps(message)
    for personal in ("Robin", "555-0123", "PRIVATE-WORDS", HERE["address"]):
        assert personal not in whole


def test_a_report_that_the_reporter_took_back_is_told_to_who_joined(town: Town) -> None:
    resident, neighbour = town.resident(), town.resident()
    case = town.opens(resident.id)
    town.joins(case, neighbour.id)
    town.moves(case, Move.WITHDRAW, Actor.RESIDENT, conversation_id=resident.id)
    town.is_settled(case)
    assert "It was taken back." in told(neighbour)[0]["text"]
    assert told(resident) == []


def test_a_move_that_fails_tells_nobody(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)

    def fail(_connection: object, _moved: Moved) -> None:
        raise ArithmeticError

    parts = town.parts
    cases = Cases(
        parts.database,
        parts.city,
        parts.routing,
        parts.entries,
        parts.clock,
        on_move=[into_updates(), fail],
    )
    with pytest.raises(ArithmeticError):
        run(cases.move(case, Step(Move.START, Actor.STAFF, town.key())))
    town.is_settled(case)
    assert told(resident) == []
    assert run(town.parts.cases.find(case)).case.status == "received"


# ── by phone ──


def test_a_phone_gets_one_short_text_with_the_reference_first(town: Town) -> None:
    phone = town.phone()
    case = town.opens(town.texts(phone), channel="sms")
    town.moves(case, Move.START)
    (text,) = phone.hears()
    assert text.startswith(f"{case}, your report (pothole): ")
    assert "has started the work." in text
    (note,) = town.notes(case)
    assert note.audience == "staff"
    assert note.text == "The one who reported it was told by text message: started."


def test_in_quiet_hours_nothing_is_texted_and_in_the_morning_one_text_tells_how_it_stands(
    town: Town,
) -> None:
    phone = town.phone()
    case = town.opens(town.texts(phone), channel="sms")
    town.clock.is_at(21, 30)
    town.moves(case, Move.START)
    town.is_settled(case)
    town.moves(case, Move.ASK, text="Which lane?")
    town.moves(case, Move.START)
    town.moves(case, Move.DELAY, text="We wait for asphalt.")
    town.is_settled(case)
    town.clock.passes(hours=10)  # half past seven
    town.is_settled(case)
    assert phone.has_heard() == []
    town.clock.passes(minutes=31)
    (text,) = phone.hears()
    assert "has started the work. It takes longer than we said. We wait for asphalt." in text
    assert "Which lane?" not in text
    town.is_settled(case)
    assert phone.has_heard() == []


def test_at_night_the_page_is_told_at_once(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    town.clock.is_at(23)
    town.moves(case, Move.START)
    town.is_settled(case)
    assert len(told(resident)) == 1


def test_what_is_not_true_any_more_in_the_morning_is_not_told(town: Town) -> None:
    phone = town.phone()
    conversation = town.texts(phone)
    case = town.opens(conversation, channel="sms")
    town.clock.is_at(22)
    town.moves(case, Move.ASK, text="Which lane?")
    town.is_settled(case)
    answer = town.desk.sends(
        f"/cases/{case}/messages", text="the left one", conversation_id=conversation
    )
    assert answer.status_code == 200
    town.clock.is_at(9)
    town.is_settled(case)
    assert phone.has_heard() == []


def test_a_number_that_said_stop_is_not_texted_and_staff_see_that(town: Town) -> None:
    phone = town.phone()
    case = town.opens(town.texts(phone), channel="sms")
    phone.texts("STOP")
    town.moves(case, Move.START)
    (note,) = town.notes(case)
    assert phone.has_heard() == []
    assert note.text is not None
    assert note.text.startswith("To be told by hand: started.")
    assert "they have stopped all text messages. They left a telephone number." in note.text
    assert "555" not in note.text


def test_who_said_stop_while_it_waited_is_not_texted(town: Town) -> None:
    phone = town.phone()
    case = town.opens(town.texts(phone), channel="sms")
    town.clock.is_at(23)
    town.moves(case, Move.START)
    town.is_settled(case)
    phone.texts("STOP")
    town.clock.is_at(9)
    assert "by hand" in (town.notes(case)[0].text or "")
    assert phone.has_heard() == []


@pytest.mark.parametrize(("hours", "is_told"), [(23, True), (25, False)])
def test_over_whatsapp_what_cannot_be_sent_freely_is_left_to_staff(
    town: Town, hours: int, is_told: bool
) -> None:
    phone = town.phone(line=WHATSAPP_LINE)
    phone.number = f"whatsapp:{phone.number}"
    case = town.opens(town.texts(phone), channel="whatsapp")
    town.clock.passes(hours=hours)
    town.moves(case, Move.START)
    (note,) = town.notes(case)
    assert ("told by WhatsApp" in (note.text or "")) is is_told
    assert ("more than 24 hours ago" in (note.text or "")) is not is_told
    if is_told:
        assert case in phone.hears()[0]
    else:
        assert phone.has_heard() == []


def test_a_number_is_told_in_the_conversation_that_it_has_now(town: Town) -> None:
    phone = town.phone()
    before = town.texts(phone)
    case = town.opens(before, channel="sms")
    town.clock.passes(days=town.parts.settings.text_conversation_days + 1)
    now = town.texts(phone)
    assert now != before
    town.resolves(case)
    assert case in phone.hears()[0]
    # It is theirs to say there that they want no more.
    assert town.wishes(case, now, wants=False).status_code == 200
    town.moves(case, Move.REOPEN, text="look again")
    town.is_settled(case)
    assert phone.has_heard() == []


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        ("undelivered", 30005, "the text message did not arrive"),
        ("failed", 21610, "they have stopped all text messages"),
    ],
)
def test_a_text_that_does_not_arrive_is_left_to_staff(
    town: Town, status: str, code: int, why: str
) -> None:
    phone = town.phone()
    case = town.opens(town.texts(phone), channel="sms")
    town.carrier.calls_back_at = ""  # what became of it is for this test to say
    town.moves(case, Move.START)
    phone.hears()
    town.carrier.calls_back_at = town.url
    sent = next(m for m in reversed(town.carrier.log) if m["to"] == phone.number)
    assert town.carrier.call_back(sent, status, code) == 204
    assert run(town.parts.updates.look_for_lost()) == 1
    first, second = town.notes(case)
    assert "was told by text message" in (first.text or "")
    assert "To be told by hand: started." in (second.text or "")
    assert why in (second.text or "")
    assert run(town.parts.updates.look_for_lost()) == 0


# ── who cannot be told here, and who wants none ──


def test_who_came_another_way_is_left_to_staff(town: Town) -> None:
    contact = {"email": "robin@example.org", "wants_updates": True}
    case = town.opens(None, channel="phone", contact=contact)
    town.resolves(case)
    (note,) = town.notes(case)
    assert note.text == (
        "To be told by hand: resolved. The one who reported it could not be told here, because there is no "
        "conversation with them. They left an e-mail address."
    )
    figures = town.client.get(f"{town.url}/metrics").text
    assert 'ask311_updates_total{channel="",result="by_hand"}' in figures
    assert "\nask311_updates_by_hand 0.0" not in figures


def test_who_wants_no_more_news_gets_none_until_they_want_them_again(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    town.moves(case, Move.START)
    town.is_settled(case)
    assert town.wishes(case, resident.id, wants=False).status_code == 200
    town.resolves(case)
    town.is_settled(case)
    assert len(told(resident)) == 1
    assert town.wishes(case, resident.id, wants=True).status_code == 200
    town.moves(case, Move.REOPEN, text="look again")
    town.is_settled(case)
    assert len(told(resident)) == 2
    assert [n.text for n in town.notes(case)][
        1
    ] == "The one who reported it wants no more news."


def test_a_wish_that_comes_while_news_wait_holds_for_them(town: Town) -> None:
    phone = town.phone()
    conversation = town.texts(phone)
    case = town.opens(conversation, channel="sms")
    town.clock.is_at(23)
    town.moves(case, Move.START)
    town.wishes(case, conversation, wants=False)
    town.clock.is_at(9)
    town.is_settled(case)
    assert phone.has_heard() == []


def test_an_anonymous_resident_can_ask_to_be_told(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id, contact=None)
    assert town.wishes(case, resident.id, wants=True).status_code == 200
    town.moves(case, Move.START)
    town.is_settled(case)
    assert len(told(resident)) == 1


def test_who_only_has_the_reference_cannot_have_themselves_told(town: Town) -> None:
    case = town.opens(town.resident().id)
    stranger: Resident = town.resident()
    answer = town.wishes(case, stranger.id, wants=True)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "move_not_allowed")


def test_health_says_when_residents_wait_too_long(town: Town) -> None:
    resident = town.resident()
    case = town.opens(resident.id)
    assert run(town.parts.updates.trouble()) == ""
    town.moves(case, Move.START)
    # As if nobody had told it for a while.
    town.is_settled(case)
    case_id = run(town.parts.cases.find(case)).case.id
    its = update(case_updates).where(case_updates.c.case_id == case_id)
    town.changes(
        its.values(
            done_at=None,
            next_attempt_at=town.clock.now() - timedelta(minutes=12),
            lease_until=town.clock.now() + timedelta(hours=1),
            lease_by="another/process",
        )
    )
    assert run(town.parts.updates.trouble()) == "1 news wait, the oldest for 12 minutes"
    ready = town.client.get(f"{town.url}/health/ready").json()
    assert ready["dependencies"]["updates"]["ok"] is False
    town.changes(its.values(done_at=town.clock.now(), lease_until=None, lease_by=None))
