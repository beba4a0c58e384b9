"""What the carrier handed over: texts, and the pictures that are to be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from triage.kit.db import UtcDateTime, insert_once
from triage.kit.ids import new_id
from triage.kit.work import Lease
from triage.texting.incoming import Media
from triage.texting.tables import carrier_media, carrier_messages, media_work

# What is to be set comes with the call.
_SET = update(carrier_messages).where(carrier_messages.c.sid == bindparam("wanted"))
_TAKEN_SINCE = select(carrier_messages.c.taken_for).where(
    carrier_messages.c.sender_id == bindparam("wanted"),
    carrier_messages.c.source == "webhook",
    carrier_messages.c.received_at > bindparam("since", type_=UtcDateTime),
)


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


def add_incoming(connection: Connection, **values: Any) -> bool:
    """Note that the carrier handed something over; False if it had before."""
    return insert_once(connection, carrier_messages, values, unique="sid")


def set_incoming(connection: Connection, sid: str, **values: Any) -> None:
    """Note what something that the carrier handed over was taken for."""
    connection.execute(_SET, {"wanted": sid, **values})


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
    by_id = media_work.rows_of(connection, leases)
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
