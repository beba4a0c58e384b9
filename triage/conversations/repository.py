"""All questions to, and changes of, the rows of conversations. Each runs in the caller's transaction.

Whoever adds to a conversation holds its row first (`hold`): so its messages are numbered without gaps or
races, and no two transactions wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from triage.conversations.context import LOOK_BACK, context_of
from triage.conversations.rasa_client import (
    CHOOSE,
    GIVE_LOCATION,
    GIVE_PHOTO,
    Asked,
    without_command,
)
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.tables import (
    conversations,
    inbox,
    inbox_work,
    messages,
    unanswered_questions,
)
from triage.kit.work import Lease

MOST_AT_ONCE = 500
# What an inbox row says that a person took over.
LEFT_TO_PERSON = "left_to_person"
# What stands with a message that the line itself has dealt with: it is nobody's to answer.
TO_THE_LINE = "to_the_line"
SAFETY_SAYS_ALL = "safety_says_all"
DEALT_WITH = frozenset({TO_THE_LINE, SAFETY_SAYS_ALL})

# Called with a conversation that is held, and with the messages just added to it: for channels whose residents do not
# come to read them.
OnSaid = Callable[[Connection, Row[Any], Sequence[dict[str, Any]]], None]


@dataclass(frozen=True)
class Work:
    """A resident's message that the holder of the lease is to have answered."""

    lease: Lease
    asked: Asked
    received_at: datetime


@dataclass(frozen=True)
class Backlog:
    """How much waits, since when, and how much was given up."""

    waiting: int
    oldest: datetime | None
    dead: int


_ONE = select(conversations).where(conversations.c.id == bindparam("wanted"))
_HOLD = _ONE.with_for_update()
_HOLD_IF_FREE = _ONE.with_for_update(skip_locked=True)
_HOW_IT_STANDS = (
    conversations.c.token_hash,
    conversations.c.state,
    select(inbox.c.message_id)
    .where(inbox.c.conversation_id == conversations.c.id, inbox_work.waits())
    .exists()
    .label("pending"),
)
_STANDING = select(*_HOW_IT_STANDS).where(conversations.c.id == bindparam("wanted"))
_NEWS = (
    select(messages, *_HOW_IT_STANDS)
    .select_from(
        conversations.outerjoin(
            messages,
            and_(
                messages.c.conversation_id == conversations.c.id,
                messages.c.seq > bindparam("seq"),
            ),
        )
    )
    .where(conversations.c.id == bindparam("wanted"))
    .order_by(messages.c.seq)
    .limit(MOST_AT_ONCE)
)
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
        messages.c.seq >= bindparam("since"),
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


def news(connection: Connection, conversation_id: str, seq: int) -> Sequence[Row[Any]]:
    """Return what was said after message number `seq`, in order, each row with how the conversation stands.

    Where nothing was said since, one row without a message; none where there is no such conversation.
    """
    return connection.execute(_NEWS, {"wanted": conversation_id, "seq": seq}).all()


def hold(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return a conversation and keep others from adding to it until this transaction ends."""
    return connection.execute(_HOLD, {"wanted": conversation_id}).first()


def hold_if_free(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Do the same, but for a conversation that somebody else holds: wait for nobody, and return None."""
    return connection.execute(_HOLD_IF_FREE, {"wanted": conversation_id}).first()


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


def last_turn(
    connection: Connection, conversation_id: str, *, since: datetime, beside: Sequence[str]
) -> Sequence[Row[Any]]:
    """Return all that was said to the message that was answered last, since then, in order.

    Args:
        beside: outcomes that say nothing about the matter, and do not count.
    """
    about_it = (
        messages.c.conversation_id == conversation_id,
        messages.c.in_reply_to.is_not(None),
        messages.c.created_at >= since,
        messages.c.outcome.not_in(list(beside)),
    )
    newest = (
        select(messages.c.in_reply_to)
        .where(*about_it)
        .order_by(messages.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return connection.execute(
        select(messages)
        .where(*about_it, messages.c.in_reply_to == newest)
        .order_by(messages.c.seq)
    ).all()


def add_messages(
    connection: Connection,
    held: Row[Any],
    rows: Sequence[dict[str, Any]],
    on_said: Sequence[OnSaid],
) -> int:
    """Add messages to a conversation that is held; return the number of the first of them."""
    first = int(held.next_seq)
    for seq, row in enumerate(rows, first):
        connection.execute(_ADD_MESSAGE, {"conversation_id": held.id, "seq": seq, **row})
    connection.execute(_MOVE_SEQ, {"wanted": held.id, "next": first + len(rows)})
    for call in on_said:
        call(connection, held, rows)
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


def start_afresh(connection: Connection, held: Row[Any], memory: dict[str, Any]) -> None:
    """Have the assistant forget a conversation that is held, but for what the memory keeps."""
    remember(connection, held, memory)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == held.id)
        .values(fresh_from=conversations.c.next_seq)
    )


def leave_to_person(connection: Connection, conversation_id: str, now: datetime) -> int | None:
    """Have what waits for the assistant answered by a person instead; return the number of the first such message."""
    waiting = (inbox.c.conversation_id == conversation_id, inbox_work.waits())
    first: int | None = connection.execute(
        select(func.min(inbox.c.seq)).where(*waiting)
    ).scalar()
    if first is not None:
        connection.execute(
            update(inbox)
            .where(*waiting)
            .values(done_at=now, last_error=LEFT_TO_PERSON, lease_until=None, lease_by=None)
        )
    return first


def leave_to_assistant(
    connection: Connection, conversation_id: str, after: int, now: datetime
) -> int:
    """Have the assistant answer what residents said after a message and nobody has dealt with; return how many there are."""
    rows = connection.execute(
        select(
            messages.c.id,
            messages.c.seq,
            messages.c.extra,
            inbox.c.message_id,
            inbox.c.last_error,
        )
        .outerjoin(inbox, inbox.c.message_id == messages.c.id)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.seq > after,
            messages.c.sender == Sender.RESIDENT.value,
        )
        .order_by(messages.c.seq)
    ).all()
    asked = 0
    for row in rows:
        if row.message_id and row.last_error == LEFT_TO_PERSON:
            connection.execute(
                update(inbox)
                .where(inbox.c.message_id == row.id)
                .values(done_at=None, last_error=None, received_at=now, next_attempt_at=now)
            )
        elif row.message_id is None and not DEALT_WITH & set(row.extra or ()):
            add_to_inbox(
                connection,
                message_id=row.id,
                conversation_id=conversation_id,
                seq=row.seq,
                received_at=now,
                next_attempt_at=now,
            )
        else:
            continue
        asked += 1
    return asked


def set_language(connection: Connection, conversation_id: str, language: str) -> None:
    """Say which language is spoken in a conversation from now on."""
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(language=language, language_asked=language)
    )


def asked_of(connection: Connection, held: Row[Any], message: dict[str, Any]) -> Asked:
    """Return a new message as the assistant gets it, with what must be remembered of the conversation."""
    return _asked(
        connection,
        held.id,
        held.fresh_from,
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
            conversations.c.fresh_from,
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
            m.fresh_from,
            m.language,
            m.channel,
            m.id,
            m.text,
            m.extra,
            m.memory,
        )
        work.append(Work(held, asked, m.received_at))
    return work


def late(connection: Connection, received_before: datetime, limit: int) -> Sequence[str]:
    """Return the conversations of messages that wait since before then, and of which nothing was told."""
    return connection.scalars(
        select(inbox.c.conversation_id).where(*_late(received_before)).distinct().limit(limit)
    ).all()


def mark_late(
    connection: Connection, held: Row[Any], received_before: datetime, now: datetime
) -> str | None:
    """Note which messages of a conversation take longer; return the first, or None if that is no news there."""
    of_it = inbox.c.conversation_id == held.id
    knows = connection.execute(
        select(inbox.c.message_id)
        .where(of_it, inbox_work.waits(), inbox.c.told_at.is_not(None))
        .limit(1)
    ).first()
    marked = connection.execute(
        update(inbox)
        .where(of_it, *_late(received_before))
        .values(told_at=now)
        .returning(inbox.c.seq, inbox.c.message_id)
    ).all()
    return min(marked).message_id if marked and not knows else None


def _late(received_before: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        inbox_work.waits(),
        inbox.c.told_at.is_(None),
        inbox.c.received_at <= received_before,
    )


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
    fresh_from: int,
    language: str,
    channel: str,
    message_id: str,
    text: str,
    extra: dict[str, Any] | None,
    memory: dict[str, Any] | None,
) -> Asked:
    since = {"wanted": conversation_id, "since": fresh_from}
    said = connection.execute(_SAID_BY_ASSISTANT, since).all()
    metadata: dict[str, Any] = {
        "language": language,
        "channel": channel,
        "context": context_of(said),
        "memory": memory or {},
    }
    if fresh_from and all(s.outcome == Outcome.SAFETY for s in said):
        metadata["starts_afresh"] = True
    extra = extra or {}
    if "choice" in extra:
        metadata["choice"] = extra["choice"].get("value")
        return Asked(conversation_id, message_id, CHOOSE, metadata)
    if "location" in extra:
        metadata["location"] = extra["location"]
        return Asked(conversation_id, message_id, GIVE_LOCATION, metadata)
    if "photo" in extra:
        metadata["photo"] = extra["photo"]
        return Asked(conversation_id, message_id, GIVE_PHOTO, metadata)
    if "danger" in extra:
        # The safety text is there already; what was begun must not go on as if nothing had been said.
        metadata["danger"] = extra["danger"]
    return Asked(conversation_id, message_id, without_command(text), metadata)
