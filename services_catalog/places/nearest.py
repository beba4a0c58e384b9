"""The nearest places of a kind to a point, with filters. Exact: every place of the kind is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.model import EARTH_METRES, Place, Point
from services_catalog.places.tables import Gazetteer
from services_catalog.places.types import PlaceFilter, PlaceType, passes

SHOWN = 3


@dataclass(frozen=True)
class Near:
    """A place and how far it is, as the crow flies."""

    place: Place
    metres: float


class NearestPlaces:
    """The places of one gazetteer, by kind."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        grouped: dict[str, list[Place]] = {}
        for place in gazetteer.places:
            grouped.setdefault(place.type, []).append(place)
        self._places: Mapping[str, Sequence[Place]] = grouped
        self._at = {kind: _radians(places) for kind, places in grouped.items()}
        self._by_id = {place.id: place for place in gazetteer.places}

    def place(self, place_id: str) -> Place | None:
        """Return a place by its id, or None: it is not, or no longer, in the tables."""
        return self._by_id.get(place_id)

    def near(
        self,
        kind: PlaceType,
        point: Point,
        filters: Sequence[PlaceFilter] = (),
        *,
        limit: int = SHOWN,
        skip: int = 0,
    ) -> tuple[Near, ...]:
        """Return the `limit` nearest places of a kind that pass all filters, after the first `skip`.

        Places at the same address under the same name are one place. Of places equally far, the one that
        stands first in the tables comes first.
        """
        parts = [(part, self._places.get(part.type, ())) for part in kind.parts]
        rows = [(part, place) for part, places in parts for place in places]
        if not rows:
            return ()
        at = np.concatenate([self._at[part.type] for part, places in parts if places])
        metres = _metres(at, point)
        found: list[Near] = []
        seen: set[tuple[str, str]] = set()
        for n in np.argsort(metres, kind="stable"):
            part, place = rows[n]
            if part.wanted and not passes(place.attributes, part.wanted):
                continue
            if not all(passes(place.attributes, f.wanted) for f in filters):
                continue
            if (place.name, place.address) in seen:
                continue
            seen.add((place.name, place.address))
            found.append(Near(place, float(metres[n])))
            if len(found) == skip + limit:
                break
        return tuple(found[skip:])


def _radians(places: Sequence[Place]) -> NDArray[np.float64]:
    degrees: NDArray[np.float64] = np.array([(p.point.lat, p.point.long) for p in places])
    return np.deg2rad(degrees)


def _metres(at: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    """Return the distances to a point, by the same formula as `Point.metres_to`."""
    lat, long = np.radians(point.lat), np.radians(point.long)
    h = (
        np.sin((at[:, 0] - lat) / 2) ** 2
        + np.cos(lat) * np.cos(at[:, 0]) * np.sin((at[:, 1] - long) / 2) ** 2
    )
    result: NDArray[np.float64] = 2 * EARTH_METRES * np.arcsin(np.sqrt(h))
    return result
