"""`import-places`: bring a newer open-data list of one type of places into a pack, all or nothing.

The list speaks for the whole type: a place that it does not have is retired. Places keep their ids, and what the
list does not say about a place stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services_catalog.packs import PackError
from services_catalog.places.areas import Areas
from services_catalog.places.imports.addresses import is_same_address, plain
from services_catalog.places.imports.formats import kind_of
from services_catalog.places.imports.matching import match
from services_catalog.places.imports.reading import read_records
from services_catalog.places.imports.rows import Row, as_json, known_format, rows_in
from services_catalog.places.imports.writing import replace_table, state_of
from services_catalog.places.tables import (
    Gazetteer,
    place_from,
    point_from,
    read_areas,
    read_csv,
    read_sources,
    street_from,
)

TABLE = "places.csv"
COLUMNS = (
    "id", "type", "name", "address", "postal_code", "phone", "website", "latitude", "longitude", "attributes",
    "source", "as_of",
)  # fmt: skip
# A list that would retire more than this part of a type is more likely the wrong one.
MOST_RETIRED = 1 / 3
# Exports differ in the last digits.
_SAME_POINT_METRES = 2.0


@dataclass(frozen=True)
class Change:
    """A place of which the list says something else: field -> before and after."""

    id: str
    name: str
    fields: Mapping[str, tuple[str, str]]

    def __str__(self) -> str:
        said = "; ".join(
            f"{k}: {old or '-'} -> {new or '-'}" for k, (old, new) in self.fields.items()
        )
        return f"{self.id} {self.name}: {said}"


@dataclass(frozen=True)
class PlacesPlan:
    """What an import would do to the places of one type."""

    table: Path
    expected: str  # the table's state that this was planned from
    added: tuple[Row, ...]
    changed: tuple[Change, ...]
    retired: tuple[Row, ...]
    confirmed: int  # places of which nothing changed but how old the facts are
    rows: tuple[Row, ...]  # the whole table afterwards
    is_empty: bool

    @property
    def retires_too_many(self) -> bool:
        """Say whether so many would be retired that it needs a second yes."""
        before = self.confirmed + len(self.changed) + len(self.retired)
        return len(self.retired) > before * MOST_RETIRED

    def __str__(self) -> str:
        return (
            f"{len(self.added)} to add, {len(self.changed)} to change, {len(self.retired)} to retire, "
            f"{self.confirmed} confirmed"
        )

    def details(self) -> list[str]:
        """Return one line for each place that would not stay as it is."""
        return [
            *(f"+ {r['id']} {r['name']}, {r['address']}" for r in self.added),
            *(f"~ {c}" for c in self.changed),
            *(f"- {r['id']} {r['name']}, {r['address']}" for r in self.retired),
        ]


def plan_places(
    file: Path, folder: Path, type_id: str, *, source: str = "", as_of: str = ""
) -> PlacesPlan:
    """Compare a list with a pack's places of a type.

    Raises:
        PackError: the list or the pack cannot be read, or a row is broken. Nothing was changed.
    """
    records = read_records(file)
    form = known_format(records[0], file.name, type_id)
    if not (as_of or form.as_of_column):
        raise PackError(f"{file.name} does not say how old it is: give --as-of DATE.")
    source = source or form.source
    if source not in read_sources(folder / "sources.yaml"):
        raise PackError(f"sources.yaml has no source {source!r}: add it first.")
    table = folder / TABLE
    expected = state_of(table)
    now = list(read_csv(table, _checked))
    streets = {s.full.lower(): s.full for s in read_csv(folder / "streets.csv", street_from)}
    wards = read_areas(folder / "wards.geojson", "number")
    areas = Areas(Gazetteer("", "", wards=wards)) if wards else None
    rows = rows_in(file.name, records, form, type_id, streets, areas, source, as_of)
    ours = [row for row in now if row["type"] == type_id]
    return _compare(table, expected, now, ours, rows)


def apply_places(plan: PlacesPlan, *, yes_retire: bool = False) -> None:
    """Write the planned table in one step.

    Raises:
        PackError: too many would be retired, the table changed since, or it cannot be written.
    """
    if plan.retires_too_many and not yes_retire:
        raise PackError(
            f"This would retire {len(plan.retired)} places, more than a third: is it the right file? "
            "Nothing was changed. --yes-retire does it all the same."
        )
    replace_table(plan.table, COLUMNS, plan.rows, expected=plan.expected)


def _compare(
    table: Path, expected: str, now: list[Row], ours: list[Row], rows: list[Row]
) -> PlacesPlan:
    matched = match(rows, ours)
    used = {row["id"] for row in now}
    added: list[Row] = []
    changed: list[Change] = []
    after: dict[str, Row] = {}
    for n, row in enumerate(rows):
        if n not in matched:
            added.append(
                {**row, "id": _free_id(row["id"], used), "attributes": _new_facts(row)}
            )
            continue
        before = dict(matched[n])
        merged = _merged(before, row)
        after[before["id"]] = merged
        fields = _differences(before, merged)
        if fields:
            changed.append(Change(before["id"], merged["name"], fields))
    retired = [row for row in ours if row["id"] not in after]
    result = _spliced(now, after, {r["id"] for r in retired}, added)
    return PlacesPlan(
        table,
        expected,
        tuple(added),
        tuple(changed),
        tuple(retired),
        len(after) - len(changed),
        tuple(result),
        result == now,
    )


def _merged(before: Row, row: Row) -> Row:
    """Return our row with what the list says. What it leaves empty, and what only differs in writing, stays."""
    merged = {**before, "source": row["source"], "as_of": row["as_of"]}
    for name in ("name", "postal_code", "phone", "website"):
        if row[name] and plain(row[name]) != plain(before[name]):
            merged[name] = row[name]
    if row["address"] and not is_same_address(before["address"], row["address"]):
        merged["address"] = row["address"]
    if point_from(before).metres_to(point_from(row)) > _SAME_POINT_METRES:
        merged["latitude"], merged["longitude"] = row["latitude"], row["longitude"]
    known = json.loads(before["attributes"] or "{}")
    told = {**known, **json.loads(row["attributes"])}
    told = {k: v for k, v in told.items() if v is not None}
    if told != known:
        merged["attributes"] = _written(told)
    return merged


def _differences(before: Row, after: Row) -> dict[str, tuple[str, str]]:
    fields = {
        name: (before[name], after[name])
        for name in COLUMNS
        if name not in ("attributes", "source", "as_of") and before[name] != after[name]
    }
    old, new = (json.loads(row["attributes"] or "{}") for row in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            fields[name] = (_said(old.get(name)), _said(new.get(name)))
    return fields


def _spliced(
    now: Sequence[Row], after: Mapping[str, Row], retired: set[str], added: Sequence[Row]
) -> list[Row]:
    """Return the table in its order, what is new behind the last row of its type."""
    rows = [after.get(row["id"], row) for row in now if row["id"] not in retired]
    if not added:
        return rows
    ends = [n for n, row in enumerate(rows, 1) if row["type"] == added[0]["type"]]
    end = ends[-1] if ends else len(rows)
    return [*rows[:end], *sorted(added, key=lambda r: r["name"]), *rows[end:]]


def _free_id(wanted: str, used: set[str]) -> str:
    found, n = wanted, 2
    while found in used:
        found, n = f"{wanted}-{n}", n + 1
    used.add(found)
    return found


def _new_facts(row: Row) -> str:
    facts = {k: v for k, v in json.loads(row["attributes"]).items() if v is not None}
    if row["type"] == "community_centre":
        facts["kind"] = kind_of(row["name"])
    return _written(facts)


def _written(facts: Mapping[str, Any]) -> str:
    return as_json(facts) if facts else ""


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return "" if value is None else str(value)


def _checked(row: Mapping[str, str]) -> Row:
    """Return a row of our own table, after making sure that it can be read."""
    place_from(row)
    return {name: row[name] for name in COLUMNS}
