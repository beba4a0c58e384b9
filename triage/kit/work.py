"""Leased rows: work that waits in a table until somebody has done it, through crashes and restarts.

A row is due when its time has come and nobody holds a running lease on it. A worker claims it for a while
under a token of its own, does the work outside any transaction, and finishes it only if the token still
holds; so two workers may do the same work after a crash, but only one of them can record it.
Rows of one group (a conversation) are done in their order: a row is due only when no earlier row of its
group still waits. No clock and no network here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from triage.kit.db import UtcDateTime

# So many processes may look at once, without one finding only what another is just taking.
CLAIMERS = 4


def work_columns() -> Sequence[Column[Any]]:
    """Return the columns that make a table's rows work to be done."""
    return (
        Column("attempts", Integer, nullable=False, default=0),
        Column("next_attempt_at", UtcDateTime, nullable=False),
        Column("lease_until", UtcDateTime),
        Column("lease_by", String(160)),
        Column("last_error", Text),
        Column("done_at", UtcDateTime),
        Column("dead_at", UtcDateTime),
    )


@dataclass(frozen=True)
class Lease:
    """The right to do one row's work, and to record it, until it runs out or is taken over."""

    row: str
    token: str
    attempts: int


def named(lease: Lease) -> dict[str, Any]:
    """Return a lease as the parameters of `WorkQueue.is_held`."""
    return {"held_row": lease.row, "held_token": lease.token}


def pause_before(attempt: int, *, first: float, longest: float) -> timedelta:
    """Return how long to wait after the given attempt failed: twice as long each time, up to a limit."""
    return timedelta(seconds=min(first * 2.0 ** min(attempt - 1, 30), longest))


def held_from_birth(
    row: str, *, worker: str, now: datetime, lease: timedelta
) -> tuple[Lease, dict[str, Any]]:
    """Return a lease, and the values of a new row by which the worker that adds it holds it at once.

    It saves the transaction of a claim. Only for a row that is the first of its group.
    """
    held = Lease(row, _new_token(worker), 1)
    return held, {"lease_until": now + lease, "lease_by": held.token, "attempts": 1}


def _is_free(c: ReadOnlyColumnCollection[str, Any], now: Any) -> ColumnElement[bool]:
    """Whether a row's time has come, and nobody holds it."""
    return and_(
        c.next_attempt_at <= now,
        or_(c.lease_until.is_(None), c.lease_until <= now),
    )


def _new_token(worker: str) -> str:
    return f"{worker}/{secrets.token_hex(8)}"


class WorkQueue:
    """The rows of one table as work: `key` names a row, `group` and `position` give the order to keep."""

    def __init__(self, table: Table, *, key: str, group: str, position: str) -> None:
        self.table = table
        self._key = table.c[key]
        # Each row that waits, with its place in its group: read once from the index. To ask for each whether there is none
        # before it takes PostgreSQL very long where much waits all at once, as it has not counted yet how much that is.
        place = func.row_number().over(partition_by=table.c[group], order_by=table.c[position])
        self._waiting = (
            select(
                self._key.label("key"),
                table.c.next_attempt_at,
                table.c.lease_until,
                place.label("place"),
            )
            .where(self.waits())
            .subquery("waiting")
        )

        # Built once, as building a statement takes longer than running it.
        now = bindparam("now", type_=UtcDateTime)
        is_due = and_(self._waiting.c.place == 1, _is_free(self._waiting.c, now))
        self._has_due = select(self._waiting.c.key).where(is_due).limit(1)
        self._has_unclaimed = (
            select(self._key).where(self.waits(), _is_free(table.c, now)).limit(1)
        )
        self._first_due = (
            select(self._waiting.c.key)
            .where(is_due)
            .order_by(self._waiting.c.next_attempt_at)
            .limit(bindparam("most"))
        )
        self._free_of = (
            select(self._key, table.c.attempts)
            .where(
                self._key.in_(bindparam("keys", expanding=True)),
                self.waits(),
                _is_free(table.c, now),
            )
            .order_by(table.c.next_attempt_at)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True, of=table)
        )
        self._take = (
            update(table)
            .where(self._key.in_(bindparam("keys", expanding=True)))
            .values(
                # No names that a column of some table has: SQLAlchemy keeps those for itself.
                lease_until=bindparam("taken_until"),
                lease_by=bindparam("taken_with"),
                attempts=table.c.attempts + 1,
            )
        )
        self._waiting_of_group = (
            select(self._key)
            .where(table.c[group] == bindparam("of_group"), self.waits())
            .limit(1)
        )
        # Whether a row's lease still holds, and nothing has become of it; what `named` returns goes with it.
        self.is_held = and_(
            self._key == bindparam("held_row"),
            table.c.lease_by == bindparam("held_token"),
            self.waits(),
        )
        self._rows = select(table).where(self._key.in_(bindparam("keys", expanding=True)))
        end_of_lease: dict[str, Any] = {"lease_until": None, "lease_by": None}
        settle = update(table).where(self.is_held)
        self._finish = settle.values(done_at=bindparam("now"), last_error=None, **end_of_lease)
        self._postpone = settle.values(
            next_attempt_at=bindparam("until"), last_error=bindparam("error"), **end_of_lease
        )
        self._bury = settle.values(
            dead_at=bindparam("now"), last_error=bindparam("error"), **end_of_lease
        )

    def waits(self) -> ColumnElement[bool]:
        """Whether a row is neither done nor given up."""
        return and_(self.table.c.done_at.is_(None), self.table.c.dead_at.is_(None))

    def has_due(self, connection: Connection, now: datetime) -> bool:
        """Whether there is anything to claim; takes no lock."""
        return connection.execute(self._has_due, {"now": now}).first() is not None

    def has_unclaimed(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of any row has come that nobody holds, even if it must wait for an earlier one."""
        return connection.execute(self._has_unclaimed, {"now": now}).first() is not None

    def claim(
        self,
        connection: Connection,
        *,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Lease]:
        """Take up to `limit` due rows, the longest waiting first, for `lease` from now."""
        keys = connection.scalars(self._first_due, {"now": now, "most": limit * CLAIMERS}).all()
        if not keys:
            return []
        free = {"keys": keys, "now": now, "most": limit}
        due = connection.execute(self._free_of, free).all()
        if not due:
            return []
        token = _new_token(worker)
        taken = {
            "keys": [row[0] for row in due],
            "taken_until": now + lease,
            "taken_with": token,
        }
        connection.execute(self._take, taken)
        return [Lease(row[0], token, row[1] + 1) for row in due]

    def rows_of(
        self, connection: Connection, leases: Sequence[Lease]
    ) -> Mapping[str, Row[Any]]:
        """Return the rows that are held, by their keys."""
        if not leases:
            return {}
        rows = connection.execute(self._rows, {"keys": [held.row for held in leases]})
        return {row._mapping[self._key]: row for row in rows}

    def is_waiting(self, connection: Connection, group: str) -> bool:
        """Whether any row of a group still waits."""
        waiting = connection.execute(self._waiting_of_group, {"of_group": group})
        return waiting.first() is not None

    def hurry(self, connection: Connection, now: datetime) -> int:
        """Make every row that waits for another attempt due now; return how many there are."""
        c = self.table.c
        hurried = connection.execute(
            update(self.table)
            .where(self.waits(), c.next_attempt_at > now)
            .values(next_attempt_at=now)
        )
        return hurried.rowcount

    def finish(self, connection: Connection, lease: Lease, now: datetime) -> bool:
        """Record that the work is done; False, and nothing recorded, when the lease was lost."""
        return self._settle(connection, self._finish, lease, now=now)

    def postpone(
        self, connection: Connection, lease: Lease, *, until: datetime, error: str
    ) -> bool:
        """Give the row back with what went wrong; it is due again at `until`. False if the lease was lost."""
        return self._settle(connection, self._postpone, lease, until=until, error=error)

    def bury(self, connection: Connection, lease: Lease, now: datetime, *, error: str) -> bool:
        """Give up on the row for good; False when the lease was lost."""
        return self._settle(connection, self._bury, lease, now=now, error=error)

    def release(self, connection: Connection, worker: str, but: Collection[str] = ()) -> int:
        """End a worker's leases; return how many rows that frees.

        Args:
            but: rows whose work goes on.
        """
        c = self.table.c
        freed = connection.execute(
            update(self.table)
            .where(
                self.waits(),
                c.lease_by.startswith(worker + "/", autoescape=True),
                self._key.not_in(list(but)),
            )
            .values(lease_until=None, lease_by=None)
        )
        return freed.rowcount

    @staticmethod
    def _settle(connection: Connection, statement: Update, lease: Lease, **values: Any) -> bool:
        return connection.execute(statement, named(lease) | values).rowcount == 1
