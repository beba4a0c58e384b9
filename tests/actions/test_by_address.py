"""What is said of an address: its ward, and its collection day with what is special about its street."""

from dataclasses import replace
from datetime import date

import pytest

from actions.by_address import COLLECTION, looked_up
from actions.place_memory import Spot
from services_catalog.places.geocode import Located
from services_catalog.places.live import Where, open_where
from services_catalog.places.schedule import CollectionCalendar, Pickup

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def where() -> Where:
    return open_where("toronto")


def told(where: Where, address: str) -> str:
    found = where.geocoder.locate(address)
    assert isinstance(found, Located)
    return looked_up(COLLECTION, Spot.of(found), where, TODAY, "311")


def test_the_day_of_a_part_of_a_street_is_its_own_and_that_is_said(where: Where) -> None:
    said = told(where, "355 Annette St")
    assert said.startswith(
        "By a map of 2015, 355 Annette St has collection on Fridays (calendar Friday 1)."
    )
    assert said.endswith(
        "Annette St between Runnymede Rd and Keele St has its own day. The streets around it have Wednesdays "
        "(calendar Wednesday 2)."
    )


def test_on_the_rest_of_the_street_nothing_is_said_of_it(where: Where) -> None:
    said = told(where, "785 Annette St")
    assert "on Wednesdays (calendar Wednesday 2)" in said
    assert "Friday" not in said


def test_where_it_is_not_known_whether_the_address_is_on_the_part_both_days_are_told(
    where: Where,
) -> None:
    said = told(where, "101 Seventh St")
    assert "on Tuesdays (calendar Tuesday 2)" in said
    assert said.endswith(
        "If you are on Seventh St between Lake Shore Blvd W and the shoreline, your day is another: Tuesdays "
        "(calendar Tuesday 1)."
    )


def test_an_exception_that_says_the_same_as_the_area_is_not_worth_a_word(where: Where) -> None:
    assert "Brooke Ave between" not in told(where, "246 Brooke Ave")


def test_dates_are_those_of_the_calendar_that_the_part_of_the_street_has(where: Where) -> None:
    def on(*days: int) -> tuple[Pickup, ...]:
        return tuple(Pickup(date(2026, 12, d), ("green_bin", "garbage")) for d in days)

    dates = CollectionCalendar({"Friday 1": on(4, 11, 18), "Wednesday 2": on(2, 9)})
    said = told(replace(where, calendar=dates), "355 Annette St")
    assert "355 Annette St has collection calendar Friday 1. The next dates are:" in said
    assert "- Friday, December 4: green bin, garbage\n- Friday, December 11" in said
    assert "December 2" not in said
    assert "Annette St between Runnymede Rd and Keele St has its own day." in said
    assert "For your calendar" not in said
    found = where.geocoder.locate("355 Annette St")
    assert isinstance(found, Located)
    dated, at = replace(where, calendar=dates), "https://ask.example"
    linked = looked_up(COLLECTION, Spot.of(found), dated, TODAY, "311", at)
    assert "\nFor your calendar: https://ask.example/calendar/collection/friday-1.ics" in linked
    # Where only the map's weekday is known there is no calendar.
    assert "calendar:" not in looked_up(COLLECTION, Spot.of(found), where, TODAY, "311", at)
