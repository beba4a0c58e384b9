"""What is sent, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
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
    or_,
    select,
    tuple_,
    update,
)

from triage.kit.db import UtcDateTime
from triage.kit.ids import new_id
from triage.kit.work import Lease, named
from triage.texting.codes import FAILED
from triage.texting.repository.senders import set_sender
from triage.texting.tables import outbox, senders, texts

# Where in a list of texts by moment and id somebody stands.
Place = tuple[datetime, str]

# Why a text was buried.
OPTED_OUT = "opted_out"
# The same, as the carrier says it.
_UNWANTED = frozenset({OPTED_OUT, "code_21610"})
# What is urgent stands before everything else that waits for a sender, so that nothing holds it up.
_BEFORE_ALL = -1_000_000_000

# What is to be set comes with the call.
_ADD = insert(texts)
_SET = update(texts).where(texts.c.id == bindparam("wanted"))
_SET_HELD = update(texts).where(outbox.is_held)
_SET_HELD_AMBIGUOUS = _SET_HELD.values(ambiguous=texts.c.ambiguous + 1)
_HELD = select(texts.c.id).where(outbox.is_held)
_HURRY = (
    update(texts)
    .where(
        texts.c.sender_id == bindparam("wanted"),
        outbox.waits(),
        texts.c.error_code.is_not(None),
        texts.c.next_attempt_at > bindparam("now", type_=UtcDateTime),
    )
    .values(next_attempt_at=bindparam("now", type_=UtcDateTime))
)
_LOCK_BY_SID, _LOCK_BY_ID = (
    (
        select(senders.c.id)
        .join(texts, texts.c.sender_id == senders.c.id)
        .where(column == bindparam("wanted"))
        .with_for_update(of=senders, key_share=True),
        select(texts).where(column == bindparam("wanted")).with_for_update(),
    )
    for column in (texts.c.carrier_sid, texts.c.id)
)
# The other urgent text, the last word, tells no message.
_IS_SAFETY = and_(texts.c.is_urgent, texts.c.message_id.is_not(None))


@dataclass(frozen=True)
class Work:
    """A text that is this process's to send for a while."""

    lease: Lease
    sender_id: str
    body: str
    is_urgent: bool
    created_at: datetime
    begun_at: datetime | None


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands; `unsafe`: how many texts on what to do in danger did not arrive."""

    waiting: int
    oldest: datetime | None
    dead: int
    unsafe: int


@dataclass(frozen=True)
class NotArrived:
    """A text that did not reach its resident, for staff."""

    at: datetime
    conversation_id: str
    message_id: str | None
    is_safety: bool
    why: str


def queue(
    connection: Connection,
    sender: Row[Any],
    bodies: Sequence[tuple[str, str | None]],
    now: datetime,
    *,
    is_urgent: bool = False,
    is_last_word: bool = False,
    **changes: Any,
) -> None:
    """Put texts into the outbox of a sender that is held.

    Args:
        bodies: each with the id of the message that it tells, if it is one.
        is_urgent: what to do in danger. They have just written, so it goes out although they want no more texts.
        is_last_word: the same; all others are buried then.
        changes: what else to note about the sender.
    """
    is_urgent = is_urgent or is_last_word
    is_refused = sender.opted_out_at is not None and not is_urgent
    first = sender.next_text + (_BEFORE_ALL if is_urgent else 0)
    for number, (body, message_id) in enumerate(bodies, first):
        connection.execute(
            _ADD,
            {
                "id": new_id("txt"),
                "sender_id": sender.id,
                "number": number,
                "conversation_id": sender.conversation_id,
                "message_id": message_id,
                "body": body,
                "is_urgent": is_urgent,
                "created_at": now,
                "ambiguous": 0,
                "next_attempt_at": now,
                "attempts": 0,
                "dead_at": now if is_refused else None,
                "last_error": OPTED_OUT if is_refused else None,
            },
        )
    changes["next_text"] = sender.next_text + len(bodies)
    set_sender(connection, sender.id, **changes)


def bury_waiting(connection: Connection, sender_id: str, now: datetime) -> int:
    """Bury what waits for somebody who wants no more texts, but what is urgent; return how much it was."""
    buried = connection.execute(
        update(texts)
        .where(texts.c.sender_id == sender_id, outbox.waits(), texts.c.is_urgent.is_(False))
        .values(dead_at=now, last_error=OPTED_OUT, lease_until=None, lease_by=None)
    )
    return buried.rowcount


def hurry(connection: Connection, sender_id: str, now: datetime) -> None:
    """Have what was not delivered to somebody sent again now: their phone is within reach, and more waits behind it."""
    connection.execute(_HURRY, {"wanted": sender_id, "now": now})


def never_sent(
    connection: Connection, conversation_id: str, message_ids: Sequence[str]
) -> set[str]:
    """Return which messages of a conversation were not sent, because their resident wanted no texts."""
    found = connection.execute(
        select(texts.c.message_id, texts.c.dead_at, texts.c.begun_at, texts.c.last_error).where(
            texts.c.conversation_id == conversation_id,
            texts.c.message_id.in_(list(message_ids)),
        )
    ).all()
    # What sending has begun of may have arrived.
    others = {
        row.message_id
        for row in found
        if row.dead_at is None or row.begun_at or row.last_error not in _UNWANTED
    }
    return {row.message_id for row in found} - others


def claim(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Work]:
    """Take up to `limit` texts that are due."""
    leases = outbox.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    by_id = outbox.rows_of(connection, leases)
    return [
        Work(
            held,
            by_id[held.row].sender_id,
            by_id[held.row].body,
            by_id[held.row].is_urgent,
            by_id[held.row].created_at,
            by_id[held.row].begun_at,
        )
        for held in leases
    ]


def change_held(
    connection: Connection, lease: Lease, *, is_ambiguous: bool = False, **values: Any
) -> bool:
    """Change a text whose lease still holds; False, and nothing changed, if it does not.

    Args:
        is_ambiguous: it is not known whether it has been taken; that is counted up.
    """
    statement = _SET_HELD_AMBIGUOUS if is_ambiguous else _SET_HELD
    return connection.execute(statement, {**named(lease), **values}).rowcount == 1


def lock_text(
    connection: Connection, *, sid: str, text_id: str | None = None
) -> Row[Any] | None:
    """Return a text by our id of it, or else by the carrier's, and keep others from changing it, and its sender first."""
    ways = ((_LOCK_BY_ID, text_id), (_LOCK_BY_SID, sid))
    for (lock_sender_of, lock), value in ways:
        # Whose it is never changes, so that the sender can be held before the text, as everywhere.
        if value and connection.execute(lock_sender_of, {"wanted": value}).first():
            return connection.execute(lock, {"wanted": value}).one()
    return None


def set_text(connection: Connection, text_id: str, **values: Any) -> None:
    """Note what became of a text."""
    connection.execute(_SET, {"wanted": text_id, **values})


def is_held(connection: Connection, lease: Lease) -> bool:
    """Say whether a text's lease still holds, and nothing has become of it meanwhile."""
    return connection.execute(_HELD, named(lease)).first() is not None


def sent_sids(connection: Connection, sids: Sequence[str], but: str) -> set[str]:
    """Return which of these are texts of ours that are known to be sent, but for one of them."""
    return set(
        connection.execute(
            select(texts.c.carrier_sid).where(
                texts.c.carrier_sid.in_(list(sids)), texts.c.id != but
            )
        ).scalars()
    )


def without_end(
    connection: Connection, sent_before: datetime, after: Place, limit: int
) -> Sequence[Any]:
    """Return texts sent before then and after a place, of which the carrier has not said what became of them."""
    return connection.execute(
        select(texts.c.id, texts.c.carrier_sid, texts.c.done_at)
        .where(
            texts.c.done_at < sent_before,
            tuple_(texts.c.done_at, texts.c.id) > after,
            texts.c.carrier_sid.is_not(None),
            or_(
                texts.c.status.is_(None),
                texts.c.status.in_(["accepted", "scheduled", "queued", "sending", "sent"]),
            ),
        )
        .order_by(texts.c.done_at, texts.c.id)
        .limit(limit)
    ).all()


def in_doubt(connection: Connection, after: Place, limit: int) -> Sequence[Any]:
    """Return texts given up after a place without it being known whether the carrier had taken them."""
    return connection.execute(
        select(texts.c.id, senders.c.address, texts.c.body, texts.c.begun_at, texts.c.dead_at)
        .join(senders, senders.c.id == texts.c.sender_id)
        .where(
            texts.c.done_at.is_(None),
            tuple_(texts.c.dead_at, texts.c.id) > after,
            texts.c.begun_at.is_not(None),
            texts.c.carrier_sid.is_(None),
        )
        .order_by(texts.c.dead_at, texts.c.id)
        .limit(limit)
    ).all()


def backlog(connection: Connection, dead_since: datetime) -> Backlog:
    """Return how the outbox stands; what was buried for those who want no texts is no failure."""
    waiting, oldest = connection.execute(
        select(func.count(), func.min(texts.c.created_at)).where(outbox.waits())
    ).one()
    dead = connection.execute(
        select(func.count())
        .select_from(texts)
        .where(
            texts.c.done_at.is_(None),
            texts.c.dead_at >= dead_since,
            texts.c.last_error != OPTED_OUT,
        )
    ).scalar_one()
    unsafe = connection.execute(
        select(func.count()).where(_IS_SAFETY, _did_not_arrive(dead_since))
    ).scalar_one()
    return Backlog(waiting, oldest, dead, unsafe)


def _did_not_arrive(since: datetime) -> ColumnElement[bool]:
    """Whether a text was given up since then, or handed over and not delivered; what nobody wanted is no failure."""
    c = texts.c
    is_buried = and_(c.done_at.is_(None), c.dead_at >= since, c.last_error != OPTED_OUT)
    is_lost = and_(c.done_at >= since, c.status.in_(FAILED))
    return or_(is_buried, is_lost)


def not_arrived(connection: Connection, since: datetime) -> list[NotArrived]:
    """Return the texts that did not arrive since then, what to do in danger first."""
    rows = connection.execute(
        select(texts)
        .where(_did_not_arrive(since))
        .order_by(_IS_SAFETY.desc(), func.coalesce(texts.c.dead_at, texts.c.done_at))
    )
    return [
        NotArrived(
            row.dead_at or row.done_at,
            row.conversation_id,
            row.message_id,
            row.is_urgent and row.message_id is not None,
            row.last_error or f"code_{row.error_code}",
        )
        for row in rows
    ]
