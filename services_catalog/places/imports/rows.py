"""Rows of an open-data list as rows of places.csv, each with the id that its source makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services_catalog.packs import PackError
from services_catalog.places.areas import OUTSIDE_METRES, Areas
from services_catalog.places.imports.addresses import (
    address_in,
    name_in,
    phone_in,
    point_in,
    postal_code_in,
)
from services_catalog.places.imports.formats import FORMATS, Format, format_of
from services_catalog.places.imports.reading import Record, refuse
from services_catalog.places.model import Point
from services_catalog.places.tables import point_from

Row = dict[str, str]


def known_format(record: Record, file: str, type_id: str) -> Format:
    """Return which known list a file is.

    Raises:
        PackError: none, or one that does not have this type.
    """
    form = format_of(record)
    if form is None:
        known = "; ".join(f"{f.name}: {', '.join(sorted(f.needs))}" for f in FORMATS)
        raise PackError(
            f"{file}: its columns are {', '.join(record.values)}. Known lists have: {known}."
        )
    if type_id not in form.types:
        raise PackError(
            f"{file} is the list {form.name}: --type can be {', '.join(form.types)}, not {type_id!r}."
        )
    return form


def rows_in(
    file: str,
    records: Sequence[Record],
    form: Format,
    type_id: str,
    streets: Mapping[str, str],
    areas: Areas | None,
    source: str,
    as_of: str,
) -> list[Row]:
    """Return the list's rows of a type as rows of our table, before they are matched.

    Raises:
        PackError: rows are broken; each is named by its line.
    """
    rows: list[Row] = []
    faults: list[str] = []
    seen: dict[str, list[Row]] = {}
    for record in records:
        wanted = form.types[type_id]
        if wanted and record.text(form.type_column).lower() != wanted:
            continue
        try:
            row = _row(record, form, type_id, streets, source, as_of)
            _check_place(point_from(row), areas)
            twins = seen.setdefault(row["id"], [])
            if row in twins:
                continue
            if twins and form.is_id_unique:
                raise ValueError(f"{row['id']} is there before, with other facts")
            twins.append(row)
            rows.append(row)
        except ValueError as fault:
            faults.append(f"line {record.line}: {fault}.")
    if faults:
        raise refuse(file, faults)
    if not rows:
        raise PackError(f"{file} has no row of the type {type_id}.")
    return rows


def _row(
    record: Record,
    form: Format,
    type_id: str,
    streets: Mapping[str, str],
    source: str,
    as_of: str,
) -> Row:
    told = {ours: record.text(theirs) for ours, theirs in form.columns.items()}
    own_id = record.text(form.id_column).removesuffix(".0")
    if not told["name"]:
        raise ValueError("the name is missing")
    if not own_id.isalnum():
        raise ValueError(f"{form.id_column.upper()} is {own_id!r}, not an id")
    attributes: dict[str, Any] = {}
    for name, (column, read) in form.attributes.items():
        if column not in record.values:
            continue
        try:
            attributes[name] = read(record.text(column))
        except ValueError as fault:
            raise ValueError(f"{column.upper()}: {fault}") from fault
    point = point_in(record)
    return {
        "id": form.prefixes[type_id] + own_id,
        "type": type_id,
        "name": name_in(told["name"]),
        "address": address_in(told.get("address", ""), streets),
        "postal_code": postal_code_in(told.get("postal_code", "")),
        "phone": phone_in(told.get("phone", "")),
        "website": told.get("website", ""),
        "latitude": f"{point.lat:.6f}",
        "longitude": f"{point.long:.6f}",
        "attributes": as_json(attributes),
        "source": source,
        "as_of": as_of or _date_in(record, form),
    }


def _date_in(record: Record, form: Format) -> str:
    text = record.text(form.as_of_column)
    for written in ("%d%b%y", "%Y-%m-%d", "%d-%b-%y", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, written).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    raise ValueError(
        f"{form.as_of_column.upper()} {text!r} is not a date: mend it or give --as-of DATE"
    )


def _check_place(point: Point, areas: Areas | None) -> None:
    """Make sure that a place is in the city.

    Raises:
        ValueError: it is not, or its coordinates are the wrong way round.
    """
    if areas is None or areas.ward_of(point, OUTSIDE_METRES):
        return
    if abs(point.long) <= 90 and areas.ward_of(Point(point.long, point.lat), OUTSIDE_METRES):
        raise ValueError("latitude and longitude are the wrong way round")
    raise ValueError(f"latitude {point.lat}, longitude {point.long} is not in the city")


def as_json(attributes: Mapping[str, Any]) -> str:
    """Return attributes as the table writes them."""
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
