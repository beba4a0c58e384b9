"""What the board shows, and the hours it counts by. Pure: no database, no clock here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# So far back goes what is counted over some days.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class InLine:
    """Residents and people, at this moment."""

    waiting: int
    longest_since: (
        datetime | None
    )  # since when whoever waits longest has waited; None: nobody waits
    held: int
    to_contact: int  # who asked to be contacted, and was not yet


@dataclass(frozen=True)
class Promises:
    """Open cases of a queue with a promised date that is near or past."""

    queue: str
    today: int  # promised for today, still to come
    missed: int
    explained: int  # of those missed: residents were told why


@dataclass(frozen=True)
class Missed:
    """An open case whose promised date is past."""

    reference: str
    service: str
    queue: str
    due_at: datetime
    reason: str | None  # as residents were told; None: nobody said why


@dataclass(frozen=True)
class NotFixed:
    """A case that a resident says is not fixed."""

    reference: str
    service: str
    queue: str
    at: datetime


@dataclass(frozen=True)
class Hour:
    """What was brought to an end in an hour of the city's day."""

    begins: datetime
    conversations: int
    cases: int


@dataclass(frozen=True)
class Rerouted:
    """How often staff moved cases from one queue to another."""

    from_queue: str
    to_queue: str
    times: int


@dataclass(frozen=True)
class Board:
    """All of it, as of one moment."""

    now: datetime
    line: InLine
    promises: tuple[Promises, ...]
    missed: tuple[Missed, ...]
    hours: tuple[Hour, ...]
    reroutes: tuple[Rerouted, ...]
    reopened: int
    said_not_fixed: int
    not_fixed: tuple[NotFixed, ...]

    @property
    def longest_wait(self) -> timedelta:
        """How long whoever waits longest has waited."""
        since = self.line.longest_since
        return self.now - since if since else timedelta(0)

    @property
    def missed_in_all(self) -> int:
        """How many promised dates are past."""
        return sum(p.missed for p in self.promises)

    @property
    def today_in_all(self) -> int:
        """How many cases are promised for today."""
        return sum(p.today for p in self.promises)

    @property
    def rerouted_in_all(self) -> int:
        """How often a case was moved on."""
        return sum(r.times for r in self.reroutes)

    @property
    def handled_today(self) -> int:
        """How many conversations and cases were brought to an end today."""
        return sum(hour.conversations + hour.cases for hour in self.hours)


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the city's day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def by_hour(
    conversations: Iterable[datetime],
    cases: Iterable[datetime],
    now: datetime,
    zone: ZoneInfo,
) -> Sequence[Hour]:
    """Return the hours of today, from the first in which something was handled to this one."""
    ended = Counter(_hour(at, zone) for at in conversations)
    resolved = Counter(_hour(at, zone) for at in cases)
    this = _hour(now, zone)
    hour = min((*ended, *resolved, this))
    hours = []
    while hour <= this:
        hours.append(Hour(hour, ended[hour], resolved[hour]))
        # By the clock that passes: on the night in which it is changed there are 23 or 25.
        hour = _hour(hour.astimezone(_UTC) + timedelta(hours=1), zone)
    return hours


_UTC = ZoneInfo("UTC")


def _hour(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
