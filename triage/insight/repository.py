"""All questions of the figures to the database. They read outcomes, times and ids; words only for the sample of answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from triage.cases.tables import case_events, case_followers, cases
from triage.cases.workflow import Move
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.tables import (
    conversations,
    feedback,
    messages,
    unanswered_questions,
)
from triage.handover.tables import handovers
from triage.insight.contacts import Contact, is_matter
from triage.insight.tallies import (
    NO,
    YES,
    HandedOver,
    Measure,
    Reported,
    Tally,
    day_of,
    of_contact,
    of_handover,
    of_opened,
    of_promise,
)

# Rows that are held in memory at a time while a period's messages are read.
_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Period:
    """From a moment on, until before another."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Answered:
    """A question and what was answered, for somebody to judge."""

    message_id: str
    question: str
    answer: str
    service_id: str
    confidence: float | None


def tallies(connection: Connection, period: Period, zone: ZoneInfo) -> Iterator[Tally]:
    """Yield everything that counts in a period. Promises are among them whose day has not come.

    Args:
        zone: by whose hours contacts are counted, and by whose days answers are, to be few.
    """
    for contact in contacts(connection, period):
        yield from of_contact(contact, zone)
    for one in handed_over(connection, period):
        yield from of_handover(one)
    for case in reported(connection, _in(cases.c.opened_at, period)):
        yield from of_opened(case)
    for case in reported(connection, _in(cases.c.due_at, period)):
        yield from of_promise(case)
    yield from answered(connection, period, zone)
    yield from unanswered(connection, period)
    yield from helped(connection, period)


def contacts(connection: Connection, period: Period) -> Iterator[Contact]:
    """Yield the conversations begun in a period in which the resident wrote something."""
    begun = _in(conversations.c.created_at, period)
    reported = set(
        connection.execute(
            select(cases.c.conversation_id)
            .join(conversations, conversations.c.id == cases.c.conversation_id)
            .where(begun)
            .union(
                select(case_followers.c.conversation_id)
                .join(conversations, conversations.c.id == case_followers.c.conversation_id)
                .where(begun)
            )
        ).scalars()
    )
    handed_over = set(
        connection.execute(
            select(handovers.c.conversation_id)
            .join(conversations, conversations.c.id == handovers.c.conversation_id)
            .where(begun)
        ).scalars()
    )
    talks = {
        row.id: _Reading(row.id, row.channel, row.created_at)
        for row in connection.execute(
            select(conversations.c.id, conversations.c.channel, conversations.c.created_at)
            .where(begun)
            .order_by(conversations.c.created_at, conversations.c.id)
        )
    }
    rows = connection.execution_options(yield_per=_AT_A_TIME).execute(
        select(messages.c.conversation_id, messages.c.sender, messages.c.outcome)
        .join(conversations, messages.c.conversation_id == conversations.c.id)
        .where(begun)
        .order_by(conversations.c.created_at, conversations.c.id, messages.c.seq)
    )
    for id, sender, outcome in rows:
        talks[id].read(sender, outcome)
    for talk in talks.values():
        if talk.has_words:
            yield talk.contact(reported, handed_over)


@dataclass
class _Reading:
    """A conversation whose messages are being read."""

    id: str
    channel: str
    began_at: datetime
    has_words: bool = False
    last: Outcome | None = None
    is_danger: bool = False

    def read(self, sender: str, outcome: str | None) -> None:
        self.has_words |= sender == Sender.RESIDENT.value
        if outcome is None:
            return
        said = Outcome(outcome)
        self.is_danger |= said is Outcome.SAFETY
        if is_matter(said):
            self.last = said

    def contact(self, reported: set[str], handed_over: set[str]) -> Contact:
        return Contact(
            self.channel,
            self.began_at,
            self.last,
            self.id in reported,
            self.id in handed_over,
            self.is_danger,
        )


def handed_over(connection: Connection, period: Period) -> list[HandedOver]:
    """Return the handovers asked for in a period."""
    rows = connection.execute(
        select(handovers.c.reason, handovers.c.asked_at, handovers.c.first_taken_at).where(
            _in(handovers.c.asked_at, period)
        )
    )
    return [HandedOver(*row) for row in rows]


def reported(connection: Connection, which: ColumnElement[bool]) -> list[Reported]:
    """Return some cases as they stand."""
    reopened = (
        select(func.count())
        .where(case_events.c.case_id == cases.c.id, case_events.c.kind == Move.REOPEN.value)
        .scalar_subquery()
    )
    said_last = (
        select(case_events.c.kind)
        .where(
            case_events.c.case_id == cases.c.id,
            case_events.c.kind.in_((Move.REOPEN.value, Move.CONFIRM.value)),
        )
        .order_by(case_events.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            cases.c.division,
            cases.c.opened_at,
            cases.c.due_at,
            cases.c.resolved_at,
            reopened,
            func.coalesce(said_last, "") == Move.CONFIRM.value,
            cases.c.followers,
        ).where(which)
    )
    return [Reported(*row) for row in rows]


def answered(connection: Connection, period: Period, zone: ZoneInfo) -> Iterator[Tally]:
    """Yield how many answers each entry gave, by day."""
    rows = connection.execution_options(yield_per=_AT_A_TIME).execute(
        select(messages.c.created_at, messages.c.service_id).where(
            messages.c.outcome == Outcome.ANSWER.value,
            messages.c.service_id.is_not(None),
            _in(messages.c.created_at, period),
        )
    )
    found = Counter((day_of(at, zone), service) for at, service in rows)
    for (day, service), number in found.items():
        yield Tally(day, Measure.ANSWERED, service, number)


def unanswered(connection: Connection, period: Period) -> Iterator[Tally]:
    """Yield the questions that had no answer, by the entry that was nearest ("": none was near)."""
    rows = connection.execute(
        select(unanswered_questions.c.asked_at, unanswered_questions.c.matches).where(
            _in(unanswered_questions.c.asked_at, period)
        )
    )
    for at, matches in rows:
        yield Tally(at, Measure.UNANSWERED, _nearest(matches))


def helped(connection: Connection, period: Period) -> Iterator[Tally]:
    """Yield what residents said of answers given in a period. Somebody may change their mind: the answer's time stays."""
    rows = connection.execute(
        select(messages.c.created_at, feedback.c.helpful)
        .join(messages, messages.c.id == feedback.c.message_id)
        .where(_in(messages.c.created_at, period))
    )
    for at, is_helpful in rows:
        yield Tally(at, Measure.HELPED, YES if is_helpful else NO)


def _in(moment: Column[datetime], period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)


def _nearest(matches: Sequence[dict[str, str]]) -> str:
    return str(matches[0].get("service_id", "")) if matches else ""


def sample(connection: Connection, period: Period, size: int, seed: int) -> list[Answered]:
    """Return so many answers of a period, drawn by lot, with the questions that they answer.

    Args:
        seed: the same one draws the same answers again.
    """
    ids = list(
        connection.execute(
            select(messages.c.id)
            .where(
                messages.c.outcome == Outcome.ANSWER.value,
                messages.c.in_reply_to.is_not(None),
                messages.c.service_id.is_not(None),
                messages.c.created_at >= period.start,
                messages.c.created_at < period.end,
            )
            .order_by(messages.c.id)
        ).scalars()
    )
    drawn = random.Random(seed).sample(ids, min(size, len(ids)))  # noqa: S311 (a draw, no secret)
    question = messages.alias("question")
    found: dict[str, Answered] = {}
    for start in range(0, len(drawn), _AT_A_TIME):
        rows = connection.execute(
            select(
                messages.c.id,
                question.c.text.label("question"),
                messages.c.text,
                messages.c.service_id,
                messages.c.confidence,
            )
            .join(question, question.c.id == messages.c.in_reply_to)
            .where(messages.c.id.in_(drawn[start : start + _AT_A_TIME]))
        )
        found |= {row.id: Answered(*row) for row in rows}
    return [found[id] for id in drawn if id in found]
