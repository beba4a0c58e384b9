"""The days of waste collection as calendars (iCalendar, RFC 5545), one for each of the city's: to subscribe to, or to keep.

    GET /calendar/collection/{area}.ics    the calendar that an address has: "tuesday-1" for "Tuesday 1"

Where no schedule with a day to come was imported there is none: a weekday from an old map is no date.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from fastapi import APIRouter, Request, Response

from services_catalog.packs import City
from services_catalog.places.schedule import (
    SCHEDULE,
    STREAMS,
    CollectionCalendar,
    Pickup,
    calendar_path,
    read_calendar,
    slug_of,
)
from services_catalog.places.tables import places_folder
from triage.feeds.errors import NoCalendar
from triage.kit.clock import Clock
from triage.kit.limits import ClientLimits

# Days that are over stay so long, so that a calendar that was kept does not lose last week.
KEPT = timedelta(days=30)
# How often a program that subscribed asks again.
ASK_AGAIN_IN = timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """A calendar that an entry's page leads to."""

    name: str
    path: str


class CollectionDates:
    """The collection calendars of one city, read again when an import has put others in their place."""

    def __init__(self, city: City, clock: Clock) -> None:
        self._city = city
        self._clock = clock
        self._zone = ZoneInfo(city.timezone)
        self._folder = places_folder(city.id)
        self._read: tuple[int, CollectionCalendar] | None = None

    async def listed(self) -> Sequence[Listed]:
        """Return the calendars that have days to come, by name."""
        return [
            Listed(name, calendar_path(name))
            for name, (_, pickups) in sorted((await self._now()).items())
            if pickups
        ]

    async def of(self, area: str) -> bytes:
        """Return a calendar in full.

        Raises:
            NoCalendar: there is none of this name, or no day to come is known.
        """
        for name, (changed, pickups) in (await self._now()).items():
            if slug_of(name) == area and pickups:
                return calendar_of(name, pickups, self._city, changed)
        raise NoCalendar

    @property
    def service_ids(self) -> frozenset[str]:
        """The entries whose answer is the collection day."""
        return frozenset(i for i, what in self._city.lookups.items() if what == "collection")

    async def _now(self) -> dict[str, tuple[datetime, Sequence[Pickup]]]:
        changed, calendar = await asyncio.to_thread(self._look)
        today = self._clock.now().astimezone(self._zone).date()
        at = datetime.fromtimestamp(changed // 1_000_000_000, UTC)
        return {name: (at, shown(p, today)) for name, p in calendar.by_name.items()}

    def _look(self) -> tuple[int, CollectionCalendar]:
        try:
            changed = (self._folder / SCHEDULE).stat().st_mtime_ns
        except FileNotFoundError:
            return 0, CollectionCalendar()
        if self._read is None or self._read[0] != changed:
            self._read = changed, read_calendar(self._folder)
        return self._read


def shown(pickups: Sequence[Pickup], today: date) -> Sequence[Pickup]:
    """Return the days that a calendar shows; none where no day is to come."""
    if not any(p.day >= today for p in pickups):
        return ()
    return [p for p in pickups if p.day >= today - KEPT]


def calendar_of(name: str, pickups: Sequence[Pickup], city: City, changed: datetime) -> bytes:
    """Return days of collection as an iCalendar file; the same days give the same file.

    Args:
        changed: when the schedule was imported.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Ask 311//Collection days//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{city.name} collection, {name}")
    calendar.add("refresh-interval", ASK_AGAIN_IN, parameters={"value": "DURATION"})
    for pickup in pickups:
        calendar.add_component(_event(name, pickup, city, changed))
    content: bytes = calendar.to_ical()
    return content


def _event(name: str, pickup: Pickup, city: City, changed: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{slug_of(name)}-{pickup.day.isoformat()}@{city.id}.ask311")
    event.add("dtstamp", changed)
    # A whole day ends before the next begins.
    event.add("dtstart", pickup.day)
    event.add("dtend", pickup.day + timedelta(days=1))
    what = ", ".join(STREAMS[s] for s in pickup.streams)
    event.add("summary", what[0].upper() + what[1:])
    if told := _told(pickup):
        event.add("description", told)
    event.add("transp", "TRANSPARENT")
    return event


def _told(pickup: Pickup) -> str:
    moved = pickup.moved_from
    usual = f"Moved from {moved:%A, %B} {moved.day} because of a holiday." if moved else ""
    age = f"From the City's schedule of {pickup.as_of}." if pickup.as_of else ""
    return " ".join(part for part in (usual, age) if part)


def calendar_routes(dates: CollectionDates, limits: ClientLimits) -> APIRouter:
    """Return the route of the calendars."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/calendar/collection/{area}.ics", methods=["GET", "HEAD"])
    async def collection(request: Request, area: str) -> Response:
        limits.count("reads", request)
        content = await dates.of(area)
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "public, max-age=3600"}
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            return Response(status_code=304, headers=headers)
        return Response(
            content,
            media_type="text/calendar; charset=utf-8",
            headers={
                **headers,
                # Web pages may read it, as the other feeds.
                "Access-Control-Allow-Origin": "*",
                "Content-Disposition": f'inline; filename="{area}.ics"',
            },
        )

    return router
