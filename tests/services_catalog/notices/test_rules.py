from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services_catalog.notices.checks import fault_of
from services_catalog.notices.matching import Fit, Placed, fit_place, notices_for
from services_catalog.notices.model import Area, Circle, Notice, Posted
from services_catalog.notices.words import until, where
from services_catalog.places.model import Point

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)  # noon in Toronto
ZONE = ZoneInfo("America/Toronto")
ELM = Point(43.657, -79.384)
AT_ELM = Placed(ELM, "11", frozenset({"Elm St", "Bay St"}))
ELSEWHERE = Placed(Point(43.7, -79.5), "5", frozenset({"Jane St"}))


def make_notice(id: str = "ntc_1", **changes: Any) -> Notice:
    given = {
        "text": "Water main break on Elm Street. Crews are on site.",
        "sms": "Water main break on Elm St. Crews are there.",
        "starts_at": NOW - timedelta(hours=1),
        "ends_at": NOW + timedelta(hours=6),
    }
    return Notice(id, **(given | changes))


@pytest.mark.parametrize(
    ("services", "area", "asked", "place", "is_said"),
    [
        # A notice for everybody is said whatever is asked, wherever.
        ((), Area(), (), None, True),
        ((), Area(), ("pothole",), ELSEWHERE, True),
        # One about a service: to who asks about that service, wherever.
        (("water",), Area(), ("water",), None, True),
        (("water",), Area(), ("pothole",), AT_ELM, False),
        (("water",), Area(), (), AT_ELM, False),
        # One about an area: to who is known to be there, whatever they ask.
        ((), Area(street="Elm St"), ("pothole",), AT_ELM, True),
        ((), Area(street="Elm St"), (), AT_ELM, True),
        ((), Area(street="Elm St"), ("pothole",), None, False),
        ((), Area(street="Elm St"), ("pothole",), ELSEWHERE, False),
        # One about both: to who asks about it there, or does not say where, or does not say what.
        (("water",), Area(street="Elm St"), ("water",), AT_ELM, True),
        (("water",), Area(street="Elm St"), ("water",), None, True),
        (("water",), Area(street="Elm St"), ("water",), ELSEWHERE, False),
        (("water",), Area(street="Elm St"), (), AT_ELM, True),
        (("water",), Area(street="Elm St"), (), None, False),
        (("water",), Area(street="Elm St"), ("pothole",), AT_ELM, False),
        (("water",), Area(street="Elm St"), ("pothole", "water"), AT_ELM, True),
    ],
)
def test_a_notice_is_said_to_whom_it_is_about(
    services: tuple[str, ...],
    area: Area,
    asked: tuple[str, ...],
    place: Placed | None,
    is_said: bool,
) -> None:
    posted = Posted(NOW, (make_notice(services=services, area=area),))
    assert bool(notices_for(posted, asked, place)) is is_said


@pytest.mark.parametrize(
    ("area", "place", "fit"),
    [
        (Area(), None, Fit.ANY),
        (Area(wards=("10", "11")), AT_ELM, Fit.YES),
        (Area(wards=("10",)), AT_ELM, Fit.NO),
        (Area(circle=Circle(43.6575, -79.384, 100, "12 Elm St")), AT_ELM, Fit.YES),
        (Area(circle=Circle(43.6585, -79.384, 100, "80 Elm St")), AT_ELM, Fit.NO),
        # Two streets have this name: the one in another ward is not meant.
        (Area(("11",), "Elm St"), AT_ELM, Fit.YES),
        (Area(("5",), "Elm St"), AT_ELM, Fit.NO),
        (Area(("5",), "Elm St"), Placed(None, "", frozenset({"Elm St"})), Fit.YES),
        # The middle of a neighbourhood is not in it; somebody who lives there may be.
        (Area(wards=("10",)), Placed(ELM, "11", is_approximate=True), Fit.OPEN),
        (Area(wards=("11",)), Placed(ELM, "11", is_approximate=True), Fit.YES),
        (Area(circle=Circle(43.6, -79.3, 99, "x")), Placed(None), Fit.NO),
    ],
)
def test_a_place_lies_in_an_area_or_not_or_that_is_not_known(
    area: Area, place: Placed | None, fit: Fit
) -> None:
    assert fit_place(area, place) is fit


def test_notices_are_said_in_their_time_alone_the_newest_first() -> None:
    hour = timedelta(hours=1)
    posted = (
        make_notice("over", ends_at=NOW),
        make_notice("older", starts_at=NOW - 2 * hour),
        make_notice("begins", starts_at=NOW),
        make_notice("coming", starts_at=NOW + timedelta(seconds=1)),
    )
    assert [n.id for n in notices_for(Posted(NOW, posted), (), None)] == ["begins", "older"]
    later = notices_for(Posted(NOW + 7 * hour, posted), (), None)
    assert later == ()


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (datetime(2026, 3, 2, 18, tzinfo=ZONE), "Until 6:00 p.m. today"),
        (datetime(2026, 3, 2, 23, 5, tzinfo=ZONE), "Until 11:05 p.m. today"),
        (datetime(2026, 3, 3, 0, 30, tzinfo=ZONE), "Until 12:30 a.m. tomorrow"),
        (datetime(2026, 3, 3, 12, tzinfo=ZONE), "Until 12:00 p.m. tomorrow"),
        (datetime(2026, 3, 6, 7, 30, tzinfo=ZONE), "Until 7:30 a.m. on Friday, March 6"),
    ],
)
def test_until_when_is_said_as_people_say_it(ends: datetime, words: str) -> None:
    assert until(ends, NOW, ZONE) == words


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (Area(), "The whole city"),
        (Area(("10", "11")), "Ward 10 Elmwood, Ward 11"),
        (Area(("10",), "Elm St"), "Elm St in Ward 10 Elmwood"),
        (Area(street="Elm St"), "Elm St"),
        (Area(circle=Circle(1, 2, 300, "12 Elm St")), "300 m around 12 Elm St"),
    ],
)
def test_an_area_has_a_name(area: Area, words: str) -> None:
    assert where(area, [("10", "Elmwood")]) == words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"text": ""}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"sms": ""}, "sms"),
        # With "Until 6:00 p.m. on Wednesday, ..." before it, it must be one segment.
        ({"sms": "x" * 120}, ""),
        ({"sms": "x" * 125}, "sms"),
        ({"sms": "Élargissement \u201cquoted\u201d"}, "sms"),
        ({"ends_at": NOW}, "until"),
        ({"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=1)}, "until"),
        ({"ends_at": NOW + timedelta(days=61)}, "until"),
        ({"area": Area(circle=Circle(1, 2, 10, "x"))}, "metres"),
        ({"area": Area(circle=Circle(1, 2, 5_001, "x"))}, "metres"),
    ],
)
def test_what_is_wrong_with_a_notice_is_said_at_its_field(
    changes: dict[str, Any], field: str
) -> None:
    fault = fault_of(make_notice(**changes), NOW, ZONE)
    assert (fault.field if fault else "") == field


def test_a_notice_is_kept_as_it_is() -> None:
    notice = make_notice(
        area=Area(("11",), "Elm St", Circle(1.5, 2.5, 300, "here")),
        services=("a", "b"),
        version=3,
    )
    assert Notice.from_dict(notice.to_dict()) == notice
