"""Tells residents who wait too long for an answer that their message is kept.

It goes on beside the relay, in every process: so nobody's answer waits until others are told. Each conversation is a
transaction of its own, and one that somebody holds is left for the next look: so nobody who writes waits for it either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services_catalog.packs import City
from triage.conversations import answers, repository
from triage.conversations.figures import Figures
from triage.conversations.repository import OnSaid
from triage.kit.bell import Bell
from triage.kit.clock import Clock
from triage.kit.db import Database

# In one look; the next one comes soon.
MOST_TOLD = 100


class Lateness:
    """One process's part in telling.

    Args:
        outage_after: how long a message waits before it is late.
    """

    def __init__(
        self,
        database: Database,
        city: City,
        outage_after: timedelta,
        bell: Bell,
        figures: Figures,
        clock: Clock,
        on_said: Sequence[OnSaid] = (),
    ) -> None:
        self._database = database
        self._city = city
        self._outage_after = outage_after
        self._bell = bell
        self._figures = figures
        self._clock = clock
        self._on_said = on_said

    async def look(self) -> None:
        """Tell those who wait too long now.

        Raises:
            DatabaseUnavailable: the others are told at the next look.
        """
        before = self._clock.now() - self._outage_after
        for conversation_id in await self._database.read(
            lambda c: repository.late(c, before, MOST_TOLD)
        ):
            if await self._database.write(
                lambda c, one=conversation_id: answers.tell_late(  # type: ignore[misc]
                    c, one, before, self._city, self._clock.now(), self._on_said
                )
            ):
                self._figures.told.inc()
                self._figures.replies.labels("outage").inc()
                self._bell.ring(conversation_id)
