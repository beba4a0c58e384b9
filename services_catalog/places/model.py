"""What a gazetteer holds: frozen values. No files, no spaCy, no shapely here.

Latitudes and longitudes are degrees (WGS 84), distances are metres.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# Mean radius of the earth (IUGG), for distances of a few kilometres.
EARTH_METRES = 6_371_008.8


@dataclass(frozen=True)
class Point:
    """A point on the earth."""

    lat: float
    long: float

    def metres_to(self, other: Point) -> float:
        """Return the distance along the ground, as the crow flies (haversine)."""
        a, b = math.radians(self.lat), math.radians(other.lat)
        across = math.radians(other.long - self.long)
        h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
        return 2 * EARTH_METRES * math.asin(math.sqrt(h))


class Precision(StrEnum):
    """How near a point in a table is to what it stands for."""

    SURVEYED = "surveyed"  # measured by the city
    ADDRESS = "address"  # an address point or the like
    SITE = (
        "site"  # middle of a park or facility: may be hundreds of metres from its street number
    )
    REPORTED = "reported"  # a pin of a report: mostly exact
    NEAR = "near"  # something beside it: mostly within 60 m
    AREA = "area"  # middle of an area


@dataclass(frozen=True)
class Place:
    """Somewhere to go. What is not known is empty; nothing is guessed."""

    id: str
    type: str  # a key of the pack's place types
    name: str
    address: str
    postal_code: str
    phone: str
    website: str
    point: Point
    attributes: Mapping[str, Any]
    source: str  # a key of the pack's place sources
    as_of: str  # how old the facts are: "2024-01-23", "2024-12", "2016"


@dataclass(frozen=True)
class Street:
    """A street by its parts: "Wellesley", "St", "E"."""

    full: str  # "Wellesley St E", the key of the other tables
    name: str
    type: str  # as the city abbreviates it; empty for "The Esplanade"
    direction: str  # N, E, S, W or empty


@dataclass(frozen=True)
class Intersection:
    """Where two streets meet."""

    street_a: str
    street_b: str
    point: Point
    precision: Precision


@dataclass(frozen=True)
class Landmark:
    """Something that people name to say where they are."""

    name: str
    kind: str
    also_called: tuple[str, ...]
    point: Point
    precision: Precision


@dataclass(frozen=True)
class Neighbourhood:
    """A part of the city, by its middle."""

    name: str
    also_called: tuple[str, ...]
    point: Point


@dataclass(frozen=True)
class Area:
    """A part of the city with a border: a ward or a collection area. `geometry` is GeoJSON."""

    id: str  # the ward's number, the collection area's code
    name: str
    geometry: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceSource:
    """A table's origin, for the attribution line and for saying how old a fact is."""

    id: str
    dataset: str
    publisher: str
    as_of: str
    licence: str
    # "read": the licence was on hand; "listed": the publisher's index says so; "uncertain": to be checked.
    how_sure: str
