"""What is wrong with a pack's tables of places, with file and line. `python -m services_catalog check` says it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from services_catalog.checks import Fault
from services_catalog.packs import CITIES
from services_catalog.places.areas import OUTSIDE_METRES, Areas
from services_catalog.places.model import Place
from services_catalog.places.schedule import EXCEPTIONS, SCHEDULE, read_calendar
from services_catalog.places.tables import (
    Gazetteer,
    Row,
    places_folder,
    point_from,
    read_gazetteer,
)
from services_catalog.places.types import PlaceType, passes

_TYPES = "place_types.yaml"
_WITH_POINTS = (
    "places.csv",
    "address_points.csv",
    "intersections.csv",
    "landmarks.csv",
    "neighbourhoods.csv",
)
# Columns that name a street of streets.csv.
_WITH_STREETS = {
    "address_points.csv": ("street",),
    "intersections.csv": ("street_a", "street_b"),
    EXCEPTIONS: ("street",),
}


def check_places(city: str, services: Collection[str], root: Path = CITIES) -> list[Fault]:
    """Return what is wrong with a city's tables of places. `services` are the ids of the catalogue's entries.

    Raises:
        PackError: a table cannot be read at all; the message names file and line.
    """
    gazetteer = read_gazetteer(city, root)
    folder = places_folder(city, root)
    calendar = read_calendar(folder)
    areas = Areas(gazetteer) if gazetteer.wards else None
    faults = [
        *_ids(folder, gazetteer),
        *_sources(folder, gazetteer),
        *_streets(folder, gazetteer),
        *_calendars(gazetteer, [*calendar.by_name, *(e.calendar for e in calendar.exceptions)]),
        *_names(gazetteer),
        *_outliers(folder, gazetteer),
    ]
    if areas:
        faults += list(_points(folder, areas))
    for kind in gazetteer.types.by_id.values():
        faults += [Fault(_TYPES, kind.id, says) for says in _type(kind, gazetteer, services)]
    return faults


def _ids(folder: Path, gazetteer: Gazetteer) -> Iterator[Fault]:
    """Ids are unique, and each place counts as some kind."""
    types = {part.type for kind in gazetteer.types.by_id.values() for part in kind.parts}
    seen: dict[str, int] = {}
    for line, row in _rows(folder / "places.csv"):
        where = f"places.csv, line {line}"
        first = seen.setdefault(row["id"], line)
        if first != line:
            yield Fault(where, row["id"], f"line {first} has this id too: ids are unique.")
        if row["type"] not in types:
            says = f"the type {row['type']!r} is in no kind of {_TYPES}: add it, or is it misspelt?"
            yield Fault(where, row["id"], says)


def _sources(folder: Path, gazetteer: Gazetteer) -> Iterator[Fault]:
    """Each source of a row is in sources.yaml."""
    for name in (*_WITH_POINTS, SCHEDULE):
        for line, row in _rows(folder / name):
            for key in row["source"].split("|"):
                if key not in gazetteer.sources:
                    says = f"the source {key!r} is not in sources.yaml: add it."
                    yield Fault(f"{name}, line {line}", _called(row), says)


def _streets(folder: Path, gazetteer: Gazetteer) -> Iterator[Fault]:
    """Each street that a table names is in streets.csv, written the same way."""
    known = {street.full for street in gazetteer.streets}
    for name, columns in _WITH_STREETS.items():
        for line, row in _rows(folder / name):
            for column in columns:
                if row[column] not in known:
                    says = f"the street {row[column]!r} is not in streets.csv: add it."
                    # The streets are a sample of the city's; an exception on another street is just never asked for.
                    yield Fault(
                        f"{name}, line {line}", _called(row), says, stops=name != EXCEPTIONS
                    )


def _points(folder: Path, areas: Areas) -> Iterator[Fault]:
    """Each point lies in the city."""
    for name in _WITH_POINTS:
        for line, row in _rows(folder / name):
            if not areas.ward_of(point_from(row), OUTSIDE_METRES):
                says = (
                    f"{row['latitude']}, {row['longitude']} is more than {OUTSIDE_METRES:.0f} m outside of "
                    "all wards: are they the right way round?"
                )
                yield Fault(f"{name}, line {line}", _called(row), says)


def _outliers(folder: Path, gazetteer: Gazetteer) -> Iterator[Fault]:
    """Each address point lies among its neighbours."""
    wrong = {(o.street, o.number): o for o in gazetteer.addresses.outliers}
    for line, row in _rows(folder / "address_points.csv") if wrong else ():
        if outlier := wrong.get((row["street"], row["number"])):
            yield Fault(
                f"address_points.csv, line {line}", _called(row), outlier.says, stops=False
            )


def _calendars(gazetteer: Gazetteer, named: Collection[str]) -> Iterator[Fault]:
    """Each calendar belongs to a collection area."""
    known = {str(a.facts.get("calendar")) for a in gazetteer.collection_areas}
    for name in sorted(set(named) - known):
        says = "no collection area has this calendar: is it misspelt?"
        yield Fault(f"{SCHEDULE} or {EXCEPTIONS}", name, says)


def _names(gazetteer: Gazetteer) -> Iterator[Fault]:
    """No two kinds have one name: a message would ask for both."""
    claimed: dict[str, str] = {}
    for kind in gazetteer.types.by_id.values():
        for name in kind.called:
            first = claimed.setdefault(name, kind.id)
            if first != kind.id:
                yield Fault(_TYPES, kind.id, f"{first} is called {name!r} too: keep it in one.")


def _type(kind: PlaceType, gazetteer: Gazetteer, services: Collection[str]) -> Iterator[str]:
    """What a kind names is there: its service, its rows, and what its filters and texts speak of."""
    if kind.service_id and kind.service_id not in services:
        yield f"service_id {kind.service_id!r} is no entry of this pack."
    places: list[Place] = []
    for part in kind.parts:
        found = [
            p
            for p in gazetteer.places
            if p.type == part.type
            and (part.wanted is None or passes(p.attributes, part.wanted))
        ]
        if not found:
            yield f"no row of places.csv counts as this kind (from {part.type}): mend 'from'."
        places += found
    for narrowing in kind.filters:
        if places and not any(passes(p.attributes, narrowing.wanted) for p in places):
            yield (
                f"the filter {narrowing.id} fits no place of this kind: no {narrowing.wanted.attribute} is "
                f"{' or '.join(narrowing.wanted.values) or 'known'}."
            )
    for telling in kind.told:
        if places and not any(telling.attribute in p.attributes for p in places):
            yield f"it tells {telling.attribute}, which no place of this kind has."


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Return a table's rows, each with its line; `read_gazetteer` has made sure that they can be read."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            yield rows.line_num, row


def _called(row: Row) -> str:
    named = ("id", "name", "calendar")
    return next((row[c] for c in named if row.get(c)), "") or " ".join(
        row[c] for c in ("street", "number", "street_a", "street_b") if row.get(c)
    )
