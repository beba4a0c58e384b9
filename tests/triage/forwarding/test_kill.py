"""However often the front door is killed, and whatever the endpoint does, each case is there once."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select

from tests.chaos.processes import Process, free_port
from tests.triage.cases.desk import import_entries, pothole
from tests.triage.forwarding.outside import KEY, Mood, outside_endpoint
from tests.triage.forwarding.town import IMPATIENT, VARIABLE
from tests.triage.twin import API_SECRET, SECRET
from triage.cases.tables import cases
from triage.forwarding.tables import forwards

pytestmark = pytest.mark.slow

REPORTERS, EACH, PATIENCE = 4, 12, 120
KILLS = 4
# Most of what can go wrong, with what goes well.
MOODS = [
    *([Mood.KEEPS] * 8), Mood.FAILS, Mood.KEEPS_AND_FAILS, Mood.KEEPS_AND_DROPS, Mood.BUSY, Mood.TOKEN,
]  # fmt: skip


# As each is run: SQLite with one process, PostgreSQL with several.
@pytest.mark.parametrize(
    ("any_database_url", "processes"),
    [("sqlite", 1), ("postgresql", 2)],
    indirect=["any_database_url"],
)
def test_each_case_is_there_once(any_database_url: str, tmp_path: Path, processes: int) -> None:
    import_entries(any_database_url)
    moods, rng = random.Random(1), random.Random(processes)
    with ExitStack() as stack:
        outside = stack.enter_context(outside_endpoint())
        outside.choose = lambda: moods.choice(MOODS)
        log = stack.enter_context((tmp_path / "triage.log").open("wb"))
        ports = [free_port() for _ in range(processes)]
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        doors = []
        for port, url in zip(ports, urls, strict=True):
            environment = {
                "ASK311_DATABASE_URL": any_database_url,
                "ASK311_GATEWAY_SECRET": SECRET,
                "ASK311_API_SECRET": API_SECRET,
                "ASK311_MEDIA_DIR": str(tmp_path / "media"),
                "ASK311_RASA_URLS": "http://127.0.0.1:9",
                "PORT": str(port),
                VARIABLE: KEY,
                **{f"ASK311_{name.upper()}": str(value) for name, value in IMPATIENT.items()},
            }
            door = Process(
                ["-m", "tests.chaos.programs", "door", outside.url], environment, log, url
            )
            stack.callback(door.end)
            doors.append(door)
        for door in doors:
            door.wait_until_up()

        def report(reporter: int) -> list[str]:
            told = []
            chance = random.Random(reporter)
            with httpx.Client(timeout=15, trust_env=False) as client:
                for number in range(EACH):
                    body = pothole() | {
                        "key": f"r{reporter}:{number}",
                        "location": {
                            "lat": 43.6 + reporter / 100,
                            "long": -79.4 + number / 1_000,
                            "address": "Somewhere",
                        },
                    }
                    told.append(insist(client, chance, urls, body))
                    time.sleep(chance.random() * 0.4)
            return told

        kills = 0
        with ThreadPoolExecutor(REPORTERS) as pool:
            reports = [pool.submit(report, n) for n in range(REPORTERS)]
            while kills < KILLS or not all(r.done() for r in reports):
                time.sleep(rng.uniform(0.5, 3))
                which = rng.randrange(processes)
                doors[which].kill()
                doors[which].start()
                kills += 1
                # One that is killed before it opens, again and again, would show nothing.
                doors[which].wait_until_up()
        confirmed = [reference for r in reports for reference in r.result()]
        # What got a token gets its number now.
        stop = time.monotonic() + PATIENCE
        engine = create_engine(any_database_url)
        while time.monotonic() < stop:
            for token in outside.tokens:
                outside.tokens[token] = token.removeprefix("t/")
            with engine.connect() as connection:
                rows = connection.execute(
                    select(cases.c.reference, forwards).join(
                        forwards, forwards.c.case_id == cases.c.id
                    )
                ).all()
            if all(row.done_at for row in rows):
                break
            time.sleep(0.2)
        engine.dispose()
    assert sorted(r.reference for r in rows) == sorted(confirmed)
    assert [r.last_error for r in rows if r.dead_at or not r.done_at] == []
    arrived = Counter(
        line.rsplit(" ", 1)[1]
        for request in outside.requests
        for line in request["description"].splitlines()[:1]
    )
    assert arrived == dict.fromkeys(confirmed, 1), "something is missing, or there twice"
    numbers = {r["description"].split()[2]: r["service_request_id"] for r in outside.requests}
    assert {r.reference: r.request_id for r in rows} == numbers


def insist(
    client: httpx.Client, chance: random.Random, urls: list[str], body: dict[str, Any]
) -> str:
    """Report until it is answered, through whichever door opens; return the reference."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            answer = client.post(
                f"{chance.choice(urls)}/api/triage/cases",
                json=body,
                headers={"Authorization": f"Bearer {API_SECRET}"},
            )
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code in (200, 201):
            return str(answer.json()["reference"])
        assert answer.status_code == 503, answer.text
    raise AssertionError("nobody opens")
