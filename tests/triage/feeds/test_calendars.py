"""Collection days as iCalendar, from the real app with an imported schedule; each file is read again with the library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest

from services_catalog.packs import load_city, read_entries
from services_catalog.places.schedule import COLUMNS, Pickup, calendar_path
from tests.support.databases import new_sqlite
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin
from triage.feeds import calendars
from triage.feeds.calendars import calendar_of, shown

# The city's day: in UTC it is tomorrow there from the evening on.
TODAY = datetime.now(ZoneInfo("America/Toronto")).date()
SERVICE = "/services/garbage_collection_schedule"


def row(name: str, day: date, streams: str, moved_from: str = "") -> str:
    return f"{name},{day},{streams},{moved_from},collection_schedule,2026\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("places")
    moved = TODAY + timedelta(days=8)
    (folder / "collection_schedule.csv").write_text(
        f"{','.join(COLUMNS)}\n"
        + row("Tuesday 1", TODAY - timedelta(days=40), "garbage")
        + row("Tuesday 1", TODAY - timedelta(days=6), "recycling")
        + row("Tuesday 1", TODAY + timedelta(days=1), "green_bin|garbage")
        + row("Tuesday 1", moved, "green_bin|recycling", f"{moved - timedelta(days=1)}")
        + row("Friday 2", TODAY - timedelta(days=1), "garbage"),
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def line(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    database_url = new_sqlite(tmp_path_factory.mktemp("calendars"))
    import_entries(database_url, read_entries("toronto"))
    with AssistantTwin() as assistant, pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendars, "places_folder", lambda _: folder)
        with (
            front_door(database_url, assistant.url) as url,
            httpx.Client(base_url=url, trust_env=False) as client,
        ):
            # Only this line has one.
            patch.undo()
            yield client


def test_a_calendar_has_the_days_to_come_and_those_just_past(line: httpx.Client) -> None:
    answer = line.get("/calendar/collection/tuesday-1.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    assert [(e.decoded("dtstart") - TODAY).days for e in events] == [-6, 1, 8]
    assert all(e.decoded("dtend") - e.decoded("dtstart") == timedelta(days=1) for e in events)
    assert [str(e["summary"]) for e in events] == [
        "Recycling", "Garbage, green bin", "Green bin, recycling",
    ]  # fmt: skip
    assert "because of a holiday" in str(events[2]["description"])
    assert len({str(e["uid"]) for e in events}) == 3
    again = line.get(
        "/calendar/collection/tuesday-1.ics", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("area", ["friday-2", "someday-9", "Tuesday 1"])
def test_where_no_day_to_come_is_known_there_is_no_calendar(
    line: httpx.Client, area: str
) -> None:
    answer = line.get(f"/calendar/collection/{area}.ics")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "calendar_not_found"


def test_the_page_about_collection_days_leads_to_the_calendars_and_no_other_page(
    line: httpx.Client,
) -> None:
    page = line.get(SERVICE).text
    assert '<a href="/calendar/collection/tuesday-1.ics">Tuesday 1</a>' in page
    assert "friday-2" not in page
    assert "/calendar/" not in line.get("/services/pothole").text


def test_without_a_schedule_the_page_promises_none(feeds: httpx.Client) -> None:
    assert "/calendar/" not in feeds.get(SERVICE).text


def test_what_a_calendar_shows_and_that_the_same_days_give_the_same_file() -> None:
    def on(day: date) -> Pickup:
        return Pickup(day, ("garbage",))

    today = date(2026, 11, 30)
    old, past, now = on(date(2026, 10, 30)), on(date(2026, 10, 31)), on(today)
    assert shown([old, past, now], today) == [past, now]
    assert shown([past], today) == ()
    city, changed = load_city("toronto"), datetime(2026, 11, 1, tzinfo=UTC)
    first = calendar_of("Tuesday 1", [now], city, changed)
    assert first == calendar_of("Tuesday 1", [now], city, changed)
    assert calendar_path("Tuesday 1") == "/calendar/collection/tuesday-1.ics"
