"""Reviews at the console, over the real app: what each owner has to look at, and the word that an entry is still right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.model import Aspect, Fact, ServiceEntry
from tests.support.small_town import make_entry
from tests.support.staff import AtConsole, at_console
from triage.reviews import repository
from triage.reviews.links import Finding, Found, Link, after
from triage.staff import audit
from triage.staff.roles import Role

OLD = make_entry("old_rink", "Old rink", "A rink.", review_by=date(2020, 1, 1))
UNSURE = replace(
    make_entry(
        "unsure_fee", "Unsure fee", "A fee.", facts=[Fact(Aspect.COST, "5 dollars", unverified=True)],
        review_by=date(2099, 1, 1),
    ),
    owner="Parks & Trees",
)  # fmt: skip


@pytest.fixture
def staff(url: str, database_url: str) -> Iterator[AtConsole]:
    engine = open_database(database_url)
    change = store.Change((OLD, UNSURE))
    store.apply(engine, "toronto", change, by="test", reason="test")
    gone = after(Link(OLD.source_url), Finding(Found.GONE, 404), datetime.now(UTC))
    with engine.begin() as connection:
        repository.keep_just(connection, [OLD.source_url], datetime.now(UTC))
        repository.put(connection, gone, datetime.now(UTC))
    engine.dispose()
    with at_console(url, database_url, Role.MAINTAINER, name="Mo Maintainer") as browser:
        yield browser


def the_entry(database_url: str, id: str) -> ServiceEntry:
    engine = open_database(database_url)
    found = store.load(engine, "toronto").by_id[id]
    engine.dispose()
    return found


def form_of(page: str, id: str) -> str:
    found = re.search(
        rf'action="/staff/reviews/{id}".*?name="revision" value="(\d+)"', page, re.DOTALL
    )
    assert found
    return found[1]


def test_owners_see_what_waits_for_them_and_are_reminded_on_the_first_page(
    staff: AtConsole,
) -> None:
    assert re.search(r"To look at</a>: \d+ entr", staff.opens("/staff").text)
    staff.opens("/staff/reviews")
    assert "/staff/reviews?owner=Parks+%26+Trees" in staff.page
    staff.opens("/staff/reviews?owner=Parks%20%26%20Trees")
    assert "Not confirmed</span> 5 dollars" in staff.page
    assert "Old rink" not in staff.page
    staff.opens(f"/staff/reviews?owner={OLD.owner}")
    assert "Past its date</span> since 2020-01-01" in staff.page
    assert f'Gone</span> <a href="{OLD.source_url}">' in staff.page


def test_an_entry_that_is_still_right_is_due_again_later_with_who_said_so(
    staff: AtConsole, database_url: str
) -> None:
    staff.opens(f"/staff/reviews?owner={OLD.owner}")
    revision = form_of(staff.page, OLD.id)
    answer = staff.sends(
        f"/staff/reviews/{OLD.id}", revision=revision, days=90, owner=OLD.owner
    )
    assert answer.status_code == 303
    assert 'that "Old rink" is still right' in staff.opens(answer.headers["location"]).text
    entry = the_entry(database_url, OLD.id)
    assert entry.review_by - entry.last_verified == timedelta(days=90)
    assert entry.last_verified > OLD.last_verified
    assert replace(entry, last_verified=OLD.last_verified, review_by=OLD.review_by) == OLD
    engine = open_database(database_url)
    with engine.connect() as connection:
        newest = store.history_in(connection, "toronto", OLD.id)[0]
        done = [e.action for e in audit.entries(connection) if e.subject == OLD.id]
    engine.dispose()
    assert (newest.changed_by, newest.reason) == (
        "Mo Maintainer",
        "Still right: its sources were read again.",
    )
    assert done == ["entry.still_right"]
    # The same form again speaks of what is no longer there.
    again = staff.sends(f"/staff/reviews/{OLD.id}", revision=revision, owner=OLD.owner)
    assert again.status_code == 409
    assert "changed meanwhile" in staff.page


def test_an_entry_that_is_none_is_not_found(staff: AtConsole) -> None:
    assert staff.sends("/staff/reviews/none", revision=1).status_code == 404


def test_an_agent_is_reminded_of_nothing(url: str, database_url: str) -> None:
    with at_console(url, database_url, Role.AGENT) as browser:
        assert "To look at" not in browser.opens("/staff").text
