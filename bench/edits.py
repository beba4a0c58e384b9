"""From publishing an edit at the console's service to its being what three other processes answer from, on both databases.

Each of the three follows the catalogue as an action server does, with the encoder and what it keeps; `live.now()` is looked at
a hundred times a second. The time of an edit is that of the slowest of them.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Promise
from bench.postgresql import new_database, running_postgresql, why_not
from services_catalog import store
from services_catalog.database import open_database
from services_catalog.encoder import open_encoder
from services_catalog.live import LiveCatalogue
from services_catalog.packs import load_city
from services_catalog.transfer import apply_plan, plan_import
from triage.editing.editing import Editing
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.migrations import migrate
from triage.staff.roles import Member, Role

CITY = "toronto"
PROCESSES = 3
AT_MOST_SECONDS = 2.0
PATIENCE_SECONDS = 60
LOOK_EVERY_SECONDS = 0.01
# Of a summary that has room for a sentence more.
MOST_WORDS = 95
_BENCH = Member("mem_bench", "bench@city.example", "Bench", Role.MAINTAINER)


class _Follower:
    """A process that follows the catalogue, and when it came to each revision."""

    def __init__(self, url: str, cache: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.edits", url, str(cache)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._came = threading.Condition()
        self._at: dict[int, float] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def at(self, revision: int) -> float:
        """Return the moment at which it answered from a revision, or from a later one."""
        with self._came:
            if not self._came.wait_for(
                lambda: any(r >= revision for r in self._at), timeout=PATIENCE_SECONDS
            ):
                raise RuntimeError(f"a process did not come to revision {revision}")
            return min(at for r, at in self._at.items() if r >= revision)

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 (it was asked for)
        for line in self._process.stdout:
            revision, at = line.split()
            with self._came:
                self._at[int(revision)] = float(at)
                self._came.notify_all()


def bench_edits(edits: int, folder: Path, found: dict[str, Any]) -> list[Promise]:
    """Publish so many edits one after the other on each database; return what was promised of that."""
    promises = []
    for name, seconds in (
        ("SQLite", _on_sqlite(edits, folder)),
        ("PostgreSQL", _on_postgresql(edits, folder)),
    ):
        if not seconds:
            continue
        found[f"edits, {name}, seconds"] = seconds
        p95 = sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]
        spread = (
            f"median {median(seconds):.2f}, {min(seconds):.2f} to {max(seconds):.2f} "
            f"of {len(seconds)}"
        )
        what = f"an edit is live in {PROCESSES} processes, p95, {name}"
        promises.append(Promise(what, p95, AT_MOST_SECONDS, True, "s", spread))
    return promises


def _on_sqlite(edits: int, folder: Path) -> list[float]:
    for file in folder.glob("edits.db*"):
        file.unlink()
    return _measured(f"sqlite:///{folder}/edits.db", edits, folder)


def _on_postgresql(edits: int, folder: Path) -> list[float]:
    if reason := why_not():
        print(f"Not on PostgreSQL: {reason}.")
        return []
    with running_postgresql(fsync=True) as server, new_database(server, "edits") as url:
        return _measured(url, edits, folder)


def _measured(url: str, edits: int, folder: Path) -> list[float]:
    engine = open_database(url)
    migrate(engine)
    apply_plan(engine, plan_import(engine, CITY), by="bench")
    engine.dispose()
    # So that the three find the vectors of the catalogue's own words, as after `prepare`.
    with _followed(url, folder):
        pass
    followers = [_Follower(url, folder / "search") for _ in range(PROCESSES)]
    try:
        for follower in followers:
            follower.at(1)
        return asyncio.run(_edit(url, edits, followers))
    finally:
        for follower in followers:
            follower.end()


async def _edit(url: str, edits: int, followers: list[_Follower]) -> list[float]:
    database = Database(url)
    editing = Editing(database, load_city(CITY), SystemClock())
    rules = load_city(CITY).editing
    chosen = [
        entry
        for entry in store.load(database.engine, CITY).entries
        if not rules.wants_second(vars(entry)) and len(entry.summary.split()) < MOST_WORDS
    ]
    seconds = []
    for number, entry in enumerate(chosen[:: len(chosen) // edits][:edits], 1):
        draft = await editing.begin(_BENCH, entry.id)
        content = dict(draft.content or {})
        content["summary"] = f"This is the wording of edit {number}. {content['summary']}"
        content["questions"] = [f"{entry.title}: wording {number}", *content["questions"][1:]]
        draft = await editing.save(_BENCH, draft.id, draft.version, content)
        began = time.monotonic()
        done = await editing.publishing.publish(_BENCH, draft.id, draft.version, "timing")
        revision = done.published_revision or 0
        came = [await asyncio.to_thread(f.at, revision) for f in followers]
        seconds.append(max(came) - began)
        # People do not edit faster. The linear model of the first edit is still being fitted.
        await asyncio.sleep(2)
    database.close()
    return seconds


@contextmanager
def _followed(url: str, folder: Path) -> Iterator[LiveCatalogue]:
    engine = open_database(url)
    live = LiveCatalogue(engine, CITY, encoder=open_encoder(), cache=folder / "search")
    live.start(wait_for_model=True)
    try:
        yield live
    finally:
        live.close()
        engine.dispose()


def main() -> None:
    """Follow a catalogue, and say when which revision is what would be answered from."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("cache", type=Path)
    options = parser.parse_args()
    with _followed(options.url, options.cache.parent) as live:
        said = 0
        while True:
            revision = live.now().catalogue.revision
            if revision != said:
                print(revision, time.monotonic(), flush=True)
                said = revision
            time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
