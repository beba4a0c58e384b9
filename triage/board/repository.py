"""All SQL of the board. Each function runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from triage.board.board import (
    LATELY,
    Board,
    InLine,
    Missed,
    NotFixed,
    Promises,
    Rerouted,
    by_hour,
    midnight,
)
from triage.cases.tables import IS_OPEN, case_events, case_labels, cases
from triage.cases.workflow import Actor, Move
from triage.handover.repository import longest_waiting_since, standings
from triage.handover.tables import handovers

_DAY = timedelta(days=1)
# So many of each list are shown; the lists of cases have them all.
_SHOWN = 15


def board(
    connection: Connection, now: datetime, zone: ZoneInfo, queues: frozenset[str] | None
) -> Board:
    """Return the board as it is now.

    Args:
        queues: of which single cases are named; None: all. Figures are of the whole line in any case.
    """
    today, since = midnight(now, zone), now - LATELY
    seen = cases.c.queue.in_(queues) if queues is not None else None
    reopened = and_(case_events.c.kind == Move.REOPEN.value, case_events.c.at >= since)
    by_resident = and_(reopened, case_events.c.actor == Actor.RESIDENT.value)
    return Board(
        now,
        in_line(connection),
        tuple(_promises(connection, now, today)),
        tuple(_missed(connection, now, seen)),
        tuple(by_hour(_ended(connection, today), _resolved(connection, today), now, zone)),
        tuple(_reroutes(connection, since)),
        _events(connection, reopened),
        _events(connection, by_resident),
        tuple(_not_fixed(connection, by_resident, seen)),
    )


def in_line(connection: Connection) -> InLine:
    """Return who waits and who is held now."""
    now = standings(connection)
    return InLine(
        now["waiting"], longest_waiting_since(connection), now["held"], now["to_contact"]
    )


def _promises(connection: Connection, now: datetime, today: datetime) -> Sequence[Promises]:
    tomorrow = (today.replace(tzinfo=None) + _DAY).replace(tzinfo=today.tzinfo)
    missed = cases.c.due_at < now
    coming = and_(cases.c.due_at >= now, cases.c.due_at < tomorrow)
    explained = and_(missed, cases.c.delay_reason.is_not(None))
    rows = connection.execute(
        select(cases.c.queue, _how_many(coming), _how_many(missed), _how_many(explained))
        .where(IS_OPEN, cases.c.due_at < tomorrow)
        .group_by(cases.c.queue)
    )
    # The worst first.
    return sorted(
        (Promises(*row) for row in rows), key=lambda p: (-p.missed, -p.today, p.queue)
    )


def _missed(
    connection: Connection, now: datetime, seen: ColumnElement[bool] | None
) -> Sequence[Missed]:
    wanted = (
        select(
            cases.c.reference,
            cases.c.service_name,
            cases.c.queue,
            cases.c.due_at,
            cases.c.delay_reason,
        )
        .where(IS_OPEN, cases.c.due_at < now)
        .order_by(cases.c.due_at, cases.c.id)
        .limit(_SHOWN)
    )
    rows = connection.execute(wanted if seen is None else wanted.where(seen))
    return [Missed(*row) for row in rows]


def _ended(connection: Connection, today: datetime) -> Sequence[datetime]:
    """Return when conversations ended today that a person had taken."""
    return list(
        connection.scalars(
            select(handovers.c.ended_at).where(
                # The index knows when they were taken; nobody holds one for longer.
                handovers.c.first_taken_at >= today - _DAY,
                handovers.c.ended_at >= today,
            )
        )
    )


def _resolved(connection: Connection, today: datetime) -> Sequence[datetime]:
    return list(
        connection.scalars(
            select(case_events.c.at).where(
                case_events.c.at >= today,
                case_events.c.kind == Move.RESOLVE.value,
                case_events.c.actor == Actor.STAFF.value,
            )
        )
    )


def _reroutes(connection: Connection, since: datetime) -> Sequence[Rerouted]:
    rows = connection.execute(
        select(case_labels.c.from_queue, case_labels.c.to_queue, func.count())
        .where(case_labels.c.at >= since)
        .group_by(case_labels.c.from_queue, case_labels.c.to_queue)
        .order_by(func.count().desc(), case_labels.c.from_queue, case_labels.c.to_queue)
    )
    return [Rerouted(*row) for row in rows]


def _events(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.execute(
        select(func.count()).select_from(case_events).where(condition)
    ).scalar_one()


def _not_fixed(
    connection: Connection, by_resident: ColumnElement[bool], seen: ColumnElement[bool] | None
) -> Sequence[NotFixed]:
    wanted = (
        select(cases.c.reference, cases.c.service_name, cases.c.queue, case_events.c.at)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(by_resident)
        .order_by(case_events.c.at.desc())
        .limit(_SHOWN)
    )
    rows = connection.execute(wanted if seen is None else wanted.where(seen))
    return [NotFixed(*row) for row in rows]


def _how_many(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((what, 1), else_=0)), 0)
