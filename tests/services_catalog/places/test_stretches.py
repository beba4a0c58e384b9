"""Parts of streets with another collection day than the area around them: whether an address is on one."""

import pytest

from services_catalog.places.corners import Corners
from services_catalog.places.model import Intersection, Point, Precision
from services_catalog.places.schedule import CollectionCalendar, StreetException
from services_catalog.places.stretches import Stretches

# Elm St runs east along 43.65; a thousandth of a degree of longitude is some 80 m.
OAK, ASH = Point(43.65, -79.400), Point(43.65, -79.390)
PART = StreetException("Elm St", "Oak Ave", "Ash Ave", "Friday 1")
TO_THE_LAKE = StreetException("Bay St", "Elm St", "the lake", "Monday 2")


@pytest.fixture
def stretches() -> Stretches:
    corners = Corners(
        Intersection("Elm St", other, at, Precision.SURVEYED)
        for other, at in (("Oak Ave", OAK), ("Ash Ave", ASH))
    )
    return Stretches(CollectionCalendar(exceptions=(PART, TO_THE_LAKE)), corners)


@pytest.mark.parametrize(
    ("long", "is_there"),
    [
        (-79.395, [True]),  # halfway
        (-79.3999, [True]),
        (-79.3995 + 0.01, [None]),  # 40 m beyond the end: its house may face the other street
        (-79.3885, []),  # 120 m beyond
        (-79.41, []),
    ],
)
def test_an_address_on_the_street_is_on_the_part_or_not(
    stretches: Stretches, long: float, is_there: list[bool | None]
) -> None:
    found = stretches.of("12 Elm St", Point(43.6502, long))
    assert [f.is_there for f in found] == is_there


@pytest.mark.parametrize(
    "label", ["12 Elm St", "12A Elm St", "12-14 Elm St", "Elm St and King St", "Bay Books, 12 Elm St",
              "Elm St between Oak Ave and King St"],
)  # fmt: skip
def test_the_street_is_read_from_however_a_location_is_called(
    stretches: Stretches, label: str
) -> None:
    (found,) = stretches.of(label, Point(43.65, -79.395))
    assert found.exception is PART


@pytest.mark.parametrize("label", ["12 Elm St W", "12 North Elm St", "your location", "M5V"])
def test_another_street_in_the_middle_of_it_is_not_meant(
    stretches: Stretches, label: str
) -> None:
    assert stretches.of(label, Point(43.65, -79.395)) == ()


def test_where_a_corner_is_not_known_it_is_not_known_either(stretches: Stretches) -> None:
    (found,) = stretches.of("3 Bay St", Point(43.64, -79.395))
    assert (found.exception, found.is_there) == (TO_THE_LAKE, None)
