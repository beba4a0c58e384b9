"""How often somebody may fail to sign in: by account, and by address. Kept in the database, so that all processes count
together and a restart forgives nothing.

The pauses grow, so that who mistypes hardly notices and who guesses gets nowhere: after eight hours of trying one account
there were fewer than a hundred tries. An account is never locked for good: that would let anybody lock out anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from triage.kit.db import insert_once
from triage.staff.errors import TooManyFailures
from triage.staff.tables import failures

# So long after the last failure nothing is left of it.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Pace:
    """So many failures cost nothing; each further one doubles the pause."""

    free: int
    first: timedelta
    longest: timedelta

    def pause(self, count: int) -> timedelta:
        """Return how long to wait after so many failures."""
        if count <= self.free:
            return timedelta(0)
        doublings = min(count - self.free - 1, 20)
        return min(self.first * (1 << doublings), self.longest)


BY_ACCOUNT = Pace(free=4, first=timedelta(seconds=15), longest=timedelta(minutes=15))
# An office shares an address.
BY_ADDRESS = Pace(free=20, first=timedelta(seconds=15), longest=timedelta(minutes=15))


@dataclass(frozen=True)
class Counted:
    """What a try is counted under."""

    mark: str
    pace: Pace


def by_password(email: str, address: str) -> Sequence[Counted]:
    """Return what a try with a password is counted under. An unknown email counts as a known one does."""
    return _counted("account", email.strip().lower(), address)


def by_code(member_id: str, address: str) -> Sequence[Counted]:
    """Return what a try with a code is counted under: apart, for whoever comes so far knows the password."""
    return _counted("code", member_id, address)


def _counted(kind: str, what: str, address: str) -> Sequence[Counted]:
    return (
        Counted(_mark(kind, what), BY_ACCOUNT),
        Counted(_mark("address", address), BY_ADDRESS),
    )


def _mark(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()


def begin_try(connection: Connection, counted: Sequence[Counted], now: datetime) -> None:
    """Count a try as failed, until `forgive` says otherwise: so that tries at one time are as slow as one after another.

    Raises:
        TooManyFailures: it is too early for another; nothing was counted.
    """
    connection.execute(delete(failures).where(failures.c.last_at < now - FORGOTTEN_AFTER))
    # In one order everywhere: no two transactions wait for each other.
    for one in sorted(counted, key=lambda c: c.mark):
        _count(connection, one, now)


def _count(connection: Connection, one: Counted, now: datetime) -> None:
    new = {"mark": one.mark, "tries": 1, "last_at": now}
    while not insert_once(connection, failures, new, unique="mark"):
        row = connection.execute(
            select(failures).where(failures.c.mark == one.mark).with_for_update()
        ).first()
        if row is None:  # forgiven in between
            continue
        again_at = row.last_at + one.pace.pause(row.tries)
        if now < again_at:
            raise TooManyFailures(int((again_at - now).total_seconds()) + 1)
        connection.execute(
            update(failures)
            .where(failures.c.mark == one.mark)
            .values(tries=row.tries + 1, last_at=now)
        )
        return


def forgive(connection: Connection, counted: Sequence[Counted]) -> None:
    """Take back the try that succeeded; the account's earlier ones are forgotten with it, the address's are not."""
    for one in sorted(counted, key=lambda c: c.mark):
        if one.pace is BY_ACCOUNT:
            connection.execute(delete(failures).where(failures.c.mark == one.mark))
        else:
            connection.execute(
                update(failures)
                .where(failures.c.mark == one.mark)
                .values(tries=failures.c.tries - 1)
            )
