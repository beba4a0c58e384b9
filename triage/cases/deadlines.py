"""When a case is promised to be done: service standards in hours, days or working days. Pure.

A standard in hours counts the hours that pass, also those of a night in which the clock is changed. A standard in days
is kept until the end of its last day in the city; the day of the report does not count. Of a standard in working
days, Saturdays, Sundays and the City's holidays do not count either.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from services_catalog.definition import ServiceStandard, StandardUnit
from services_catalog.packs import Holidays, PackError

_SATURDAY = 5
_END_OF_DAY = time(23, 59, 59)
# A holiday that is kept on another day has this behind its name.
_OBSERVED = " (observed)"


class WorkingDays:
    """The days on which a city works.

    Raises:
        PackError: the holidays that the city names are not known.
    """

    def __init__(self, kept: Holidays | None) -> None:
        self._kept = kept
        if kept:
            _must_be_known(kept)

    def has(self, day: date) -> bool:
        """Say whether the City works on a day."""
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Say whether the City keeps a day as a holiday."""
        return self._kept is not None and day in _holidays(self._kept, day.year)

    def after(self, day: date, amount: int) -> date:
        """Return the last of the next `amount` working days."""
        while amount > 0:
            day += timedelta(days=1)
            amount -= self.has(day)
        return day


def due(
    standard: ServiceStandard, opened_at: datetime, zone: ZoneInfo, working: WorkingDays
) -> datetime:
    """Return the moment until which a standard is kept, in UTC."""
    if standard.unit is StandardUnit.HOURS:
        return opened_at.astimezone(UTC) + timedelta(hours=standard.amount)
    opened_on = opened_at.astimezone(zone).date()
    if standard.unit is StandardUnit.DAYS:
        last = opened_on + timedelta(days=standard.amount)
    else:
        last = working.after(opened_on, standard.amount)
    return datetime.combine(last, _END_OF_DAY, zone).astimezone(UTC)


@cache
def _holidays(kept: Holidays, year: int) -> Collection[date]:
    """Return a year's holidays: all public ones, and of the optional ones those that the city names."""

    # By name, not by day: for a Christmas on a Sunday the library keeps two days in its place only in the longer list.
    public = {n for names in _days(kept, year, "public").values() for n in _each(names)}
    return frozenset(
        day
        for day, names in _days(kept, year, "public", "optional").items()
        if any(n in public or n in kept.optional for n in _each(names))
    )


def _days(kept: Holidays, year: int, *categories: str) -> holidays.HolidayBase:
    return holidays.country_holidays(
        kept.country,
        subdiv=kept.subdivision,
        years=year,
        categories=categories,
        language=kept.language,
    )


def _each(names: str) -> list[str]:
    """Return the names of the holidays that fall on a day."""
    return [name.removesuffix(_OBSERVED) for name in names.split("; ")]


def _must_be_known(kept: Holidays) -> None:
    try:
        names = {
            n
            for all_of_a_day in _days(kept, 2026, "optional").values()
            for n in _each(all_of_a_day)
        }
    except NotImplementedError as fault:
        raise PackError(f"city.yaml: holidays: {fault}") from None
    if unknown := sorted(set(kept.optional) - names):
        raise PackError(
            f"city.yaml: holidays/optional names {', '.join(unknown)}; there are: {', '.join(sorted(names))}."
        )
