"""The supervisor's board: what it counts, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.triage.cases.town import Town, run
from triage.board.board import Board, by_hour
from triage.board.repository import board
from triage.cases.workflow import Actor, Move
from triage.console.board import said
from triage.conversations.tables import conversations
from triage.handover.tables import handovers
from triage.kit.ids import new_id

TORONTO = ZoneInfo("America/Toronto")


@pytest.fixture
def town(any_database_url: str) -> Iterator[Town]:
    town = Town(any_database_url)
    yield town
    town.database.close()


def looked_at(town: Town, queues: frozenset[str] | None = None) -> Board:
    now = town.clock.now()
    found: Board = run(town.database.read(lambda c: board(c, now, TORONTO, queues)))
    return found


def handed_over(town: Town, minutes_ago: float, **columns: Any) -> None:
    """Keep that a resident asked for a person so long ago."""
    at, id = town.clock.now() - timedelta(minutes=minutes_ago), new_id("con")
    with town.database.engine.begin() as connection:
        connection.execute(
            conversations.insert().values(
                id=id, token_hash="x", channel="webchat", language="en", state="queued",
                next_seq=1, created_at=at,
            )
        )  # fmt: skip
        connection.execute(
            handovers.insert().values(
                id=new_id("han"), conversation_id=id, reason="asked", asked_at=at, seen_seq=0,
                **columns,
            )
        )  # fmt: skip


def test_an_empty_line_has_an_empty_board(town: Town) -> None:
    shown = looked_at(town)
    assert (shown.line.waiting, shown.line.held, shown.longest_wait) == (0, 0, timedelta(0))
    assert (shown.promises, shown.missed, shown.reroutes, shown.not_fixed) == ((), (), (), ())
    assert [(h.conversations, h.cases) for h in shown.hours] == [(0, 0)]


def test_who_waits_and_for_how_long_and_who_is_held(town: Town) -> None:
    now = town.clock.now()
    handed_over(town, 12, waiting_since=now - timedelta(minutes=3))
    handed_over(town, 5, waiting_since=now - timedelta(minutes=5))
    handed_over(town, 30, holder_id="mem_a", taken_at=now, first_taken_at=now)
    handed_over(town, 60, contact_wanted_at=now)
    handed_over(town, 90, waiting_since=now, ended_at=now, ended_how="left")
    shown = looked_at(town)
    assert (shown.line.waiting, shown.line.held, shown.line.to_contact) == (2, 1, 1)
    # Who was put back into the line has waited since they asked.
    assert shown.longest_wait == timedelta(minutes=12)


def test_promises_that_are_due_today_and_missed_with_their_reasons(town: Town) -> None:
    explained, unexplained = town.opens(), town.opens()
    done = town.opens()
    town.moves(explained, Move.DELAY, text="The crew waits for dry weather.")
    town.resolves(done)
    due = town.sees(explained)["due"]
    town.clock.time = datetime.fromisoformat(due).astimezone(UTC) - timedelta(hours=2)
    soon = looked_at(town)
    assert (soon.today_in_all, soon.missed_in_all) == (2, 0)
    town.clock.passes(hours=3)
    shown = looked_at(town)
    (row,) = shown.promises
    assert (row.today, row.missed, row.explained) == (0, 2, 1)
    assert {one.reference: one.reason for one in shown.missed} == {
        explained: "The crew waits for dry weather.",
        unexplained: None,
    }
    # Single cases are named of one's own queues alone; the figures are the whole line's.
    others = looked_at(town, frozenset({"no_such_queue"}))
    assert (others.missed, others.missed_in_all) == ((), 2)


def test_what_was_handled_today_by_hour(town: Town) -> None:
    town.clock.time = datetime(2026, 6, 1, 9, 50, tzinfo=TORONTO)
    town.resolves(town.opens())
    town.clock.passes(minutes=20)
    town.resolves(town.opens())
    now = town.clock.now()
    handed_over(
        town, 30, first_taken_at=now - timedelta(minutes=25), ended_at=now, ended_how="x"
    )
    handed_over(town, 30, ended_at=now, ended_how="left")
    town.clock.passes(hours=1)
    found = [(h.begins.hour, h.conversations, h.cases) for h in looked_at(town).hours]
    assert found == [(9, 0, 1), (10, 1, 1), (11, 0, 0)]
    # A new day begins at midnight in the city.
    town.clock.time = datetime(2026, 6, 2, 0, 5, tzinfo=TORONTO)
    assert looked_at(town).handled_today == 0


def test_what_was_moved_on_and_what_residents_say_is_not_fixed(town: Town) -> None:
    member, moved, broken, ours = town.member(), town.opens(), town.opens(), town.opens()
    for queue in ("animal_services", "desk", "animal_services"):
        run(town.desk.reroute(moved, town.by(member, moved), queue))
    for reference, actor in ((broken, Actor.RESIDENT), (ours, Actor.STAFF)):
        town.resolves(reference)
        town.clock.passes(minutes=1)
        town.moves(reference, Move.REOPEN, actor, text="PRIVATE-WORDS it is still there")
    shown = looked_at(town)
    assert shown.rerouted_in_all == 3
    # The most frequent first.
    assert [(r.from_queue, r.to_queue, r.times) for r in shown.reroutes] == [
        ("desk", "animal_services", 2),
        ("animal_services", "desk", 1),
    ]
    assert (shown.reopened, shown.said_not_fixed) == (2, 1)
    assert [one.reference for one in shown.not_fixed] == [broken]
    assert "PRIVATE-WORDS" not in str(shown)
    town.clock.passes(days=8)
    later = looked_at(town)
    assert (later.rerouted_in_all, later.reopened, later.not_fixed) == (0, 0, ())


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ((2026, 6, 1), 24),
        # Clocks go forward, and back.
        ((2026, 3, 8), 23),
        ((2026, 11, 1), 25),
    ],
)
def test_a_day_has_as_many_hours_as_pass_in_it(day: tuple[int, int, int], hours: int) -> None:
    begins = datetime(*day, 0, 30, tzinfo=TORONTO)
    now = datetime(*day, 23, 30, tzinfo=TORONTO)
    found = by_hour([begins, now], [now], now, TORONTO)
    assert len(found) == hours
    assert (found[0].conversations, found[-1].conversations, found[-1].cases) == (1, 1, 1)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12, seconds=50), "12 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=2, hours=5), "2 days"),
    ],
)
def test_a_wait_in_words(time: timedelta, words: str) -> None:
    assert said(time) == words
