"""Auditors at the page of what staff did."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services_catalog.database import open_database
from tests.support.staff import AtConsole, at_console
from triage.staff.audit import Named, record
from triage.staff.roles import Role

BO = Named("mem_bo", "Bo <i>")


@pytest.fixture
def auditor(url: str, database_url: str) -> Iterator[AtConsole]:
    with at_console(url, database_url, Role.AUDITOR) as browser:
        yield browser


def wrote(database_url: str, action: str, subject: str = "", days_ago: int = 0, **details: object) -> None:  # fmt: skip
    engine = open_database(database_url)
    with engine.begin() as connection:
        at = datetime.now(UTC) - timedelta(days=days_ago)
        record(connection, BO, action, subject, now=at, **details)  # type: ignore[arg-type]
    engine.dispose()


def rows(page: str) -> list[str]:
    """Return what the rows of the page say."""
    found = re.findall(
        r"<tr>(.*?)</tr>", page.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL
    )
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_an_entry_says_who_did_what_about_what_and_more(
    database_url: str, auditor: AtConsole
) -> None:
    wrote(
        database_url, "member.change", "mem_x", role="agent", queues=["a", "b"], was_queues=None
    )
    row = rows(auditor.opens("/staff/audit").text)[1]
    assert "Bo <i>" in row
    assert "Changed an account" in row
    assert "mem_x" in row
    assert "role: agent" in row
    assert "queues: a, b" in row
    assert "was queues: all" in row


def test_reading_the_trail_leaves_an_entry_that_says_what_was_looked_for(
    auditor: AtConsole,
) -> None:
    auditor.opens("/staff/audit?about=K4M-9RW-2HX")
    newest = rows(auditor.opens("/staff/audit").text)
    assert "Read the audit trail" in newest[0]
    assert "about: K4M-9RW-2HX" in newest[1]


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("who=mem_bo", {"one", "two", "old"}),
        ("who=mem_bo&what=case.view", {"one"}),
        ("about=two", {"two"}),
        ("who=mem_bo&until=2020-01-01", set()),
        ("who=mem_bo&since=nonsense", {"one", "two", "old"}),
    ],
)
def test_entries_are_found_by_who_what_about_what_and_when(
    database_url: str, auditor: AtConsole, query: str, finds: set[str]
) -> None:
    wrote(database_url, "case.view", "one")
    wrote(database_url, "case.resolve", "two")
    wrote(database_url, "case.assign", "old", days_ago=10)
    found = rows(auditor.opens(f"/staff/audit?{query}").text)
    said = {word for row in found for word in ("one", "two", "old") if f" {word} " in row}
    assert said == finds


def test_days_are_the_citys_and_the_last_one_counts_whole(
    database_url: str, auditor: AtConsole
) -> None:
    wrote(database_url, "case.view", "ancient", days_ago=400)
    day = (datetime.now(UTC) - timedelta(days=400)).astimezone().date()
    for off, is_there in ((-2, False), (0, True), (2, False)):
        first, last = day + timedelta(days=off - 1), day + timedelta(days=off + 1)
        if off:
            first = last = day + timedelta(days=off)
        found = rows(auditor.opens(f"/staff/audit?since={first}&until={last}").text)
        assert any("ancient" in row for row in found) is is_there


def test_older_entries_are_a_page_away(database_url: str, auditor: AtConsole) -> None:
    for n in range(60):
        wrote(database_url, "case.view", f"number-{n}")
    first = auditor.opens("/staff/audit?who=mem_bo&what=case.view").text
    link = re.search(r'href="(/staff/audit\?[^"]*below[^"]*)"', first)
    assert link
    second = auditor.opens(html.unescape(link[1])).text
    assert len(rows(first)) == 50
    assert not set(rows(first)) & set(rows(second))
    assert any("number-0 " in row for row in rows(second))
