"""Post, change and end notices, each with its entry of the audit trail; and say which ones pages show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog.notices import store
from services_catalog.notices.matching import Fit, fit_service
from services_catalog.notices.model import Notice, Posted
from services_catalog.notices.store import NoticeMoved, Step
from services_catalog.notices.words import said, where
from services_catalog.packs import City
from services_catalog.places.tables import places_folder, read_areas
from triage.errors import DatabaseUnavailable
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.notices.errors import NoticeChanged, NoticeUnknown
from triage.staff.audit import record
from triage.staff.roles import Member


@dataclass(frozen=True)
class Lists:
    """All notices, by how they stand."""

    now: Sequence[Notice]
    coming: Sequence[Notice]
    past: Sequence[Notice]


@dataclass(frozen=True)
class Shown:
    """A notice as a page shows it.

    Attributes:
        words: with the time until when.
        where: the part of the city; empty: all of it.
        ends_at: after that it is not shown any more, also on a page that is open.
    """

    words: str
    where: str
    ends_at: datetime


class Notices:
    """The notices of one city."""

    def __init__(self, database: Database, city: City, clock: Clock) -> None:
        self._database = database
        self._city = city.id
        self._clock = clock
        self.zone = ZoneInfo(city.timezone)
        areas = read_areas(places_folder(city.id) / "wards.geojson", "number")
        # Number and name, in the order of the numbers.
        self.wards = tuple(
            sorted(((a.id, a.name) for a in areas), key=lambda w: (len(w[0]), w))
        )
        self._known: tuple[int, tuple[Notice, ...]] = (0, ())

    # ── for residents ──

    async def for_everybody(self) -> Sequence[Shown]:
        """Return what the page with the chat shows. It is shown without notices where the database is away."""
        return await self._shown(lambda n: n.is_for_everybody)

    async def about(self, service_id: str) -> Sequence[Shown]:
        """Return what the page of an entry shows: what is about it, wherever, and what is for everybody."""
        return await self._shown(
            lambda n: n.is_for_everybody or fit_service(n, (service_id,)) is Fit.YES
        )

    async def _shown(self, is_wanted: Callable[[Notice], bool]) -> Sequence[Shown]:
        try:
            posted = await self.posted()
        except DatabaseUnavailable:
            return ()
        return [
            Shown(
                said(n, posted.now, self.zone),
                "" if n.area.is_city else where(n.area, self.wards),
                n.ends_at,
            )
            for n in posted.notices
            if n.holds(posted.now) and is_wanted(n)
        ]

    async def posted(self) -> Posted:
        """Return the notices that hold now or later.

        Raises:
            DatabaseUnavailable: they cannot be asked for.
        """
        now, known = self._clock.now(), self._known

        def read(connection: Connection) -> tuple[int, tuple[Notice, ...]]:
            revision = store.revision_in(connection, self._city)
            if revision == known[0]:
                return known
            return revision, store.standing_in(connection, self._city, now)

        self._known = await self._database.read(read)
        return Posted(now, self._known[1])

    # ── for staff ──

    async def lists(self) -> Lists:
        """Return all notices."""
        now = self._clock.now()

        def read(connection: Connection) -> tuple[tuple[Notice, ...], tuple[Notice, ...]]:
            return (
                store.standing_in(connection, self._city, now),
                store.past_in(connection, self._city, now),
            )

        standing, past = await self._database.read(read)
        return Lists(
            [n for n in standing if n.holds(now)],
            [n for n in standing if not n.holds(now)],
            past,
        )

    async def one(self, id: str) -> tuple[Notice, Sequence[Step]]:
        """Return a notice and all that was done to it, the latest first.

        Raises:
            NoticeUnknown: there is none.
        """

        def read(connection: Connection) -> tuple[Notice | None, Sequence[Step]]:
            notice = store.notice_in(connection, self._city, id)
            return notice, store.history_in(connection, id)

        notice, history = await self._database.read(read)
        if notice is None:
            raise NoticeUnknown
        return notice, history

    async def post(self, member: Member, notice: Notice) -> None:
        """Post a new notice."""
        now = self._clock.now()

        def write(connection: Connection) -> None:
            store.post_in(connection, self._city, notice, by=member.name, now=now)
            record(connection, member, "notice.post", notice.id, now=now, version=1)

        await self._database.write(write)

    async def change(self, member: Member, notice: Notice) -> None:
        """Put a notice in the place of the version it was made from.

        Raises:
            NoticeChanged: that is not the one that stands.
        """
        now = self._clock.now()

        def write(connection: Connection) -> None:
            changed = store.change_in(connection, self._city, notice, by=member.name, now=now)
            record(
                connection, member, "notice.change", notice.id, now=now, version=changed.version
            )

        await self._written(write)

    async def end(self, member: Member, id: str, version: int) -> None:
        """End a notice now.

        Raises:
            NoticeUnknown: there is none.
            NoticeChanged: this version is not the one that stands, or it is over.
        """
        notice, _ = await self.one(id)
        now = self._clock.now()
        if notice.version != version or notice.ends_at <= now:
            raise NoticeChanged

        def write(connection: Connection) -> None:
            ended = store.end_in(connection, self._city, notice, by=member.name, now=now)
            record(connection, member, "notice.end", id, now=now, version=ended.version)

        await self._written(write)

    async def _written(self, write: Callable[[Connection], None]) -> None:
        try:
            await self._database.write(write)
        except NoticeMoved as moved:
            raise NoticeChanged from moved
