"""The public pages of the catalogue in a browser: accessible, narrow, by keyboard, printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from services_catalog.packs import read_entries
from tests.triage.cases.desk import import_entries
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.rules import MAIN, assert_keeps_the_rules

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(line: Line) -> str:
    import_entries(line.settings.database_url, read_entries("toronto"))
    return line.url


@pytest.mark.parametrize(
    "path", ["/services", "/services?q=opera", "/services/pothole", "/services/gone"]
)
def test_the_pages_keep_the_rules_on_every_screen(
    url: str, open_page: OpenPage, path: str
) -> None:
    page = open_page(url + path)
    assert_keeps_the_rules(page, *MAIN)


def test_a_reader_comes_from_the_chat_to_an_entry_by_keyboard_and_without_scripts(
    url: str, open_page: OpenPage
) -> None:
    page = open_page(url, java_script_enabled=False)
    page.get_by_role("link", name="All services").press("Enter")
    # A key pressed before the new page is there belongs to the old one.
    expect(page.get_by_role("searchbox", name="Find a service")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("searchbox", name="Find a service").press_sequentially("pothole road")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Pothole or damaged road").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pothole or damaged road")
    expect(page.get_by_role("link", name="Report it")).to_be_visible()


def test_a_printed_page_has_the_facts_and_the_addresses_of_their_sources(
    url: str, open_page: OpenPage
) -> None:
    page = open_page(f"{url}/services/pothole")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Report it")).to_be_hidden()
