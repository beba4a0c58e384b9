"""Resolve what a message says about where to a point: how sure, why, and what else may be meant.

Every answer carries its reason. What is not in the city's tables is named as not found; it is never placed
somewhere else. Pure: tables in, values out. The kinds of mentions are resolved in `address_resolving`,
`corner_resolving` and `name_resolving`; `deciding` chooses between readings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from services_catalog.places.address_resolving import AddressResolver
from services_catalog.places.areas import Areas
from services_catalog.places.corner_resolving import CornerResolver
from services_catalog.places.deciding import Deciding, nearest_option
from services_catalog.places.locations import LocationReader
from services_catalog.places.mentions import Mention, MentionKind
from services_catalog.places.model import Point
from services_catalog.places.name_resolving import NameResolver
from services_catalog.places.resolved import (
    SURE,
    Ambiguous,
    Located,
    OutsideCity,
    Resolved,
    Unknown,
)
from services_catalog.places.tables import Gazetteer

__all__ = ["SURE", "Ambiguous", "Geocoder", "Located", "OutsideCity", "Resolved", "Unknown"]

# Which mention tells most, when a message names several places.
_TELLING = (
    MentionKind.ADDRESS, MentionKind.INTERSECTION, MentionKind.LANDMARK, MentionKind.POSTAL_CODE,
    MentionKind.NEIGHBOURHOOD, MentionKind.OUTSIDE_CITY, MentionKind.STREET, MentionKind.NEAR_ME,
)  # fmt: skip


class Geocoder:
    """Resolves locations by the tables of one gazetteer."""

    def __init__(
        self, gazetteer: Gazetteer, areas: Areas | None = None, elsewhere: Sequence[str] = ()
    ) -> None:
        self.reader = LocationReader(gazetteer, elsewhere)
        self._deciding = Deciding(areas or Areas(gazetteer), gazetteer.neighbourhoods)
        corners = self.reader.corners
        self._addresses = AddressResolver(gazetteer.addresses, corners, self._deciding)
        self._corners = CornerResolver(corners, self._deciding)
        self._names = NameResolver(gazetteer, self._deciding)

    def locate(self, text: str) -> Resolved | None:
        """Return the place that a message names, or None: it names none."""
        mentions = [m for m in self.reader.read(text) if m.kind is not MentionKind.NEAR_ME]
        mentions.sort(key=lambda m: _TELLING.index(m.kind))
        for mention in mentions:
            found = self.resolve(mention, others=[m for m in mentions if m is not mention])
            if not isinstance(found, Unknown) or mention.is_plain:
                return found
        return None

    def resolve(self, mention: Mention, others: Sequence[Mention] = ()) -> Resolved:
        """Return where a mention is.

        Args:
            mention: as read.
            others: what else the message names; a postal code or a neighbourhood decides between two streets.
        """
        if mention.city and mention.kind is not MentionKind.LANDMARK:
            label = mention.called or mention.text
            return OutsideCity(label, mention.city, f"{mention.city} is another municipality")
        found = self._found(mention)
        if isinstance(found, Ambiguous) and (near := self._hint(others)):
            found = nearest_option(found, near)
        return found

    def _found(self, mention: Mention) -> Resolved:
        match mention.kind:
            case MentionKind.ADDRESS:
                return self._addresses.resolve(mention)
            case MentionKind.INTERSECTION:
                return self._corners.corner(mention)
            case MentionKind.STREET:
                return self._corners.street(mention)
            case MentionKind.POSTAL_CODE:
                return self._names.postal_code(mention)
            case MentionKind.NEAR_ME:
                return Unknown(mention.text, "no position was shared")
        return self._names.named(mention)

    def at(self, lat: float, long: float) -> Resolved:
        """Return the place of shared coordinates, in degrees. Exchanged ones are noticed.

        Raises:
            ValueError: they are not on the earth.
        """
        if not (math.isfinite(lat) and math.isfinite(long)):
            raise ValueError("Latitude and longitude must be numbers.")
        for point, reason in (
            (Point(lat, long), "shared position"),
            (Point(long, lat), "shared position, latitude and longitude exchanged"),
        ):
            is_on_earth = abs(point.lat) <= 90 and abs(point.long) <= 180
            if is_on_earth and self._deciding.in_city(point):
                return self._deciding.located(
                    point, "your location", MentionKind.NEAR_ME, 0.99, reason,
                    exchanged=point.lat != lat,
                )  # fmt: skip
        if abs(lat) > 90 or abs(long) > 180:
            raise ValueError(
                "Latitude must be from -90 to 90 and longitude from -180 to 180 degrees."
            )
        return OutsideCity("your location", "", "the position lies outside all wards")

    def _hint(self, others: Sequence[Mention]) -> Point | None:
        for other in others:
            if other.kind in (MentionKind.POSTAL_CODE, MentionKind.NEIGHBOURHOOD):
                found = self.resolve(other)
                if isinstance(found, Located):
                    return found.point
        return None
