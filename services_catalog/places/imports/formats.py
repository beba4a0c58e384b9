"""Which column of which open-data list is what. Tables only: a new list is a new table.

Columns are named in lower case, as `reading.Record` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services_catalog.places.imports.reading import Record

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Format:
    """One list.

    Attributes:
        needs: columns that it is known by.
        types: the pack's types that it can fill; the value of `type_column` that its rows have ("": all rows).
        id_column: the source's own id; a place's id is `prefix` of its type and this.
        is_id_unique: a second row of an id is a fault; else a place may be listed in parts.
        columns: our column -> theirs.
        attributes: our attribute -> their column and how it is read. One that is None is left out.
        as_of_column: a date in each row, or "".
        source: the key in sources.yaml, where none is given.
    """

    name: str
    needs: frozenset[str]
    types: Mapping[str, str]
    type_column: str
    prefixes: Mapping[str, str]
    id_column: str
    is_id_unique: bool
    columns: Mapping[str, str]
    attributes: Mapping[str, tuple[str, Read]]
    as_of_column: str
    source: str


def number(text: str) -> int:
    """Return a count; an empty one is none."""
    value = float(text or 0)
    if not 0 <= value < 10_000 or value != int(value):
        raise ValueError(f"{text!r} is not a number of spaces")
    return int(value)


def yes_or_no(text: str) -> bool:
    """Return a flag."""
    flags = {"y": True, "yes": True, "true": True, "1": True}
    flags |= {"n": False, "no": False, "false": False, "0": False, "": False}
    if text.lower() not in flags:
        raise ValueError(f"{text!r} is neither Y nor N")
    return flags[text.lower()]


def operator(text: str) -> str:
    """Return who runs a centre: "Non Profit Agency" is "non-profit"."""
    kinds = {"non profit": "non-profit", "commercial": "commercial", "city": "city"}
    plain = text.lower().replace("-", " ")
    for words, kind in kinds.items():
        if words in plain:
            return kind
    raise ValueError(f"{text!r} is not Non Profit, Commercial or City Operated")


def words(text: str) -> str | None:
    """Return a text, or None: there is none."""
    return text or None


def listed(text: str) -> list[str] | None:
    """Return what a cell lists, parted by commas, or None: nothing."""
    return sorted({part.strip() for part in text.split(",") if part.strip()}) or None


CHILD_CARE = Format(
    name="Licensed Child Care Centres",
    needs=frozenset({"loc_id", "loc_name", "auspice", "totspace"}),
    types=MappingProxyType({"child_care": ""}),
    type_column="",
    prefixes=MappingProxyType({"child_care": "cc-"}),
    id_column="loc_id",
    is_id_unique=True,
    columns=MappingProxyType({"name": "loc_name", "address": "address", "postal_code": "pcode", "phone": "phone"}),
    attributes=MappingProxyType({
        "operator": ("auspice", operator),
        "building": ("bldgname", words),
        "building_type": ("bldg_type", words),
        "spaces_infant": ("igspace", number),
        "spaces_toddler": ("tgspace", number),
        "spaces_preschool": ("pgspace", number),
        "spaces_kindergarten": ("kgspace", number),
        "spaces_school_age": ("sgspace", number),
        "spaces_total": ("totspace", number),
        "subsidy": ("subsidy", yes_or_no),
        "cwelcc": ("cwelcc_flag", yes_or_no),
    }),
    as_of_column="run_date",
    source="child_care",
)  # fmt: skip

FACILITIES = Format(
    name="Parks and Recreation Facilities",
    needs=frozenset({"locationid", "asset_name", "type", "amenities"}),
    types=MappingProxyType({"park": "park", "community_centre": "community centre"}),
    type_column="type",
    prefixes=MappingProxyType({"park": "park-", "community_centre": "com-"}),
    id_column="locationid",
    is_id_unique=False,
    columns=MappingProxyType({"name": "asset_name", "address": "address", "phone": "phone", "website": "url"}),
    attributes=MappingProxyType({"amenities": ("amenities", listed)}),
    as_of_column="",
    source="parks_rec_facilities",
)  # fmt: skip

FORMATS = (CHILD_CARE, FACILITIES)

# What a new community centre is, by words of its name; the first that fits. The source calls all of them centres.
KINDS = (
    ("seniors", "seniors_centre"),
    ("arena", "arena"),
    ("pool", "pool"),
    ("community school", "community_school"),
    ("sports", "sports_facility"),
    ("stadium", "sports_facility"),
    ("", "community_centre"),
)


def format_of(record: Record) -> Format | None:
    """Return the list that has these columns, or None: none that is known."""
    return next((f for f in FORMATS if f.needs <= record.values.keys()), None)


def kind_of(name: str) -> str:
    """Return what a community centre is by its name."""
    return next(kind for word, kind in KINDS if word in name.lower())
