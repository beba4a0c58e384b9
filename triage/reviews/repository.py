"""The SQL about links."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from triage.reviews.links import Found, Link, host_of
from triage.reviews.tables import catalogue_links as links


def key_of(address: str) -> str:
    """Return what an address is kept by."""
    return hashlib.sha256(address.encode()).hexdigest()


def keep_just(connection: Connection, addresses: Collection[str], now: datetime) -> None:
    """Add the addresses that are new, due now, and forget those that no entry names any more."""
    known = set(connection.execute(select(links.c.id)).scalars())
    named = {key_of(address): address for address in addresses}
    gone = known - named.keys()
    if gone:
        connection.execute(delete(links).where(links.c.id.in_(gone)))
    new = [
        {"id": id, "address": a, "host": host_of(a)[:255], "times": 0, "next_at": now}
        for id, a in named.items()
        if id not in known
    ]
    if new:
        connection.execute(insert(links), new)


def take_due(
    connection: Connection, now: datetime, *, most: int, lease: timedelta
) -> list[Link]:
    """Return addresses to look at now; nobody else gets them until the lease ends."""
    due = (
        select(links)
        .where(links.c.next_at <= now)
        .order_by(links.c.next_at, links.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = connection.execute(due).all()
    if taken:
        connection.execute(
            update(links)
            .where(links.c.id.in_([row.id for row in taken]))
            .values(next_at=now + lease)
        )
    return [_link(row) for row in taken]


def make_all_due(connection: Connection, now: datetime) -> None:
    """Have every address be looked at with the next round."""
    connection.execute(update(links).values(next_at=now))


def put(connection: Connection, link: Link, next_at: datetime) -> None:
    """Keep how an address was found."""
    connection.execute(
        update(links)
        .where(links.c.id == key_of(link.address))
        .values(
            found=link.found.value if link.found else None,
            status=link.status,
            moved_to=link.moved_to or None,
            since=link.since,
            times=link.times,
            checked_at=link.checked_at,
            next_at=next_at,
        )
    )


def not_ok(connection: Connection) -> Iterable[Link]:
    """Return the addresses that were not found as they should be."""
    asked = select(links).where(links.c.found.is_not(None), links.c.found != Found.OK.value)
    return [_link(row) for row in connection.execute(asked.order_by(links.c.address))]


def _link(row: Row[Any]) -> Link:
    return Link(
        row.address,
        Found(row.found) if row.found else None,
        row.status,
        row.moved_to or "",
        row.since,
        row.times,
        row.checked_at,
    )
