"""Lists of cases and of what happened to them, for those who follow many at once. Each runs in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from triage.cases.case import Audience, Case, Event
from triage.cases.repository import case_of, event_of
from triage.cases.tables import case_events, cases
from triage.cases.workflow import OPEN


@dataclass(frozen=True)
class Filter:
    """Which cases are asked for. Given references, nothing else counts but the page."""

    start: datetime  # when they were opened: from ... to
    end: datetime
    references: tuple[str, ...] = ()
    service_ids: tuple[str, ...] = ()
    is_open: bool | None = None  # None: open and closed
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    bbox: tuple[float, float, float, float] | None = (
        None  # west, south, east, north, in degrees
    )
    limit: int = 1_000
    offset: int = 0


def listed(connection: Connection, wanted: Filter) -> list[Case]:
    """Return the cases asked for, the newest first."""
    rows = connection.execute(
        select(cases)
        .where(*_conditions(wanted))
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    return [case_of(row) for row in rows]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.references:
        return [cases.c.reference.in_(wanted.references)]
    conditions: list[ColumnElement[bool]] = [
        cases.c.opened_at.between(wanted.start, wanted.end)
    ]
    if wanted.service_ids:
        conditions.append(cases.c.service_id.in_(wanted.service_ids))
    if wanted.is_open is not None:
        statuses = sorted(s.value for s in OPEN)
        is_open = cases.c.status.in_(statuses)
        conditions.append(is_open if wanted.is_open else ~is_open)
    if wanted.updated_after:
        conditions.append(cases.c.updated_at >= wanted.updated_after)
    if wanted.updated_before:
        conditions.append(cases.c.updated_at <= wanted.updated_before)
    if wanted.bbox:
        west, south, east, north = wanted.bbox
        conditions += [
            cases.c.latitude.between(south, north),
            cases.c.longitude.between(west, east),
        ]
    return conditions


def moved_between(
    connection: Connection, start: datetime, end: datetime, limit: int
) -> list[tuple[Case, Event]]:
    """Return the events that residents may know of, with their cases, in the order they happened."""
    rows = connection.execute(
        select(
            cases,
            case_events.c.seq,
            case_events.c.kind,
            case_events.c.audience,
            case_events.c.actor,
            case_events.c.text,
            case_events.c.data,
            case_events.c.at,
            case_events.c.member_id,
        )
        .join(case_events, case_events.c.case_id == cases.c.id)
        .where(
            case_events.c.at.between(start, end),
            case_events.c.audience == Audience.RESIDENT.value,
        )
        .order_by(case_events.c.at, cases.c.id, case_events.c.seq)
        .limit(limit)
    )
    return [(case_of(row), event_of(row)) for row in rows]
