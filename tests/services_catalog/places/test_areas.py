"""Which ward and collection area a point lies in."""

import csv
import math
from pathlib import Path

import pytest

from services_catalog.places.areas import MARGIN_METRES, Areas
from services_catalog.places.model import Area, Point
from services_catalog.places.tables import Gazetteer

# The ward that the City's own list of child care centres gives each of them.
WARDS = Path(__file__).parent / "child_care_wards.csv"
METRES_OF_A_DEGREE = 111_195.08


@pytest.fixture(scope="module")
def areas(toronto: Gazetteer) -> Areas:
    return Areas(toronto)


def square(number: str, west: float, east: float) -> Area:
    ring = [[west, 43.0], [east, 43.0], [east, 43.1], [west, 43.1], [west, 43.0]]
    return Area(number, f"Ward {number}", {"type": "Polygon", "coordinates": [ring]})


@pytest.fixture(scope="module")
def two_wards() -> Areas:
    return Areas(
        Gazetteer("twin", "", wards=(square("1", -80.0, -79.9), square("2", -79.9, -79.8)))
    )


def test_wards_agree_with_the_citys_own_for_nearly_all_child_care_centres(
    toronto: Gazetteer, areas: Areas
) -> None:
    points = {p.id: p.point for p in toronto.places}
    with WARDS.open(encoding="utf-8", newline="") as file:
        told = {row["place"]: row["ward"] for row in csv.DictReader(file)}
    # An import may retire a centre; then the list is to be made anew.
    known = {place: ward for place, ward in told.items() if place in points}
    assert len(known) > 1000
    found = {place: areas.ward_of(points[place]) for place in known}
    agreeing = [place for place, area in found.items() if area and area.id == known[place]]
    assert len(agreeing) / len(known) >= 0.995


@pytest.mark.parametrize(
    ("lat", "long", "ward"),
    [
        (43.6525, -79.3839, "Spadina-Fort York"),  # City Hall
        (43.6466, -79.4629, "Parkdale-High Park"),
        (43.7280, -79.4180, "Eglinton-Lawrence"),
    ],
)
def test_a_point_has_its_ward(areas: Areas, lat: float, long: float, ward: str) -> None:
    found = areas.ward_of(Point(lat, long))
    assert found is not None
    assert found.name == ward


@pytest.mark.parametrize(
    "point",
    [
        Point(43.55, -79.30),  # the lake
        Point(43.5890, -79.6441),  # Mississauga
        Point(43.8561, -79.3370),  # Markham
        Point(-79.38, 43.65),  # the wrong way round
        Point(0.0, 0.0),
        Point(90.0, 0.0),
        Point(math.nan, math.nan),
        Point(math.inf, -79.38),
    ],
)
def test_a_point_elsewhere_has_no_ward(areas: Areas, point: Point) -> None:
    assert areas.ward_of(point) is None
    assert areas.collection_area_of(point) is None
    assert not areas.in_city(point)


def test_a_point_on_a_border_has_one_of_the_two_wards(two_wards: Areas) -> None:
    found = two_wards.ward_of(Point(43.05, -79.9))
    assert found is not None
    assert found.id in {"1", "2"}


@pytest.mark.parametrize(
    ("share", "is_in"), [(0.0, True), (0.9, True), (1.1, False), (3.0, False)]
)
@pytest.mark.parametrize("side", ["north", "east"])
def test_just_outside_still_counts_as_the_city(
    two_wards: Areas, share: float, is_in: bool, side: str
) -> None:
    off = share * MARGIN_METRES / METRES_OF_A_DEGREE
    north, east = (
        Point(43.1 + off, -79.85),
        Point(43.05, -79.8 + off / math.cos(math.radians(43.05))),
    )
    assert two_wards.in_city(north if side == "north" else east) is is_in


def test_a_collection_area_has_no_margin_and_says_its_calendar(areas: Areas) -> None:
    found = areas.collection_area_of(Point(43.6680, -79.4850))
    assert found is not None
    assert found.facts["day"] in found.facts["calendar"]


def test_a_city_without_wards_has_none() -> None:
    assert Areas(Gazetteer("nowhere", "")).ward_of(Point(43.65, -79.38)) is None
