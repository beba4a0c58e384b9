"""Which ward and which collection area a point lies in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import STRtree
from shapely.geometry import Point as Dot
from shapely.geometry import shape
from shapely.ops import nearest_points

from services_catalog.places.model import Area, Point
from services_catalog.places.tables import Gazetteer

# Borders are simplified in the tables: a point so near outside still counts as in the city.
MARGIN_METRES = 30.0
# A point of the city's own tables may be this far outside: parks reach over the border.
OUTSIDE_METRES = 200.0
_METRES_OF_A_DEGREE = math.pi * 6_371_008.8 / 180


class Areas:
    """The areas of one gazetteer, ready to be asked."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._wards = _Borders(gazetteer.wards)
        self._collection = _Borders(gazetteer.collection_areas)

    def ward_of(self, point: Point, margin_metres: float = MARGIN_METRES) -> Area | None:
        """Return the ward that a point lies in, or None: it is not in the city, nor so near to it."""
        return self._wards.at(point, margin_metres)

    def collection_area_of(self, point: Point) -> Area | None:
        """Return the waste collection area that a point lies in, or None."""
        return self._collection.at(point, 0)

    def in_city(self, point: Point) -> bool:
        """Say whether a point lies in the city (by its wards)."""
        return self.ward_of(point) is not None


class _Borders:
    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = areas
        self._shapes = [shape(area.geometry) for area in areas]
        self._tree = STRtree(self._shapes)

    def at(self, point: Point, margin_metres: float) -> Area | None:
        """Return the area around a point, else the nearest one within the margin, else None."""
        if not (math.isfinite(point.lat) and math.isfinite(point.long)):
            return None
        dot = Dot(point.long, point.lat)
        for n in sorted(self._tree.query(dot, predicate="intersects")):
            return self._areas[int(n)]
        if not margin_metres or not self._areas:
            return None
        # A degree of longitude is shorter than one of latitude; the longer one finds all that may be near.
        reach = margin_metres / (_METRES_OF_A_DEGREE * math.cos(math.radians(point.lat)))
        near = [
            (self._metres(dot, int(n)), int(n))
            for n in self._tree.query(dot.buffer(reach), predicate="intersects")
        ]
        near = [found for found in near if found[0] <= margin_metres]
        return self._areas[min(near)[1]] if near else None

    def _metres(self, dot: Dot, n: int) -> float:
        _, on_border = nearest_points(dot, self._shapes[n])
        return Point(dot.y, dot.x).metres_to(Point(on_border.y, on_border.x))
