"""All questions to, and changes of, the rows of conversations. Each runs in the caller's transaction.

Whoever adds to a conversation holds its row first (`hold`): so its messages are numbered without gaps or
races, and no two transactions wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from triage.conversations.context import LOOK_BACK, context_of
from triage.conversations.rasa_client import CHOOSE, GIVE_LOCATION, Asked, without_command
from triage.conversations.schemas import Sender
from triage.conversations.tables import (
    conversations,
    inbox,
    inbox_work,
    messages,
    unanswered_questions,
)
from triage.kit.work import Lease

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Work:
    """A resident's message that the holder of the lease is to have answered."""

    lease: Lease
    asked: Asked
    received_at: datetime


@dataclass(frozen=True)
class Late:
    """A message that has waited too long without the resident being told."""

    message_id: str
    conversation_id: str


@dataclass(frozen=True)
class Backlog:
    """How much waits, since when, and how much was given up."""

    waiting: int
    oldest: datetime | None
    dead: int


_HOLD = select(conversations).where(conversations.c.id == bindparam("wanted")).with_for_update()
_STANDING = select(
    conversations.c.token_hash,
    conversations.c.state,
    select(inbox.c.message_id)
    .where(inbox.c.conversation_id == conversations.c.id, inbox_work.waits())
    .exists()
    .label("pending"),
).where(conversations.c.id == bindparam("wanted"))
_BY_CLIENT_ID = select(messages).where(
    messages.c.conversation_id == bindparam("wanted"),
    messages.c.client_message_id == bindparam("client_id"),
)
_AFTER = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("wanted"), messages.c.seq > bindparam("seq"))
    .order_by(messages.c.seq)
    .limit(MOST_AT_ONCE)
)
_OFFERS = (
    select(messages.c.choices)
    .where(messages.c.conversation_id == bindparam("wanted"), messages.c.choices.is_not(None))
    .order_by(messages.c.seq.desc())
)
_SAID_BY_ASSISTANT = (
    select(messages.c.outcome, messages.c.service_id, messages.c.choices)
    .where(
        messages.c.conversation_id == bindparam("wanted"),
        messages.c.sender == Sender.ASSISTANT.value,
    )
    .order_by(messages.c.seq.desc())
    .limit(LOOK_BACK)
)
# Built once: building a statement takes longer than running it.
_ADD_CONVERSATION = insert(conversations)
_ADD_MESSAGE = insert(messages)
_ADD_TO_INBOX = insert(inbox)
_ADD_UNANSWERED = insert(unanswered_questions)
_REMEMBER = (
    update(conversations)
    .where(conversations.c.id == bindparam("wanted"))
    .values(memory=bindparam("memory"))
)
_MOVE_SEQ = (
    update(conversations)
    .where(conversations.c.id == bindparam("wanted"))
    .values(next_seq=bindparam("next"))
)


def add_conversation(connection: Connection, **values: Any) -> None:
    """Add a conversation."""
    connection.execute(_ADD_CONVERSATION, values)


def standing(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return how a conversation stands: its token's hash, its state, and whether an answer is to come."""
    return connection.execute(_STANDING, {"wanted": conversation_id}).first()


def hold(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return a conversation and keep others from adding to it until this transaction ends."""
    return connection.execute(_HOLD, {"wanted": conversation_id}).first()


def sent_as(
    connection: Connection, conversation_id: str, client_message_id: str
) -> Row[Any] | None:
    """Return the message that the sender gave this id, if it came before."""
    return connection.execute(
        _BY_CLIENT_ID, {"wanted": conversation_id, "client_id": client_message_id}
    ).first()


def messages_after(
    connection: Connection, conversation_id: str, seq: int
) -> Sequence[Row[Any]]:
    """Return what was said after message number `seq`, in order."""
    return connection.execute(_AFTER, {"wanted": conversation_id, "seq": seq}).all()


def choice_offered(
    connection: Connection, conversation_id: str, choice_id: str
) -> dict[str, Any] | None:
    """Return a choice as it was issued in this conversation, with the value behind it."""
    for offer in connection.execute(_OFFERS, {"wanted": conversation_id}).scalars():
        for choice in offer:
            if choice["choice_id"] == choice_id:
                return dict(choice)
    return None


def add_messages(connection: Connection, held: Row[Any], rows: Sequence[dict[str, Any]]) -> int:
    """Add messages to a conversation that is held; return the number of the first of them."""
    first = int(held.next_seq)
    for seq, row in enumerate(rows, first):
        connection.execute(_ADD_MESSAGE, {"conversation_id": held.id, "seq": seq, **row})
    connection.execute(_MOVE_SEQ, {"wanted": held.id, "next": first + len(rows)})
    return first


def remember(connection: Connection, held: Row[Any], news: dict[str, Any]) -> None:
    """Add to what the assistant remembers of a conversation that is held; what is None is forgotten."""
    before = held.memory or {}
    after = {k: v for k, v in (before | news).items() if v is not None}
    if after != before:
        connection.execute(_REMEMBER, {"wanted": held.id, "memory": after or None})


def add_to_inbox(connection: Connection, **values: Any) -> None:
    """Have a message answered."""
    connection.execute(_ADD_TO_INBOX, values)


def set_state(connection: Connection, conversation_id: str, state: str) -> None:
    """Say who holds the conversation from now on."""
    connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(state=state)
    )


def asked_of(connection: Connection, held: Row[Any], message: dict[str, Any]) -> Asked:
    """Return a new message as the assistant gets it, with what must be remembered of the conversation."""
    return _asked(
        connection,
        held.id,
        held.language,
        held.channel,
        message["id"],
        message["text"],
        message["extra"],
        held.memory,
    )


def claim(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Work]:
    """Take up to `limit` messages that are due, to have them answered."""
    leases = inbox_work.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    if not leases:
        return []
    rows = connection.execute(
        select(
            messages.c.id,
            messages.c.conversation_id,
            messages.c.text,
            messages.c.extra,
            inbox.c.received_at,
            conversations.c.language,
            conversations.c.channel,
            conversations.c.memory,
        )
        .join(inbox, inbox.c.message_id == messages.c.id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.id.in_([held.row for held in leases]))
    )
    by_id = {row.id: row for row in rows}
    work = []
    for held in leases:
        m = by_id[held.row]
        asked = _asked(
            connection,
            m.conversation_id,
            m.language,
            m.channel,
            m.id,
            m.text,
            m.extra,
            m.memory,
        )
        work.append(Work(held, asked, m.received_at))
    return work


def late(connection: Connection, received_before: datetime, limit: int) -> list[Late]:
    """Return messages that wait since before then, and whose senders were not told so."""
    rows = connection.execute(
        select(inbox.c.message_id, inbox.c.conversation_id)
        .where(
            inbox_work.waits(),
            inbox.c.told_at.is_(None),
            inbox.c.received_at <= received_before,
        )
        # Always in one order: two processes that tell at once then never wait for each other in a ring.
        .order_by(inbox.c.conversation_id, inbox.c.seq)
        .limit(limit)
    )
    return [Late(row.message_id, row.conversation_id) for row in rows]


def mark_told(connection: Connection, message: Late, now: datetime) -> bool:
    """Note that a message takes longer; say whether that is news to its conversation."""
    knows = connection.execute(
        select(inbox.c.message_id)
        .where(
            inbox.c.conversation_id == message.conversation_id,
            inbox_work.waits(),
            inbox.c.told_at.is_not(None),
        )
        .limit(1)
    ).first()
    marked = connection.execute(
        update(inbox)
        .where(
            inbox.c.message_id == message.message_id,
            inbox_work.waits(),
            inbox.c.told_at.is_(None),
        )
        .values(told_at=now)
    )
    return marked.rowcount == 1 and knows is None


def record_unanswered(connection: Connection, **values: Any) -> None:
    """Remember a question that the catalogue had no answer to."""
    connection.execute(_ADD_UNANSWERED, values)


def last_seqs(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Return the number of the last message of each of these conversations."""
    rows = connection.execute(
        select(conversations.c.id, conversations.c.next_seq).where(conversations.c.id.in_(ids))
    )
    return {row.id: row.next_seq - 1 for row in rows}


def backlog(connection: Connection, dead_since: datetime) -> Backlog:
    """Return how much waits now, and how much was given up since then."""
    waits = connection.execute(
        select(func.count(), func.min(inbox.c.received_at)).where(inbox_work.waits())
    ).one()
    dead = connection.execute(
        select(func.count()).where(inbox.c.dead_at.is_not(None), inbox.c.dead_at >= dead_since)
    ).scalar_one()
    return Backlog(waits[0], waits[1], dead)


def _asked(
    connection: Connection,
    conversation_id: str,
    language: str,
    channel: str,
    message_id: str,
    text: str,
    extra: dict[str, Any] | None,
    memory: dict[str, Any] | None,
) -> Asked:
    said = connection.execute(_SAID_BY_ASSISTANT, {"wanted": conversation_id}).all()
    metadata: dict[str, Any] = {
        "language": language,
        "channel": channel,
        "context": context_of(said),
        "memory": memory or {},
    }
    extra = extra or {}
    if "choice" in extra:
        metadata["choice"] = extra["choice"].get("value")
        return Asked(conversation_id, message_id, CHOOSE, metadata)
    if "location" in extra:
        metadata["location"] = extra["location"]
        return Asked(conversation_id, message_id, GIVE_LOCATION, metadata)
    return Asked(conversation_id, message_id, without_command(text), metadata)
