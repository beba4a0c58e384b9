"""The kinds of places that residents ask for, as the pack's `place_types.yaml` describes them.

What a kind is called, which words narrow it down, what is told about a place, and how old that may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from services_catalog.packs import PackError
from services_catalog.places.model import Place


@dataclass(frozen=True)
class Wanted:
    """What a place must be known to be: the attribute is true, above zero, or one of `values`.

    A place about which the attribute says nothing does not fit: nothing is guessed.
    """

    attribute: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceFilter:
    """Words that narrow a search: "with a subsidy" asks for places whose `subsidy` is true."""

    id: str
    words: tuple[str, ...]  # as residents say it, lower case
    wanted: Wanted
    told: str  # "that accept fee subsidy": said when the filter was used; may have {age:TYPE} (ages.py)


@dataclass(frozen=True)
class Part:
    """Rows of places.csv that count as this kind: all of a type, or those that are `wanted`."""

    type: str
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Telling:
    """What is said about a place that has an attribute: a text, with {value} where it has one."""

    attribute: str
    text: str


@dataclass(frozen=True)
class PlaceType:
    """One kind of place."""

    id: str
    one: str  # "licensed child care centre"
    many: str  # "licensed child care centres"
    called: tuple[str, ...]  # what residents call it, lower case, singular and plural
    parts: tuple[Part, ...]
    service_id: str = ""  # the catalogue's entry about it
    filters: tuple[PlaceFilter, ...] = ()
    told: tuple[Telling, ...] = ()
    note: str = (
        ""  # said with every list: how old it is ({age}, see ages.py), what to make sure of
    )

    def counts(self, place: Place) -> bool:
        """Say whether a place is one of this kind."""
        return any(
            part.type == place.type
            and (part.wanted is None or passes(place.attributes, part.wanted))
            for part in self.parts
        )

    def filters_named(self, ids: Sequence[str]) -> tuple[PlaceFilter, ...]:
        """Return these filters, in the pack's order; ids that are not known are left out."""
        return tuple(f for f in self.filters if f.id in ids)


@dataclass(frozen=True)
class PlaceTypes:
    """All kinds of places of a pack, by id."""

    by_id: Mapping[str, PlaceType] = field(default_factory=dict)


def read_types(path: Path) -> PlaceTypes:
    """Read place_types.yaml; one that is missing is empty.

    Raises:
        PackError: a type lacks a value or has one that is not known.
    """
    if not path.is_file():
        return PlaceTypes()
    try:
        text = path.read_text(encoding="utf-8")
        data: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
        return PlaceTypes({key: _type(key, t) for key, t in data.items()})
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as fault:
        raise PackError(
            f"{path.name}: a place type cannot be read ({fault}): mend it."
        ) from fault


def passes(attributes: Mapping[str, Any], wanted: Wanted) -> bool:
    """Say whether a place is known to be what is wanted."""
    value = attributes.get(wanted.attribute)
    if wanted.values:
        held = value if isinstance(value, list) else [value]
        return any(str(v) in wanted.values for v in held)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value > 0)
    return bool(value)


def _type(key: str, data: Mapping[str, Any]) -> PlaceType:
    parts = tuple(Part(p["type"], _wanted(p)) for p in data.get("from", ({"type": key},)))
    filters = tuple(
        PlaceFilter(
            name,
            tuple(str(w) for w in f["words"]),
            Wanted(f["attribute"], _values(f)),
            f["told"],
        )
        for name, f in data.get("filters", {}).items()
    )
    told = tuple(Telling(t["attribute"], t["text"]) for t in data.get("told", ()))
    return PlaceType(
        key,
        data["one"],
        data["many"],
        tuple(data["called"]),
        parts,
        data.get("service_id", ""),
        filters,
        told,
        data.get("note", ""),
    )


def _wanted(data: Mapping[str, Any]) -> Wanted | None:
    return Wanted(data["attribute"], _values(data)) if "attribute" in data else None


def _values(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(v) for v in data.get("values", ()))
