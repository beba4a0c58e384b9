"""The cases of a line, its desk of staff and what they read, over a database, with a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services_catalog.packs import load_city
from tests.support.clock import HandClock
from tests.triage.cases.desk import CONVERSATION, import_entries, pothole
from triage.cases.case import Audience
from triage.cases.changes import Moved, Step
from triage.cases.desk import By, Desk
from triage.cases.entries import Entries
from triage.cases.public import public_view
from triage.cases.reading import Reading
from triage.cases.schemas import NewCase
from triage.cases.service import Cases, Seen
from triage.cases.workflow import Actor, Move
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.migrations import migrate
from triage.routing.pack import load_routing
from triage.staff import repository as staff
from triage.staff.audit import Entry, entries
from triage.staff.roles import Member, Role

MONDAY = datetime(2026, 6, 1, 15, tzinfo=UTC)


class Town:
    """The cases of a line whose clock is moved by hand."""

    def __init__(self, database_url: str) -> None:
        self.database = Database(database_url)
        migrate(self.database.engine)
        import_entries(database_url)
        self.clock = HandClock(MONDAY)
        self.told: list[Moved] = []
        self.cases = Cases(
            self.database,
            load_city("toronto"),
            load_routing("toronto"),
            Entries(self.database, "toronto"),
            self.clock,
            on_move=[lambda _, moved: self.told.append(moved)],
        )
        self.desk = Desk(self.database, self.cases.changes, load_routing("toronto"))
        self.reading = Reading(self.database, self.clock, ZoneInfo("America/Toronto"))
        self._keys = iter(range(1_000))

    def key(self) -> str:
        return f"k{next(self._keys)}"

    def opens(self, **changes: Any) -> str:
        new = NewCase(**({"key": self.key()} | pothole() | changes))
        seen, _ = run(self.cases.open(new))
        return seen.case.reference

    def sees(self, reference: str, conversation: str | None = CONVERSATION) -> dict[str, Any]:
        return shown(run(self.cases.find(reference, conversation)))

    def moves(
        self, reference: str, move: Move, actor: Actor = Actor.STAFF, **more: Any
    ) -> dict[str, Any]:
        step = Step(move, actor, **({"key": self.key()} | more))
        return shown(run(self.cases.move(reference, step)))

    def resolves(self, reference: str) -> dict[str, Any]:
        return self.moves(
            reference, Move.RESOLVE, outcome="done", text="The hole was filled on Tuesday."
        )

    def member(self, role: Role = Role.AGENT, *queues: str, **kept: Any) -> Member:
        """Give somebody an account; without queues they see all of them."""
        name = kept.pop("name", f"A. {role.title()}")
        id = new_id("mem")
        member = Member(id, f"{id}@city.example", name, role, frozenset(queues) or None)
        with self.database.engine.begin() as connection:
            staff.add_member(connection, member, self.clock.now(), **kept)
        return member

    def by(self, member: Member, reference: str) -> By:
        """Return who acts on a case as it is now."""
        return By(member, self.key(), run(self.cases.find(reference)).case.version)

    def audited(self) -> list[Entry]:
        with self.database.engine.connect() as connection:
            return list(entries(connection))

    def kinds(self, reference: str) -> list[str]:
        return [e.kind for e in run(self.cases.thread(reference, tuple(Audience)))]


def run(work: Awaitable[Any]) -> Any:
    async def wait() -> Any:
        return await work

    return asyncio.run(wait())


def shown(seen: Seen) -> dict[str, Any]:
    return public_view(seen.case, seen.asking)
