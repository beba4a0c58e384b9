"""The console with fifty thousand open cases: its pages as a browser gets them, on SQLite and PostgreSQL.

The front door is a process of its own. What is timed is the whole answer to a signed-in member who sees all queues: sent,
guarded, counted or listed, noted in the audit trail where it must be, rendered, received.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, text

from bench.cases import CITY, databases
from bench.figures import Promise, percentile
from evaluation.line import free_port
from services_catalog.packs import read_entries
from services_catalog.references import new_reference
from triage.cases.tables import case_contacts, case_words, cases
from triage.cases.words import search_words
from triage.cases.workflow import OPEN, Status
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.migrations import migrate
from triage.routing.pack import load_routing
from triage.routing.rules import Priority
from triage.staff import repository as staff
from triage.staff.passwords import hash_of_password
from triage.staff.roles import Member, Role

PASSWORD = "only for measuring"  # noqa: S105 (the database is thrown away)
STREETS = ("Queen St W", "King St E", "Bathurst St", "Elm St", "Danforth Ave", "Yonge St")
WORDS = (
    "since the storm on sunday water pours over the sidewalk and freezes at night cars swerve around it near "
    "the school gate nobody can pass with a stroller please look soon the smell gets worse every day"
)
# What is opened, by what it is called in the table.
PAGES = {
    "queues": "/staff/queues",
    "numbers": "/staff/queues/counts",
    "all": "/staff/cases",
    "by promise": "/staff/cases?order=promise",
    "one queue": "/staff/cases?queue=road_operations",
    "late": "/staff/cases?promise=late&assigned=nobody",
    "finished": "/staff/cases?status=finished",
    "search": "/staff/search?q=queen+st+w",
    "rare words": "/staff/search?q=stroller+bathurst+{number}",
    "phone": "/staff/search?q=416-555-0{number}",
}
# The page that the promise is about, and the lists that it leads to.
PROMISED = ("queues", "numbers", "all", "by promise", "one queue", "late", "finished")
WITHIN_MS = 150.0


@dataclass(frozen=True)
class Found:
    """What was measured on one database."""

    database: str
    open_cases: int
    p50: dict[str, float]  # ms, by page
    p95: dict[str, float]


def bench_console(
    passes: int, folder: Path, found: dict[str, Any], *, open_cases: int
) -> list[Promise]:
    """Measure on both databases, print, and return what was promised. Without PostgreSQL only SQLite is measured."""
    measured = []
    for name, opened in databases(folder, "console"):
        with opened as url:
            measured.append(_measured(name, url, passes, open_cases, folder))
    found["console"] = [asdict(m) for m in measured]
    print(
        f"\n{'console, ms':<14}"
        + "".join(f"{m.database + ' p50':>16}{'p95':>8}" for m in measured)
    )
    for page in PAGES:
        print(
            f"{page:<14}" + "".join(f"{m.p50[page]:16.1f}{m.p95[page]:8.1f}" for m in measured)
        )
    return [
        Promise(
            f"queue page p95 of {m.open_cases:,} open cases, {m.database}",
            max(m.p95[page] for page in PROMISED),
            WITHIN_MS,
            True,
            "ms",
        )
        for m in measured
    ]


def _measured(name: str, url: str, passes: int, open_cases: int, folder: Path) -> Found:
    member = fill(url, open_cases)
    with front_door(url, folder) as address, signed_in(address, member.email) as browser:
        times: dict[str, list[float]] = {page: [] for page in PAGES}
        draw = random.Random(311)
        for turn in range(passes + 2):
            for page, path in PAGES.items():
                begin = time.perf_counter()
                answer = browser.get(path.format(number=draw.randint(100, 899)))
                taken = (time.perf_counter() - begin) * 1_000
                answer.raise_for_status()
                if turn >= 2:  # the first two warm caches up
                    times[page].append(taken)
    return Found(
        name,
        open_cases,
        {page: percentile(taken, 0.5) for page, taken in times.items()},
        {page: percentile(taken, 0.95) for page, taken in times.items()},
    )


def fill(url: str, open_cases: int) -> Member:
    """Put so many open cases into an empty database, and half as many finished ones; return who may see them all."""
    database = Database(url)
    migrate(database.engine)
    member = Member(new_id("mem"), "bench@city.example", "Bench", Role.SUPERVISOR)
    queues = list(load_routing(CITY).queues.values())
    services = [e for e in read_entries(CITY) if e.request]
    draw = random.Random(311)
    now = datetime.now(UTC)
    with database.engine.begin() as connection:
        staff.add_member(connection, member, now, password_hash=hash_of_password(PASSWORD))
        stored = open_cases + open_cases // 2
        references = _references()
        for first in range(0, stored, 2_000):
            rows = [
                _row(n, next(references), n < open_cases, draw, now, queues, services)
                for n in range(first, min(first + 2_000, stored))
            ]
            connection.execute(insert(cases), rows)
            connection.execute(insert(case_words), list(_words(rows)))
            connection.execute(
                insert(case_contacts), [_contact(row, draw, now) for row in rows]
            )
    with database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(text("ANALYZE"))
        if not database.is_sqlite:
            # What the server does by itself after a while.
            connection.execute(text("VACUUM cases"))
    database.close()
    return member


def _references() -> Iterator[str]:
    """Yield references, none of them twice: among so many, chance would bring one again."""
    seen = set()
    while True:
        if (reference := new_reference()) not in seen:
            seen.add(reference)
            yield reference


def _row(
    number: int,
    reference: str,
    is_open: bool,
    draw: random.Random,
    now: datetime,
    queues: Sequence[Any],
    services: Sequence[Any],
) -> dict[str, Any]:
    # Queues are as unequal as they are: half of all wait in a tenth of them.
    queue = draw.choice(queues[:5] if number % 2 else queues)
    entry = draw.choice(services)
    opened = now - timedelta(days=draw.random() * (60 if is_open else 700))
    status = draw.choice(sorted(OPEN)) if is_open else Status.CLOSED
    return {
        "id": f"cas_{number:07}", "reference": reference, "key": f"bench-{number}",
        "service_id": entry.id, "service_name": entry.title, "division": queue.division,
        "queue": queue.id, "priority": draw.choices(list(Priority), [2, 10, 88])[0].value,
        "status": status.value, "channel": "webchat", "questions": [], "answers": {},
        "description": " ".join(draw.sample(WORDS.split(), 12)),
        "latitude": 43.6 + draw.random() * 0.2, "longitude": -79.6 + draw.random() * 0.4,
        "address": f"{draw.randint(1, 900)} {draw.choice(STREETS)}", "ward": "Ward 1", "approximate": False,
        "opened_at": opened, "updated_at": opened,
        "due_at": opened + timedelta(days=draw.randint(1, 90)) if draw.random() < 0.8 else None,
        "assigned_to": None if draw.random() < 0.7 else "mem_somebody", "followers": 0, "next_event": 1,
    }  # fmt: skip


def _words(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        texts = (row["service_name"], row["description"], row["address"])
        for word in search_words(*texts):
            yield {"word": word, "opened_at": row["opened_at"], "case_id": row["id"]}


def _contact(row: dict[str, Any], draw: random.Random, now: datetime) -> dict[str, Any]:
    number = f"0{draw.randint(100, 899)}"
    return {
        "id": new_id("cct"), "case_id": row["id"], "name": "Made Up", "phone": f"416-555-{number}",
        "phone_e164": f"+1416555{number}", "wants_updates": False, "given_at": now,
    }  # fmt: skip


@contextmanager
def front_door(database_url: str, folder: Path) -> Iterator[str]:
    """Run a front door of its own over a database; yield its address. There is no assistant behind it."""
    port = free_port()
    environment = os.environ | {
        "ASK311_DATABASE_URL": database_url,
        "ASK311_MEDIA_DIR": str(folder / "media"),
        "ASK311_GATEWAY_SECRET": secrets.token_urlsafe(32),
        "ASK311_API_SECRET": secrets.token_urlsafe(32),
    }
    with (folder / "console.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "triage", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the front door ended; see var/bench/console.log")
        try:
            httpx.get(f"{address}/health/live", timeout=2, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the front door did not start; see var/bench/console.log")


@contextmanager
def signed_in(address: str, email: str) -> Iterator[httpx.Client]:
    """Yield a browser at which a member is signed in."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as browser:
        form = browser.get("/staff/sign-in").text
        token = re.search(r'name="csrf" value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("the sign-in page has no form")
        fields = {"csrf": token[1], "email": email, "password": PASSWORD}
        answer = browser.post("/staff/sign-in", data=fields)
        if answer.status_code != 303:
            raise RuntimeError(f"signing in was answered with {answer.status_code}")
        yield browser
