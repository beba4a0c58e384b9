"""Pickups of waste in a file: the city's CSV, our own columns, or iCalendar.

Toronto's CSV (`Calendar,WeekStarting,GreenBin,Garbage,...`) marks what is collected with the letter of the weekday.
In newer files the date is the day itself, and a holiday moves the date while the letter stays; in older ones the
date is the week's first day and the letter says which day it is. Each calendar's rows tell which of the two it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import icalendar
import recurring_ical_events

from services_catalog.packs import PackError
from services_catalog.places.imports.reading import Record, read_records, read_text, refuse
from services_catalog.places.schedule import streams_in

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# How far ahead a rule without an end is followed, and how far back anything is of use.
AHEAD = timedelta(days=400)
BACK = timedelta(days=366)

# Words of event texts and names of columns, without spaces and signs, by stream.
_NAMES = {
    "garbage": ("garbage", "trash"),
    "green_bin": ("greenbin", "organics", "compost", "foodwaste"),
    "recycling": ("recycling", "bluebin", "bluebox"),
    "yard_waste": ("yardwaste", "leafandyard"),
    "christmas_tree": ("christmastree",),
}
_LETTERS = {"m": 0, "t": 1, "w": 2, "r": 3, "f": 4, "s": 5}
_MARKED, _BLANK = {"1", "y", "yes", "true"}, {"", "0", "n", "no", "false"}
_DATES = ("%Y-%m-%d", "%m/%d/%y", "%m/%d/%Y", "%m-%d-%y", "%Y%m%d", "%Y/%m/%d")
_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}


@dataclass(frozen=True)
class Found:
    """One pickup as a file says it. `moved_from` only where the file itself says so."""

    line: int
    calendar: str
    day: date
    streams: frozenset[str]
    moved_from: date | None = None


@dataclass
class _Marks:
    """One row of the city's CSV: what is collected, by the weekday of the mark (None: just marked)."""

    line: int
    day: date
    by_weekday: dict[int | None, set[str]] = field(default_factory=dict)


def read_pickups(path: Path, calendar: str, today: date, zone: tzinfo) -> list[Found]:
    """Read a file's pickups. `calendar` names whose they are where the file does not say.

    Raises:
        PackError: the file or one of its rows cannot be read; each broken row is named by its line.
    """
    text = read_text(path)
    if path.suffix.lower() == ".ics" or text.lstrip().startswith("BEGIN:VCALENDAR"):
        return list(_events(text, path.name, calendar, today, zone))
    records = read_records(path)
    columns = records[0].values.keys()
    if {"calendar", "date", "streams"} <= columns:
        return _own(path.name, records)
    if {"calendar", "weekstarting"} <= columns and any(_stream(c) for c in columns):
        return _citys(path.name, records)
    raise PackError(
        f"{path.name}: its columns are {', '.join(columns)}. Expected are calendar, date, streams and moved_from, "
        "or the city's Calendar, WeekStarting, GreenBin, Garbage and so on."
    )


def calendar_name(text: str) -> str:
    """Return a calendar's name as the collection areas write it: "Tuesday1" is "Tuesday 1"."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", text.strip())
    return " ".join(parted.split())


def usual_weekday(calendar: str, days: Iterable[date]) -> int:
    """Return the weekday (0 is Monday) that a calendar is named after, else the commonest of its days."""
    for number, name in enumerate(WEEKDAYS):
        if calendar.lower().startswith(name):
            return number
    return Counter(day.weekday() for day in days).most_common(1)[0][0]


def _own(name: str, records: Sequence[Record]) -> list[Found]:
    found, faults = [], []
    for record in records:
        try:
            moved = record.text("moved_from")
            calendar = calendar_name(record.text("calendar"))
            if not calendar:
                raise ValueError("the calendar is missing")
            found.append(
                Found(
                    record.line,
                    calendar,
                    _date(record.text("date")),
                    frozenset(streams_in(record.text("streams"))),
                    _date(moved) if moved else None,
                )
            )
        except ValueError as fault:
            faults.append(f"line {record.line}: {fault}.")
    if faults:
        raise refuse(name, faults)
    return found


def _citys(name: str, records: Sequence[Record]) -> list[Found]:
    rows: dict[str, list[_Marks]] = {}
    faults = []
    for record in records:
        try:
            calendar = calendar_name(record.text("calendar"))
            if not calendar:
                raise ValueError("the calendar is missing")
            rows.setdefault(calendar, []).append(_marks(record))
        except ValueError as fault:
            faults.append(f"line {record.line}: {fault}.")
    found = []
    for calendar, marks in rows.items():
        dated_by_day = _is_dated_by_day(marks)
        usual = usual_weekday(calendar, (m.day for m in marks)) if dated_by_day else None
        for row in marks:
            try:
                found += list(_pickups(calendar, row, usual))
            except ValueError as fault:
                faults.append(f"line {row.line}: {fault}.")
    if faults:
        raise refuse(name, faults)
    return found


def _marks(record: Record) -> _Marks:
    row = _Marks(record.line, _date(record.text("weekstarting")))
    for column in record.values:
        stream = _stream(column)
        mark = record.text(column).lower()
        if not stream or mark in _BLANK:
            continue
        if mark not in _LETTERS and mark not in _MARKED:
            raise ValueError(
                f"{column} has the mark {mark!r}; known are M T W R F S for a weekday, 1 and 0"
            )
        row.by_weekday.setdefault(_LETTERS.get(mark), set()).add(stream)
    if not row.by_weekday:
        raise ValueError("it marks nothing that is collected")
    return row


def _is_dated_by_day(rows: Sequence[_Marks]) -> bool:
    """Say whether at least half of the dates of a calendar are the day of collection, not the first day of the week."""
    agree = sum(
        1 for row in rows if any(w in (None, row.day.weekday()) for w in row.by_weekday)
    )
    return agree * 2 >= len(rows)


def _pickups(calendar: str, row: _Marks, usual: int | None) -> Iterator[Found]:
    for weekday, streams in row.by_weekday.items():
        is_date = weekday is None or weekday == row.day.weekday()
        # The date was moved and the letter stayed.
        is_moved = usual is not None and weekday == usual
        # The letter was moved within the week that the date begins, or stands in on its usual day.
        is_in_week = usual is None or row.day.weekday() == usual
        if is_date or is_moved:
            day = row.day
        elif is_in_week and weekday is not None:
            day = row.day + timedelta(days=(weekday - row.day.weekday()) % 7)
        else:
            raise ValueError(
                f"{row.day} is a {WEEKDAYS[row.day.weekday()].title()}, and neither it nor the mark is the day "
                f"of the calendar {calendar}"
            )
        yield Found(row.line, calendar, day, frozenset(streams))


def _events(text: str, name: str, calendar: str, today: date, zone: tzinfo) -> Iterator[Found]:
    try:
        parsed = icalendar.Calendar.from_ical(text)
    except ValueError as fault:
        raise PackError(f"{name}: this is not iCalendar: {fault}.") from fault
    if not calendar:
        raise PackError(f"{name}: say whose dates these are, such as --calendar 'Tuesday 1'.")
    begins = [
        n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "BEGIN:VEVENT"
    ]
    events = list(parsed.walk("VEVENT"))
    if not events:
        raise PackError(f"{name} has no events.")
    faults: list[str] = []
    for line, event in zip(begins, events, strict=False):
        try:
            _check(event)
        except ValueError as fault:
            faults.append(f"line {line}: {fault}.")
    if faults:
        raise refuse(name, faults)
    lines = {str(e.get("UID", "")): line for line, e in zip(begins, events, strict=False)}
    for event in _expanded(parsed, name, today):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        line = lines.get(str(event.get("UID", "")), 1)
        day = _day(_start(event), zone)
        yield Found(line, calendar_name(calendar), day, _streams_of(event))


def _expanded(parsed: icalendar.Calendar, name: str, today: date) -> list[icalendar.Component]:
    """Return every event from a year ago on, rules followed, dates that are left out left out."""
    days = [_day(_start(e), UTC) for e in parsed.walk("VEVENT")]
    until = max(max(days), today + AHEAD) + timedelta(days=1)
    try:
        return list(recurring_ical_events.of(parsed).between(today - BACK, until))
    except (ValueError, TypeError) as fault:
        raise PackError(f"{name}: a rule of repetition cannot be followed: {fault}.") from fault


def _check(event: icalendar.Component) -> None:
    _streams_of(event)
    _start(event)
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if _OFTEN & set(rule.get("FREQ", [])):
            raise ValueError("the event repeats more often than daily")


def _start(event: icalendar.Component) -> date | datetime:
    start = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(start, date):
        raise ValueError("the event has no day (DTSTART)")
    return start


def _streams_of(event: icalendar.Component) -> frozenset[str]:
    said = f"{event.get('SUMMARY', '')} {event.get('DESCRIPTION', '')}"
    plain = re.sub(r"[^a-z]", "", said.lower())
    streams = frozenset(s for s, names in _NAMES.items() if any(n in plain for n in names))
    if not streams:
        raise ValueError(f"{said.strip()!r} names nothing that is collected")
    return streams


def _day(start: date | datetime, zone: tzinfo) -> date:
    if not isinstance(start, datetime):
        return start
    return (start.astimezone(zone) if start.tzinfo else start).date()


def _stream(column: str) -> str:
    plain = re.sub(r"[^a-z]", "", column.lower())
    return next((s for s, names in _NAMES.items() if plain in names), "")


def _date(text: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date such as 2026-11-30 or 11/30/26 (month first)")
