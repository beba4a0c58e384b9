"""The kinds of places that residents ask for, as the pack's `place_types.yaml` describes them.

What a kind is called, which words narrow it down, what is told about a place, and how old that may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from services_catalog.packs import PackError


@dataclass(frozen=True)
class PlaceFilter:
    """Words that narrow a search: "with a subsidy" asks for places whose `subsidy` is true.

    A place fits when the attribute is true, is a number above zero, equals one of `values`, or (a list) holds
    one of them. A place about which the attribute says nothing does not fit: nothing is guessed.
    """

    id: str
    words: tuple[str, ...]  # as residents say it, lower case
    attribute: str
    values: tuple[str, ...] = ()
    told: str = ""  # "with a fee subsidy": said when the filter was used


@dataclass(frozen=True)
class PlaceType:
    """One kind of place."""

    id: str
    one: str  # "licensed child care centre"
    many: str  # "licensed child care centres"
    called: tuple[str, ...]  # what residents call it, lower case, singular and plural
    service_id: str = ""  # the catalogue's entry about it
    filters: tuple[PlaceFilter, ...] = ()
    # What is told about a place: attribute -> text with {value}; a flag's text has none.
    told: Mapping[str, str] = field(default_factory=dict)
    note: str = ""  # said with every result: how old the table is, what to confirm


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
    data: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return PlaceTypes({key: _type(key, t) for key, t in data.items()})
    except (KeyError, TypeError) as fault:
        raise PackError(
            f"{path.name}: a place type cannot be read ({fault}): mend it."
        ) from fault


def _type(key: str, data: Mapping[str, Any]) -> PlaceType:
    filters = tuple(
        PlaceFilter(
            name,
            tuple(f["words"]),
            f["attribute"],
            tuple(str(v) for v in f.get("values", ())),
            f.get("told", ""),
        )
        for name, f in data.get("filters", {}).items()
    )
    return PlaceType(
        key,
        data["one"],
        data["many"],
        tuple(data["called"]),
        data.get("service_id", ""),
        filters,
        data.get("told", {}),
        data.get("note", ""),
    )
