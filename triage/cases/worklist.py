"""The lists that staff work from: which cases wait, in which order, how many. Each runs in the caller's transaction.

A list is walked in stretches, one after the other: the urgent ones with a promised date, the urgent ones without, and so on.
A page ends with where the next one begins, so that what arrives in between moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product

from sqlalchemy import Column, ColumnElement, Connection, and_, case, func, select, tuple_

from triage.cases.case import Case
from triage.cases.repository import case_of
from triage.cases.tables import IS_FINISHED, IS_OPEN, cases
from triage.cases.workflow import OPEN, Status
from triage.routing.rules import Priority

NOBODY = "nobody"
MOST_COUNTED = 1_000


class Order(StrEnum):
    """What stands first in a list of open cases."""

    PRIORITY = "priority"  # the most urgent, and of those what was promised soonest
    PROMISE = "promise"  # what was promised soonest, whatever its priority
    NEWEST = "newest"


class Promise(StrEnum):
    """How a promised date stands."""

    LATE = "late"
    TODAY = "today"  # still to come, today
    WEEK = "week"  # within seven days from now
    NONE = "none"  # nothing was promised


@dataclass(frozen=True)
class Days:
    """The moments that promised dates are held against."""

    now: datetime
    end_of_today: datetime
    end_of_week: datetime


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for."""

    queues: frozenset[str] | None = None  # None: all
    statuses: frozenset[Status] = OPEN  # all of them open, or none
    priority: Priority | None = None
    promise: Promise | None = None
    assigned_to: str | None = None  # a member's id, or NOBODY
    order: Order = Order.PRIORITY

    @property
    def is_open(self) -> bool:
        """Say whether only open cases are asked for."""
        return self.statuses <= OPEN


@dataclass(frozen=True)
class After:
    """Where a page ended: the stretch, and the last case in it."""

    stretch: int
    at: datetime | None
    id: str

    def as_text(self) -> str:
        """Return it for an address."""
        return f"{self.stretch}~{self.at.isoformat() if self.at else ''}~{self.id}"

    @classmethod
    def read(cls, text: str) -> After | None:
        """Return what `as_text` wrote; None if it is not that."""
        match text.split("~"):
            case [stretch, at, id] if stretch.isdecimal() and len(stretch) < 3:
                try:
                    return cls(int(stretch), datetime.fromisoformat(at) if at else None, id)
                except ValueError:
                    return None
        return None


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    cases: tuple[Case, ...]
    after: After | None  # where the next part begins; None: this was the last


@dataclass(frozen=True)
class Count:
    """How many open cases of one priority wait in a queue."""

    queue: str
    priority: str
    total: int
    late: int
    today: int
    unassigned: int


@dataclass(frozen=True)
class _Stretch:
    """Cases that are walked in the order of one column."""

    conditions: tuple[ColumnElement[bool], ...]
    column: Column[datetime] | None  # None: in the order of their ids
    is_descending: bool = False


def page(
    connection: Connection, wanted: Wanted, days: Days, after: After | None, limit: int
) -> Page:
    """Return a part of a list, from where the one before ended."""
    found: list[After] = []
    stretches = _stretches(wanted)
    first = after.stretch if after else 0
    for number, stretch in enumerate(stretches[first:], first):
        begins = after if after and after.stretch == number else None
        found += _walk(
            connection, wanted, days, number, stretch, begins, limit + 1 - len(found)
        )
        if len(found) > limit:
            break
    shown = found[:limit]
    # The index has all that the walk needs; whole rows are read only of those that are shown.
    rows = connection.execute(select(cases).where(cases.c.id.in_([a.id for a in shown])))
    by_id = {row.id: case_of(row) for row in rows}
    return Page(
        tuple(by_id[a.id] for a in shown if a.id in by_id),
        shown[-1] if len(found) > limit else None,
    )


def total(connection: Connection, wanted: Wanted, days: Days) -> int:
    """Return how many cases a list has. Of finished cases, which only become more, not beyond `MOST_COUNTED` and one."""
    listed = select(cases.c.id).where(*_conditions(wanted, days))
    if not wanted.is_open:
        listed = listed.order_by(cases.c.updated_at.desc()).limit(MOST_COUNTED + 1)
    return connection.execute(select(func.count()).select_from(listed.subquery())).scalar_one()


def counts(connection: Connection, days: Days) -> list[Count]:
    """Return how many open cases wait, by queue and priority."""
    late = cases.c.due_at < days.now
    today = and_(cases.c.due_at >= days.now, cases.c.due_at <= days.end_of_today)
    rows = connection.execute(
        select(
            cases.c.queue,
            cases.c.priority,
            func.count(),
            _how_many(late),
            _how_many(today),
            _how_many(cases.c.assigned_to.is_(None)),
        )
        .where(IS_OPEN)
        .group_by(cases.c.queue, cases.c.priority)
    )
    return [Count(*row) for row in rows]


def assigned_to(connection: Connection, member_id: str) -> int:
    """Return how many open cases a member is responsible for."""
    return connection.execute(
        select(func.count()).select_from(cases).where(IS_OPEN, cases.c.assigned_to == member_id)
    ).scalar_one()


def _stretches(wanted: Wanted) -> Sequence[_Stretch]:
    if not wanted.is_open:
        return [_Stretch((), cases.c.updated_at, is_descending=True)]
    if wanted.order is Order.NEWEST:
        return [_Stretch((), cases.c.opened_at, is_descending=True)]
    dated = ((cases.c.due_at.is_not(None),), cases.c.due_at)
    undated = ((cases.c.due_at.is_(None),), None)
    if wanted.order is Order.PROMISE:
        return [_Stretch(*dated), _Stretch(*undated)]
    return [
        _Stretch((cases.c.priority == priority.value, *conditions), column)
        for priority, (conditions, column) in product(Priority, (dated, undated))
        if wanted.priority in (None, priority)
    ]


def _walk(
    connection: Connection,
    wanted: Wanted,
    days: Days,
    number: int,
    stretch: _Stretch,
    begins: After | None,
    limit: int,
) -> Iterator[After]:
    keys = [c for c in (stretch.column, cases.c.id) if c is not None]
    asked = select(*keys).where(*_conditions(wanted, days), *stretch.conditions)
    if begins:
        last = (begins.at, begins.id) if stretch.column is not None else (begins.id,)
        here = tuple_(*keys)
        asked = asked.where(here < last if stretch.is_descending else here > last)
    in_order = [k.desc() for k in keys] if stretch.is_descending else keys
    for row in connection.execute(asked.order_by(*in_order).limit(limit)):
        yield After(number, row[0] if stretch.column is not None else None, row.id)


def _conditions(wanted: Wanted, days: Days) -> list[ColumnElement[bool]]:
    finished = frozenset(Status) - OPEN
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses <= OPEN:
        conditions.append(IS_OPEN)
    elif wanted.statuses <= finished:
        conditions.append(IS_FINISHED)
    if wanted.statuses not in (OPEN, finished):
        conditions.append(cases.c.status.in_(sorted(s.value for s in wanted.statuses)))
    if wanted.queues is not None:
        conditions.append(cases.c.queue.in_(sorted(wanted.queues)))
    if wanted.priority:
        conditions.append(cases.c.priority == wanted.priority.value)
    if wanted.assigned_to:
        conditions.append(
            cases.c.assigned_to.is_(None)
            if wanted.assigned_to == NOBODY
            else cases.c.assigned_to == wanted.assigned_to
        )
    match wanted.promise:
        case Promise.LATE:
            conditions.append(cases.c.due_at < days.now)
        case Promise.TODAY:
            conditions.append(cases.c.due_at.between(days.now, days.end_of_today))
        case Promise.WEEK:
            conditions.append(cases.c.due_at.between(days.now, days.end_of_week))
        case Promise.NONE:
            conditions.append(cases.c.due_at.is_(None))
    return conditions


def _how_many(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((what, 1), else_=0)), 0)
