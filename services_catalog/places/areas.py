"""Which ward and which collection area a point lies in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import STRtree, is_valid_reason
from shapely.errors import ShapelyError
from shapely.geometry import Point as Dot
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from services_catalog.packs import PackError
from services_catalog.places.model import Area, Point
from services_catalog.places.tables import Gazetteer

# Borders are simplified in the tables: a point so near outside still counts as in the city.
MARGIN_METRES = 30.0
# A point of the city's own tables may be this far outside: parks reach over the border.
OUTSIDE_METRES = 200.0
_METRES_OF_A_DEGREE = math.pi * 6_371_008.8 / 180


class Areas:
    """The areas of one gazetteer, ready to be asked.

    Raises:
        PackError: the border of an area is broken; the message names the file and the area.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._wards = _Borders(gazetteer.wards, "wards.geojson")
        self._collection = _Borders(gazetteer.collection_areas, "collection_areas.geojson")
        self._days = {
            str(a.facts.get("calendar", "")): str(a.facts.get("day") or "")
            for a in gazetteer.collection_areas
        }

    def ward_of(self, point: Point, margin_metres: float = MARGIN_METRES) -> Area | None:
        """Return the ward that a point lies in, or None: it is not in the city, nor so near to it."""
        return self._wards.at(point, margin_metres)

    def collection_area_of(self, point: Point) -> Area | None:
        """Return the waste collection area that a point lies in, or None."""
        return self._collection.at(point, 0)

    def collection_day(self, calendar: str) -> str:
        """Return the weekday of a collection calendar ("Friday"), or empty: no area has it."""
        return self._days.get(calendar, "")

    def in_city(self, point: Point) -> bool:
        """Say whether a point lies in the city (by its wards)."""
        return self.ward_of(point) is not None


class _Borders:
    def __init__(self, areas: Sequence[Area], file: str) -> None:
        self._areas = areas
        self._shapes = [_shape_of(area, file) for area in areas]
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


def _shape_of(area: Area, file: str) -> BaseGeometry:
    try:
        found = shape(area.geometry)
    # What shapely raises for what is no GeoJSON geometry depends on where it finds that.
    except (ShapelyError, ValueError, TypeError, AttributeError, LookupError) as fault:
        why = f"it is no GeoJSON geometry: {fault}"
        raise _broken(file, area, why) from fault
    if found.is_empty or found.geom_type not in ("Polygon", "MultiPolygon"):
        raise _broken(file, area, f"it is {found.wkt[:40]}, not a polygon")
    if not found.is_valid:
        raise _broken(file, area, is_valid_reason(found))
    return found


def _broken(file: str, area: Area, why: str) -> PackError:
    return PackError(f"{file}: the border of {area.id} cannot be used ({why}). Mend it.")
