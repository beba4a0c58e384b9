"""When a case is promised to be done, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.definition import ServiceStandard, StandardUnit
from services_catalog.packs import Holidays, PackError, load_city
from triage.cases.deadlines import WorkingDays, due

TORONTO = ZoneInfo("America/Toronto")
CITY = load_city("toronto")
WORKING = WorkingDays(CITY.holidays)
HOURS, DAYS, WORKING_DAYS = StandardUnit


def due_on(opened: str, amount: int, unit: StandardUnit) -> str:
    """When something opened at this time in Toronto is due, in Toronto's time."""
    moment = datetime.fromisoformat(opened).replace(tzinfo=TORONTO)
    at = due(ServiceStandard(amount, unit), moment, TORONTO, WORKING)
    return at.astimezone(TORONTO).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("opened", "amount", "by"),
    [
        # A plain week: the day of the report does not count.
        ("2026-06-01 09:00", 1, "Tue 2026-06-02 23:59"),   # Monday
        ("2026-06-01 09:00", 4, "Fri 2026-06-05 23:59"),
        ("2026-06-01 09:00", 5, "Mon 2026-06-08 23:59"),   # over a weekend
        ("2026-06-05 23:59", 1, "Mon 2026-06-08 23:59"),   # Friday, late
        ("2026-06-06 10:00", 1, "Mon 2026-06-08 23:59"),   # Saturday
        ("2026-06-07 10:00", 1, "Mon 2026-06-08 23:59"),   # Sunday
        ("2026-06-01 09:00", 0, "Mon 2026-06-01 23:59"),   # the same day
        ("2026-06-01 09:00", 10, "Mon 2026-06-15 23:59"),
        # New Year's Day 2026 is a Thursday, of 2027 a Friday.
        ("2025-12-31 12:00", 1, "Fri 2026-01-02 23:59"),
        ("2026-12-31 12:00", 1, "Mon 2027-01-04 23:59"),
        # Family Day: the third Monday of February.
        ("2026-02-13 12:00", 1, "Tue 2026-02-17 23:59"),
        # Easter 2026: Friday April 3 and Monday April 6 are off.
        ("2026-04-02 12:00", 1, "Tue 2026-04-07 23:59"),
        ("2026-04-02 12:00", 2, "Wed 2026-04-08 23:59"),
        # Victoria Day.
        ("2026-05-15 12:00", 1, "Tue 2026-05-19 23:59"),
        # Canada Day 2026 is a Wednesday.
        ("2026-06-30 12:00", 1, "Thu 2026-07-02 23:59"),
        # Civic Holiday: the first Monday of August.
        ("2026-07-31 12:00", 1, "Tue 2026-08-04 23:59"),
        ("2027-07-30 12:00", 1, "Tue 2027-08-03 23:59"),
        # Labour Day.
        ("2026-09-04 12:00", 1, "Tue 2026-09-08 23:59"),
        # Not the National Day for Truth and Reconciliation, nor Remembrance Day.
        ("2026-09-29 12:00", 1, "Wed 2026-09-30 23:59"),
        ("2026-11-10 12:00", 1, "Wed 2026-11-11 23:59"),
        # Thanksgiving.
        ("2026-10-09 12:00", 1, "Tue 2026-10-13 23:59"),
        # Christmas 2026: a Friday; Boxing Day on Saturday is kept on Monday.
        ("2026-12-24 12:00", 1, "Tue 2026-12-29 23:59"),
        # Christmas 2027: Saturday and Sunday are kept on Monday and Tuesday.
        ("2027-12-24 12:00", 1, "Wed 2027-12-29 23:59"),
        # Christmas 2022: Sunday and Monday; kept on Monday and Tuesday.
        ("2022-12-23 12:00", 1, "Wed 2022-12-28 23:59"),
        # Over the end of a year: January 1 2028 is a Saturday, kept on Monday the third.
        ("2027-12-29 12:00", 3, "Tue 2028-01-04 23:59"),
        # Just before and after midnight in Toronto, which is another day in UTC.
        ("2026-06-01 23:30", 1, "Tue 2026-06-02 23:59"),
        ("2026-06-02 00:30", 1, "Wed 2026-06-03 23:59"),
    ],
)  # fmt: skip
def test_working_days_leave_out_weekends_and_the_citys_holidays(
    opened: str, amount: int, by: str
) -> None:
    assert due_on(opened, amount, WORKING_DAYS) == by


@pytest.mark.parametrize(
    ("opened", "amount", "unit", "by"),
    [
        ("2026-12-24 12:00", 7, DAYS, "Thu 2026-12-31 23:59"),
        ("2026-12-24 12:00", 56, DAYS, "Thu 2027-02-18 23:59"),
        ("2026-02-28 12:00", 1, DAYS, "Sun 2026-03-01 23:59"),
        ("2028-02-28 12:00", 1, DAYS, "Tue 2028-02-29 23:59"),
        # Over the night of March 8 2026, in which an hour is missing, and of November 1, which has one more.
        ("2026-03-07 12:00", 24, HOURS, "Sun 2026-03-08 13:00"),
        ("2026-10-31 12:00", 24, HOURS, "Sun 2026-11-01 11:00"),
        ("2026-03-07 12:00", 2, DAYS, "Mon 2026-03-09 23:59"),
        ("2026-10-31 12:00", 2, DAYS, "Mon 2026-11-02 23:59"),
        ("2026-12-24 12:00", 72, HOURS, "Sun 2026-12-27 12:00"),
    ],
)
def test_days_of_the_calendar_and_hours(
    opened: str, amount: int, unit: StandardUnit, by: str
) -> None:
    assert due_on(opened, amount, unit) == by


moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@given(moments, st.integers(1, 60))
def test_a_promise_in_working_days_ends_on_a_working_day_and_counts_them(
    opened: datetime, amount: int
) -> None:
    at = due(ServiceStandard(amount, WORKING_DAYS), opened, TORONTO, WORKING)
    first, last = opened.astimezone(TORONTO).date(), at.astimezone(TORONTO).date()
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert WORKING.has(last)
    assert sum(WORKING.has(d) for d in days) == amount


@given(moments, st.integers(0, 60), st.sampled_from(StandardUnit))
def test_more_time_is_never_due_earlier(
    opened: datetime, amount: int, unit: StandardUnit
) -> None:
    def at(n: int) -> datetime:
        return due(ServiceStandard(n, unit), opened, TORONTO, WORKING)

    assert opened <= at(amount) <= at(amount + 1)


def test_a_city_without_holidays_rests_on_weekends_alone() -> None:
    working = WorkingDays(None)
    assert working.has(date(2026, 12, 25))
    assert not working.has(date(2026, 12, 26))


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        (Holidays("CA", "ON", ("Civic Holliday",), "en_CA"), "Civic Holliday"),
        (Holidays("CA", "ONT"), "ONT"),
        (Holidays("XX"), "XX"),
    ],
)
def test_holidays_that_nobody_knows_are_refused_when_the_pack_is_read(
    kept: Holidays, says: str
) -> None:
    with pytest.raises(PackError, match=says):
        WorkingDays(kept)
