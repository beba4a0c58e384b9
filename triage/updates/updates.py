"""Telling residents assembled: the hook into cases, who tells, and what looks whether texts arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry
from sqlalchemy import Connection

from services_catalog.packs import City
from triage.conversations.repository import OnSaid
from triage.kit.chores import Chore
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.duties import Duty, DutyWorker
from triage.kit.life import OnDeath, Part
from triage.updates import repository
from triage.updates.figures import UpdateFigures
from triage.updates.pack import UpdateRules
from triage.updates.reach import Reach
from triage.updates.repository import Work
from triage.updates.tables import outbox
from triage.updates.telling import Teller

# People told at a time by one process, and how long one of them is its to tell.
AT_ONCE = 4
LEASE = timedelta(seconds=30)
ARRIVED_EVERY_SECONDS = 60
# News that wait so long, and not for the end of quiet hours, are late.
LATE = timedelta(minutes=10)
# So long ago at most were the texts sent whose end may still be heard of.
LOOK_BACK = timedelta(days=3)

# Returns the updates told since then by a text that did not arrive, each with why (triage/texting/reaching.py).
Lost = Callable[[Connection, datetime], Sequence[tuple[str, str]]]


class Updates:
    """What one process does to tell the residents of one city."""

    def __init__(
        self,
        database: Database,
        city: City,
        rules: UpdateRules,
        reopen_within_days: int,
        reach: Reach,
        lost: Lost,
        on_said: Sequence[OnSaid],
        ring: Callable[[str], None],
        registry: CollectorRegistry,
        clock: Clock,
        sweep_seconds: float,
    ) -> None:
        self.figures = UpdateFigures(registry)
        self._database = database
        self._lost = lost
        self._clock = clock
        self._sweep_seconds = sweep_seconds
        self._teller = Teller(
            database,
            rules,
            ZoneInfo(city.timezone),
            timedelta(days=reopen_within_days),
            reach,
            on_said,
            ring,
            self.figures,
            clock,
        )

    def jobs(self, worker: str, on_death: OnDeath) -> tuple[Part, ...]:
        """Return this process's part in it, under its name."""

        def count_fault(_: Work) -> None:
            self.figures.failures.inc()

        telling = Duty(outbox, repository.claim, self._teller.tell, LEASE, AT_ONCE, count_fault)
        return (
            DutyWorker(
                "updates",
                self._database,
                [telling],
                self._clock,
                self._sweep_seconds,
                worker,
                on_death=on_death,
            ),
            Chore("updates lost", self.look_for_lost, ARRIVED_EVERY_SECONDS, on_death),
        )

    async def trouble(self) -> str:
        """Return in a few words why residents are not told in time; nothing: they are.

        Raises:
            DatabaseUnavailable: it cannot be known.
        """
        now = self._clock.now()
        found = await self._database.read(lambda c: repository.backlog(c, now))
        if found.overdue_since is None or now - found.overdue_since < LATE:
            return ""
        minutes = int((now - found.overdue_since).total_seconds() // 60)
        return f"{found.waiting} news wait, the oldest for {minutes} minutes"

    async def look_for_lost(self) -> int:
        """Have staff told of each update whose text did not arrive; return how many there are.

        Raises:
            DatabaseUnavailable: it has to be tried again.
        """
        now = self._clock.now()
        found = await self._database.read(lambda c: self._lost(c, now - LOOK_BACK))

        def change(connection: Connection) -> None:
            for update_id, why in found:
                repository.lose(connection, update_id, why, now)

        if found:
            await self._database.write(change)
        return len(found)
