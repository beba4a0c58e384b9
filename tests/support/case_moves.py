"""Staff of a line, for tests: they move its cases, from a process of their own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from services_catalog.packs import load_city
from triage.cases.changes import Step
from triage.cases.entries import Entries
from triage.cases.service import Cases, Seen
from triage.cases.workflow import Actor, Move
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.routing.pack import load_routing
from triage.updates.outbox import into_updates

CITY = "toronto"


class Staff:
    """`with Staff(database_url) as staff:` they can work."""

    def __init__(self, database_url: str) -> None:
        self._database = Database(database_url)
        self._cases = Cases(
            self._database,
            load_city(CITY),
            load_routing(CITY),
            Entries(self._database, CITY),
            SystemClock(),
            on_move=[into_updates()],
        )

    def __enter__(self) -> Staff:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._database.close()

    def does(self, step: Mapping[str, Any], reference: str) -> Seen:
        """Move a case as a step of a written conversation says: `staff` names the move, `because` its words."""
        move = Step(
            Move(step["staff"]),
            Actor.STAFF,
            key=str(uuid.uuid4()),
            text=step.get("because"),
            outcome="done" if step["staff"] == Move.RESOLVE else None,
        )
        return asyncio.run(self._cases.move(reference, move))
