"""The dates of waste collection: read from a pack, and asked for."""

from datetime import date
from pathlib import Path

import pytest

from services_catalog.packs import PackError
from services_catalog.places.schedule import CollectionCalendar, Pickup, read_calendar
from services_catalog.places.tables import Gazetteer, places_folder

HEADER = "calendar,date,streams,moved_from,source,as_of\n"


def calendar(folder: Path, *rows: str) -> CollectionCalendar:
    (folder / "collection_schedule.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return read_calendar(folder)


def test_without_a_schedule_nothing_is_known(tmp_path: Path) -> None:
    empty = read_calendar(tmp_path)
    assert empty.next("Tuesday 1", date(2026, 11, 25)) == ()
    assert not empty.is_current(date(2026, 11, 25))
    assert empty.exceptions == ()


def test_the_next_dates_are_those_from_today_on_in_order(tmp_path: Path) -> None:
    found = calendar(
        tmp_path,
        "Tuesday 1,2026-12-08,garbage|green_bin,,s,2026",
        "Tuesday 1,2026-11-24,garbage|green_bin,,s,2026",
        "Tuesday 2,2026-12-01,garbage,,s,2026",
        "Tuesday 1,2026-12-01,yard_waste|green_bin,,s,2026",
    )
    coming = found.next("Tuesday 1", date(2026, 11, 25))
    assert [p.day for p in coming] == [date(2026, 12, 1), date(2026, 12, 8)]
    assert coming[0].streams == ("green_bin", "yard_waste")
    assert found.next("Tuesday 1", date(2026, 11, 24), limit=1)[0].day == date(2026, 11, 24)
    assert found.next("Tuesday 1", date(2026, 12, 9)) == ()
    assert found.next("Sunday 9", date(2026, 11, 24)) == ()


def test_a_day_moved_by_a_holiday_says_its_usual_day(tmp_path: Path) -> None:
    found = calendar(tmp_path, "Friday 1,2026-12-26,green_bin,2026-12-25,city,2026-01")
    assert found.next("Friday 1", date(2026, 12, 20)) == (
        Pickup(date(2026, 12, 26), ("green_bin",), date(2026, 12, 25), "city", "2026-01"),
    )


@pytest.mark.parametrize(("today", "is_current"), [("2026-12-01", True), ("2026-12-02", False)])
def test_a_schedule_is_current_as_long_as_it_has_a_date_to_come(
    tmp_path: Path, today: str, is_current: bool
) -> None:
    found = calendar(
        tmp_path, "Tuesday 1,2026-11-24,garbage,,s,2026", "Friday 1,2026-12-01,garbage,,s,2026"
    )
    assert found.is_current(date.fromisoformat(today)) is is_current


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Tuesday 1,next week,garbage,,s,2026", "line 2: Invalid isoformat string"),
        ("Tuesday 1,2026-12-01,glass,,s,2026", "line 2: streams are 'glass'"),
        ("Tuesday 1,2026-12-01,,,s,2026", "line 2: streams are ''"),
        (",2026-12-01,garbage,,s,2026", "line 2: a pickup needs its calendar"),
        ("Tuesday 1,2026-12-01,garbage,a holiday,s,2026", "line 2: Invalid isoformat string"),
        ("Tuesday 1,2026-12-01", "line 2:"),
    ],
)
def test_a_broken_row_is_named_by_its_line(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(PackError, match=r"collection_schedule\.csv") as fault:
        calendar(tmp_path, row)
    assert says in str(fault.value)


def test_a_calendar_has_a_day_once(tmp_path: Path) -> None:
    row = "Tuesday 1,2026-12-01,garbage,,s,2026"
    with pytest.raises(PackError, match="has 2026-12-01 twice"):
        calendar(tmp_path, row, row)


def test_each_exception_names_a_calendar_of_a_collection_area(toronto: Gazetteer) -> None:
    known = {a.facts.get("calendar") for a in toronto.collection_areas}
    assert {e.calendar for e in read_calendar(places_folder("toronto")).exceptions} <= known
