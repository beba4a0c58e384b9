"""Looks after those who wait: tells them honestly when nobody had time, and takes conversations back from who fell silent.

Several processes may look at once: each conversation is looked at again with its row held, and whoever comes second finds
nothing to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from triage.conversations import repository as conversations
from triage.conversations.repository import OnSaid
from triage.handover import repository
from triage.handover.line import Line, Opening
from triage.kit.bell import Bell
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.staff import audit

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2
AT_ONCE = 100

# What is told to a resident whose conversation is held, if it is still so.
_Tell = Callable[[Connection, Row[Any], Row[Any]], dict[str, Any] | None]


class Watch:
    """One process's part in looking after those who wait."""

    def __init__(
        self,
        database: Database,
        line: Line,
        opening: Opening,
        bell: Bell,
        clock: Clock,
        on_said: Sequence[OnSaid],
    ) -> None:
        self._database = database
        self._line = line
        self._desk = opening.desk
        self._bell = bell
        self._clock = clock
        self._on_said = on_said

    async def look(self) -> None:
        """Look once after all of them."""
        now = self._clock.now()
        waits_since = now - self._desk.told_after
        owed_since = now - self._desk.silent_after

        def nobody_yet(
            connection: Connection, held: Row[Any], handover: Row[Any]
        ) -> dict[str, Any] | None:
            since = handover.waiting_since
            if handover.told_at or since is None or since > waits_since:
                return None
            return self._line.nobody_yet(connection, handover, now)

        def fell_silent(
            connection: Connection, held: Row[Any], handover: Row[Any]
        ) -> dict[str, Any] | None:
            owed = handover.owed_since
            if handover.holder_id is None or owed is None or owed > owed_since:
                return None
            log.warning("a person fell silent; the conversation waits again")
            told = self._line.fell_silent(connection, held, handover, now)
            audit.record(
                connection,
                audit.THE_LINE,
                "conversation.fell_silent",
                held.id,
                now=now,
                member=handover.holder_id,
            )
            return told

        untold, silent = await self._database.read(
            lambda c: (
                repository.untold(c, waits_since, AT_ONCE),
                repository.silent(c, owed_since, AT_ONCE),
            )
        )
        for conversation_id in untold:
            await self._tell(conversation_id, nobody_yet, now)
        for conversation_id in silent:
            await self._tell(conversation_id, fell_silent, now)

    async def _tell(self, conversation_id: str, tell: _Tell, now: datetime) -> None:
        def change(connection: Connection) -> None:
            held = conversations.hold(connection, conversation_id)
            handover = repository.open_of(connection, conversation_id)
            if held is None or handover is None:
                return
            if told := tell(connection, held, handover):
                conversations.add_messages(connection, held, [told], self._on_said)

        await self._database.write(change)
        self._bell.ring(conversation_id)
