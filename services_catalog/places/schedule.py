"""When waste is collected: the dates of a city's collection calendars, and the streets with another day.

The dates come from `import-schedule`; a pack without them has an empty calendar, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services_catalog.packs import PackError
from services_catalog.places.tables import Row, read_csv

SCHEDULE = "collection_schedule.csv"
EXCEPTIONS = "collection_street_exceptions.csv"
COLUMNS = ("calendar", "date", "streams", "moved_from", "source", "as_of")
# What is collected, as the tables write it, and as it is said.
STREAMS = {
    "garbage": "garbage",
    "green_bin": "green bin",
    "recycling": "recycling",
    "yard_waste": "yard waste",
    "christmas_tree": "Christmas trees",
}


@dataclass(frozen=True)
class Pickup:
    """One day of collection.

    Attributes:
        streams: keys of `STREAMS`, in that order.
        moved_from: the usual day that a holiday moved it away from, or None.
        source: the list that it was imported from.
        as_of: how old that list is.
    """

    day: date
    streams: tuple[str, ...]
    moved_from: date | None = None
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class StreetException:
    """A part of a street, between two others, that belongs to another calendar than the area around it."""

    street: str
    from_street: str
    to: str
    calendar: str

    @property
    def named(self) -> str:
        """Say which part it is."""
        return f"{self.street} between {self.from_street} and {self.to}"


@dataclass(frozen=True)
class CollectionCalendar:
    """The dates of all calendars of a city, each in order of days."""

    by_name: Mapping[str, tuple[Pickup, ...]] = field(default_factory=dict)
    exceptions: tuple[StreetException, ...] = ()

    def is_current(self, today: date) -> bool:
        """Say whether it holds any date from today on."""
        return any(p[-1].day >= today for p in self.by_name.values())

    def next(self, calendar_name: str, today: date, limit: int = 2) -> tuple[Pickup, ...]:
        """Return the next pickups of a calendar ("Tuesday 1"), today's included; empty: none is known."""
        coming = [p for p in self.by_name.get(calendar_name, ()) if p.day >= today]
        return tuple(coming[:limit])


def slug_of(calendar_name: str) -> str:
    """Return a calendar's name as it stands in an address: "tuesday-1" for "Tuesday 1"."""
    return "-".join(re.findall(r"[a-z0-9]+", calendar_name.casefold()))


def calendar_path(calendar_name: str) -> str:
    """Return where the front door has a calendar to subscribe to (triage/feeds/calendars.py)."""
    return f"/calendar/collection/{slug_of(calendar_name)}.ics"


def read_calendar(places_folder: Path) -> CollectionCalendar:
    """Read a pack's collection schedule and street exceptions; what is missing is empty.

    Raises:
        PackError: a row cannot be read, or a calendar has two rows of one day.
    """
    rows = list(read_csv(places_folder / SCHEDULE, pickup_from))
    exceptions = tuple(read_csv(places_folder / EXCEPTIONS, exception_from))
    return CollectionCalendar(in_order(rows), exceptions)


def in_order(rows: Sequence[tuple[str, Pickup]]) -> dict[str, tuple[Pickup, ...]]:
    """Return pickups by calendar, each in order of days.

    Raises:
        PackError: a calendar has two pickups on one day.
    """
    days: dict[str, dict[date, Pickup]] = {}
    for name, pickup in rows:
        if days.setdefault(name, {}).setdefault(pickup.day, pickup) is not pickup:
            raise PackError(
                f"{SCHEDULE}: {name} has {pickup.day} twice: keep one row of a day."
            )
    return {name: tuple(days[name][day] for day in sorted(days[name])) for name in sorted(days)}


def pickup_from(row: Row) -> tuple[str, Pickup]:
    """Return a row of the schedule as its calendar's name and the pickup.

    Raises:
        ValueError: the row has no calendar, no date, or a stream that is not known.
    """
    if not row["calendar"].strip():
        raise ValueError("a pickup needs its calendar")
    moved = row["moved_from"]
    return row["calendar"].strip(), Pickup(
        date.fromisoformat(row["date"]),
        streams_in(row["streams"]),
        date.fromisoformat(moved) if moved else None,
        row["source"],
        row["as_of"],
    )


def streams_in(cell: str) -> tuple[str, ...]:
    """Return the streams in a cell such as "green_bin|garbage", in the usual order.

    Raises:
        ValueError: there is none, or one that is not known.
    """
    named = {s.strip() for s in cell.split("|") if s.strip()}
    if not named or not named <= STREAMS.keys():
        raise ValueError(f"streams are {cell!r}; write some of {'|'.join(STREAMS)}")
    return tuple(s for s in STREAMS if s in named)


def exception_from(row: Row) -> StreetException:
    """Return a row of the street exceptions."""
    return StreetException(row["street"], row["from_street"], row["to"], row["calendar"])
