"""What owners have to look at, and the word that an entry is still right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.packs import City
from services_catalog.store import Change, EntryMoved
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.reviews import repository
from triage.reviews.errors import ReviewMoved, ReviewUnknown
from triage.reviews.links import Link
from triage.reviews.todo import ToDo, todos_of
from triage.staff.audit import record
from triage.staff.roles import Member

REASON = "Still right: its sources were read again."


@dataclass(frozen=True)
class Waiting:
    """What there is to look at, with the revision of each of these entries, and the titles of all."""

    todos: list[ToDo]
    revisions: dict[str, int]
    titles: dict[str, str]


class Reviews:
    """The reviews of one city's entries."""

    def __init__(self, database: Database, city: City, clock: Clock) -> None:
        self._database = database
        self._city = city.id
        self._clock = clock
        self._zone = ZoneInfo(city.timezone)

    @property
    def today(self) -> date:
        """The city's day."""
        return self._clock.now().astimezone(self._zone).date()

    async def waiting(self) -> Waiting:
        """Return what there is to look at, the most urgent first."""
        today = self.today

        def read(connection: Connection) -> Waiting:
            catalogue = store.load_in(connection, self._city)
            broken = {k.address: k for k in repository.not_ok(connection) if k.is_broken}
            todos = todos_of(catalogue.entries, broken, today)
            ids = [t.entry.id for t in todos]
            revisions = store.entry_revisions_in(connection, self._city, ids)
            return Waiting(todos, revisions, {e.id: e.title for e in catalogue.entries})

        return await self._database.read(read)

    async def broken_links(self) -> list[tuple[Link, str]]:
        """Return the addresses to see to, each with the owner of an entry that names it."""
        found = {
            link.address: (link, todo.entry.owner)
            for todo in (await self.waiting()).todos
            for link in todo.links
        }
        return [found[address] for address in sorted(found)]

    async def still_right(
        self, member: Member, entry_id: str, revision: int, days: int
    ) -> None:
        """Write down that an entry was read against its sources today and is right; it is due again in so many days.

        Raises:
            ReviewUnknown: there is no such entry.
            ReviewMoved: it is no longer as the member saw it.
        """
        today, now = self.today, self._clock.now()

        def write(connection: Connection) -> None:
            entry = store.load_in(connection, self._city).by_id.get(entry_id)
            if entry is None:
                raise ReviewUnknown
            right = replace(entry, last_verified=today, review_by=today + timedelta(days=days))
            try:
                store.apply_in(
                    connection,
                    self._city,
                    Change((right,)),
                    by=member.name,
                    reason=REASON,
                    expected_entries={entry_id: revision},
                    now=now,
                )
            except EntryMoved as moved:
                raise ReviewMoved from moved
            record(connection, member, "entry.still_right", entry_id, now=now, days=days)

        await self._database.write(write)
