"""When the desk is open, and when it opens next, in the city's own time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services_catalog.desk import MINUTES_OF_A_DAY, Desk, Span

# So far ahead an opening is looked for: beyond it nobody would plan with what they are told.
_LOOK_AHEAD = 21

IsHoliday = Callable[[date], bool]


def is_open(desk: Desk, at: datetime, zone: ZoneInfo, is_holiday: IsHoliday) -> bool:
    """Say whether people answer at a moment."""
    here = at.astimezone(zone)
    minute = here.hour * 60 + here.minute
    spans = _spans_of(desk, here.date(), is_holiday)
    return any(span.opens <= minute < span.closes for span in spans)


def opens_next(
    desk: Desk, at: datetime, zone: ZoneInfo, is_holiday: IsHoliday
) -> datetime | None:
    """Return when people are back after a moment at which they are not there; None: not within three weeks."""
    here = at.astimezone(zone)
    days = (here.date() + timedelta(days=n) for n in range(_LOOK_AHEAD + 1))
    return next(
        (o for day in days for o in _openings(desk, day, zone, is_holiday) if o > here), None
    )


def said_when(moment: datetime, at: datetime, zone: ZoneInfo) -> str:
    """Return a moment ahead as one says it: "today at 1 pm", "on Monday, December 7 at 8:30 am"."""
    there, here = moment.astimezone(zone), at.astimezone(zone)
    days = (there.date() - here.date()).days
    if days == 0:
        day = "today"
    elif days == 1:
        day = "tomorrow"
    elif days < 7:
        day = f"on {there:%A}"
    else:
        day = f"on {there:%A}, {there:%B} {there.day}"
    return f"{day} at {_clock(there)}"


def _clock(at: datetime) -> str:
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{hour}{minutes} {'am' if at.hour < 12 else 'pm'}"


def _spans_of(desk: Desk, day: date, is_holiday: IsHoliday) -> Sequence[Span]:
    return desk.holiday_hours if is_holiday(day) else desk.hours[day.weekday()]


def _openings(
    desk: Desk, day: date, zone: ZoneInfo, is_holiday: IsHoliday
) -> Iterator[datetime]:
    for span in _spans_of(desk, day, is_holiday):
        hour, minute = divmod(span.opens, 60)
        # No opening at the end of a day: a span that opens is open.
        assert span.opens < MINUTES_OF_A_DAY  # noqa: S101 (services_catalog.desk checks it)
        yield datetime.combine(day, time(hour, minute), zone)
