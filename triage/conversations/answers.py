"""What is written when an answer came, is late, or will never come. Each is one transaction of the caller's.

An answer is stored only together with the end of the work it belongs to, and only by the one who holds the
lease: so every message is answered once, however often it was asked. Where a person is wanted, the conversation waits for
one in the same transaction: so nobody is told that it does when it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from services_catalog.packs import City
from triage.conversations import notices, repository
from triage.conversations.feedback import judge_last
from triage.conversations.people import People
from triage.conversations.rasa_client import Reply
from triage.conversations.repository import OnSaid, Work
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.service import spoken
from triage.conversations.tables import inbox_work
from triage.kit.ids import new_id

# The reason for which a person is wanted, as triage/handover names it.
GAVE_UP = "gave_up"


def store(
    connection: Connection,
    work: Work,
    replies: Sequence[Reply],
    now: datetime,
    on_said: Sequence[OnSaid],
    people: People,
) -> bool:
    """Store the answer to a message and end its work; False, and nothing stored, if the lease was lost."""
    held = _held(connection, work.asked.conversation_id)
    if not inbox_work.finish(connection, work.lease, now):
        return False
    news = {k: v for r in replies for k, v in r.remember.items()}
    repository.remember(connection, held, news)
    for reply in replies:
        if reply.judged:
            judge_last(connection, held.id, reply.judged == "helpful", now)
    rows = [_row(reply, work.asked.message_id, now) for reply in replies]
    for reply, row in zip(replies, rows, strict=True):
        if reply.hand_over:
            memory = {**(held.memory or {}), **news}
            row |= people.wanted(connection, held, reply.hand_over, memory, now) or {}
            break
    repository.add_messages(connection, held, rows, on_said)
    unanswered = [reply for reply in replies if reply.unanswered]
    if unanswered:
        repository.record_unanswered(
            connection,
            message_id=work.asked.message_id,
            conversation_id=held.id,
            outcome=unanswered[0].outcome.value,
            matches=[match for reply in unanswered for match in reply.matches],
            asked_at=now,
        )
    return True


def tell_late(
    connection: Connection,
    conversation_id: str,
    received_before: datetime,
    city: City,
    now: datetime,
    on_said: Sequence[OnSaid],
) -> bool:
    """Say in a conversation that messages received before then take longer; False: that is known, or somebody holds it.

    It waits for nobody, so that no conversation keeps the others from being told and answered.
    """
    held = repository.hold_if_free(connection, conversation_id)
    late = held and repository.mark_late(connection, held, received_before, now)
    if held is None or late is None:
        return False
    notice = spoken(Sender.SYSTEM, notices.taking_longer(city), Outcome.OUTAGE, now)
    notice["in_reply_to"] = late
    repository.add_messages(connection, held, [notice], on_said)
    return True


def give_up(
    connection: Connection,
    work: Work,
    city: City,
    why: str,
    now: datetime,
    on_said: Sequence[OnSaid],
    people: People,
) -> bool:
    """End the work for good and say so to the resident; False, and nothing stored, if the lease was lost."""
    held = _held(connection, work.asked.conversation_id)
    if not inbox_work.bury(connection, work.lease, now, error=why):
        return False
    notice = spoken(Sender.SYSTEM, notices.given_up(city), Outcome.OUTAGE, now)
    notice["in_reply_to"] = work.asked.message_id
    notice |= people.wanted(connection, held, GAVE_UP, held.memory or {}, now) or {}
    repository.add_messages(connection, held, [notice], on_said)
    return True


def _held(connection: Connection, conversation_id: str) -> Row[Any]:
    held = repository.hold(connection, conversation_id)
    if held is None:
        raise LookupError("a message without its conversation")
    return held


def _row(reply: Reply, in_reply_to: str, now: datetime) -> dict[str, Any]:
    extra = reply.model_dump(
        mode="json", include={"places", "case", "location", "ask"}, exclude_none=True
    )
    if reply.short:
        extra["short"] = reply.short
    choices = [{"choice_id": new_id("cho"), **c.model_dump()} for c in reply.choices]
    return {
        "id": new_id("msg"),
        "sender": Sender.ASSISTANT.value,
        "text": reply.text,
        "outcome": reply.outcome.value,
        "service_id": reply.service_id,
        "revision": reply.revision,
        "confidence": reply.confidence,
        "source_url": reply.source_url,
        "last_verified": reply.last_verified,
        "choices": choices or None,
        "extra": extra or None,
        "in_reply_to": in_reply_to,
        "created_at": now,
    }
