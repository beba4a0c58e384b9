"""Tells somebody what is new of their report, in one transaction: the message, the end of the work, the note for staff.

A process that is killed has done all of it or nothing. What waits for one person is told as one message that says how the case
stands now; what is not true any more is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from triage.cases import repository as cases_repository
from triage.cases.case import Audience, Case, Happened
from triage.cases.public import Asking
from triage.cases.workflow import Actor
from triage.conversations import repository as conversations_repository
from triage.conversations.repository import OnSaid
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.service import spoken
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.updates import notes, repository
from triage.updates.figures import UpdateFigures
from triage.updates.notes import Why
from triage.updates.pack import UpdateRules
from triage.updates.reach import Away, Reach, There
from triage.updates.repository import Person, Work
from triage.updates.tables import outbox
from triage.updates.told import News, still_true
from triage.updates.wording import worded

# So often it is tried to tell somebody, before it is left to staff: what fails so often is a fault of ours.
MOST_ATTEMPTS = 10
# The key in a conversation's memory: of which report was told last (actions/case_news.py reads it).
TOLD = "told"


class Result(StrEnum):
    """What became of news."""

    TOLD = "told"
    BY_HAND = "by_hand"  # staff have to do it
    OVERTAKEN = "overtaken"  # not true any more
    NOT_WANTED = "not_wanted"  # they want none any more
    LATER = "later"  # it is quiet now


@dataclass(frozen=True)
class Done:
    """What became of it, and where."""

    result: Result
    channel: str = ""
    conversation_id: str = ""


class Teller:
    """Tells what waits in the outbox.

    Args:
        ring: wakes those who look at a conversation.
    """

    def __init__(
        self,
        database: Database,
        rules: UpdateRules,
        zone: ZoneInfo,
        reopen_within: timedelta,
        reach: Reach,
        on_said: Sequence[OnSaid],
        ring: Callable[[str], None],
        figures: UpdateFigures,
        clock: Clock,
    ) -> None:
        self._database = database
        self._rules = rules
        self._zone = zone
        self._reopen_within = reopen_within
        self._reach = reach
        self._on_said = on_said
        self._ring = ring
        self._figures = figures
        self._clock = clock

    async def tell(self, work: Work) -> None:
        """Tell somebody all that waits for them.

        Raises:
            DatabaseUnavailable: it comes back when the lease ends.
        """
        now = self._clock.now()
        for done in await self._database.write(lambda c: self._tell(c, work, now)):
            self._figures.ended.labels(done.result.value, done.channel).inc()
            if done.result is Result.TOLD:
                self._ring(done.conversation_id)

    def _tell(self, connection: Connection, work: Work, now: datetime) -> list[Done]:
        case = cases_repository.hold(connection, work.reference)
        # After the case is held: what is new of it from here on is in a row of its own.
        rows = repository.waiting_for(connection, work.whom)
        if case is None or not any(row.lease_by == work.lease.token for row in rows):
            return []
        people = repository.people(connection, case)
        person = next((p for p in people if p.whom == work.whom), None)
        lost = [row for row in rows if row.lost]
        done = [self._not_arrived(connection, case, row, person, now) for row in lost]
        fresh = [row for row in rows if not row.lost]
        if fresh:
            done.append(self._news(connection, case, fresh, person, work, now))
        return done

    def _news(
        self,
        connection: Connection,
        case: Case,
        rows: Sequence[Row[Any]],
        person: Person | None,
        work: Work,
        now: datetime,
    ) -> Done:
        if person is None or not person.wants_updates:
            return self._end(connection, rows, Result.NOT_WANTED, now)
        news = still_true((News(n) for row in rows for n in row.news), case)
        if not news:
            return self._end(connection, rows, Result.OVERTAKEN, now)
        if work.lease.attempts > MOST_ATTEMPTS:
            return self._by_hand(connection, case, rows, person, Why.FAULT, news, now)
        where = self._where(connection, person, now)
        if isinstance(where, Away):
            return self._by_hand(connection, case, rows, person, where.why, news, now)
        if where.is_phone and self._rules.quiet:
            until = self._rules.quiet.over_at(now, self._zone)
            if until > now:
                outbox.postpone(connection, work.lease, until=until, error="quiet_hours")
                return Done(Result.LATER, where.channel)
        return self._say(connection, case, rows, person, where, news, now)

    def _where(self, connection: Connection, person: Person, now: datetime) -> There | Away:
        if person.conversation_id is None:
            return Away(Why.NO_CONVERSATION)
        return self._reach(connection, person.conversation_id, now)

    def _say(
        self,
        connection: Connection,
        case: Case,
        rows: Sequence[Row[Any]],
        person: Person,
        where: There,
        news: Sequence[News],
        now: datetime,
    ) -> Done:
        is_reporter = person.whom == case.id
        told = worded(
            news,
            case,
            Asking(now, self._zone, self._reopen_within),
            self._rules.words,
            has_joined=not is_reporter,
            is_first=not repository.was_told(connection, person.whom),
        )
        card = {
            "reference": case.reference,
            "service_name": case.service_name,
            "status": case.status.value,
            "division": case.division,
            "due": case.due_at.astimezone(self._zone).isoformat() if case.due_at else None,
            "next": told.next,
        }
        extra = {"case": {k: v for k, v in card.items() if v}, "short": told.short}
        message = spoken(Sender.SYSTEM, told.text, Outcome.CASE_STATUS, now)
        message |= {"service_id": case.service_id, "extra": extra}
        conversations_repository.add_messages(connection, where.held, [message], self._on_said)
        # What they write next may be about this.
        conversations_repository.remember(
            connection,
            where.held,
            {
                TOLD: {
                    "reference": case.reference,
                    "service_id": case.service_id,
                    "status": case.status.value,
                    "is_last": True,
                }
            },
        )
        text = notes.told(
            notes.who_is(is_reporter), where.channel, _listed(news), person.other_ways
        )
        # A line for each of many who joined would hide what else happened.
        if is_reporter:
            _note(connection, case, rows[0], text, Result.TOLD, now)
        repository.settle(
            connection,
            rows,
            now,
            result=Result.TOLD.value,
            conversation_id=where.held.id,
            channel=where.channel,
            message_id=message["id"],
        )
        return Done(Result.TOLD, where.channel, where.held.id)

    def _not_arrived(
        self,
        connection: Connection,
        case: Case,
        row: Row[Any],
        person: Person | None,
        now: datetime,
    ) -> Done:
        """Say to staff that what was sent did not arrive."""
        if person is None or not person.wants_updates:
            return self._end(connection, [row], Result.NOT_WANTED, now)
        news = [News(n) for n in row.news]
        why = Why.OPTED_OUT if row.lost == Why.OPTED_OUT else Why.NOT_DELIVERED
        return self._by_hand(connection, case, [row], person, why, news, now)

    def _by_hand(
        self,
        connection: Connection,
        case: Case,
        rows: Sequence[Row[Any]],
        person: Person,
        why: Why,
        news: Sequence[News],
        now: datetime,
    ) -> Done:
        who = notes.who_is(person.whom == case.id)
        text = notes.by_hand(who, why, _listed(news), person.other_ways)
        _note(connection, case, rows[0], text, Result.BY_HAND, now)
        return self._end(connection, rows, Result.BY_HAND, now, why.value)

    def _end(
        self,
        connection: Connection,
        rows: Sequence[Row[Any]],
        result: Result,
        now: datetime,
        error: str | None = None,
    ) -> Done:
        repository.settle(connection, rows, now, error=error, result=result.value)
        return Done(result)


def _note(
    connection: Connection,
    case: Case,
    row: Row[Any],
    text: str,
    result: Result,
    now: datetime,
) -> None:
    """Tell staff on the thread of a case that is held."""
    cases_repository.add_events(
        connection,
        case.id,
        [
            {
                "key": f"{result.value}:{row.id}",
                "kind": Happened.TOLD.value,
                "audience": Audience.STAFF.value,
                "actor": Actor.SYSTEM.value,
                "text": text,
                "data": {"result": result.value, "news": row.news},
                "at": now,
            }
        ],
    )


def _listed(news: Sequence[News]) -> str:
    return ", ".join(n.value for n in news)
