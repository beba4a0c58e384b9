"""Finds what was not answered well: no answer, an unsure one, choices of which none was taken, an answer that did not help,
a report that staff moved on. Nothing of it leaves here with words that were not redacted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from triage.cases.tables import case_labels, cases
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.tables import (
    WAS_TRIED,
    feedback,
    messages,
    unanswered_questions,
)
from triage.kit.redaction import redacted

# An answer below this confidence is looked at again. (An answer is given from 0.66 on: services_catalog/search.)
DOUBTFUL = 0.75
# Of the answers one in so many is drawn for somebody to judge.
SAMPLED_ONE_IN = 50
# More are not looked at in one go: the newest count.
MOST = 5_000
LONGEST = 400
_SHORTEST = 3
# So far is looked for what was said next, or what was asked before.
_NEAR = 8
_NAMED = 3
_NOT_IN_WORDS = frozenset({"choice", "location", "photo"})
_BESIDE = frozenset({Outcome.SMALL_TALK, Outcome.SAFETY, Outcome.OUTAGE})


class Why(StrEnum):
    """Why a message is looked at."""

    NOT_HELPFUL = "not_helpful"  # the resident said that the answer did not help
    NOT_FOUND = "not_found"  # there was no answer
    NOT_TAKEN = "not_taken"  # choices were offered, and none was taken
    DOUBTFUL = "doubtful"  # it was answered without much confidence
    REROUTED = "rerouted"  # staff moved the report to another queue


@dataclass(frozen=True)
class Candidate:
    """Something that was not answered well, in redacted words."""

    id: str
    conversation_id: str | None
    why: Why
    text: str
    at: datetime
    outcome: str | None = None
    services: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Rerouted:
    """A report that staff moved on, in redacted words."""

    id: str
    text: str
    service_id: str
    from_queue: str
    to_queue: str
    member_id: str
    at: datetime


@dataclass(frozen=True)
class Sampled:
    """An answer drawn by lot, in redacted words."""

    id: str
    text: str
    service_id: str
    at: datetime


def candidates(
    connection: Connection, since: datetime, settled: datetime
) -> Iterator[Candidate]:
    """Yield what was not answered well since a moment; what tells most about a message first.

    Args:
        settled: choices and answers after this may still be taken up.
    """
    yield from _not_helpful(connection, since)
    yield from _not_found(connection, since)
    yield from _tried(connection, since, settled)


def rerouted(connection: Connection, since: datetime) -> list[Rerouted]:
    """Return the reports that were moved on since a moment."""
    rows = connection.execute(
        select(case_labels, cases.c.description)
        .join(cases, cases.c.id == case_labels.c.case_id)
        .where(case_labels.c.at >= since)
        .order_by(case_labels.c.at)
        .limit(MOST)
    )
    return [
        Rerouted(
            f"{row.case_id}:{row.seq}",
            text,
            row.service_id,
            row.from_queue,
            row.to_queue,
            row.member_id,
            row.at,
        )
        for row in rows
        if (text := _kept(row.description))
    ]


def sampled(connection: Connection, since: datetime, settled: datetime) -> list[Sampled]:
    """Return answers that are drawn by lot. The same are drawn each time, whoever draws."""
    rows = connection.execute(
        select(
            messages.c.id, messages.c.in_reply_to, messages.c.service_id, messages.c.created_at
        )
        .where(
            WAS_TRIED,
            messages.c.outcome == Outcome.ANSWER.value,
            messages.c.service_id.is_not(None),
            messages.c.in_reply_to.is_not(None),
            messages.c.created_at >= since,
            messages.c.created_at < settled,
        )
        .order_by(messages.c.created_at.desc())
        .limit(MOST * SAMPLED_ONE_IN)
    )
    drawn = [row for row in rows if is_drawn(row.id)]
    found = []
    for row in drawn:
        question = connection.execute(
            select(messages.c.text, messages.c.extra).where(messages.c.id == row.in_reply_to)
        ).first()
        if question and not question.extra and (text := _kept(question.text)):
            found.append(Sampled(row.id, text, row.service_id, row.created_at))
    return found


def is_drawn(message_id: str) -> bool:
    """Say whether a message is one of those drawn by lot."""
    digest = hashlib.sha256(message_id.encode()).digest()
    return int.from_bytes(digest[:4], "big") % SAMPLED_ONE_IN == 0


def _not_helpful(connection: Connection, since: datetime) -> Iterator[Candidate]:
    rows = connection.execute(
        select(messages, feedback.c.sentence, feedback.c.at.label("judged_at"))
        .join(feedback, feedback.c.message_id == messages.c.id)
        .where(feedback.c.at >= since, feedback.c.helpful.is_(False))
        .order_by(feedback.c.at.desc())
        .limit(MOST)
    ).all()
    for row in rows:
        if asked := _asked_before(connection, row.conversation_id, row.seq):
            yield Candidate(
                asked.id,
                row.conversation_id,
                Why.NOT_HELPFUL,
                asked.text,
                row.judged_at,
                row.outcome,
                (row.service_id,) if row.service_id else (),
                _kept(row.sentence or "") or None,
            )


def _not_found(connection: Connection, since: datetime) -> Iterator[Candidate]:
    rows = connection.execute(
        select(unanswered_questions, messages.c.seq)
        .join(messages, messages.c.id == unanswered_questions.c.message_id)
        .where(unanswered_questions.c.asked_at >= since)
        .order_by(unanswered_questions.c.asked_at.desc())
        .limit(MOST)
    ).all()
    for row in rows:
        asked = _asked_before(connection, row.conversation_id, row.seq + 1)
        if asked and asked.id == row.message_id:
            near = [str(m["service_id"]) for m in row.matches if m.get("service_id")]
            yield Candidate(
                asked.id,
                row.conversation_id,
                Why.NOT_FOUND,
                asked.text,
                row.asked_at,
                row.outcome,
                tuple(near[:_NAMED]),
            )


def _tried(connection: Connection, since: datetime, settled: datetime) -> Iterator[Candidate]:
    is_doubtful = and_(
        messages.c.outcome == Outcome.ANSWER.value, messages.c.confidence < DOUBTFUL
    )
    rows = connection.execute(
        select(messages)
        .where(
            WAS_TRIED,
            is_doubtful | (messages.c.outcome == Outcome.CHOICES.value),
            messages.c.created_at >= since,
            messages.c.created_at < settled,
        )
        .order_by(messages.c.created_at.desc())
        .limit(MOST)
    ).all()
    for row in rows:
        why = Why.DOUBTFUL
        services: tuple[str, ...] = (row.service_id,) if row.service_id else ()
        if row.outcome == Outcome.CHOICES:
            why, services = Why.NOT_TAKEN, _offered(row.choices)
            if not services or _was_taken(connection, row, services):
                continue
        if asked := _asked_before(connection, row.conversation_id, row.seq):
            yield Candidate(
                asked.id,
                row.conversation_id,
                why,
                asked.text,
                row.created_at,
                row.outcome,
                services,
            )


def _offered(choices: Iterable[dict[str, Any]] | None) -> tuple[str, ...]:
    return tuple(str(c["service_id"]) for c in choices or () if c.get("service_id"))


def _was_taken(connection: Connection, offer: Row[Any], services: Sequence[str]) -> bool:
    """Say whether what was offered was taken: the next that was said of a matter is about one of them."""
    after = connection.execute(
        select(messages.c.outcome, messages.c.service_id)
        .where(
            messages.c.conversation_id == offer.conversation_id,
            messages.c.seq > offer.seq,
            messages.c.sender == Sender.ASSISTANT.value,
            messages.c.in_reply_to != offer.in_reply_to,
        )
        .order_by(messages.c.seq)
        .limit(_NEAR)
    )
    for said in after:
        if said.outcome not in _BESIDE:
            return said.service_id in services or said.outcome == Outcome.INTAKE
    return False


@dataclass(frozen=True)
class _Asked:
    id: str
    text: str


def _asked_before(connection: Connection, conversation_id: str, seq: int) -> _Asked | None:
    """Return the question that a message is about, redacted; None if it told of danger, or had no words."""
    rows = connection.execute(
        select(messages.c.id, messages.c.text, messages.c.extra)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.seq < seq,
            messages.c.sender == Sender.RESIDENT.value,
        )
        .order_by(messages.c.seq.desc())
        .limit(_NEAR)
    )
    for row in rows:
        extra = row.extra or {}
        if "danger" in extra:
            return None
        if not _NOT_IN_WORDS & extra.keys():
            text = _kept(row.text)
            return _Asked(row.id, text) if text else None
    return None


def _kept(text: str) -> str:
    """Return words as they are kept; nothing, if hardly anything is left of them."""
    left = redacted(" ".join(text.split()))[:LONGEST]
    return left if sum(c.isalpha() for c in left) >= _SHORTEST else ""
