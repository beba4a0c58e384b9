"""Dates of waste collection come into a pack's tables: planned first, all or nothing."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog import cli
from services_catalog.packs import PackError
from services_catalog.places.imports.pickups import calendar_name
from services_catalog.places.imports.schedules import (
    SchedulePlan,
    apply_schedule,
    moved_from,
    plan_schedule,
)
from services_catalog.places.schedule import read_calendar
from tests.services_catalog.places.small_tables import write_tables

TODAY = date(2026, 11, 25)
ZONE = ZoneInfo("America/Toronto")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tables(tmp_path)


def schedule(
    folder: Path, text: str, name: str = "dates.csv", calendar: str = ""
) -> SchedulePlan:
    file = folder.parent / name
    file.write_text(text, encoding="utf-8")
    return plan_schedule(
        file, folder, calendar=calendar, source="collection_schedule", as_of="2026-11-25",
        today=TODAY, zone=ZONE,
    )  # fmt: skip


CITYS = """_id,Calendar,WeekStarting,GreenBin,Garbage,YardWaste, ChristmasTree
1,Tuesday1,12/01/26,T,T,T,0
2,Tuesday1,12/08/26,T,0,0,0
3,Tuesday1,12/16/26,T,T,0,0
4,Tuesday1,01/05/27,T,T,0,T
"""


def test_the_citys_csv_gives_days_bins_and_holiday_shifts(folder: Path) -> None:
    found = schedule(folder, CITYS)
    assert found.details() == [
        "+ Tuesday 1: Tuesday 2026-12-01: garbage, green bin, yard waste",
        "+ Tuesday 1: Tuesday 2026-12-08: green bin",
        "+ Tuesday 1: Wednesday 2026-12-16: garbage, green bin (instead of Tuesday 2026-12-15)",
        "+ Tuesday 1: Tuesday 2027-01-05: garbage, green bin, Christmas trees",
    ]
    assert str(found) == "4 dates to add, 0 to change, 0 to remove (1 moved by a holiday)"
    apply_schedule(found)
    (first, second) = read_calendar(folder).next("Tuesday 1", date(2026, 12, 9))
    assert (first.day, first.moved_from) == (date(2026, 12, 16), date(2026, 12, 15))
    assert second.streams == ("garbage", "green_bin", "christmas_tree")
    assert schedule(folder, CITYS).is_empty


def test_in_older_files_the_date_begins_the_week_and_the_mark_is_the_day(folder: Path) -> None:
    text = "Calendar,WeekStarting,GreenBin,Garbage,Recycling\n"
    text += (
        "MondayNight,9/2/2012,T,0,T\nMondayNight,9/9/2012,M,M,0\nMondayNight,9/16/2012,M,0,M\n"
    )
    found = schedule(folder, text)
    assert [line.split(":")[1].strip() for line in found.details()] == [
        "Tuesday 2012-09-04",
        "Monday 2012-09-10",
        "Monday 2012-09-17",
    ]
    assert found.added[0][1].moved_from == date(2012, 9, 3)
    assert "no collection area has the calendar Monday Night" in str(found)


def test_our_own_columns_are_read(folder: Path) -> None:
    text = "calendar,date,streams,moved_from\nTuesday 1,2026-12-01,garbage|recycling,\n"
    text += "Tuesday 1,2026-12-12,garbage,2026-12-08\n"
    found = schedule(folder, text)
    assert [p.moved_from for _, p in found.added] == [None, date(2026, 12, 8)]


def test_a_file_speaks_for_its_own_span_of_its_own_calendars(folder: Path) -> None:
    own = "calendar,date,streams,moved_from\n"
    first = "".join(f"Tuesday 1,2026-12-{d:02},garbage,\n" for d in (1, 8, 15, 22))
    apply_schedule(schedule(folder, f"{own}{first}Friday 1,2026-12-11,garbage,\n"))
    found = schedule(
        folder, f"{own}Tuesday 1,2026-12-08,green_bin,\nTuesday 1,2026-12-22,garbage,\n"
    )
    assert found.details() == [
        "~ Tuesday 1: Tuesday 2026-12-08: green bin",
        "- Tuesday 1: Tuesday 2026-12-15: garbage",
    ]
    apply_schedule(found)
    now = read_calendar(folder)
    assert [p.day.day for p in now.next("Tuesday 1", date(2026, 12, 1), 9)] == [1, 8, 22]
    assert len(now.next("Friday 1", date(2026, 12, 1))) == 1


def ics(*events: str) -> str:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nDTSTAMP:20260101T000000Z\n{e}\nEND:VEVENT\n"
        for n, e in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{body}END:VCALENDAR\n"


def days(found: SchedulePlan) -> list[str]:
    return [f"{p.day} {'|'.join(p.streams)}" for _, p in found.added]


def test_icalendar_rules_are_followed_and_dates_left_out(folder: Path) -> None:
    text = ics(
        "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4\n"
        "EXDATE;VALUE=DATE:20261229\nSUMMARY:\N{WASTEBASKET} Garbage Day\nDESCRIPTION:Garbage/Green Bin",
        "DTSTART;VALUE=DATE:20261230\nSUMMARY:Garbage and Green Bin",
        "DTSTART;VALUE=DATE:20261208\nSUMMARY:Recycling and yard waste",
        "DTSTART;VALUE=DATE:20261222\nSTATUS:CANCELLED\nSUMMARY:Garbage",
    )
    found = schedule(folder, text, "tuesday.ics", "Tuesday1")
    assert days(found) == [
        "2026-12-01 garbage|green_bin",
        "2026-12-08 recycling|yard_waste",
        "2026-12-15 garbage|green_bin",
        "2026-12-30 garbage|green_bin",
        "2027-01-12 garbage|green_bin",
    ]
    assert found.added[3][1].moved_from == date(2026, 12, 29)
    assert found.added[0][0] == "Tuesday 1"


def test_a_rule_without_an_end_is_followed_for_a_year_and_times_are_the_citys(
    folder: Path,
) -> None:
    # 3 a.m. in Greenwich on Wednesday is Tuesday evening in the city.
    text = ics("DTSTART:20261202T030000Z\nRRULE:FREQ=WEEKLY\nSUMMARY:Garbage")
    found = schedule(folder, text, "tuesday.ics", "Tuesday 1")
    assert found.added[0][1].day == date(2026, 12, 1)
    assert 50 <= len(found.added) <= 60
    assert {p.day.weekday() for _, p in found.added} == {1}


def test_two_events_of_a_day_are_one_pickup(folder: Path) -> None:
    text = ics(
        "DTSTART;VALUE=DATE:20261201\nSUMMARY:Garbage",
        "DTSTART;VALUE=DATE:20261201\nSUMMARY:Green bin",
    )
    assert days(schedule(folder, text, "t.ics", "Tuesday 1")) == [
        "2026-12-01 garbage|green_bin"
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CITYS.replace("12/08/26", "08/12/2x"), "line 3: '08/12/2x' is not a date"),
        (CITYS.replace("12/08/26", "31/12/26"), "line 3: '31/12/26' is not a date"),
        (CITYS.replace("12/08/26,T", "12/08/26,x"), "line 3: greenbin has the mark 'x'"),
        (CITYS.replace("12/08/26,T", "12/08/26,0"), "line 3: it marks nothing"),
        (CITYS.replace("12/08/26,T", "12/09/26,F"), "line 3: 2026-12-09 is a Wednesday, and neither"),
        (CITYS.replace("2,Tuesday1", "2,"), "line 3: the calendar is missing"),
        (CITYS.replace("12/08/26", "12/01/26"), "line 3: Tuesday 1 has 2026-12-01 twice"),
        ("calendar,date,streams\nTuesday 1,2026-12-01,glass\n", "line 2: streams are 'glass'"),
        ("calendar,date,streams\nTuesday 1,2026-13-01,garbage\n", "line 2: '2026-13-01' is not a date"),
        ("day,bins\nTuesday,garbage\n", "its columns are day, bins"),
        (ics("DTSTART;VALUE=DATE:20261201\nSUMMARY:Street party"), "line 4: 'Street party' names nothing"),
        (ics("SUMMARY:Garbage"), "line 4: the event has no day"),
        (ics("DTSTART:20261201T000000\nRRULE:FREQ=SECONDLY\nSUMMARY:Garbage"), "line 4: the event repeats more"),
        (ics(), "has no events"),
        (ics("DTSTART;VALUE=DATE:20200101\nSUMMARY:Garbage"), "has no pickup from a year ago on"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "dates.csv"),
    ],
)  # fmt: skip
def test_a_broken_date_is_named_by_its_line_and_nothing_is_changed(
    folder: Path, text: str, says: str
) -> None:
    with pytest.raises(PackError) as fault:
        schedule(folder, text, calendar="Tuesday 1")
    assert says in str(fault.value)
    assert not (folder / "collection_schedule.csv").exists()


def test_an_ics_file_needs_its_calendars_name(folder: Path) -> None:
    with pytest.raises(PackError, match="say whose dates these are"):
        schedule(folder, ics("DTSTART;VALUE=DATE:20261201\nSUMMARY:Garbage"), "t.ics")


@pytest.mark.parametrize(
    ("day", "usual_day"),
    [
        ("2027-01-02", "2027-01-01"),  # New Year's Day is a Friday
        ("2026-12-24", "2026-12-25"),
        ("2027-01-01", None),
    ],
)
def test_a_day_on_another_weekday_was_moved_from_the_nearest_usual_one(
    day: str, usual_day: str | None
) -> None:
    expected = date.fromisoformat(usual_day) if usual_day else None
    assert moved_from(date.fromisoformat(day), 4, set()) == expected


def test_an_extra_day_beside_the_usual_one_was_not_moved() -> None:
    assert moved_from(date(2027, 1, 2), 4, {date(2027, 1, 1), date(2027, 1, 2)}) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_the_day_it_was_moved_from_is_a_usual_one_within_three_days(
    day: date, usual: int
) -> None:
    found = moved_from(day, usual, {day})
    if day.weekday() == usual:
        assert found is None
    else:
        assert found is not None
        assert found.weekday() == usual
        assert abs((found - day).days) <= 3


@pytest.mark.parametrize("written", ["Tuesday1", "Tuesday 1", " Tuesday  1 "])
def test_calendars_are_named_as_the_collection_areas_name_them(written: str) -> None:
    assert calendar_name(written) == "Tuesday 1"


def test_the_schedule_command_prints_the_plan_and_applies_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "places_folder", lambda city: folder)
    file = folder.parent / "dates.csv"
    file.write_text(CITYS, encoding="utf-8")
    assert cli.main(["import-schedule", str(file), "--plan"]) == 0
    assert not (folder / "collection_schedule.csv").exists()
    assert cli.main(["import-schedule", str(file)]) == 0
    assert "4 dates to add" in capsys.readouterr().out
    assert len(read_calendar(folder).by_name["Tuesday 1"]) == 4
