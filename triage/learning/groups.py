"""Groups of messages as they are shown, and when one that was settled is shown again. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage.learning.collecting import Why

WEEK = timedelta(days=7)
# What was settled is shown again once so many more have come, and half as many as it had.
GROWS_BY = 3


class How(StrEnum):
    """How a group was settled."""

    WORDING = "wording"  # words were added to an entry
    ENTRY = "entry"  # a new entry was begun
    ASIDE = "aside"  # it was set aside


class Trend(StrEnum):
    """How this week is beside the one before."""

    NEW = "new"
    MORE = "more"
    FEWER = "fewer"
    SAME = "same"


@dataclass(frozen=True)
class Kept:
    """A message of a group, in redacted words."""

    id: str
    why: Why
    text: str
    note: str | None
    outcome: str | None
    services: Sequence[str]
    at: datetime


@dataclass(frozen=True)
class Settled:
    """That a group was settled."""

    how: How
    why: str
    by: str
    at: datetime
    size: int


@dataclass(frozen=True)
class Group:
    """Messages that mean the same, the newest first."""

    id: str
    words: str
    messages: Sequence[Kept]
    settled: Settled | None
    now: datetime

    @property
    def this_week(self) -> int:
        """How many came in the last seven days."""
        return sum(m.at > self.now - WEEK for m in self.messages)

    @property
    def week_before(self) -> int:
        """How many came in the seven days before those."""
        return sum(self.now - 2 * WEEK < m.at <= self.now - WEEK for m in self.messages)

    @property
    def trend(self) -> Trend:
        """How this week is beside the one before."""
        now, before = self.this_week, self.week_before
        if now == before:
            return Trend.SAME
        if now < before:
            return Trend.FEWER
        is_new = before == 0 and now == len(self.messages)
        return Trend.NEW if is_new else Trend.MORE

    @property
    def why(self) -> Mapping[Why, int]:
        """How many there are of each kind, the most first."""
        return dict(Counter(m.why for m in self.messages).most_common())

    @property
    def services(self) -> Sequence[str]:
        """The entries that were answered, offered or near, the most frequent first."""
        return [
            id for id, _ in Counter(s for m in self.messages for s in m.services).most_common()
        ]

    @property
    def since_settled(self) -> int:
        """How many came since it was settled."""
        return sum(m.at > self.settled.at for m in self.messages) if self.settled else 0

    @property
    def is_open(self) -> bool:
        """Say whether somebody should look at it: it was not settled, or has grown again."""
        if self.settled is None:
            return True
        return self.since_settled >= max(GROWS_BY, self.settled.size / 2)


def most_wanted(groups: Sequence[Group]) -> list[Group]:
    """Return groups in the order in which they should be looked at: by this week's number, then by all."""
    return sorted(groups, key=lambda g: (-g.this_week, -len(g.messages), g.words))
