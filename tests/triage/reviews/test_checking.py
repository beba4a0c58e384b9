"""The link checker against a real server on this machine, and what it keeps in a real database."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services_catalog import store
from services_catalog.model import Aspect, Contact, Fact, ServiceEntry
from tests.support.clock import HandClock
from tests.support.serving import Handler, serving
from tests.support.small_town import make_entry
from tests.triage.cases.desk import import_entries
from tests.triage.twin import API_SECRET, SECRET
from triage.cli import main
from triage.kit.db import Database
from triage.migrations import migrate
from triage.reviews import repository
from triage.reviews.checking import LinkChecker
from triage.reviews.links import Found, Link

WEEK = timedelta(days=7)
# What a server says to HEAD, and to GET, and where it leads to.
PAGES: Mapping[str, tuple[int, int, str]] = {
    "/ok": (200, 200, ""),
    "/only-get": (405, 200, ""),
    "/head-is-wrong": (404, 200, ""),
    "/moved": (301, 301, "/ok"),
    "/for-now": (302, 302, "/ok"),
    "/gone": (404, 404, ""),
    "/shut": (403, 403, ""),
    "/round": (302, 302, "/round"),
}


class Site(Handler):
    """A site that keeps what it was asked, and how many asked at once."""

    asked: list[tuple[str, str, str]] = []  # noqa: RUF012 (emptied by the fixture)
    busy = threading.Semaphore(1)
    crowded: list[str] = []  # noqa: RUF012

    def do_HEAD(self) -> None:
        self.answer(0)

    def do_GET(self) -> None:
        self.answer(1)

    def answer(self, method: int) -> None:
        if not Site.busy.acquire(blocking=False):
            Site.crowded.append(self.path)
            Site.busy.acquire()
        try:
            Site.asked.append((self.command, self.path, self.headers["User-Agent"]))
            status, leads_to = PAGES[self.path][method], PAGES[self.path][2]
            self.send_response(status)
            if leads_to:
                self.send_header("Location", leads_to)
            self.send_header("Content-Length", "0")
        finally:
            Site.busy.release()
        # Only now is anything sent: whoever reads it may ask the next at once.
        self.end_headers()


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked.clear()
    Site.crowded.clear()
    with serving(Site) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/links.db")
    migrate(database.engine)
    yield database
    database.close()


def naming(*addresses: str) -> ServiceEntry:
    first, form, *facts = addresses
    entry = make_entry("a", "A", "A.", facts=[Fact(Aspect.HOW, "x", f) for f in facts])
    return replace(entry, source_url=first, contact=Contact(online=form))


def checker(database: Database, clock: HandClock) -> LinkChecker:
    return LinkChecker(database, "toronto", clock, WEEK, "https://ask.example", pause_seconds=0)


def all_links(database: Database) -> dict[str, Link]:
    with database.engine.connect() as connection:
        return {link.address: link for link in repository.not_ok(connection)}


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def test_each_page_is_found_as_it_is_by_one_question_at_a_time(
    site: str, database: Database
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/x"
    import_entries(str(database.engine.url), [naming(*(site + p for p in PAGES), nobody)])
    clock = HandClock()
    assert asyncio.run(checker(database, clock).round()) == len(PAGES) + 1
    found = {a.removeprefix(site): k for a, k in all_links(database).items()}
    assert {path: link.found for path, link in found.items()} == {
        "/moved": Found.MOVED,
        "/gone": Found.GONE,
        "/shut": Found.UNREACHABLE,
        "/round": Found.UNREACHABLE,
        nobody: Found.UNREACHABLE,
    }
    assert found["/moved"].moved_to == f"{site}/ok"
    assert {link.since for link in found.values()} == {clock.time}
    assert [m for m, path, _ in Site.asked if path == "/only-get"] == ["HEAD", "GET"]
    assert ("HEAD", "/ok") in [(m, path) for m, path, _ in Site.asked]
    assert {agent for *_, agent in Site.asked} == {
        "Ask311-LinkCheck/1.0 (looks whether pages are still there; +https://ask.example)"
    }
    assert Site.crowded == []


def test_a_page_is_looked_at_again_when_its_time_has_come_and_forgotten_with_its_entry(
    site: str, database: Database
) -> None:
    import_entries(str(database.engine.url), [naming(f"{site}/gone", f"{site}/ok")])
    clock = HandClock()
    look = checker(database, clock)
    assert asyncio.run(look.round()) == 2
    assert asyncio.run(look.round()) == 0
    first = clock.time
    clock.time += WEEK
    assert asyncio.run(look.round()) == 2
    link = all_links(database)[f"{site}/gone"]
    assert (link.times, link.since, link.checked_at) == (2, first, clock.time)
    store.apply(
        database.engine, "toronto", store.Change(retire=["a"]), by="test", reason="test"
    )
    clock.time += WEEK
    assert asyncio.run(look.round()) == 0
    assert all_links(database) == {}


def test_everything_is_looked_at_by_hand_whenever_it_is_due(
    site: str, database: Database
) -> None:
    import_entries(str(database.engine.url), [naming(f"{site}/gone", f"{site}/ok")])
    look = checker(database, HandClock())
    assert asyncio.run(look.everything()) == 2
    assert asyncio.run(look.everything()) == 2


def test_the_command_looks_at_every_page_and_lists_what_to_see_to(
    site: str,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import_entries(str(database.engine.url), [naming(f"{site}/gone", f"{site}/ok")])
    given = {
        "DATABASE_URL": str(database.engine.url),
        "GATEWAY_SECRET": SECRET,
        "API_SECRET": API_SECRET,
        "MEDIA_DIR": str(tmp_path / "media"),
    }
    for name, value in given.items():
        monkeypatch.setenv(f"ASK311_{name}", value)
    assert main(["check-links"]) == 0
    told = capsys.readouterr()
    assert told.out == f"gone\t{site}/gone\t\tworks@smalltown.example\n"
    assert told.err.endswith("2 pages looked at, 1 to see to.\n")
