"""The page of figures: tables of a period with a picture beside each, for supervisors and administrators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from defusedxml import ElementTree

from services_catalog.packs import read_entries
from tests.support.staff import AtConsole, at_console
from tests.triage.cases.desk import import_entries
from tests.triage.insight.made import DAY, SECRET, with_figures
from triage.staff.roles import Role

PERIOD = "/staff/insight?from=2026-11-01&to=2026-11-30"


@pytest.fixture(scope="module")
def browser(url: str, database_url: str) -> Iterator[AtConsole]:
    import_entries(database_url, [e for e in read_entries("toronto") if e.id == "pothole"])
    with_figures(database_url)
    with at_console(url, database_url, Role.SUPERVISOR) as browser:
        yield browser


def rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each row of the tables, by its head."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    return {head: re.findall(r"<td[^>]*>(.*?)</td>", cells) for head, cells in found}


def test_a_period_is_told_in_tables_with_the_names_of_services(browser: AtConsole) -> None:
    assert browser.opens(PERIOD).status_code == 200
    told = rows(browser.page)
    assert told["Contacts"] == ["9"]
    assert told["Information contacts answered without a person"][0].startswith(
        "62.5% (5 of 8;"
    )
    assert told["Answers that residents called helpful, of those they judged"][0].startswith(
        "100.0% (1 of 1;"
    )
    assert told["Text message"] == ["1", "11.1%"]
    assert told["10:00"] == ["9"]
    assert told["The resident asked"] == ["1", "100.0%"]
    assert told["Pothole or damaged road"] == ["5", "100.0%"]
    assert told["Nothing was near"] == ["1", "100.0%"]
    assert "Counted until" in browser.page


def test_each_picture_says_what_its_table_says_and_brings_its_own_style(
    browser: AtConsole,
) -> None:
    browser.opens(PERIOD)
    pictures = re.findall(r'<img class="picture" src="([^"]+)" alt=""', browser.page)
    # All but those of waiting and of promises.
    assert len(pictures) == browser.page.count('<section class="panel"') - 2
    for address in pictures:
        answer = browser.opens(address.replace("&amp;", "&"))
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "style-src 'unsafe-inline'" in answer.headers["content-security-policy"]
        assert ElementTree.fromstring(answer.text).tag.endswith("svg")
    by_channel = browser.opens(PERIOD.replace("?", "/pictures/contacts-by-channel.svg?")).text
    assert "Text message" in by_channel


def test_nobodys_facts_are_on_the_page(browser: AtConsole) -> None:
    browser.opens(PERIOD)
    for secret in (SECRET, "416-555", "answered0", "AAA-BBB"):
        assert secret not in browser.page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("from=2026-11-30&to=2026-11-01", "The first day is after the last"),
        ("from=yesterday", "One of the days is none"),
        ("from=0001-01-01&to=2026-11-30", "The first day is after the last"),
        ("from=2001-01-01&to=2026-11-30", "the last three of them are shown"),
        ("to=0001-01-01", "One of the days is none"),
    ],
)
def test_what_is_no_period_is_said_and_another_is_shown(
    browser: AtConsole, asked: str, says: str
) -> None:
    assert browser.opens(f"/staff/insight?{asked}").status_code == 200
    assert says in browser.page


def test_a_period_without_contacts_and_a_picture_that_is_not_there(browser: AtConsole) -> None:
    quiet = (DAY - timedelta(days=300)).date()
    browser.opens(f"/staff/insight?from={quiet}&to={quiet}")
    assert "Nobody wrote to the line in this period." in browser.page
    assert browser.opens("/staff/insight/pictures/nothing.svg").status_code == 404


def test_an_administrator_sees_them_too_and_finds_the_way(url: str, database_url: str) -> None:
    with at_console(url, database_url, Role.ADMINISTRATOR) as browser:
        assert 'href="/staff/insight"' in browser.page
        assert browser.opens("/staff/insight").status_code == 200
