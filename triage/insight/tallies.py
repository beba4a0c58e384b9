"""What is counted, and when it counts. Pure: contacts, handovers, cases in; tallies out.

A tally is so many of something at a moment. All figures are sums of tallies: of a period, or of each day beforehand, so that a
page can add up a year in a moment. Whoever changes what is counted here rebuilds the days (`python -m triage rebuild-figures`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from triage.insight.contacts import Contact, became


class Measure(StrEnum):
    """What is counted, each by names of its own."""

    CHANNEL = "channel"  # contacts, by channel
    HOUR = "hour"  # contacts, by the hour of the city's day, 0 to 23
    BECAME = "became"  # contacts, by what they came to
    HANDOVER = "handover"  # wishes for a person, by reason
    WAIT = "wait"  # people who came, by how many seconds it took at most
    REPORT = "report"  # cases opened, by division
    JOINED = "joined"  # residents who joined a case that was opened
    DONE = "done"  # cases that were done, by whether a resident said it was not fixed: FIXED, NOT_FIXED
    CONFIRMED = "confirmed"  # cases of which a resident said last that it was fixed
    PROMISE = "promise"  # promised days, by what became of them: KEPT, LATE, OPEN
    ANSWERED = "answered"  # answers, by entry
    UNANSWERED = (
        "unanswered"  # questions without an answer, by the entry that was nearest ("": none)
    )
    HELPED = "helped"  # answers that residents judged: YES, NO


FIXED, NOT_FIXED = "fixed", "not_fixed"
KEPT, LATE, OPEN = "kept", "late", "open"
YES, NO = "yes", "no"

# Up to so many seconds a wait is told to so many.
_STEPS = ((600, 10), (3_600, 60))
_LONGEST_STEP = 600


class Tally(NamedTuple):
    """So many of something at a moment."""

    at: datetime
    measure: Measure
    name: str
    number: int = 1


@dataclass(frozen=True)
class HandedOver:
    """A conversation that was put in line for a person."""

    reason: str
    asked_at: datetime
    first_taken_at: datetime | None


@dataclass(frozen=True)
class Reported:
    """A case, as it stands."""

    division: str
    opened_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    times_reopened: int
    is_confirmed: bool
    followers: int


def of_contact(contact: Contact, zone: ZoneInfo) -> Iterator[Tally]:
    """Count a contact when it began."""
    hour = contact.began_at.astimezone(zone).hour
    yield Tally(contact.began_at, Measure.CHANNEL, contact.channel)
    yield Tally(contact.began_at, Measure.HOUR, str(hour))
    yield Tally(contact.began_at, Measure.BECAME, became(contact).value)


def of_handover(one: HandedOver) -> Iterator[Tally]:
    """Count a wish for a person, and how long it waited, when it was said."""
    yield Tally(one.asked_at, Measure.HANDOVER, one.reason)
    if one.first_taken_at:
        yield Tally(one.asked_at, Measure.WAIT, waited(one.first_taken_at - one.asked_at))


def of_opened(case: Reported) -> Iterator[Tally]:
    """Count a case when it was opened."""
    yield Tally(case.opened_at, Measure.REPORT, case.division)
    if case.followers:
        yield Tally(case.opened_at, Measure.JOINED, "", case.followers)
    if case.times_reopened:
        yield Tally(case.opened_at, Measure.DONE, NOT_FIXED)
    elif case.resolved_at:
        yield Tally(case.opened_at, Measure.DONE, FIXED)
    if case.resolved_at and case.is_confirmed:
        yield Tally(case.opened_at, Measure.CONFIRMED, "")


def of_promise(case: Reported) -> Iterator[Tally]:
    """Count a promise when its day has come. Whether it has is for who adds the tallies up."""
    if case.due_at is None:
        return
    if case.resolved_at is None:
        yield Tally(case.due_at, Measure.PROMISE, OPEN)
    else:
        is_kept = case.resolved_at <= case.due_at
        yield Tally(case.due_at, Measure.PROMISE, KEPT if is_kept else LATE)


def waited(wait: timedelta) -> str:
    """Return how many seconds it took at most, told the rougher the longer it was."""
    seconds = max(0.0, wait.total_seconds())
    step = next((step for most, step in _STEPS if seconds <= most), _LONGEST_STEP)
    return str(ceil(seconds / step) * step)


def day_of(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the city's day began that a moment lies in, in UTC."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


def day_after(day: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next of the city's days begins; some have 23 hours or 25."""
    following = day.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time(), zone).astimezone(UTC)
