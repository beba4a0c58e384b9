"""Brings other processes' doings to those who wait here: asks the database for what they listen for.

What happens in this process rings the bell by itself. Asks nothing while nobody listens.
"""

from __future__ import annotations

import asyncio
import logging

from triage.conversations import repository
from triage.errors import DatabaseUnavailable
from triage.kit.bell import Bell
from triage.kit.db import Database
from triage.kit.life import OnDeath, alive

log = logging.getLogger(__name__)

# SQLite takes 32,766 values in a statement, PostgreSQL 65,535; a smaller piece holds up nobody.
ASKED_AT_ONCE = 1_000


class News:
    """Looks for new messages in the conversations that are listened for. `start()`, then `stop()`."""

    def __init__(
        self, database: Database, bell: Bell, every_seconds: float, on_death: OnDeath = None
    ) -> None:
        self._on_death = on_death
        self._database = database
        self._bell = bell
        self._every = every_seconds
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._looking = alive(self._look_for_ever(), "news", self._on_death)

    async def stop(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    @property
    def is_running(self) -> bool:
        """Say whether news are looked for."""
        return self._looking is not None and not self._looking.done()

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self._look()
            except DatabaseUnavailable:
                log.error("conversations not readable; looking again soon")

    async def _look(self) -> None:
        names = self._bell.names()
        for start in range(0, len(names), ASKED_AT_ONCE):
            piece = names[start : start + ASKED_AT_ONCE]
            found = await self._database.read(
                lambda c, piece=piece: repository.last_seqs(c, piece)  # type: ignore[misc]
            )
            for name, seq in found.items():
                self._bell.reached(name, seq)
