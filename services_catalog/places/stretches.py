"""The parts of streets that have another collection day than the area around them, and whether an address is there.

A part lies between two corners. Where both are known, a point of the street is told to be on it, or not, by how much of
a detour it is on the way from one corner to the other; near an end, and where a corner is not known, nothing is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services_catalog.places.corners import Corners
from services_catalog.places.model import Point
from services_catalog.places.schedule import CollectionCalendar, StreetException

# A point so little out of the way is between the corners: houses stand back from the street, and streets bend.
WITHIN_METRES = 60.0
# So far out of the way it is not. In between, it is not said either way.
BEYOND_METRES = 120.0

_APART = re.compile(r" and | between |, ")
_NUMBER = re.compile(r"^\d\S* ")


def streets_named(label: str) -> frozenset[str]:
    """Return what a location's name says of streets: "Annette St" and "Jane St" of "Annette St and Jane St"."""
    return frozenset(_NUMBER.sub("", part) for part in _APART.split(label))


@dataclass(frozen=True)
class OnStretch:
    """A part of the street of an address. `is_there`: whether the address is on it; None: that is not known."""

    exception: StreetException
    is_there: bool | None


class Stretches:
    """The street exceptions of one city's collection calendar."""

    def __init__(self, calendar: CollectionCalendar, corners: Corners) -> None:
        self._calendar = calendar
        self._corners = corners

    def of(self, label: str, point: Point) -> tuple[OnStretch, ...]:
        """Return the parts with another day of the streets that a location names, but those that it is not on.

        `label` is how the geocoder writes it: "250 Annette St", "Annette St and Jane St".
        """
        streets = streets_named(label)
        found = [
            OnStretch(e, self._is_there(e, point))
            for e in self._calendar.exceptions
            if e.street in streets
        ]
        return tuple(f for f in found if f.is_there is not False)

    def _is_there(self, part: StreetException, point: Point) -> bool | None:
        ends = [self._corners.of(part.street, other) for other in (part.from_street, part.to)]
        if not all(ends):
            return None
        a, b = (end[0][0] for end in ends)
        detour = point.metres_to(a) + point.metres_to(b) - a.metres_to(b)
        if detour <= WITHIN_METRES:
            return True
        return False if detour > BEYOND_METRES else None
