"""The figures of a period, from its tallies. Pure: counts in, figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from triage.insight.contacts import INFORMATION, Became
from triage.insight.shares import Share
from triage.insight.tallies import (
    KEPT,
    LATE,
    NOT_FIXED,
    OPEN,
    YES,
    Measure,
    Tally,
)

# Of all contacts of the city's line, so many in ten ask for basic information: what the line was begun for.
BASIC_INFORMATION = 0.7


@dataclass(frozen=True)
class Waits:
    """How long residents waited for a person who then came, told to ten seconds, the longer ones rougher."""

    count: int
    median: timedelta | None
    nine_in_ten: timedelta | None


@dataclass(frozen=True)
class Promises:
    """Of the cases that were promised for a day within the period."""

    kept: Share
    still_open_late: int


@dataclass(frozen=True)
class Figures:
    """Everything that is told of a period.

    Attributes:
        information: contacts for information, of all that were for something.
        without_person: of the contacts for information, those answered without a person.
        by_hour: contacts by the hour of the day in the city, 0 to 23.
        reopened: of the cases opened in the period that were done, those that were said not to be fixed.
        confirmed: of these cases, those of which a resident said last that it was fixed.
        helped: of the answers that residents judged, those that helped.
        answered: answers by service, the most asked first.
        unanswered: questions without an answer, by the entry that was nearest ("": none was near).
    """

    contacts: int
    by_channel: Mapping[str, int]
    by_hour: Sequence[int]
    became: Mapping[Became, int]
    information: Share
    without_person: Share
    handovers: Mapping[str, int]
    waits: Waits
    reports: Mapping[str, int]
    promises: Promises
    reopened: Share
    confirmed: Share
    joined: int
    helped: Share
    answered: Sequence[tuple[str, int]]
    unanswered: Sequence[tuple[str, int]]


# By measure and name.
Sums = Counter[tuple[str, str]]


def added_up(tallies: Iterable[Tally]) -> Sums:
    """Add up tallies."""
    sums: Sums = Counter()
    for tally in tallies:
        sums[tally.measure.value, tally.name] += tally.number
    return sums


def figures_of(sums: Sums) -> Figures:
    """Return the figures that tallies add up to."""

    def named(measure: Measure) -> dict[str, int]:
        found = {name: n for (of, name), n in sums.items() if of == measure.value and n}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    channels, kinds = named(Measure.CHANNEL), named(Measure.BECAME)
    information = sum(kinds.get(kind.value, 0) for kind in INFORMATION)
    done, promises, helped = (named(m) for m in (Measure.DONE, Measure.PROMISE, Measure.HELPED))
    kept = promises.get(KEPT, 0)
    due = kept + promises.get(LATE, 0) + promises.get(OPEN, 0)
    return Figures(
        contacts=sum(channels.values()),
        by_channel=channels,
        by_hour=[sums[Measure.HOUR.value, str(hour)] for hour in range(24)],
        became={kind: kinds[kind.value] for kind in Became if kind.value in kinds},
        information=Share(information, information + kinds.get(Became.REPORT.value, 0)),
        without_person=Share(kinds.get(Became.ANSWERED.value, 0), information),
        handovers=named(Measure.HANDOVER),
        waits=_waits(named(Measure.WAIT)),
        reports=named(Measure.REPORT),
        promises=Promises(Share(kept, due), promises.get(OPEN, 0)),
        reopened=Share(done.get(NOT_FIXED, 0), sum(done.values())),
        confirmed=Share(sum(named(Measure.CONFIRMED).values()), sum(done.values())),
        joined=sum(named(Measure.JOINED).values()),
        helped=Share(helped.get(YES, 0), sum(helped.values())),
        answered=list(named(Measure.ANSWERED).items()),
        unanswered=list(named(Measure.UNANSWERED).items()),
    )


def _waits(by_seconds: Mapping[str, int]) -> Waits:
    waits = sorted((int(seconds), count) for seconds, count in by_seconds.items())
    whole = sum(count for _, count in waits)
    return Waits(whole, _within(waits, whole * 0.5), _within(waits, whole * 0.9))


def _within(waits: Sequence[tuple[int, int]], wanted: float) -> timedelta | None:
    """Return the time within which so many had a person."""
    seen = 0
    for seconds, count in waits:
        seen += count
        if seen >= wanted:
            return timedelta(seconds=seconds)
    return None
