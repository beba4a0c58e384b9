"""All questions to, and changes of, the rows of text messages. Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from triage.kit.db import UtcDateTime, insert_once
from triage.kit.ids import new_id
from triage.kit.work import Lease
from triage.texting.codes import FAILED
from triage.texting.incoming import Media
from triage.texting.tables import (
    carrier_media,
    carrier_messages,
    log_reads,
    log_work,
    media_work,
    outbox,
    senders,
    texts,
)

# Where in a list of texts by moment and id somebody stands.
Place = tuple[datetime, str]

# Why a text was buried.
OPTED_OUT = "opted_out"
# The same, as the carrier says it.
_UNWANTED = frozenset({OPTED_OUT, "code_21610"})
# What is urgent stands before everything else that waits for a sender, so that nothing holds it up.
_BEFORE_ALL = -1_000_000_000

_BY_MARK = select(senders).where(senders.c.mark == bindparam("wanted"))
# Not FOR UPDATE: whoever changes a text twice in one transaction has PostgreSQL look whether its sender is there, and would
# wait for us, who may wait for that text.
_LOCK = (
    select(senders).where(senders.c.id == bindparam("wanted")).with_for_update(key_share=True)
)
_LOCK_BY_CONVERSATION = (
    select(senders)
    .where(senders.c.conversation_id == bindparam("wanted"))
    .with_for_update(key_share=True)
)
# Built once, as building a statement takes longer than running it. What is to be set comes with the call.
_ADD_TEXT = insert(texts)
_SET_SENDER = update(senders).where(senders.c.id == bindparam("wanted"))
_SET_INCOMING = update(carrier_messages).where(carrier_messages.c.sid == bindparam("wanted"))
_SET_TEXT = update(texts).where(texts.c.id == bindparam("wanted"))
_IS_HELD = and_(
    texts.c.id == bindparam("held_row"),
    texts.c.lease_by == bindparam("held_token"),
    outbox.waits(),
)
_SET_HELD = update(texts).where(_IS_HELD)
_SET_HELD_AMBIGUOUS = _SET_HELD.values(ambiguous=texts.c.ambiguous + 1)
_HELD = select(texts.c.id).where(_IS_HELD)
_TAKEN_SINCE = select(carrier_messages.c.taken_for).where(
    carrier_messages.c.sender_id == bindparam("wanted"),
    carrier_messages.c.source == "webhook",
    carrier_messages.c.received_at > bindparam("since", type_=UtcDateTime),
)
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
class MediaWork:
    """A picture that is this process's to fetch for a while."""

    lease: Lease
    sid: str
    position: int
    conversation_id: str
    url: str
    content_type: str
    created_at: datetime


@dataclass(frozen=True)
class LogWork:
    """A number of the city's whose log is this process's to read for a while."""

    lease: Lease
    line: str
    read_until: datetime


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


# ── who writes ──


def sender_by_mark(connection: Connection, mark: str) -> Row[Any] | None:
    """Return the sender with this mark."""
    return connection.execute(_BY_MARK, {"wanted": mark}).first()


def add_sender(connection: Connection, **values: Any) -> bool:
    """Add a sender; False if there is one with this mark already, added meanwhile."""
    counts = {"next_text": 1, "heard_text": 1, "same_in_a_row": 0, "in_minute": 0}
    return insert_once(connection, senders, {**counts, **values}, unique="mark")


def lock_sender(connection: Connection, sender_id: str) -> Row[Any]:
    """Return a sender and keep others from changing it until this transaction ends."""
    return connection.execute(_LOCK, {"wanted": sender_id}).one()


def sender_of(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return whose conversation this is now, and keep others from changing the sender."""
    return connection.execute(_LOCK_BY_CONVERSATION, {"wanted": conversation_id}).first()


def set_sender(connection: Connection, sender_id: str, **values: Any) -> None:
    """Note something about a sender."""
    connection.execute(_SET_SENDER, {"wanted": sender_id, **values})


def locked_addresses(
    connection: Connection, after: str, limit: int
) -> Sequence[tuple[str, str]]:
    """Return the ids and encrypted addresses of senders, in the order of their ids."""
    rows = connection.execute(
        select(senders.c.id, senders.c.address)
        .where(senders.c.id > after)
        .order_by(senders.c.id)
        .limit(limit)
    )
    return [(row.id, row.address) for row in rows]


# ── what came in ──


def add_incoming(connection: Connection, **values: Any) -> bool:
    """Note that the carrier handed something over; False if it had before."""
    return insert_once(connection, carrier_messages, values, unique="sid")


def set_incoming(connection: Connection, sid: str, **values: Any) -> None:
    """Note what something that the carrier handed over was taken for."""
    connection.execute(_SET_INCOMING, {"wanted": sid, **values})


def known_sids(connection: Connection, sids: Sequence[str]) -> set[str]:
    """Return which of these were handed over already."""
    return set(
        connection.execute(
            select(carrier_messages.c.sid).where(carrier_messages.c.sid.in_(list(sids)))
        ).scalars()
    )


def taken_since(connection: Connection, sender_id: str, moment: datetime) -> frozenset[str]:
    """Return what texts of a sender were taken for that came by themselves after a moment."""
    since = {"wanted": sender_id, "since": moment}
    return frozenset(connection.execute(_TAKEN_SINCE, since).scalars())


def add_media(
    connection: Connection,
    sid: str,
    conversation_id: str,
    media: Sequence[Media],
    now: datetime,
) -> None:
    """Have the pictures of a text fetched."""
    for position, one in enumerate(media):
        connection.execute(
            insert(carrier_media),
            {
                "id": new_id("cmd"),
                "sid": sid,
                "position": position,
                "conversation_id": conversation_id,
                "url": one.url,
                "content_type": one.content_type,
                "created_at": now,
                "next_attempt_at": now,
                "attempts": 0,
            },
        )


def claim_media(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[MediaWork]:
    """Take up to `limit` pictures that are to be fetched."""
    leases = media_work.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    by_id = _rows(connection, carrier_media, leases)
    return [
        MediaWork(
            held,
            by_id[held.row].sid,
            by_id[held.row].position,
            by_id[held.row].conversation_id,
            by_id[held.row].url,
            by_id[held.row].content_type,
            by_id[held.row].created_at,
        )
        for held in leases
    ]


# ── what goes out ──


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
            _ADD_TEXT,
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
    by_id = _rows(connection, texts, leases)
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
    held = {"held_row": lease.row, "held_token": lease.token}
    statement = _SET_HELD_AMBIGUOUS if is_ambiguous else _SET_HELD
    return connection.execute(statement, {**held, **values}).rowcount == 1


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
    connection.execute(_SET_TEXT, {"wanted": text_id, **values})


def is_held(connection: Connection, lease: Lease) -> bool:
    """Say whether a text's lease still holds, and nothing has become of it meanwhile."""
    held = {"held_row": lease.row, "held_token": lease.token}
    return connection.execute(_HELD, held).first() is not None


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


# The other urgent text, the last word, tells no message.
_IS_SAFETY = and_(texts.c.is_urgent, texts.c.message_id.is_not(None))


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


# ── the carrier's log ──


def add_log_read(connection: Connection, line: str, now: datetime) -> None:
    """Have the log of a number read from now on, if it is not read yet."""
    values = {"line": line, "read_until": now, "next_attempt_at": now, "attempts": 0}
    insert_once(connection, log_reads, values, unique="line")


def claim_log(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[LogWork]:
    """Take up to `limit` numbers whose log is to be read."""
    leases = log_work.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    rows = connection.execute(
        select(log_reads).where(log_reads.c.line.in_([held.row for held in leases]))
    )
    read_until = {row.line: row.read_until for row in rows}
    return [LogWork(held, held.row, read_until[held.row]) for held in leases]


def set_read_until(connection: Connection, line: str, moment: datetime) -> None:
    """Note up to when a number's log is known."""
    connection.execute(
        update(log_reads).where(log_reads.c.line == line).values(read_until=moment)
    )


def _rows(
    connection: Connection, table: Table, leases: Sequence[Lease]
) -> Mapping[str, Row[Any]]:
    if not leases:
        return {}
    rows = connection.execute(_by_ids(table), {"ids": [held.row for held in leases]})
    return {row.id: row for row in rows}


@cache
def _by_ids(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
