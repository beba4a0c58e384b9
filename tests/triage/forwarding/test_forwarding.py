"""Cases of chosen services reach an outside endpoint once, whatever it does, and its news come back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from services_catalog.packs import PackError, load_city
from tests.triage.cases.desk import CONVERSATION, Desk, import_entries
from tests.triage.forwarding.outside import Mood, Outside, outside_endpoint, settles
from tests.triage.forwarding.town import (
    TARGET,
    VARIABLE,
    Records,
    forwarding_door,
    routing_to,
)
from tests.triage.talking import make_settings, wait_until
from triage import cli
from triage.cases.changes import Step
from triage.cases.entries import Entries
from triage.cases.service import Cases
from triage.cases.workflow import Actor, Move
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.parts import Parts
from triage.safety import look

NEWS = ("forwarded", "noted")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "the-key-of-the-test")


@pytest.fixture
def outside() -> Iterator[Outside]:
    with outside_endpoint() as outside:
        yield outside


@pytest.fixture
def records(any_database_url: str) -> Iterator[Records]:
    import_entries(any_database_url)
    records = Records(any_database_url)
    yield records
    records.close()


Open = Callable[..., Desk]


@pytest.fixture
def open_door(
    any_database_url: str, records: Records, outside: Outside, client: httpx.Client
) -> Iterator[Open]:
    """Start a front door that forwards to the outside endpoint."""
    with ExitStack() as stack:

        def start(settings: dict[str, Any] | None = None, **forward: Any) -> Desk:
            routing = routing_to(**({"url": outside.url} | forward))
            door = forwarding_door(any_database_url, routing, **(settings or {}))
            return Desk(stack.enter_context(door), client)

        yield start


def number_of(records: Records, reference: str) -> Any:
    return records.forward(reference).request_id


def staff_moves(database_url: str, reference: str, *steps: Step) -> None:
    """Move a case as staff do, who have no page of their own yet."""

    async def move() -> None:
        database = Database(database_url)
        cases = Cases(
            database,
            load_city("toronto"),
            routing_to("https://unused.example"),
            Entries(database, "toronto"),
            SystemClock(),
        )
        for step in steps:
            await cases.move(reference, step)
        database.close()

    asyncio.run(move())


# ── what is sent ──


def test_a_case_is_sent_with_its_facts_and_without_contact(
    open_door: Open, outside: Outside, records: Records
) -> None:
    desk = open_door()
    reference = desk.opens(
        description="It is deep. Call me: 416-555-0123 or test@example.org",
        answers={"size": "large", "damage": "yes"},
    )["reference"]
    wait_until(lambda: number_of(records, reference))
    (request,) = outside.requests
    sent = dict(request["fields"])
    assert sent.pop("description") == (
        f"Pothole. Reference: {reference}\n"
        "How big is the hole? Bigger than a plate\n"
        "Did it damage a car? Yes\n"
        "It is deep. Call me: [phone number] or [email address]"
    )
    assert sent == {
        "api_key": outside.key,
        "service_code": "HOLE-12",
        "jurisdiction_id": "neighbour.example",
        "lat": "43.6500000",
        "long": "-79.3800000",
        "address_string": "12 Elm St",
        "attribute[SIZE]": "L",
    }
    assert records.thread(reference, *NEWS) == [f"It is at {TARGET} as SR-00001."]
    assert outside.asked.count("requests") == 0, "nothing was unsure"


def test_without_leave_residents_words_stay(
    open_door: Open, outside: Outside, records: Records
) -> None:
    reference = open_door(words=False).opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    assert "PRIVATE-WORDS" not in str(outside.requests)
    assert "Bigger than a plate" in str(outside.requests)


def test_cases_of_other_services_stay_in_the_house(
    open_door: Open, outside: Outside, records: Records
) -> None:
    desk = open_door()
    other = desk.opens(
        service_id="fallen_branch",
        answers={"on": "car", "when": "2026-03-01"},
    )["reference"]
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    assert records.forward(other) is None
    assert len(outside.requests) == 1


def test_a_queue_is_forwarded_as_a_whole(
    open_door: Open, outside: Outside, records: Records
) -> None:
    desk = open_door(services=(), queues=("road_operations", "desk"))
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    without_code = desk.opens(
        service_id="fallen_branch", answers={"on": "car", "when": "2026-03-01"}
    )["reference"]
    wait_until(lambda: records.thread(without_code, *NEWS))
    assert records.thread(without_code, *NEWS) == [
        f"This report could not be forwarded to {TARGET}: routing.yaml has no code for this service."
    ]


# ── when it does not go well ──


@pytest.mark.parametrize(
    ("moods", "is_unsure"),
    [
        ([Mood.FAILS, Mood.FAILS], True),
        ([Mood.KEEPS_AND_FAILS], True),
        ([Mood.KEEPS_AND_HANGS], True),
        ([Mood.KEEPS_AND_DROPS], True),
        ([Mood.BABBLES], True),
        ([Mood.FAILS, Mood.BUSY, Mood.KEEPS_AND_DROPS], True),
        ([Mood.BUSY, Mood.BUSY], False),
    ],
)
@pytest.mark.parametrize("shows_description", [True, False])
def test_whatever_fails_it_arrives_once(
    open_door: Open,
    outside: Outside,
    records: Records,
    client: httpx.Client,
    moods: list[Mood],
    is_unsure: bool,
    shows_description: bool,
) -> None:
    outside.moods.extend(moods)
    outside.shows_description = shows_description
    desk = open_door()
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    assert [r["service_request_id"] for r in outside.requests] == [
        number_of(records, reference)
    ]
    news = records.thread(reference, *NEWS)
    assert news[-1] == f"It is at {TARGET} as SR-00001."
    assert [n for n in news[:-1] if "is not known whether" in n] == news[:-1]
    assert len(news) == 1 + is_unsure
    assert ("requests" in outside.asked) is is_unsure
    figures = client.get(desk.at.replace("/api/triage", "/metrics")).text
    assert f'ask311_forward_unsure_total{{target="{TARGET}"}}' in figures or not is_unsure
    assert "ask311_forward_waiting 0.0" in figures


def test_an_endpoint_that_is_down_gets_it_when_it_is_back(
    any_database_url: str, records: Records, client: httpx.Client
) -> None:
    with outside_endpoint() as outside:
        port = int(outside.url.split(":")[2].split("/")[0])
    with forwarding_door(any_database_url, routing_to(outside.url)) as url:
        reference = Desk(url, client).opens()["reference"]
        wait_until(lambda: records.forward(reference).last_error == "unreachable")
        assert records.forward(reference).begun_at is None, "nothing was sent, for sure"
        with outside_endpoint(port, outside):
            wait_until(lambda: number_of(records, reference))
    assert len(outside.requests) == 1
    assert "requests" not in outside.asked


def test_a_request_that_was_taken_back_before_it_was_sent_is_not_sent(
    any_database_url: str, records: Records, client: httpx.Client
) -> None:
    with outside_endpoint() as outside:
        port = int(outside.url.split(":")[2].split("/")[0])
    with forwarding_door(any_database_url, routing_to(outside.url)) as url:
        desk = Desk(url, client)
        reference = desk.opens()["reference"]
        taken_back = desk.sends(
            f"/cases/{reference}/moves", conversation_id=CONVERSATION, move="withdraw"
        )
        assert taken_back.status_code == 200
        with outside_endpoint(port, outside):
            wait_until(lambda: records.forward(reference).done_at)
    assert outside.requests == []


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        (Mood.REFUSES, "The place is not ours."),
        (Mood.REDIRECTS, "the address sends us elsewhere, and is not followed."),
    ],
)
def test_a_refusal_is_final_and_told_to_staff(
    open_door: Open,
    outside: Outside,
    records: Records,
    client: httpx.Client,
    mood: Mood,
    says: str,
) -> None:
    outside.moods.append(mood)
    desk = open_door()
    reference = desk.opens()["reference"]
    wait_until(lambda: records.forward(reference).dead_at)
    assert records.thread(reference, *NEWS) == [
        f"This report could not be forwarded to {TARGET}: {says}"
    ]
    assert settles(lambda: outside.posts == 1)
    assert outside.requests == []
    figures = client.get(desk.at.replace("/api/triage", "/metrics")).text
    assert (
        f'ask311_forwards_total{{result="could_not_be_forwarded",target="{TARGET}"}} 1.0'
        in figures
    )
    assert "ask311_forward_dead 1.0" in figures
    # The resident's own case is as it was: staff of ours have it.
    assert desk.case(reference)["status"] == "received"


def test_after_a_wrong_key_is_mended_the_cases_are_tried_again(
    open_door: Open,
    outside: Outside,
    records: Records,
    any_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outside.key = "another key"
    reference = open_door().opens()["reference"]
    wait_until(lambda: records.forward(reference).dead_at)
    assert records.thread(reference, *NEWS) == [
        f"This report could not be forwarded to {TARGET}: Invalid api_key received."
    ]
    outside.key = os.environ[VARIABLE]
    for name, value in {
        "DATABASE_URL": any_database_url,
        "GATEWAY_SECRET": "a-secret-of-the-test",
        "API_SECRET": "another-secret-of-the-test",
    }.items():
        monkeypatch.setenv(f"ASK311_{name}", value)
    assert cli.main(["forward-again", TARGET]) == 0
    assert capsys.readouterr().out == "1 cases are tried again.\n"
    wait_until(lambda: number_of(records, reference))
    assert len(outside.requests) == 1


def test_after_the_time_for_it_a_case_is_given_up_and_staff_are_told(
    open_door: Open, outside: Outside, records: Records
) -> None:
    outside.choose = lambda: Mood.FAILS
    reference = open_door({"forward_give_up_after_hours": 0.0001}).opens()["reference"]
    wait_until(lambda: records.forward(reference).dead_at)
    assert records.thread(reference, *NEWS)[-1].startswith(
        f"This report could not be forwarded to {TARGET}: there was no answer"
    )
    assert records.thread(reference, *NEWS)[-1].endswith("it is not known whether it arrived.")


def test_what_cannot_be_looked_for_is_not_sent_again(
    open_door: Open, outside: Outside, records: Records
) -> None:
    outside.moods.append(Mood.KEEPS_AND_DROPS)
    outside.shows_list = False
    reference = open_door().opens()["reference"]
    wait_until(lambda: records.forward(reference).dead_at)
    assert "somebody has to ask" in records.thread(reference, *NEWS)[-1]
    assert len(outside.requests) == 1


def test_a_neighbours_request_at_the_same_place_is_not_taken_for_ours(
    open_door: Open, outside: Outside, records: Records
) -> None:
    outside.shows_description = False
    desk = open_door()
    first = desk.opens()["reference"]
    wait_until(lambda: number_of(records, first))
    outside.moods.append(Mood.FAILS)
    second = desk.opens()["reference"]
    wait_until(lambda: number_of(records, second))
    assert number_of(records, second) != number_of(records, first)
    assert len(outside.requests) == 2


def test_a_token_becomes_a_number(open_door: Open, outside: Outside, records: Records) -> None:
    outside.moods.append(Mood.TOKEN)
    reference = open_door().opens()["reference"]
    wait_until(lambda: records.forward(reference).token)
    wait_until(lambda: any(a.startswith("tokens/") for a in outside.asked))
    assert number_of(records, reference) is None
    outside.tokens["t/SR-00001"] = "SR-00001"
    wait_until(lambda: number_of(records, reference))
    assert records.thread(reference, *NEWS) == [
        f"It was sent to {TARGET}; its number there follows. Soon.",
        f"It is at {TARGET} as SR-00001.",
    ]
    assert outside.posts == 1


def test_an_endpoint_without_numbers_has_it_and_no_news_come(
    open_door: Open, outside: Outside, records: Records
) -> None:
    outside.moods.append(Mood.BLACKBOX)
    reference = open_door().opens()["reference"]
    wait_until(lambda: records.forward(reference).done_at)
    assert "which gives no numbers" in records.thread(reference, *NEWS)[0]
    assert records.forward(reference).ended_at
    assert outside.posts == 1


# ── what comes back ──


@pytest.mark.parametrize("has_updates", [True, False])
def test_what_is_closed_there_is_finished_here_once_in_their_words(
    open_door: Open, outside: Outside, records: Records, has_updates: bool
) -> None:
    outside.updates = [] if has_updates else None
    desk = open_door()
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    number = number_of(records, reference)
    notes = "<p>Filled  on Tuesday.</p><script>alert(1)</script>" + "x" * 900
    if has_updates:
        outside.tell(number, "CLOSED", notes, "u1")
    else:
        outside.close(number, notes)
    wait_until(lambda: records.forward(reference).ended_at)
    case = desk.case(reference)
    assert (case["status"], case["outcome"]["code"]) == ("resolved", "done")
    sentence = case["outcome"]["sentence"]
    assert sentence.startswith("Filled on Tuesday. xxx")
    assert len(sentence) == 500
    assert case["status_text"].startswith("The work is done. Filled on Tuesday.")
    asked = len(outside.asked)
    assert settles(lambda: len(outside.asked) == asked), "nothing more is to be heard of it"
    assert len(records.thread(reference, "resolve")) == 1


def test_without_words_the_resident_is_told_so_much(
    open_door: Open, outside: Outside, records: Records
) -> None:
    desk = open_door()
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    outside.close("SR-00001", " ")
    wait_until(lambda: records.forward(reference).ended_at)
    sentence = desk.case(reference)["outcome"]["sentence"]
    assert sentence == "Those who do this work have closed the report."


def test_other_news_are_for_staff_and_come_once(
    open_door: Open, outside: Outside, records: Records
) -> None:
    outside.updates = []
    desk = open_door()
    reference = desk.opens()["reference"]
    wait_until(lambda: number_of(records, reference))
    outside.tell("SR-00001", "open", "A crew comes <b>on Friday</b>.", "u1")
    outside.tell("SR-99999", "closed", "Somebody else's.", "u2")
    wait_until(lambda: records.thread(reference, "noted"))
    before = outside.asked.count("servicerequestupdates")
    wait_until(lambda: outside.asked.count("servicerequestupdates") > before + 2)
    assert records.thread(reference, "noted") == [f"{TARGET} writes: A crew comes on Friday."]
    assert desk.case(reference)["status"] == "received"


def test_what_staff_finished_otherwise_stays_and_what_was_opened_again_is_theirs(
    open_door: Open, outside: Outside, records: Records, any_database_url: str
) -> None:
    desk = open_door()
    finished, again = desk.opens()["reference"], desk.opens()["reference"]
    wait_until(lambda: number_of(records, finished) and number_of(records, again))
    resolve = Step(Move.RESOLVE, Actor.STAFF, "s1", "Nothing there.", outcome="not_found")
    staff_moves(any_database_url, finished, resolve)
    reopen = Step(Move.REOPEN, Actor.RESIDENT, "s2", "It is there.")
    staff_moves(any_database_url, again, resolve, reopen)
    for request in outside.requests:
        outside.close(request["service_request_id"], "Done there.")
    wait_until(lambda: records.forward(again).ended_at)
    assert desk.case(finished)["outcome"] == {"code": "not_found", "sentence": "Nothing there."}
    assert desk.case(again)["status"] == "received"
    assert records.thread(again, "noted") == [
        f"{TARGET} has closed it. It was opened again here, so staff decide. Done there."
    ]


def test_an_endpoint_that_does_not_tell_is_asked_again(
    any_database_url: str, records: Records, client: httpx.Client
) -> None:
    with ExitStack() as stack:
        outside = stack.enter_context(outside_endpoint())
        port = int(outside.url.split(":")[2].split("/")[0])
        url = stack.enter_context(forwarding_door(any_database_url, routing_to(outside.url)))
        reference = Desk(url, client).opens()["reference"]
        wait_until(lambda: number_of(records, reference))
    outside.close("SR-00001", "Filled.")
    with forwarding_door(any_database_url, routing_to(outside.url)) as url:
        figure = f'ask311_forward_failures_total{{kind="unreachable",target="{TARGET}"}}'
        wait_until(lambda: figure in client.get(f"{url}/metrics").text)
        with outside_endpoint(port, outside):
            wait_until(lambda: records.forward(reference).ended_at)


# ── the start ──


def test_without_its_key_nothing_that_forwards_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    settings = make_settings(f"sqlite:///{tmp_path}/x.db", "http://127.0.0.1:9")
    with pytest.raises(PackError) as fault:
        Parts(settings, look, routing=routing_to("https://311.example.org")).jobs()
    assert f"environment variable {VARIABLE}, which is not set" in str(fault.value)
