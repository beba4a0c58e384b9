"""Notices and reviews in a browser: the console's pages, and the page with the chat, by the rules and at 320 pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from services_catalog import store as catalogue
from services_catalog.database import open_database
from services_catalog.model import Aspect, Fact
from services_catalog.notices import store
from services_catalog.notices.model import Notice
from tests.support.small_town import make_entry
from tests.triage.cases.desk import import_entries
from tests.triage.demo.line import demo_line
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.rules import (
    SCREENS,
    assert_no_violations,
    assert_nothing_sticks_out,
)
from tests.triage.page.test_console import sign_in
from triage.reviews import repository as links
from triage.reviews.links import Finding, Found, Link, after
from triage.staff.roles import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("notices")
    import_entries(f"sqlite:///{folder}/triage.db")
    line = demo_line(folder)
    line.start()
    yield line
    line.close()


def test_a_supervisor_posts_a_notice_and_residents_see_it_until_it_is_over(
    demo: Line, open_page: OpenPage
) -> None:
    page = open_page(f"{demo.url}/staff/sign-in", **SCREENS["narrow"])
    sign_in(page, Role.SUPERVISOR)
    page.goto(f"{demo.url}/staff/notices/new")
    # An error leads to its field.
    page.get_by_label("What goes on").fill("All pools are closed because of the storm.")
    page.get_by_label("The same for a text message").fill("All pools are closed.")
    expect(page.locator("#length")).to_contain_text("It fits.")
    ends = datetime.now() + timedelta(days=2)  # noqa: DTZ005 (as the form has it)
    page.get_by_label("Until").fill(f"{ends:%Y-%m-%dT%H:%M}")
    page.get_by_label("Around a place").check()
    page.get_by_role("button", name="Post").click()
    page.get_by_role("link", name="Write an address").click()
    expect(page.get_by_label("Place", exact=True)).to_be_focused()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    page.get_by_label("The whole city").check()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("status")).to_contain_text("The notice is posted.")
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    page.get_by_role("link", name="All pools").first.click()
    assert_no_violations(page)
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("status")).to_contain_text("The notice is over.")


def test_a_maintainer_reads_what_waits_for_an_owner_by_the_rules(
    demo: Line, open_page: OpenPage
) -> None:
    engine = open_database(demo.settings.database_url)
    address = f"https://smalltown.example/{'a-long-way-down/' * 8}"
    unsure = [Fact(Aspect.COST, "Five dollars.", unverified=True)]
    entry = make_entry(
        "old_rink", "Old rink", "A rink.", facts=unsure, review_by=date(2020, 1, 1)
    )
    change = catalogue.Change((replace(entry, source_url=address),))
    catalogue.apply(engine, "toronto", change, by="test", reason="test")
    gone = after(Link(address), Finding(Found.GONE, 404), datetime.now(UTC))
    with engine.begin() as connection:
        links.keep_just(connection, [address], datetime.now(UTC))
        links.put(connection, gone, datetime.now(UTC))
    engine.dispose()
    page = open_page(f"{demo.url}/staff/sign-in", **SCREENS["narrow"])
    sign_in(page, Role.MAINTAINER)
    page.get_by_role("link", name="To look at").click()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    page.get_by_role("link", name=entry.owner).click()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    page.get_by_role("button", name=re.compile(r"Still right\W+Old rink")).click()
    expect(page.get_by_role("status")).to_contain_text("Old rink")
    rink = page.get_by_role("region", name="Old rink")
    expect(rink.get_by_text("Gone")).to_be_visible()
    expect(rink.get_by_text("Past its date")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/services/pothole"])
def test_what_is_for_everybody_stands_on_the_page_and_leaves_it_when_it_is_over(
    demo: Line, open_page: OpenPage, path: str
) -> None:
    now = datetime.now(UTC)
    words = f"A storm passes over {path}."
    notice = Notice(f"ntc{path}", words, "A storm.", now, now + timedelta(hours=3))
    engine = open_database(demo.settings.database_url)
    with engine.begin() as connection:
        store.post_in(connection, "toronto", notice, by="test", now=now)
    page = open_page("about:blank", **SCREENS["narrow"])
    page.clock.install(time=now)
    page.goto(demo.url + path)
    expect(page.get_by_text(words)).to_be_visible()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    if path != "/services/pothole":
        page.clock.fast_forward(3 * 3600 * 1000)
        expect(page.get_by_text(words)).to_have_count(0)
        expect(page.get_by_role("heading", name="Right now in Toronto")).to_have_count(0)
    with engine.begin() as connection:
        store.end_in(connection, "toronto", replace(notice, version=1), by="test", now=now)
    engine.dispose()
