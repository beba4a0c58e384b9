"""Read a pack's tables of places (`cities/<city>/places/`) into a `Gazetteer`.

Reading is strict: a row that does not fit raises `PackError` with the file, the line and what to do. A city
without the folder has an empty gazetteer and answers no "where" questions from it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from services_catalog.packs import CITIES, PackError, pack_folder
from services_catalog.places.addresses import AddressBook, AddressPoint, bounds_of
from services_catalog.places.ages import dated
from services_catalog.places.model import (
    Area,
    Intersection,
    Landmark,
    Neighbourhood,
    Place,
    PlaceSource,
    Point,
    Precision,
    Street,
)
from services_catalog.places.types import PlaceTypes, read_types

FOLDER = "places"
Row = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class Gazetteer:
    """Everything that a pack knows about where things are."""

    city: str
    fingerprint: str  # of the files it was read from
    places: tuple[Place, ...] = ()
    types: PlaceTypes = field(default_factory=PlaceTypes)
    addresses: AddressBook = field(default_factory=lambda: AddressBook(()))
    streets: tuple[Street, ...] = ()
    street_nicknames: tuple[
        tuple[str, str], ...
    ] = ()  # a street's name, and what people say for it
    intersections: tuple[Intersection, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    wards: tuple[Area, ...] = ()
    collection_areas: tuple[Area, ...] = ()
    sources: Mapping[str, PlaceSource] = field(default_factory=dict)


def places_folder(city: str, root: Path = CITIES) -> Path:
    """Return the folder of a pack's tables, whether or not it is there."""
    return pack_folder(city, root) / FOLDER


def fingerprint_of(folder: Path) -> str:
    """Return a short text that changes whenever a table does: names, sizes and times of the files."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def read_gazetteer(city: str, root: Path = CITIES) -> Gazetteer:
    """Read all tables of a city.

    Raises:
        PackError: a file cannot be read; the message names file and line.
    """
    folder = places_folder(city, root)
    fingerprint = fingerprint_of(folder)
    if not folder.is_dir():
        return Gazetteer(city, fingerprint)
    places, types = read_places(city, root)
    return Gazetteer(
        city,
        fingerprint,
        places=places,
        types=types,
        addresses=AddressBook(read_csv(folder / "address_points.csv", address_from)),
        streets=tuple(read_csv(folder / "streets.csv", street_from)),
        street_nicknames=tuple(read_csv(folder / "street_nicknames.csv", nickname_from)),
        intersections=tuple(read_csv(folder / "intersections.csv", intersection_from)),
        landmarks=tuple(read_csv(folder / "landmarks.csv", landmark_from)),
        neighbourhoods=tuple(read_csv(folder / "neighbourhoods.csv", neighbourhood_from)),
        wards=read_areas(folder / "wards.geojson", "number"),
        collection_areas=read_areas(folder / "collection_areas.geojson", "area"),
        sources=read_sources(folder / "sources.yaml"),
    )


def read_places(city: str, root: Path = CITIES) -> tuple[tuple[Place, ...], PlaceTypes]:
    """Read the places alone, and the kinds that they are of; a city without the folder has none.

    Raises:
        PackError: a file cannot be read; the message names file and line.
    """
    folder = places_folder(city, root)
    if not folder.is_dir():
        return (), PlaceTypes()
    places = with_company(list(read_csv(folder / "places.csv", place_from)))
    return places, dated(read_types(folder / "place_types.yaml"), places)


def with_company(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places, each with the attribute `also_here`: the other kinds of places at its address."""
    at: dict[str, set[str]] = {}
    for place in places:
        at.setdefault(place.address, set()).add(place.type)
    return tuple(
        replace(p, attributes={**p.attributes, "also_here": sorted(at[p.address] - {p.type})})
        if p.address and len(at[p.address]) > 1
        else p
        for p in places
    )


def read_csv(path: Path, make: Callable[[Row], T]) -> Iterator[T]:
    """Read a table, one value a row; a table that is missing is empty.

    Raises:
        PackError: a row cannot be read; the message says which.
    """
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        try:
            if not rows.fieldnames:
                raise ValueError("the file is empty")
            for row in rows:
                # A row of another length has None for what it lacks, or as the column of what is too much.
                if None in row or None in row.values():
                    raise ValueError("it does not have as many cells as there are columns")
                yield make(row)
        except (KeyError, ValueError, TypeError, csv.Error, UnicodeDecodeError) as fault:
            what = f"there is no column {fault}" if isinstance(fault, KeyError) else str(fault)
            raise PackError(
                f"{path.name}, line {rows.line_num}: {what}. Mend this row."
            ) from fault


def point_from(row: Row) -> Point:
    """Return a row's point.

    Raises:
        ValueError: latitude or longitude is no number of degrees.
    """
    point = Point(float(row["latitude"]), float(row["longitude"]))
    if not (-90 <= point.lat <= 90 and -180 <= point.long <= 180):
        raise ValueError(f"latitude {point.lat}, longitude {point.long} is not on the earth")
    return point


def place_from(row: Row) -> Place:
    """Return a row of places.csv."""
    if not row["id"] or not row["type"] or not row["name"]:
        raise ValueError("a place needs id, type and name")
    attributes = json.loads(row["attributes"]) if row["attributes"] else {}
    if not isinstance(attributes, dict):
        raise ValueError("attributes must be a JSON object")
    return Place(
        row["id"], row["type"], row["name"], row["address"], row["postal_code"], row["phone"],
        row["website"], point_from(row), attributes, row["source"], row["as_of"],
    )  # fmt: skip


def address_from(row: Row) -> AddressPoint:
    """Return a row of address_points.csv."""
    bounds_of(row["number"])
    return AddressPoint(
        row["street"],
        row["number"],
        point_from(row),
        Precision(row["precision"]),
        row.get("postal_code", ""),
    )


def street_from(row: Row) -> Street:
    """Return a row of streets.csv."""
    return Street(row["street"], row["name"], row["type"], row["direction"])


def nickname_from(row: Row) -> tuple[str, str]:
    """Return a row of street_nicknames.csv: the name and what people say for it."""
    return row["name"], row["nickname"]


def intersection_from(row: Row) -> Intersection:
    """Return a row of intersections.csv."""
    return Intersection(
        row["street_a"], row["street_b"], point_from(row), Precision(row["precision"])
    )


def landmark_from(row: Row) -> Landmark:
    """Return a row of landmarks.csv."""
    return Landmark(
        row["name"],
        row["kind"],
        names_in(row["also_called"]),
        point_from(row),
        Precision(row["precision"]),
    )


def neighbourhood_from(row: Row) -> Neighbourhood:
    """Return a row of neighbourhoods.csv."""
    return Neighbourhood(row["name"], names_in(row["also_called"]), point_from(row))


def names_in(cell: str) -> tuple[str, ...]:
    """Return the names in a cell, which are parted by upright bars."""
    return tuple(name.strip() for name in cell.split("|") if name.strip())


def read_areas(path: Path, id_property: str) -> tuple[Area, ...]:
    """Read a GeoJSON file of areas; one that is missing is empty.

    Raises:
        PackError: it is not GeoJSON, or an area lacks its id.
    """
    if not path.is_file():
        return ()
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return tuple(_area(f, id_property) for f in features)
    except (ValueError, KeyError, TypeError) as fault:
        raise PackError(
            f"{path.name}: each area must be a GeoJSON feature with the property {id_property} ({fault})."
        ) from fault


def read_sources(path: Path) -> dict[str, PlaceSource]:
    """Read sources.yaml: where each table came from.

    Raises:
        PackError: a source lacks a value.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        data: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
        return {
            key: PlaceSource(
                key, s["dataset"], s["publisher"], str(s["as_of"]), s["licence"], s["how_sure"]
            )
            for key, s in data.items()
        }
    except KeyError as fault:
        raise PackError(f"{path.name}: a source lacks {fault}: add it.") from fault
    except (TypeError, ValueError, AttributeError, yaml.YAMLError) as fault:
        raise PackError(f"{path.name}: this cannot be read ({fault}): mend it.") from fault


def _area(feature: Mapping[str, Any], id_property: str) -> Area:
    facts = feature["properties"]
    return Area(
        str(facts[id_property]), str(facts.get("name") or ""), feature["geometry"], facts
    )
