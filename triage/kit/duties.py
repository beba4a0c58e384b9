"""Work in leased queues, done for as long as the process runs: what is due is claimed, and done so much at a time.

A row is claimed under a lease, so that one process at a time works on it; what a dead process held comes back when its
lease ends, or when that process starts again. What a living one could not record, because the database was away, comes
back as soon as the database does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from triage.errors import DatabaseUnavailable
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.life import OnDeath, alive
from triage.kit.under_way import UnderWay
from triage.kit.work import Lease, WorkQueue

log = logging.getLogger(__name__)


class Held(Protocol):
    """A row's work."""

    @property
    def lease(self) -> Lease:
        """The right to do it."""
        ...


W = TypeVar("W", bound=Held)
W_co = TypeVar("W_co", covariant=True)


class Claim(Protocol[W_co]):
    """Takes up to `limit` rows that are due, under a lease."""

    def __call__(
        self,
        connection: Connection,
        *,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> Sequence[W_co]: ...


@dataclass(frozen=True)
class Duty(Generic[W]):
    """What is done with the rows of one queue.

    Args:
        do: does one row's work and records it. Raises `DatabaseUnavailable`: it is done again.
        lease: how long a row is one process's; longer than `do` may take.
        at_once: so many rows at a time in this process.
        on_fault: called with the work, after `do` raised what it should not have.
    """

    queue: WorkQueue
    claim: Claim[W]
    do: Callable[[W], Coroutine[Any, Any, None]]
    lease: timedelta
    at_once: int
    on_fault: Callable[[W], None]


@dataclass
class _Busy:
    duty: Duty[Any]
    under_way: UnderWay
    rows: set[str] = field(default_factory=set)

    @property
    def room(self) -> int:
        return self.duty.at_once - len(self.under_way)


class DutyWorker:
    """One process's part in some duties. `start()` before use, `stop()` after; without duties it does nothing.

    Args:
        name: what the duties are about, for the log.
        every_seconds: how often to look for what is due. Whenever something ends, it looks at once.
        worker: this process's name, the same after a restart.
        begin: what is written before the work begins.
    """

    def __init__(
        self,
        name: str,
        database: Database,
        duties: Sequence[Duty[Any]],
        clock: Clock,
        every_seconds: float,
        worker: str,
        *,
        begin: Callable[[Connection], None] | None = None,
        on_death: OnDeath = None,
    ) -> None:
        self._name = name
        self._database = database
        self._clock = clock
        self._every = every_seconds
        self._worker = worker
        self._begin = begin
        self._on_death = on_death
        # Whoever ends makes room, and may be what the next row waits for.
        self._woken = asyncio.Event()
        self._busy = [_Busy(duty, UnderWay(self._woken.set)) for duty in duties]
        self._sweeping: asyncio.Task[None] | None = None
        # There may be leases of ours on which nobody works: the database was away when work ended, or was claimed.
        self._holds_idle = False

    async def start(self) -> None:
        """Free what this process held when it died, and begin."""
        if not self._busy:
            return

        def begin(connection: Connection) -> None:
            self._release(connection)
            if self._begin:
                self._begin(connection)

        await self._database.write(begin)
        self._sweeping = alive(self._sweep_for_ever(), self._name, self._on_death)

    async def stop(self, seconds: float = 3) -> None:
        """Take nothing more, let what is under way end, and give back the rest."""
        if not self._sweeping:
            return
        self._sweeping.cancel()
        await asyncio.gather(self._sweeping, return_exceptions=True)
        await asyncio.gather(*(busy.under_way.end(seconds) for busy in self._busy))
        try:
            await self._database.write(self._release)
        except DatabaseUnavailable:
            log.warning(
                "leases not given back; they end by themselves", extra={"duty": self._name}
            )

    def _release(self, connection: Connection) -> None:
        for busy in self._busy:
            busy.duty.queue.release(connection, self._worker, busy.rows)

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self._sweep()
            except DatabaseUnavailable:
                self._holds_idle = True
                log.error("queue not readable; looking again soon", extra={"duty": self._name})
            try:
                async with asyncio.timeout(self._every):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()

    async def _sweep(self) -> None:
        if self._holds_idle:
            await self._database.write(self._release)
            self._holds_idle = False
        now = self._clock.now()
        # Looking takes no lock; only what is due is claimed.
        due = await self._database.read(
            lambda c: [b for b in self._busy if b.room > 0 and b.duty.queue.has_due(c, now)]
        )
        for busy in due:
            await self._take(busy, now)

    async def _take(self, busy: _Busy, now: datetime) -> None:
        duty = busy.duty
        works = await self._database.write(
            lambda c: duty.claim(
                c, worker=self._worker, now=now, lease=duty.lease, limit=busy.room
            )
        )
        for work in works:
            busy.rows.add(work.lease.row)
            busy.under_way.begin(self._do(busy, work))

    async def _do(self, busy: _Busy, work: Any) -> None:
        duty = busy.duty
        try:
            await duty.do(work)
        except DatabaseUnavailable:
            self._holds_idle = True
            log.error("work not recorded; it is done again", extra={"duty": self._name})
        except Exception as fault:
            # A fault of ours: counted, logged with its trace. The row comes back when its lease ends.
            duty.on_fault(work)
            log.exception(
                "work failed", extra={"duty": self._name, "kind": type(fault).__name__}
            )
        finally:
            busy.rows.discard(work.lease.row)
