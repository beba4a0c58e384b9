"""A town in a storm: whatever fails, and whenever, no message is lost, none is answered twice, none out of its order.

A tenth of the whole runs with all tests; `make chaos` runs all of it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.postgresql import a_postgresql, new_database, why_not
from tests.chaos.drained import wait_until_drained
from tests.chaos.ledger import Ledger, count_pages, count_texts
from tests.chaos.programs import REPORTS
from tests.chaos.residents import Texter, Visitor
from tests.chaos.storm import storm
from tests.chaos.town import Database, OnPostgreSQL, SQLite, town
from tests.chaos.troubles import MOODS, REFUSES, kills, others
from tests.triage.texting.carrier import CarrierTwin, text_carrier

pytestmark = pytest.mark.slow

IS_WHOLE = os.environ.get("ASK311_CHAOS") == "whole"
TEXTS, KILLS, ROUNDS = (5_000, 50, 5) if IS_WHOLE else (500, 5, 1)
TEXTERS, VISITORS = (16, 4) if IS_WHOLE else (7, 2)
PAUSE = (0.2, 1.0)
# The whole log is read each time, by a carrier that has only the time of this test's own process.
RECONCILE_MINUTES = 0.2 if IS_WHOLE else 0.05

# What is there for sure where so much fails.
NOTICED = (
    "turned_away", "refused", "found_in_log", "asked_again", "in_doubt", "filed", "overtaken", "handed_over_again",
)  # fmt: skip


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        yield SQLite(folder)
        return
    if reason := why_not():
        pytest.skip(reason)
    # A server of its own: it is stopped.
    with a_postgresql() as server, new_database(server.address, "town"):
        yield OnPostgreSQL(server, "town")


def words(number: str, nth: int) -> str:
    """Return what is texted: every tenth is a report."""
    about = f"a {REPORTS}" if nth % 10 == 5 else "something"
    return f"{number} asks about {about}, text {nth}"


def restless(carrier: CarrierTwin, doors: Sequence[str], rng: random.Random) -> Any:
    """Return what tells of a text in any order, at any door, twice or not at all."""

    def tell(message: dict[str, Any]) -> None:
        statuses = ["sent", "delivered", rng.choice(["sent", "delivered"])]
        rng.shuffle(statuses)
        for status in statuses[: rng.randrange(4)]:
            carrier.call_back(message, status, at=rng.choice(doors))

    return tell


def shown_to_staff(url: str) -> int:
    """Return how much is given up by the figures that staff watch."""
    figures = httpx.get(f"{url}/metrics", timeout=20, trust_env=False).text
    shown = 0.0
    for line in figures.splitlines():
        name, _, value = line.partition(" ")
        if name in ("ask311_texts_dead", "ask311_inbox_dead"):
            shown += float(value)
    return int(shown)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_fails_no_message_is_lost_and_none_answered_twice(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, moods = random.Random(311), random.Random(312)
    with (
        database_of(kind, tmp_path) as database,
        text_carrier() as carrier,
        town(database, carrier, tmp_path, reconcile_minutes=RECONCILE_MINUTES) as it,
    ):
        # Called with the carrier's lock held.
        carrier.choose = lambda: REFUSES if moods.random() < 0.005 else moods.choice(MOODS)
        carrier.calls_back_at = it.doors[0]
        carrier.tells = restless(carrier, it.doors, random.Random(313))
        texters = [
            Texter(f"+14165550{100 + n}", carrier, it.doors, n, words) for n in range(TEXTERS)
        ]
        visitors = [Visitor(it.doors, n) for n in range(VISITORS)]
        each = -(-TEXTS // TEXTERS)
        storm(
            [*((t, each) for t in texters), *((v, each // 4) for v in visitors)],
            [
                [partial(trouble, it, rng) for trouble in row]
                for row in (kills(KILLS, rng), others(ROUNDS, rng))
            ],
            PAUSE,
            seed=311,
        )
        # A storm ends.
        carrier.choose = None
        wait_until_drained(it.engine, {sid for texter in texters for sid in texter.sids})
        ledger = Ledger(kills=KILLS)
        count_pages(ledger, visitors)
        count_texts(ledger, texters, carrier, it.engine)
        shown = shown_to_staff(it.processes["worker-1"].url)
    with capsys.disabled():
        # Figures of the line, to be seen wherever the tests run.
        print(f"\n{kind}: {ledger.told()}")  # noqa: T201
    assert ledger.is_clean(), ledger
    assert ledger.acknowledged >= TEXTS
    assert shown >= ledger.failures, "something was given up, and staff do not see it"
    # Else nothing of all this was noticed, and it proves nothing.
    assert {name: getattr(ledger, name) > 0 for name in NOTICED} == dict.fromkeys(NOTICED, True)
