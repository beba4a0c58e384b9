"""What is done now and then as long as the process runs, like sweeping."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from triage.errors import DatabaseUnavailable
from triage.kit.life import OnDeath, alive

log = logging.getLogger(__name__)


class Chore:
    """Does one thing every so many seconds, at once for the first time. `start()`, then `stop()`.

    What cannot be done for want of the database or of a file is logged, and tried again the next time.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[object]],
        every_seconds: float,
        on_death: OnDeath = None,
    ) -> None:
        self._name = name
        self._work = work
        self._every = every_seconds
        self._on_death = on_death
        self._doing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._doing = alive(self._do_for_ever(), self._name, self._on_death)

    async def stop(self) -> None:
        """Do it no more."""
        if self._doing:
            self._doing.cancel()
            await asyncio.gather(self._doing, return_exceptions=True)

    async def _do_for_ever(self) -> None:
        while True:
            try:
                await self._work()
            except (DatabaseUnavailable, OSError) as fault:
                log.error(
                    "chore not done", extra={"chore": self._name, "kind": type(fault).__name__}
                )
            await asyncio.sleep(self._every)
