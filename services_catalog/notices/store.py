"""Keep the notices in the database, each with its history. All SQL about them is here; every function is in the caller's
transaction, so that a change and the revision it makes are one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from services_catalog.notices.model import Notice
from services_catalog.notices.tables import notice_history, notice_revisions, notices

# So many of those that are past are listed.
MOST_PAST = 30


class Did(StrEnum):
    """What was done to a notice."""

    POSTED = "posted"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True)
class Step:
    """One thing that was done to a notice, and what it was from then on."""

    did: Did
    notice: Notice
    at: datetime
    by: str


class NoticeMoved(Exception):
    """Somebody else changed the notice since the caller read it."""


def revision_in(connection: Connection, city: str) -> int:
    """Return the revision of a city's notices; 0 where there were never any."""
    asked = select(notice_revisions.c.revision).where(notice_revisions.c.city == city)
    return connection.execute(asked).scalar() or 0


def standing_in(connection: Connection, city: str, now: datetime) -> tuple[Notice, ...]:
    """Return the notices that hold now or later."""
    asked = (
        select(notices.c.notice)
        .where(notices.c.city == city, notices.c.ends_at > _utc(now))
        .order_by(notices.c.ends_at, notices.c.id)
    )
    return tuple(Notice.from_dict(n) for n in connection.execute(asked).scalars())


def past_in(connection: Connection, city: str, now: datetime) -> tuple[Notice, ...]:
    """Return the notices that ended last, the latest first."""
    asked = (
        select(notices.c.notice)
        .where(notices.c.city == city, notices.c.ends_at <= _utc(now))
        .order_by(notices.c.ends_at.desc(), notices.c.id)
        .limit(MOST_PAST)
    )
    return tuple(Notice.from_dict(n) for n in connection.execute(asked).scalars())


def notice_in(connection: Connection, city: str, id: str) -> Notice | None:
    """Return a notice, or None: there is none."""
    asked = select(notices.c.notice).where(notices.c.city == city, notices.c.id == id)
    found = connection.execute(asked).scalar()
    return Notice.from_dict(found) if found else None


def history_in(connection: Connection, id: str) -> tuple[Step, ...]:
    """Return all that was done to a notice, the latest first."""
    asked = (
        select(notice_history)
        .where(notice_history.c.id == id)
        .order_by(notice_history.c.version.desc())
    )
    return tuple(
        Step(
            Did(row.did),
            Notice.from_dict(row.notice),
            # SQLite keeps no zone; what is written there is UTC.
            row.changed_at.replace(tzinfo=row.changed_at.tzinfo or UTC),
            row.changed_by,
        )
        for row in connection.execute(asked)
    )


def post_in(
    connection: Connection, city: str, notice: Notice, *, by: str, now: datetime
) -> None:
    """Add a notice."""
    _move_revision(connection, city)
    first = replace(notice, version=1)
    connection.execute(
        insert(notices).values(
            id=first.id, city=city, ends_at=_utc(first.ends_at), notice=first.to_dict()
        )
    )
    _write_down(connection, Did.POSTED, first, by, now)


def change_in(
    connection: Connection,
    city: str,
    notice: Notice,
    *,
    by: str,
    now: datetime,
    did: Did = Did.CHANGED,
) -> Notice:
    """Put a notice in the place of the version that it was made from, and return it with its new version.

    Raises:
        NoticeMoved: that is no longer the version that stands.
    """
    _move_revision(connection, city)
    standing = notice_in(connection, city, notice.id)
    if standing is None or standing.version != notice.version:
        raise NoticeMoved(notice.id)
    changed = replace(notice, version=notice.version + 1)
    connection.execute(
        update(notices)
        .where(notices.c.id == notice.id)
        .values(ends_at=_utc(changed.ends_at), notice=changed.to_dict())
    )
    _write_down(connection, did, changed, by, now)
    return changed


def end_in(
    connection: Connection, city: str, notice: Notice, *, by: str, now: datetime
) -> Notice:
    """End a notice now; one that has not begun is never said.

    Raises:
        NoticeMoved: it was changed since the caller read it.
    """
    ended = replace(
        notice, starts_at=min(notice.starts_at, now - timedelta(seconds=1)), ends_at=now
    )
    return change_in(connection, city, ended, by=by, now=now, did=Did.ENDED)


def _move_revision(connection: Connection, city: str) -> None:
    """Move the revision: first in each change, so that two of them follow one another."""
    moved = connection.execute(
        update(notice_revisions)
        .where(notice_revisions.c.city == city)
        .values(revision=notice_revisions.c.revision + 1)
    )
    if not moved.rowcount:
        connection.execute(insert(notice_revisions).values(city=city, revision=1))


def _write_down(
    connection: Connection, did: Did, notice: Notice, by: str, now: datetime
) -> None:
    connection.execute(
        insert(notice_history).values(
            id=notice.id,
            version=notice.version,
            did=did.value,
            notice=notice.to_dict(),
            changed_at=_utc(now),
            changed_by=by,
        )
    )


def _utc(moment: datetime) -> datetime:
    """Return a moment as both databases keep it: SQLite writes down the hour and forgets the zone."""
    return moment.astimezone(UTC)
