"""All questions to, and changes of, the rows of forwarding. Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from triage.cases.case import Case
from triage.cases.repository import case_of
from triage.cases.tables import case_events, cases
from triage.cases.workflow import OPEN, Move
from triage.forwarding.tables import forward_polls, forwards, outbox, polls
from triage.kit.db import insert_once
from triage.kit.work import Lease, named

_OPEN = tuple(sorted(s.value for s in OPEN))


@dataclass(frozen=True)
class Work:
    """A case that is this process's to forward for a while."""

    lease: Lease
    case: Case
    target: str
    created_at: datetime
    begun_at: datetime | None
    token: str


@dataclass(frozen=True)
class Poll:
    """An endpoint that is this process's to ask for news for a while."""

    lease: Lease
    target: str
    heard_until: datetime | None
    has_updates: bool | None


@dataclass(frozen=True)
class Followed:
    """An open case that has a number at an outside endpoint."""

    case: Case
    request_id: str


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands."""

    waiting: int
    oldest: datetime | None
    dead: int


def add(connection: Connection, case: Case, target: str) -> None:
    """Put a case into the outbox."""
    connection.execute(
        insert(forwards),
        {
            "case_id": case.id,
            "target": target,
            "created_at": case.opened_at,
            "next_attempt_at": case.opened_at,
            "attempts": 0,
        },
    )


def claim(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Work]:
    """Take up to `limit` cases that are due."""
    leases = outbox.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    if not leases:
        return []
    rows = connection.execute(
        select(
            cases,
            forwards.c.target,
            forwards.c.created_at,
            forwards.c.begun_at,
            forwards.c.token,
        )
        .join(forwards, forwards.c.case_id == cases.c.id)
        .where(cases.c.id.in_([held.row for held in leases]))
    ).all()
    by_id = {row.id: row for row in rows}
    return [
        Work(
            held,
            case_of(by_id[held.row]),
            by_id[held.row].target,
            by_id[held.row].created_at,
            by_id[held.row].begun_at,
            by_id[held.row].token or "",
        )
        for held in leases
    ]


def claim_polls(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Poll]:
    """Take up to `limit` endpoints that are to be asked for news."""
    leases = polls.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    by_target = polls.rows_of(connection, leases)
    return [
        Poll(held, held.row, by_target[held.row].heard_until, by_target[held.row].has_updates)
        for held in leases
    ]


def add_poll(connection: Connection, target: str, now: datetime) -> None:
    """Have an endpoint asked for news from now on, if it is not asked yet."""
    values = {"target": target, "next_attempt_at": now, "attempts": 0}
    insert_once(connection, forward_polls, values, unique="target")


def change_held(connection: Connection, lease: Lease, **values: Any) -> bool:
    """Change a case's row in the outbox if the lease on it still holds; False, and nothing changed, if it does not."""
    statement = update(forwards).where(outbox.is_held).values(**values)
    return connection.execute(statement, named(lease)).rowcount == 1


def set_poll(connection: Connection, target: str, **values: Any) -> None:
    """Note what was learnt of an endpoint."""
    connection.execute(
        update(forward_polls).where(forward_polls.c.target == target).values(**values)
    )


def set_forward(connection: Connection, case_id: str, **values: Any) -> None:
    """Note what was learnt of a case that has been forwarded."""
    connection.execute(update(forwards).where(forwards.c.case_id == case_id).values(**values))


def taken_numbers(
    connection: Connection, target: str, request_ids: Sequence[str]
) -> frozenset[str]:
    """Return which of these numbers of an endpoint are cases of ours already."""
    return frozenset(
        connection.execute(
            select(forwards.c.request_id).where(
                forwards.c.target == target, forwards.c.request_id.in_(list(request_ids))
            )
        ).scalars()
    )


def followed(
    connection: Connection,
    target: str,
    *,
    request_ids: Sequence[str] | None = None,
    looked_before: datetime | None = None,
    limit: int = 1_000,
) -> list[Followed]:
    """Return open cases whose number at an endpoint is known, those first that were not looked at for longest.

    Args:
        request_ids: only those with these numbers.
        looked_before: only those that were not looked at since then.
    """
    question = (
        select(cases, forwards.c.request_id)
        .join(forwards, forwards.c.case_id == cases.c.id)
        .where(
            forwards.c.target == target,
            forwards.c.request_id.is_not(None),
            forwards.c.ended_at.is_(None),
            cases.c.status.in_(_OPEN),
        )
        .order_by(forwards.c.looked_at.asc().nulls_first(), forwards.c.created_at)
        .limit(limit)
    )
    if request_ids is not None:
        question = question.where(forwards.c.request_id.in_(list(request_ids)))
    if looked_before is not None:
        question = question.where(
            or_(forwards.c.looked_at.is_(None), forwards.c.looked_at < looked_before)
        )
    return [Followed(case_of(row), row.request_id) for row in connection.execute(question)]


def oldest_followed(connection: Connection, target: str) -> datetime | None:
    """Return when the oldest case was opened of which an endpoint may still have news; None: there is none."""
    found: datetime | None = connection.execute(
        select(forwards.c.created_at)
        .join(cases, forwards.c.case_id == cases.c.id)
        .where(
            forwards.c.target == target,
            forwards.c.request_id.is_not(None),
            forwards.c.ended_at.is_(None),
            cases.c.status.in_(_OPEN),
        )
        .order_by(forwards.c.created_at)
        .limit(1)
    ).scalar()
    return found


def was_reopened(connection: Connection, case: Case) -> bool:
    """Say whether a case was finished once and opened again."""
    found = connection.execute(
        select(case_events.c.seq)
        .where(case_events.c.case_id == case.id, case_events.c.kind == Move.REOPEN.value)
        .limit(1)
    )
    return found.first() is not None


def put_back(connection: Connection, target: str, now: datetime) -> int:
    """Make the cases due again that could not be forwarded to an endpoint; return how many there were."""
    put = connection.execute(
        update(forwards)
        .where(forwards.c.target == target, forwards.c.dead_at.is_not(None))
        .values(dead_at=None, attempts=0, created_at=now, next_attempt_at=now)
    )
    return put.rowcount


def backlog(connection: Connection) -> Backlog:
    """Return how the outbox stands."""
    waiting, oldest = connection.execute(
        select(func.count(), func.min(forwards.c.created_at)).where(
            outbox.waits(), forwards.c.token.is_(None)
        )
    ).one()
    dead = connection.execute(
        select(func.count()).select_from(forwards).where(forwards.c.dead_at.is_not(None))
    ).scalar_one()
    return Backlog(waiting, oldest, dead)
