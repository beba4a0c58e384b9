"""`import-schedule`: bring the dates of waste collection into a pack, all or nothing.

A file speaks for its calendars between its first and its last date of each: dates there that it does not have are
removed, dates outside stay. So next year's file can come in before this year is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from pathlib import Path

from services_catalog.packs import PackError
from services_catalog.places.imports.pickups import Found, read_pickups, usual_weekday
from services_catalog.places.imports.reading import refuse
from services_catalog.places.imports.writing import replace_table, state_of
from services_catalog.places.schedule import (
    COLUMNS,
    SCHEDULE,
    STREAMS,
    Pickup,
    in_order,
    pickup_from,
)
from services_catalog.places.tables import read_areas, read_csv, read_sources

DEFAULT_SOURCE = "collection_schedule"
# A holiday moves collection by a day or two, never by half a week.
_FURTHEST_MOVE = 3


@dataclass(frozen=True)
class SchedulePlan:
    """What an import would do: dates of calendars to add, to change and to remove."""

    table: Path
    expected: str  # the table's state that this was planned from
    added: tuple[tuple[str, Pickup], ...]
    changed: tuple[tuple[str, Pickup], ...]
    removed: tuple[tuple[str, Pickup], ...]
    result: tuple[tuple[str, Pickup], ...]
    unknown: tuple[str, ...]  # calendars that no collection area of the pack has

    @property
    def is_empty(self) -> bool:
        """Say whether the pack already holds just these dates."""
        return not (self.added or self.changed or self.removed)

    def __str__(self) -> str:
        moved = sum(1 for _, p in (*self.added, *self.changed) if p.moved_from)
        text = (
            f"{len(self.added)} dates to add, {len(self.changed)} to change, {len(self.removed)} to remove "
            f"({moved} moved by a holiday)"
        )
        if self.unknown:
            text += f"; no collection area has the calendar {', '.join(self.unknown)}"
        return text

    def details(self) -> list[str]:
        """Return one line for each date that would not stay as it is."""
        marked = (("+", self.added), ("~", self.changed), ("-", self.removed))
        return [f"{sign} {_said(*dated)}" for sign, dates in marked for dated in dates]


def plan_schedule(
    file: Path,
    folder: Path,
    *,
    calendar: str,
    source: str,
    as_of: str,
    today: date,
    zone: tzinfo,
) -> SchedulePlan:
    """Compare a file's dates with those of a pack's folder of tables.

    Raises:
        PackError: the file or the pack cannot be read, or the source is not known. Nothing was changed.
    """
    if source not in read_sources(folder / "sources.yaml"):
        raise PackError(f"sources.yaml has no source {source!r}: add it first.")
    table = folder / SCHEDULE
    expected = state_of(table)
    now = {(name, p.day): p for name, p in read_csv(table, pickup_from)}
    told = _together(read_pickups(file, calendar, today, zone), file.name)
    new = {key: replace(p, source=source, as_of=as_of) for key, p in told.items()}
    spans = _spans(new)
    gone = {
        (name, day): p
        for (name, day), p in now.items()
        if name in spans and spans[name][0] <= day <= spans[name][1] and (name, day) not in new
    }
    result = {k: p for k, p in {**now, **new}.items() if k not in gone}
    areas = read_areas(folder / "collection_areas.geojson", "area")
    known = {str(a.facts.get("calendar")) for a in areas}
    return SchedulePlan(
        table,
        expected,
        added=tuple((k[0], p) for k, p in new.items() if k not in now),
        changed=tuple(
            (k[0], p) for k, p in new.items() if k in now and _facts(now[k]) != _facts(p)
        ),
        removed=tuple((k[0], p) for k, p in gone.items()),
        result=tuple((k[0], p) for k, p in result.items()),
        unknown=tuple(sorted(set(spans) - known)),
    )


def apply_schedule(plan: SchedulePlan) -> None:
    """Write the planned table in one step.

    Raises:
        PackError: the table changed since the plan was made, or cannot be written.
    """
    ordered = in_order(plan.result)
    rows = [
        {
            "calendar": name,
            "date": p.day.isoformat(),
            "streams": "|".join(p.streams),
            "moved_from": p.moved_from.isoformat() if p.moved_from else "",
            "source": p.source,
            "as_of": p.as_of,
        }
        for name, pickups in ordered.items()
        for p in pickups
    ]
    replace_table(plan.table, COLUMNS, rows, expected=plan.expected)


def _together(found: Sequence[Found], file: str) -> dict[tuple[str, date], Pickup]:
    """Return one pickup for each calendar and day, with the day that a holiday moved it from."""
    if not found:
        raise PackError(f"{file} has no pickup from a year ago on.")
    streams: dict[tuple[str, date], set[str]] = {}
    said: dict[tuple[str, date], date] = {}
    faults = []
    for pickup in found:
        key = (pickup.calendar, pickup.day)
        if key in streams and streams[key] & pickup.streams:
            faults.append(
                f"line {pickup.line}: {pickup.calendar} has {pickup.day} twice with the same bins."
            )
        streams.setdefault(key, set()).update(pickup.streams)
        if pickup.moved_from:
            said[key] = pickup.moved_from
    if faults:
        raise refuse(file, faults)
    days: dict[str, set[date]] = {}
    for name, day in streams:
        days.setdefault(name, set()).add(day)
    usual = {name: usual_weekday(name, own) for name, own in days.items()}
    return {
        (name, day): Pickup(
            day,
            tuple(s for s in STREAMS if s in streams[name, day]),
            said.get((name, day)) or moved_from(day, usual[name], days[name]),
        )
        for name, day in sorted(streams)
    }


def moved_from(day: date, usual: int, days: set[date]) -> date | None:
    """Return the usual day nearest to a day on another weekday, or None: it is one, or that day is kept too."""
    offset = (usual - day.weekday()) % 7
    if offset > _FURTHEST_MOVE:
        offset -= 7
    there = day + timedelta(days=offset)
    return there if offset and there not in days else None


def _spans(new: dict[tuple[str, date], Pickup]) -> dict[str, tuple[date, date]]:
    """Return the first and last date of each calendar, a moved one by its usual day where that is further out."""
    days: dict[str, list[date]] = {}
    for (name, day), pickup in new.items():
        days.setdefault(name, []).extend(d for d in (day, pickup.moved_from) if d)
    return {name: (min(own), max(own)) for name, own in days.items()}


def _facts(pickup: Pickup) -> tuple[object, ...]:
    return pickup.day, pickup.streams, pickup.moved_from


def _said(calendar: str, pickup: Pickup) -> str:
    bins = ", ".join(STREAMS[s] for s in pickup.streams)
    moved = (
        f" (instead of {pickup.moved_from:%A} {pickup.moved_from})" if pickup.moved_from else ""
    )
    return f"{calendar}: {pickup.day:%A} {pickup.day}: {bins}{moved}"
