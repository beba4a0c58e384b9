"""How old a pack's lists of places are, in the texts that say so. Pure.

A text of place_types.yaml has {age} where it says how old its kind's places are, {age:pool} for all rows of a type.
The age is that of the rows themselves (`as_of`), so a newer list that was imported is said to be newer.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from services_catalog.packs import PackError
from services_catalog.places.model import Place
from services_catalog.places.types import PlaceType, PlaceTypes, passes

UNKNOWN = "an unknown date"

_AGE = re.compile(r"\{age(?::(\w*))?\}")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-\d\d)?")


def dated(types: PlaceTypes, places: Iterable[Place]) -> PlaceTypes:
    """Return the kinds with the ages of their places written into their texts.

    Raises:
        PackError: a text asks for the age of a type that no kind has.
    """
    by_type: dict[str, list[Place]] = {
        part.type: [] for kind in types.by_id.values() for part in kind.parts
    }
    for place in places:
        by_type.setdefault(place.type, []).append(place)

    def with_ages(text: str, kind: PlaceType) -> str:
        def age(found: re.Match[str]) -> str:
            if found[1] is None:
                return age_of(p.as_of for p in _places_of(kind, by_type))
            if found[1] not in by_type:
                raise PackError(
                    f"place_types.yaml: {kind.id} asks for {found[0]}, and no kind has this type: mend it."
                )
            return age_of(p.as_of for p in by_type[found[1]])

        return _AGE.sub(age, text)

    return PlaceTypes(
        {
            key: replace(
                kind,
                note=with_ages(kind.note, kind),
                filters=tuple(replace(f, told=with_ages(f.told, kind)) for f in kind.filters),
            )
            for key, kind in types.by_id.items()
        }
    )


def age_of(as_ofs: Iterable[str]) -> str:
    """Return how old facts are, as people say it: "January 2024"; from the oldest to the newest where they differ."""
    known = sorted({as_of for as_of in as_ofs if _DATE.fullmatch(as_of)})
    said = list(dict.fromkeys(_spoken(as_of) for as_of in known))
    if not said:
        return UNKNOWN
    return said[0] if len(said) == 1 else f"{said[0]} to {said[-1]}"


def _spoken(as_of: str) -> str:
    found = _DATE.fullmatch(as_of)
    month = int(found[2] or 0) if found else 0
    return f"{calendar.month_name[month]} {as_of[:4]}" if 1 <= month <= 12 else as_of[:4]


def _places_of(kind: PlaceType, by_type: dict[str, list[Place]]) -> Sequence[Place]:
    return [
        place
        for part in kind.parts
        for place in by_type[part.type]
        if part.wanted is None or passes(place.attributes, part.wanted)
    ]
