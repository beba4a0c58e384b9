from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services_catalog.model import Aspect, Contact, Fact
from tests.support.small_town import make_entry
from triage.reviews.links import (
    Finding,
    Found,
    Link,
    addresses_of,
    after,
    finding_of,
    pause_after,
)
from triage.reviews.todo import Counts, by_owner, counts_of, todos_of

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
TODAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
PAGE = "https://city.example/page"


@pytest.mark.parametrize(
    ("statuses", "at", "found"),
    [
        ([200], PAGE, Found.OK),
        ([204], PAGE, Found.OK),
        ([302, 200], "https://city.example/other", Found.OK),
        ([301, 200], "https://city.example/other", Found.MOVED),
        ([308, 301, 200], "https://new.example/", Found.MOVED),
        # Somewhere else for now is not for good.
        ([301, 302, 200], "https://city.example/other", Found.OK),
        # What a site does to all of its pages is nobody's work.
        ([301, 200], "http://www.city.example/page/", Found.OK),
        ([404], PAGE, Found.GONE),
        ([410], PAGE, Found.GONE),
        ([301, 404], "https://city.example/other", Found.GONE),
        ([403], PAGE, Found.UNREACHABLE),
        ([429], PAGE, Found.UNREACHABLE),
        ([500], PAGE, Found.UNREACHABLE),
    ],
)
def test_what_statuses_say_of_an_address(
    statuses: Sequence[int], at: str, found: Found
) -> None:
    assert finding_of(PAGE, statuses, at).found is found


def test_an_address_is_named_once_and_only_if_it_is_a_page() -> None:
    entry = replace(
        make_entry(
            "a",
            "A",
            "A.",
            facts=[
                Fact(Aspect.COST, "x", "https://smalltown.example/a#fees"),
                Fact(Aspect.HOW, "y", "by phone"),
                Fact(Aspect.HOW, "z", "https://[broken"),
                Fact(Aspect.WHO, "u", unverified=True),
            ],
        ),
        contact=Contact(online="https://forms.example/a?x=1"),
    )
    assert addresses_of(entry) == (
        "https://smalltown.example/a",
        "https://forms.example/a?x=1",
    )


def test_a_server_that_is_away_is_told_of_after_the_third_time() -> None:
    link, away = Link(PAGE), Finding(Found.UNREACHABLE, 503)
    told = []
    for day in range(4):
        link = after(link, away, NOW + timedelta(days=day))
        told.append(link.is_broken)
    assert told == [False, False, True, True]
    assert link.since == NOW
    well = after(link, Finding(Found.OK, 200), NOW + WEEK)
    assert (well.is_broken, well.times, well.since) == (False, 1, NOW + WEEK)
    assert after(Link(PAGE), Finding(Found.GONE, 404), NOW).is_broken


@pytest.mark.parametrize(
    ("found", "times", "usual", "pause"),
    [
        (Found.OK, 50, WEEK, WEEK),
        (Found.GONE, 1, timedelta(days=1), timedelta(days=1)),
        (Found.UNREACHABLE, 3, timedelta(days=1), timedelta(days=1)),
        (Found.UNREACHABLE, 5, timedelta(days=1), timedelta(days=4)),
        (Found.GONE, 50, timedelta(days=1), timedelta(days=14)),
        (Found.GONE, 50, timedelta(days=30), timedelta(days=30)),
    ],
)
def test_what_stays_broken_is_asked_more_and_more_seldom(
    found: Found, times: int, usual: timedelta, pause: timedelta
) -> None:
    assert pause_after(Link(PAGE, found, times=times), usual) == pause


def test_the_most_urgent_stands_first_and_what_is_fine_not_at_all() -> None:
    fine = make_entry("fine", "Fine", "x", review_by=TODAY + timedelta(days=31))
    soon = make_entry("soon", "Soon", "x", review_by=TODAY + timedelta(days=30))
    today = make_entry("today", "Today", "x", review_by=TODAY)
    past = make_entry("past", "Past", "x", review_by=TODAY - timedelta(days=1))
    unsure = replace(
        make_entry("unsure", "Unsure", "x", facts=[Fact(Aspect.COST, "x", unverified=True)]),
        owner="parks",
    )
    gone = Link("https://smalltown.example/fine2", Found.GONE, 404, since=NOW, times=1)
    linked = make_entry("fine2", "Linked", "x")
    todos = todos_of([fine, soon, today, past, unsure, linked], {gone.address: gone}, TODAY)
    assert [t.entry.id for t in todos] == ["past", "fine2", "today", "soon", "unsure"]
    assert counts_of(todos) == Counts(entries=5, past=1, soon=2, links=1, unverified=1)
    assert [(o, len(t)) for o, t in by_owner(todos).items()] == [
        ("parks", 1),
        ("works@smalltown.example", 4),
    ]
