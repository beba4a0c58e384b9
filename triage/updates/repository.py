"""All questions to, and changes of, the rows of the outbox of news. Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from triage.cases.case import Case
from triage.cases.tables import case_contacts, case_followers, cases
from triage.kit.ids import new_id
from triage.kit.work import Lease
from triage.updates.tables import case_updates, outbox
from triage.updates.told import News


@dataclass(frozen=True)
class Person:
    """Somebody who reported or joined a case, as far as telling them goes.

    Attributes:
        whom: a follower's id, or the case's for the one who reported it.
        conversation_id: where they reported or joined; None: they came some other way.
        other_ways: how else they can be reached, for staff: "phone", "email".
    """

    whom: str
    conversation_id: str | None
    wants_updates: bool
    other_ways: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """News that are this process's to tell for a while."""

    lease: Lease
    reference: str
    whom: str


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands: what could be told by now, and since when it waits."""

    waiting: int
    overdue_since: datetime | None


def people(connection: Connection, case: Case) -> list[Person]:
    """Return who reported or joined a case and left a word on being told; the one who reported it first."""
    rows = connection.execute(
        select(case_contacts, case_followers.c.conversation_id)
        .join(case_followers, case_followers.c.id == case_contacts.c.follower_id, isouter=True)
        .where(case_contacts.c.case_id == case.id)
        .order_by(case_contacts.c.given_at, case_contacts.c.id)
    )
    found = [
        Person(
            row.follower_id or case.id,
            row.conversation_id if row.follower_id else case.conversation_id,
            row.wants_updates,
            tuple(way for way in ("phone", "email") if getattr(row, way)),
        )
        for row in rows
    ]
    return sorted(found, key=lambda person: person.whom != case.id)


def follower_in(connection: Connection, case: Case, conversation_id: str) -> str | None:
    """Return who joined a case in a conversation."""
    return connection.execute(
        select(case_followers.c.id).where(
            case_followers.c.case_id == case.id,
            case_followers.c.conversation_id == conversation_id,
        )
    ).scalar()


def told_in(connection: Connection, case: Case, conversation_id: str) -> str | None:
    """Return who was told of a case in a conversation: theirs now, though they reported in another one."""
    return connection.execute(
        select(case_updates.c.whom)
        .where(
            case_updates.c.conversation_id == conversation_id,
            case_updates.c.case_id == case.id,
        )
        .limit(1)
    ).scalar()


def was_told(connection: Connection, whom: str) -> bool:
    """Say whether somebody was told anything before."""
    found = connection.execute(
        select(case_updates.c.id)
        .where(case_updates.c.whom == whom, case_updates.c.message_id.is_not(None))
        .limit(1)
    )
    return found.first() is not None


def add(
    connection: Connection, case: Case, whom: str, news: Sequence[News], now: datetime
) -> None:
    """Have somebody told news of a case that is held."""
    before = connection.execute(
        select(func.max(case_updates.c.number)).where(case_updates.c.whom == whom)
    ).scalar()
    # Where earlier news wait for the morning, these do too.
    due_at = connection.execute(
        select(func.max(case_updates.c.next_attempt_at)).where(
            case_updates.c.whom == whom, outbox.waits()
        )
    ).scalar()
    connection.execute(
        insert(case_updates),
        {
            "id": new_id("upd"),
            "case_id": case.id,
            "whom": whom,
            "number": (before or 0) + 1,
            "news": [n.value for n in news],
            "created_at": now,
            "attempts": 0,
            "next_attempt_at": max(now, due_at or now),
        },
    )


def claim(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Work]:
    """Take up to `limit` people who are to be told."""
    leases = outbox.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    if not leases:
        return []
    rows = connection.execute(
        select(case_updates.c.id, case_updates.c.whom, cases.c.reference)
        .join(cases, cases.c.id == case_updates.c.case_id)
        .where(case_updates.c.id.in_([held.row for held in leases]))
    )
    by_id = {row.id: row for row in rows}
    return [Work(held, by_id[held.row].reference, by_id[held.row].whom) for held in leases]


def waiting_for(connection: Connection, whom: str) -> Sequence[Row[Any]]:
    """Return all that somebody is to be told, in order."""
    return connection.execute(
        select(case_updates)
        .where(case_updates.c.whom == whom, outbox.waits())
        .order_by(case_updates.c.number)
    ).all()


def settle(
    connection: Connection,
    rows: Sequence[Row[Any]],
    now: datetime,
    *,
    error: str | None = None,
    **values: Any,
) -> None:
    """Need no more telling of these; the first of them names the message, if there is one."""
    values |= {"done_at": now, "lease_until": None, "lease_by": None, "last_error": error}
    message_id = values.pop("message_id", None)
    for position, row in enumerate(rows):
        named = {"message_id": message_id} if message_id and position == 0 else {}
        connection.execute(
            update(case_updates).where(case_updates.c.id == row.id).values(**values, **named)
        )


def lose(connection: Connection, update_id: str, why: str, now: datetime) -> None:
    """Note that what was told did not arrive, and have staff told that."""
    connection.execute(
        update(case_updates)
        .where(case_updates.c.id == update_id, case_updates.c.lost.is_(None))
        .values(lost=why, done_at=None, next_attempt_at=now)
    )


def backlog(connection: Connection, now: datetime) -> Backlog:
    """Return how many wait to be told, and since when those whose time has come."""
    waits = outbox.waits()
    waiting = connection.execute(
        select(func.count()).select_from(case_updates).where(waits)
    ).scalar_one()
    since = connection.execute(
        select(func.min(case_updates.c.next_attempt_at)).where(
            waits, case_updates.c.next_attempt_at <= now
        )
    ).scalar()
    return Backlog(waiting, since)


def by_hand_since(connection: Connection, moment: datetime) -> int:
    """Return how many could not be told since then, and were left to staff."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(case_updates)
            .where(case_updates.c.result == "by_hand", case_updates.c.done_at >= moment)
        ).scalar_one()
    )


def set_wish(connection: Connection, case: Case, whom: str, wants: bool) -> bool:
    """Note whether somebody wants news of a case; False where they never left a word on it."""
    follower = None if whom == case.id else whom
    changed = connection.execute(
        update(case_contacts)
        .where(
            case_contacts.c.case_id == case.id,
            case_contacts.c.follower_id.is_(None)
            if follower is None
            else case_contacts.c.follower_id == follower,
        )
        .values(wants_updates=wants)
    )
    return changed.rowcount > 0
