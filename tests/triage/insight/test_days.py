"""Figures added up by day: the same as from the rows, whatever happens later, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select, update

from tests.triage.insight.made import DAY, some_of_everything, talk
from triage.cases.tables import case_events, cases
from triage.cli import main
from triage.conversations.tables import (
    conversations,
    feedback,
    messages,
)
from triage.handover.tables import handovers
from triage.insight import repository
from triage.insight.days import count, read, rebuild
from triage.insight.figures import Figures, added_up, figures_of
from triage.insight.repository import Period
from triage.insight.shares import Share
from triage.insight.tables import day_figures
from triage.insight.tallies import day_after, day_of
from triage.kit.db import Database
from triage.migrations import migrate

ZONE = ZoneInfo("America/Toronto")
MONTH = Period(datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC))
T = TypeVar("T")


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = DAY + timedelta(hours=1)

    def now(self) -> datetime:
        return self.at


class Line:
    """A database of a line and its clock."""

    def __init__(self, url: str) -> None:
        self.database, self.clock = Database(url), Hand()
        migrate(self.database.engine)

    def does(self, *changes: Any) -> None:
        with self.database.engine.begin() as connection:
            for change in changes:
                change(connection)

    def counts(self) -> bool:
        return run(count(self.database, ZONE, self.clock))

    def told(self, period: Period = MONTH) -> Figures:
        now = self.clock.now()
        with self.database.engine.connect() as connection:
            return figures_of(read(connection, period, ZONE, now).sums)

    def from_rows(self) -> Figures:
        with self.database.engine.connect() as connection:
            return figures_of(added_up(repository.tallies(connection, MONTH, ZONE)))

    def rows(self) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(
                connection.execute(
                    select(day_figures).order_by(
                        day_figures.c.day, day_figures.c.measure, day_figures.c.name
                    )
                )
            )


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


@pytest.fixture
def line(any_database_url: str) -> Iterator[Line]:
    line = Line(any_database_url)
    line.does(some_of_everything)
    yield line
    line.database.close()


def test_what_is_added_up_by_day_is_what_the_rows_tell(line: Line) -> None:
    assert line.counts()
    line.clock.at = DAY + timedelta(days=10)
    told = line.told()
    assert told == line.from_rows()
    assert (told.contacts, told.by_channel) == (9, {"webchat": 8, "sms": 1})
    assert told.without_person == Share(5, 8)
    assert told.by_hour[10] == 9
    assert told.answered == [("pothole", 5)]
    assert told.unanswered == [("", 1)]
    assert (told.helped, told.promises.still_open_late) == (Share(1, 1), 1)


def test_a_promise_is_not_judged_before_its_day_is_over(line: Line) -> None:
    line.counts()
    assert line.told().promises.kept == Share(0, 0)


def goes_on(c: Connection, at: datetime) -> None:
    """Everything of long ago changes: a conversation goes on, a person comes, a case is done, a mind changes."""
    c.execute(
        insert(messages).values(
            conversation_id="unanswered", seq=3, id="unanswered-3", sender="assistant", text="On Tuesday.",
            outcome="answer", service_id="pothole", in_reply_to="unanswered-1", created_at=at,
        )
    )  # fmt: skip
    c.execute(update(handovers).values(first_taken_at=at))
    c.execute(update(cases).values(resolved_at=at, updated_at=at, status="resolved"))
    c.execute(update(feedback).values(helpful=False, at=at))


def test_what_changes_days_later_is_counted_on_the_day_that_it_is_about(line: Line) -> None:
    line.counts()
    before = line.told()
    line.clock.at = later = DAY + timedelta(days=1, hours=5)
    line.does(lambda c: goes_on(c, later))
    assert line.told() == before
    assert line.counts()
    line.clock.at = DAY + timedelta(days=10)
    told = line.told()
    assert told == line.from_rows()
    assert told.without_person == Share(6, 8)
    assert told.promises.kept == Share(1, 1)
    assert told.helped == Share(0, 1)
    assert told.waits.count == 1


def test_counting_again_or_all_anew_changes_nothing(line: Line) -> None:
    line.counts()
    line.clock.at = DAY + timedelta(days=1, hours=5)
    line.does(lambda c: goes_on(c, line.clock.at))
    line.counts()
    rows = line.rows()
    line.counts()
    assert line.rows() == rows
    assert run(rebuild(line.database, ZONE, line.clock)) == len({row.day for row in rows})
    assert line.rows() == rows


def test_of_two_processes_that_count_at_once_one_does(line: Line) -> None:
    line.counts()
    line.clock.at += timedelta(minutes=2)

    async def both() -> list[bool]:
        return list(
            await asyncio.gather(*(count(line.database, ZONE, line.clock) for _ in "12"))
        )

    # Both may come one after the other; then both have counted the same.
    assert True in run(both())
    line.clock.at = DAY + timedelta(days=10)
    assert line.told() == line.from_rows()


def test_a_case_opened_again_takes_its_promise_along_by_the_next_day(line: Line) -> None:
    line.counts()
    line.clock.at = DAY + timedelta(days=3)

    def again(c: Connection) -> None:
        c.execute(
            update(cases).values(due_at=DAY + timedelta(days=8), updated_at=line.clock.at)
        )
        c.execute(
            insert(case_events).values(
                case_id="001",
                seq=1,
                kind="reopen",
                audience="resident",
                actor="resident",
                data={},
                at=line.clock.at,
            )
        )

    line.does(again)
    line.counts()
    line.clock.at += timedelta(days=1)
    line.counts()
    line.clock.at = DAY + timedelta(days=10)
    told = line.told()
    assert told == line.from_rows()
    assert (told.promises.kept, told.reopened) == (Share(0, 1), Share(1, 1))


def said(seq: int, kind: str) -> dict[str, object]:
    return {
        "case_id": "001", "seq": seq, "kind": kind, "audience": "resident", "actor": "resident", "data": {},
        "at": DAY + timedelta(days=3),
    }  # fmt: skip


@pytest.mark.parametrize(("last", "fixed"), [("confirm", 1), ("reopen", 0)])
def test_what_a_resident_said_last_says_whether_it_is_fixed(
    line: Line, last: str, fixed: int
) -> None:
    line.counts()
    line.clock.at = DAY + timedelta(days=3)
    first = "reopen" if last == "confirm" else "confirm"
    line.does(
        lambda c: [
            c.execute(insert(case_events).values(**said(1, first))),
            c.execute(insert(case_events).values(**said(2, last))),
            c.execute(
                update(cases)
                .where(cases.c.id == "001")
                .values(resolved_at=line.clock.at, updated_at=line.clock.at)
            ),
        ]
    )
    line.counts()
    assert line.told() == line.from_rows()
    assert line.told().confirmed.part == fixed


def test_a_period_is_read_alone(line: Line) -> None:
    line.does(lambda c: talk(c, "before", "answer", at=DAY - timedelta(days=40)))
    line.counts()
    start = day_of(DAY, ZONE)
    assert line.told(Period(start, day_after(start, ZONE))).contacts == 8
    assert line.told(Period(DAY - timedelta(days=60), DAY - timedelta(days=30))).contacts == 1


def test_what_is_erased_is_gone_from_the_figures_only_when_they_are_made_anew(
    line: Line,
) -> None:
    line.counts()

    def erase(c: Connection) -> None:
        c.execute(messages.delete().where(messages.c.conversation_id == "texted"))
        c.execute(conversations.delete().where(conversations.c.id == "texted"))

    line.does(erase)
    line.clock.at += timedelta(minutes=2)
    line.counts()
    assert line.told().contacts == 9
    run(rebuild(line.database, ZONE, line.clock))
    assert line.told().contacts == 8


def test_nothing_that_names_somebody_is_in_the_days(line: Line) -> None:
    line.counts()
    for row in line.rows():
        assert "answered0" not in row.name
        assert "416" not in row.name


def test_the_command_counts_everything_anew_and_says_how_long_it_took(
    line: Line,
    any_database_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "DATABASE_URL": any_database_url, "GATEWAY_SECRET": "s" * 16, "API_SECRET": "t" * 16,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ASK311_{name}", value)
    assert main(["rebuild-figures"]) == 0
    assert "3 days have figures" in capsys.readouterr().out
    assert line.told().contacts == 9
