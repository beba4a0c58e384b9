"""What the figures are made of, as tables of rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from triage.conversations.schemas import Outcome
from triage.insight.contacts import Became, Contact, became
from triage.insight.days import runs
from triage.insight.figures import Figures, added_up, figures_of
from triage.insight.repository import Period
from triage.insight.shares import Share
from triage.insight.tallies import (
    HandedOver,
    Reported,
    day_after,
    day_of,
    of_contact,
    of_handover,
    of_opened,
    of_promise,
    waited,
)

NOON = datetime(2026, 11, 29, 17, tzinfo=UTC)  # in Toronto
ZONE = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("changes", "is_what"),
    [
        ({"last": Outcome.ANSWER}, Became.ANSWERED),
        ({"last": Outcome.PLACE}, Became.ANSWERED),
        ({"last": Outcome.CASE_STATUS}, Became.ANSWERED),
        ({"last": Outcome.CHOICES}, Became.LEFT),
        ({"last": Outcome.INTAKE}, Became.LEFT),
        ({"last": Outcome.NOT_FOUND}, Became.NOT_ANSWERED),
        ({"last": Outcome.OUTAGE}, Became.NOT_ANSWERED),
        ({"last": Outcome.CASE_OPENED}, Became.REPORT),
        # A question after a report does not make it another contact, nor does a person.
        ({"last": Outcome.ANSWER, "has_report": True}, Became.REPORT),
        ({"last": Outcome.ANSWER, "has_report": True, "has_handover": True}, Became.PERSON),
        ({"last": Outcome.ANSWER, "has_handover": True}, Became.PERSON),
        ({"last": Outcome.ANSWER, "is_danger": True}, Became.ANSWERED),
        ({"is_danger": True}, Became.SAFETY),
        ({}, Became.NOTHING),
    ],
)
def test_a_contact_counts_once_by_what_it_came_to(
    changes: dict[str, object], is_what: Became
) -> None:
    given = {"channel": "webchat", "began_at": NOON, "last": None} | changes
    assert became(Contact(**given)) is is_what  # type: ignore[arg-type]


def test_every_outcome_is_either_a_matter_or_not() -> None:
    for outcome in Outcome:
        assert became(Contact("webchat", NOON, None)) is Became.NOTHING
        if outcome in (Outcome.SMALL_TALK, Outcome.SAFETY, Outcome.HANDOFF):
            continue
        assert became(Contact("webchat", NOON, outcome)) in Became


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        # Against published tables of Wilson's interval.
        (Share(0, 10), 0.0, 0.2775),
        (Share(10, 10), 0.7225, 1.0),
        (Share(5, 10), 0.2366, 0.7634),
        (Share(970, 1_000), 0.9575, 0.9789),
    ],
)
def test_a_share_says_how_sure_it_is(share: Share, low: float, high: float) -> None:
    assert share.interval == pytest.approx((low, high), abs=2e-4)


def test_a_share_of_nothing_is_none() -> None:
    assert Share(0, 0).value is Share(0, 0).interval is None
    assert str(Share(0, 0)) == "none"


def case(**changes: object) -> Reported:
    given = {
        "division": "Trees",
        "opened_at": NOON - timedelta(days=5),
        "due_at": NOON - timedelta(days=1),
        "resolved_at": None,
        "times_reopened": 0,
        "is_confirmed": False,
        "followers": 0,
    } | changes
    return Reported(**given)  # type: ignore[arg-type]


def figures(
    contacts: Iterable[Contact] = (),
    handovers: Iterable[HandedOver] = (),
    cases: Iterable[Reported] = (),
) -> Figures:
    tallies = (
        *(of_contact(contact, ZONE) for contact in contacts),
        *map(of_handover, handovers),
        *map(of_opened, cases),
        *map(of_promise, cases),
    )
    return figures_of(added_up(chain.from_iterable(tallies)))


def test_a_promise_is_kept_late_or_still_open() -> None:
    told = figures(
        cases=[
            case(resolved_at=NOON - timedelta(days=2)),
            case(resolved_at=NOON - timedelta(hours=1)),
            case(),
            case(due_at=None, resolved_at=NOON),
        ]
    )
    assert told.promises.kept == Share(1, 3)
    assert told.promises.still_open_late == 1
    assert told.reports == {"Trees": 4}


def test_a_case_that_was_said_not_to_be_fixed_counts_though_it_is_open_again() -> None:
    told = figures(cases=[case(times_reopened=1), case(resolved_at=NOON), case(followers=3)])
    assert told.reopened == Share(1, 2)
    assert told.joined == 3


def test_of_what_is_done_that_counts_as_fixed_of_which_a_resident_said_so_last() -> None:
    told = figures(
        cases=[
            case(resolved_at=NOON, is_confirmed=True),
            # Not fixed at first, and then it was.
            case(times_reopened=1, resolved_at=NOON, is_confirmed=True),
            case(resolved_at=NOON),
            case(),
        ]
    )
    assert told.confirmed == Share(2, 3)
    assert told.reopened == Share(1, 3)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, 0),
        (0.2, 10),
        (10, 10),
        (90, 90),
        (91, 100),
        (600, 600),
        (601, 660),
        (3_600, 3_600),
        (3_601, 4_200),
    ],
)
def test_a_wait_is_told_rougher_the_longer_it_was_and_never_shorter(
    seconds: float, told: int
) -> None:
    assert waited(timedelta(seconds=seconds)) == str(told)


def test_waits_are_of_those_whom_somebody_took() -> None:
    def after(seconds: int | None) -> HandedOver:
        taken = None if seconds is None else NOON + timedelta(seconds=seconds)
        return HandedOver("asked", NOON, taken)

    told = figures(handovers=[after(60), after(120), after(500), after(None)])
    assert told.handovers == {"asked": 4}
    assert told.waits.count == 3
    assert told.waits.median == timedelta(seconds=120)
    assert told.waits.nine_in_ten == timedelta(seconds=500)
    assert figures().waits.median is None


def test_hours_are_the_citys_own() -> None:
    told = figures(contacts=[Contact("webchat", NOON, Outcome.ANSWER)])
    assert told.by_hour[12] == 1
    assert sum(told.by_hour) == 1


@pytest.mark.parametrize(
    ("at", "zone", "begins", "hours"),
    [
        # In Toronto it is still the day before.
        (datetime(2026, 7, 2, 3, 59, tzinfo=UTC), "America/Toronto", datetime(2026, 7, 1, 4, tzinfo=UTC), 24),
        (datetime(2026, 7, 2, 2, 30, tzinfo=UTC), "America/St_Johns", datetime(2026, 7, 2, 2, 30, tzinfo=UTC), 24),
        # The days on which the clock is changed.
        (datetime(2026, 3, 8, 12, tzinfo=UTC), "America/Toronto", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), "America/Toronto", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
    ],
)  # fmt: skip
def test_a_day_is_one_of_the_citys(
    at: datetime, zone: str, begins: datetime, hours: int
) -> None:
    day = day_of(at, ZoneInfo(zone))
    assert day == begins
    assert day_after(day, ZoneInfo(zone)) - day == timedelta(hours=hours)


def test_days_that_follow_each_other_are_counted_in_one_go() -> None:
    first, *_ = days = [day_of(NOON + timedelta(days=n), ZONE) for n in (0, 1, 5, 6)]
    found = list(runs([days[1], days[0], days[2], days[1]], ZONE))
    assert found == [Period(first, day_after(days[1], ZONE)), Period(days[2], days[3])]
