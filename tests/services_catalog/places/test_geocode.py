"""Where mentioned places are. Rules are shown on a made-up town, forms on Toronto's own tables."""

from __future__ import annotations

import math

import pytest

from services_catalog.packs import load_city
from services_catalog.places.addresses import AddressBook, AddressPoint
from services_catalog.places.areas import Areas
from services_catalog.places.geocode import (
    SURE,
    Ambiguous,
    Geocoder,
    Located,
    OutsideCity,
    Unknown,
)
from services_catalog.places.mentions import MentionKind
from services_catalog.places.model import (
    Area,
    Intersection,
    Landmark,
    Neighbourhood,
    Point,
    Precision,
    Street,
)
from services_catalog.places.tables import Gazetteer, read_gazetteer


@pytest.fixture(scope="module")
def toronto() -> Geocoder:
    gazetteer = read_gazetteer("toronto")
    return Geocoder(gazetteer, Areas(gazetteer), load_city("toronto").elsewhere)


METRE = 1 / 111_195  # of latitude, in degrees
SOUTH, WEST = 50.0, 10.0


def at(north: float, east: float = 0) -> Point:
    """Return the point so many metres north and east of the town's corner."""
    return Point(SOUTH + north * METRE, WEST + east * METRE / math.cos(math.radians(SOUTH)))


def address(
    street: str, number: str, north: float, east: float = 0, postal_code: str = ""
) -> AddressPoint:
    return AddressPoint(street, number, at(north, east), Precision.ADDRESS, postal_code)


def corner(a: str, b: str, north: float, east: float = 0) -> Intersection:
    return Intersection(a, b, at(north, east), Precision.SURVEYED)


STREETS = (
    Street("Fern St", "Fern", "St", ""),
    Street("Fern Ave", "Fern", "Ave", ""),
    Street("Harrow Rd E", "Harrow", "Rd", "E"),
    Street("Harrow Rd W", "Harrow", "Rd", "W"),
    Street("Wickham Ave", "Wickham", "Ave", ""),
    Street("Chapel St", "Chapel", "St", ""),
    Street("Marlowe Cres", "Marlowe", "Cres", ""),
    Street("Mill Lane", "Mill", "Lane", ""),
)
POINTS = (
    address("Fern St", "10", 0),
    address("Fern St", "20", 100),
    address("Fern St", "21", 100, 15),
    address("Fern St", "220", 900),
    address("Fern Ave", "400", 5000),
    address("Fern Ave", "412", 5100, postal_code="A1B 2C3"),
    address("Harrow Rd E", "50", 2000, 100),
    address("Harrow Rd E", "60", 2000, 200),
    address("Harrow Rd W", "50", 2000, -100),
    address("Harrow Rd W", "300", 2000, -900),
    address("Wickham Ave", "150-154", 3000),
    address("Wickham Ave", "160A", 3050, postal_code="B2C 3E4"),
    # Chapel St is in two former towns.
    address("Chapel St", "30", 0, 9000),
    address("Chapel St", "38", 40, 9000),
    address("Chapel St", "30", 9000, 0),
    address("Chapel St", "40", 9050, 0),
    # Of one Mill Lane only a corner is known.
    address("Mill Lane", "10", 7000, postal_code="B2C 3E4"),
    address("Mill Lane", "20", 7100),
)
CORNERS = (
    corner("Harrow Rd E", "Wickham Ave", 2000, 50),
    corner("Fern St", "Harrow Rd E", 2010, 500),
    corner("Fern St", "Harrow Rd W", 2010, -500),
    corner("Fern St", "Wickham Ave", 500),
    corner("Fern St", "Chapel St", 900),
    corner("Mill Lane", "Harrow Rd W", 0, 15000),
)
SQUARE = [[at(-9e3, -9e3), at(-9e3, 2e4), at(2e4, 2e4), at(2e4, -9e3), at(-9e3, -9e3)]]
WARD = Area(
    "1",
    "All of it",
    {"type": "Polygon", "coordinates": [[[p.long, p.lat] for p in ring] for ring in SQUARE]},
)


@pytest.fixture(scope="module")
def town() -> Geocoder:
    gazetteer = Gazetteer(
        "town",
        "1",
        addresses=AddressBook(POINTS),
        streets=STREETS,
        intersections=CORNERS,
        landmarks=(
            Landmark("Gibson Hall", "landmark", ("Old Hall",), at(700), Precision.ADDRESS),
            Landmark("Twin Mill", "landmark", (), at(100), Precision.ADDRESS),
            Landmark("Twin Mill", "landmark", (), at(4000), Precision.ADDRESS),
        ),
        neighbourhoods=(
            Neighbourhood("Eastdale", (), at(0, 9100)),
            Neighbourhood("Northfield", (), at(9100)),
        ),
        wards=(WARD,),
    )
    return Geocoder(
        gazetteer,
        Areas(gazetteer),
        elsewhere=("Otherville", "Harrow", "Grand Arcade (Otherville)"),
    )


def located(found: object) -> Located:
    assert isinstance(found, Located), found
    return found


@pytest.mark.parametrize(
    ("text", "label", "point"),
    [
        ("10 fern st", "10 Fern St", at(0)),
        ("10 fern", "10 Fern St", at(0)),
        ("400 fern", "400 Fern Ave", at(5000)),
        ("152 wickham", "152 Wickham Ave", at(3000)),
        ("160 wickham ave", "160 Wickham Ave", at(3050)),
        ("300 harrow rd", "300 Harrow Rd W", at(2000, -900)),
        ("harrow & wickham", "Harrow Rd E and Wickham Ave", at(2000, 50)),
        ("fern st and harrow w", "Fern St and Harrow Rd W", at(2010, -500)),
        ("gibson hall", "Gibson Hall", at(700)),
        ("near the old hall", "Gibson Hall", at(700)),
        ("150 wickam ave", "150 Wickham Ave", at(3000)),
    ],
)
def test_a_known_place_is_stated(town, text, label, point):
    found = located(town.locate(text))
    assert found.label == label
    assert found.point.metres_to(point) < 1
    assert found.confidence >= SURE
    assert found.reason
    assert found.ward is not None
    assert found.ward.id == "1"


def test_a_number_between_two_known_ones_lies_between_them_and_is_said_to_be_approximate(town):
    found = located(town.locate("15 fern st"))
    assert found.point.metres_to(at(50)) < 1
    assert found.approximate
    assert "between 10 and 20 Fern St" in found.reason


def test_the_same_side_of_the_street_comes_first(town):
    found = located(town.locate("16 fern st"))
    assert found.point.metres_to(at(60)) < 1
    assert "10 and 20" in found.reason


def test_a_wide_gap_makes_it_less_sure(town):
    narrow, wide = located(town.locate("15 fern st")), located(town.locate("120 fern st"))
    assert wide.confidence < SURE <= narrow.confidence


def test_just_beyond_the_last_known_number_the_last_one_is_taken_for_it(town):
    found = located(town.locate("224 fern st"))
    assert found.point.metres_to(at(900)) < 1
    assert found.approximate


def test_far_beyond_the_known_numbers_nothing_is_stated_and_the_known_ones_are_told(town):
    found = town.locate("900 fern st")
    assert isinstance(found, Unknown)
    assert found.what == "900 fern st"
    assert "10 to 220" in found.reason


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("50 harrow", {"50 Harrow Rd E", "50 Harrow Rd W"}),
        ("harrow and fern", {"Harrow Rd E and Fern St", "Harrow Rd W and Fern St"}),
        ("30 chapel st", {"30 Chapel St (Eastdale)", "30 Chapel St (Northfield)"}),
    ],
)
def test_two_places_that_may_be_meant_are_asked_about(town, text, labels):
    found = town.locate(text)
    assert isinstance(found, Ambiguous)
    assert {o.label for o in found.options} == labels
    assert found.reason


def test_a_number_that_is_guessed_may_be_on_the_other_street_of_the_name(town):
    found = town.locate("12 mill lane")
    assert isinstance(found, Ambiguous)
    assert [o.label for o in found.options] == ["12 Mill Lane", "Mill Lane near Harrow Rd W"]
    assert found.options[1].approximate


def test_a_number_that_is_known_is_there_even_if_the_street_has_a_twin(town):
    assert located(town.locate("10 mill lane")).point.metres_to(at(7000)) < 1


def test_the_direction_that_is_written_counts_more_than_a_known_number(town):
    found = town.locate("50 harrow rd e")
    assert located(found).label == "50 Harrow Rd E"


def test_a_number_within_both_halves_of_a_street_is_asked_about(town):
    found = town.locate("55 harrow rd")
    assert isinstance(found, Ambiguous)
    assert {o.label for o in found.options} == {"55 Harrow Rd E", "55 Harrow Rd W"}


def test_two_things_of_one_name_are_asked_about(town):
    found = town.locate("twin mill")
    assert isinstance(found, Ambiguous)
    assert len({o.label for o in found.options}) == 2


def test_a_neighbourhood_in_the_message_decides_between_two_streets_of_one_name(town):
    found = located(town.locate("30 chapel st, northfield"))
    assert found.point.metres_to(at(9000)) < 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("12 zorkham blvd", "zorkham blvd"),
        ("10 fern blvd", "10 fern blvd"),
        ("corner of fern and zorkham", "zorkham"),
        ("zorkham road & fern st", "zorkham road"),
        ("wickham and chapel", "wickham and chapel"),
        ("12 marlowe cres", "12 marlowe cres"),
        ("12 zorkham lane", "zorkham lane"),
        ("12 rue zorkham", "rue zorkham"),
        ("51 zorkhambled", "zorkhambled"),
        ("Zorkham Blvd", "Zorkham Blvd"),
        ("corner of Zorkham and Blentwick", "Zorkham"),
        ("zorkham x blentwick", "zorkham"),
        ("pothole at zorkham/fern", "zorkham"),
        ("accident at fern & zorkham", "zorkham"),
        ("zorkham st n blentwick crescent", "zorkham st"),
    ],
)
def test_what_is_not_in_the_tables_is_named_as_not_found(town, text, what):
    found = town.locate(text)
    assert isinstance(found, Unknown)
    assert found.what == what
    assert found.reason


@pytest.mark.parametrize(
    "text",
    [
        "raccoons near Halloween and Christmas",
        "how to get rid of drywall and lumber",
        "a lot of shouting on the street from morning to late at night",
        "mom and dad need a ride",
    ],
)
def test_words_that_are_joined_are_no_corner(toronto, text):
    assert toronto.locate(text) is None


def test_the_type_of_one_street_is_not_avenue_road(toronto):
    assert isinstance(toronto.locate("intersection of wilson ave/queen's park"), Unknown)


def test_a_street_with_another_type_is_offered_and_not_taken(town):
    found = town.locate("10 fern blvd")
    assert isinstance(found, Unknown)
    assert "10 Fern St" in [o.label for o in found.instead]


def test_a_misspelt_street_with_a_number_it_does_not_have_is_not_stated(town):
    found = town.locate("700 wickam ave")
    assert isinstance(found, Unknown)


def test_beside_a_corner_is_approximate(town):
    found = located(town.locate("harrow east of wickham"))
    assert found.approximate
    assert found.point.metres_to(at(2000, 50)) < 1


def test_between_two_corners_is_the_middle(town):
    found = located(town.locate("fern st between wickham and chapel"))
    assert found.point.metres_to(at(700)) < 1
    assert found.approximate


@pytest.mark.parametrize("text", ["A1B 2C3", "a1b2c3", "A1B"])
def test_a_postal_code_is_the_middle_of_its_known_points(town, text):
    found = located(town.locate(text))
    assert found.kind is MentionKind.POSTAL_CODE
    assert found.point.metres_to(at(5100)) < 1
    assert found.approximate


def test_a_postal_code_of_points_far_apart_is_only_shown_to_be_confirmed(town):
    assert located(town.locate("B2C 3E4")).confidence < SURE


def test_a_postal_code_that_the_tables_lack_is_only_shown_to_be_confirmed(town):
    found = located(town.locate("A1B 9Z9"))
    assert found.confidence < SURE
    assert "A1B" in found.reason


def test_a_postal_code_of_another_city_is_outside(town):
    assert isinstance(town.locate("K1A 0B1"), OutsideCity)


@pytest.mark.parametrize(
    "text",
    [
        "otherville",
        "i live in otherville",
        "10 fern st, otherville",
        "fern & wickham in otherville",
        "10 fern st w othervile",
        "otherville, 10 fern st",
        "in otherville at fern & wickham",
        "near otherville go station",
        "the grand arcade",
        "10 fern st, grand arcade",
    ],
)
def test_another_municipality_is_told_by_its_name(town, text):
    found = town.locate(text)
    assert isinstance(found, OutsideCity)
    assert found.body == "Otherville"


def test_a_street_named_like_another_municipality_is_here(town):
    assert isinstance(town.locate("300 harrow"), Located)


def test_shared_coordinates_are_where_they_say(town):
    found = located(town.at(at(100).lat, at(100).long))
    assert found.point == at(100)
    assert found.ward is not None


def test_exchanged_coordinates_are_noticed(town):
    found = located(town.at(at(100).long, at(100).lat))
    assert found.point == at(100)
    assert found.exchanged
    assert not located(town.at(at(100).lat, at(100).long)).exchanged


@pytest.mark.parametrize(
    ("lat", "long"),
    [(math.nan, 10), (50, math.nan), (math.inf, 10), (91, 10), (50, 181), (-1000, 1000)],
)
def test_coordinates_that_are_none_are_refused_in_words(town, lat, long):
    with pytest.raises(ValueError, match=r"[Ll]atitude"):
        town.at(lat, long)


def test_a_position_in_the_sea_is_outside(town):
    assert isinstance(town.at(0.0, -30.0), OutsideCity)


def test_a_city_without_tables_places_nothing():
    empty = Geocoder(Gazetteer("town", "0"))
    assert not isinstance(empty.locate("12 elm st"), Located)
    assert isinstance(empty.at(50, 10), OutsideCity)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("100 Queen Street West, Toronto ON M5H 2N2", "100 Queen St W"),
        ("unit 5 - 100 queen w", "100 Queen St W"),
        ("150-154 Bentworth", "150-154 Bentworth Ave"),
        ("king & spadina", "King St W and Spadina Ave"),
        ("quen & spadna", "Queen St W and Spadina Ave"),
        ("queen west of bathurst", "Queen St W and Bathurst St"),
        ("au coin de bloor et bathurst", "Bloor St W and Bathurst St"),
        ("yonge & eglington", "Yonge St and Eglinton Ave E"),
        ("31st street and lake shore", "Thirty First St and Lake Shore Blvd W"),
        ("christie pits", "Christie Pits Park"),
        ("the agincourt library", "Agincourt Library"),
        ("daycare near dundas and keele that takes toddlers", "Dundas St W and Keele St"),
    ],
)
def test_toronto_is_found_in_the_words_of_its_residents(toronto, text, label):
    found = located(toronto.locate(text))
    assert found.label == label
    assert found.confidence >= SURE


@pytest.mark.parametrize(
    "text",
    [
        "12 elm " * 230,
        "king & " * 230,
        "1" * 1600,
        "\x00\x07\u202e 12 \x1b[31m elm \ufeff",
        "😀" * 400,
        "near " * 320,
        "٣٤ elm st",
    ],
)
def test_odd_text_ends_in_no_exception(toronto, text):
    toronto.locate(text[:1600])
