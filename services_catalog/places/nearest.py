"""The nearest places of a kind to a point, with filters. Exact: every place of the kind is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.model import EARTH_METRES, Place, Point
from services_catalog.places.tables import Gazetteer
from services_catalog.places.types import PlaceFilter

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
        type_id: str,
        point: Point,
        filters: Sequence[PlaceFilter] = (),
        *,
        limit: int = SHOWN,
        skip: int = 0,
    ) -> tuple[Near, ...]:
        """Return the `limit` nearest places of a kind that pass all filters, after the first `skip`.

        Of places equally far the one that stands first in the table comes first.
        """
        places = self._places.get(type_id, ())
        if not places:
            return ()
        metres = _metres(self._at[type_id], point)
        found: list[Near] = []
        for n in np.argsort(metres, kind="stable"):
            if all(passes(places[n].attributes, f) for f in filters):
                found.append(Near(places[n], float(metres[n])))
                if len(found) == skip + limit:
                    break
        return tuple(found[skip:])


def passes(attributes: Mapping[str, Any], wanted: PlaceFilter) -> bool:
    """Say whether a place is known to be what a filter asks for."""
    value = attributes.get(wanted.attribute)
    if wanted.values:
        held = value if isinstance(value, list) else [value]
        return any(str(v) in wanted.values for v in held)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value > 0
    return bool(value)


def _radians(places: Sequence[Place]) -> NDArray[np.float64]:
    return np.radians(np.array([(p.point.lat, p.point.long) for p in places]))


def _metres(at: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    """Return the distances to a point, by the same formula as `Point.metres_to`."""
    lat, long = np.radians(point.lat), np.radians(point.long)
    h = (
        np.sin((at[:, 0] - lat) / 2) ** 2
        + np.cos(lat) * np.cos(at[:, 0]) * np.sin((at[:, 1] - long) / 2) ** 2
    )
    result: NDArray[np.float64] = 2 * EARTH_METRES * np.arcsin(np.sqrt(h))
    return result
