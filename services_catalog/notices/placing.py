"""What notices ask of a place: its ward, and the streets that it is on. Pure; the tables come in from outside."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

from services_catalog.notices.matching import Placed
from services_catalog.places.live import Where
from services_catalog.places.mentions import MentionKind, StreetWords
from services_catalog.places.model import EARTH_METRES, Point
from services_catalog.places.stretches import streets_named

# A place that is not named by a street is on one if an address or a corner of it is so near.
BESIDE_METRES = 75.0


def at_point(
    where: Where, label: str, point: Point, *, is_approximate: bool, streets: Collection[str]
) -> Placed:
    """Return a point as notices ask for it.

    Args:
        label: how the geocoder calls it: "250 Annette St", "Annette St and Jane St".
        streets: those that notices are about; whether it is on others does not matter.
    """
    ward = where.areas.ward_of(point)
    named = streets_named(label)
    on = set(named)
    if named.isdisjoint(where.geocoder.reader.streets.by_full):
        on = {s for s in streets if _is_beside(where, s, point)}
    return Placed(point, ward.id if ward else "", frozenset(on), is_approximate)


def on_street(where: Where, text: str) -> Placed | None:
    """Return the street that words name, where they do not say for sure where on it, or None."""
    for mention in where.geocoder.reader.read(text):
        if mention.kind in (MentionKind.STREET, MentionKind.ADDRESS):
            streets = street_names(mention.streets[0])
            return Placed(None, streets=streets, is_approximate=True) if streets else None
    return None


def street_names(words: StreetWords) -> frozenset[str]:
    """Return the full names of the streets that words mean, without those that only sound like it."""
    exact = [
        c for c in words.candidates if not (c.edits or c.type_differs or c.direction_differs)
    ]
    return frozenset(c.street.full for c in exact)


def _is_beside(where: Where, street: str, point: Point) -> bool:
    corners = where.geocoder.reader.corners.on(street)
    if any(point.metres_to(at) <= BESIDE_METRES for _, at in corners):
        return True
    on = where.gazetteer.addresses.on(street)
    if on is None:
        return False
    # Flat for a few hundred metres; there are thousands of addresses on a long street.
    north = np.radians(on.lats - point.lat)
    east = np.radians(on.longs - point.long) * math.cos(math.radians(point.lat))
    return bool((np.hypot(north, east) * EARTH_METRES <= BESIDE_METRES).any())
