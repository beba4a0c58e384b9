"""Cases: opening them, listing them and finding those near by, among a hundred thousand, on SQLite and PostgreSQL.

Beside each other stand the two databases; beside the search near by, the simplest way to do it: every open case of
the service read and measured.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from bench.figures import Promise, percentile
from bench.postgresql import new_database, running_postgresql, why_not
from services_catalog import store
from services_catalog.model import ServiceEntry
from services_catalog.packs import load_city, read_entries
from services_catalog.references import new_reference
from triage.cases import repository
from triage.cases.entries import Entries
from triage.cases.listing import Filter, listed
from triage.cases.schemas import CaseLocation, NewCase
from triage.cases.service import Cases
from triage.cases.tables import cases
from triage.cases.workflow import OPEN, Status
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.migrations import migrate
from triage.routing.pack import load_routing

CITY = "toronto"
OVER = timedelta(days=730)
# Where most of Toronto is, in degrees: west, south, east, north.
BOX = (-79.6, 43.6, -79.15, 43.84)
SERVICE = "pothole"
NEAR_METRES = 50
AT_ONCE = 8


@dataclass(frozen=True)
class Found:
    """What was measured on one database. Times in milliseconds."""

    database: str
    stored: int
    open_p50: float
    open_p95: float
    opened_a_second: float  # by eight at once
    list_p50: float  # the newest hundred of the last ninety days
    list_p95: float
    listed_by_service_p95: float
    near_p50: float
    near_p95: float
    naive_near_p50: float


def bench_cases(
    questions: int, folder: Path, found: dict[str, Any], *, stored: int
) -> list[Promise]:
    """Measure on both databases, print, and return what was promised. Without PostgreSQL only SQLite is measured."""
    measured = []
    for name, opened in databases(folder, "cases"):
        with opened as url:
            measured.append(asyncio.run(_measured(name, url, questions, stored)))
    found["cases"] = [asdict(m) for m in measured]
    print(f"\n{'cases, ms':<12}{'open p50':>9}{'p95':>7}{'a second':>10}{'list p50':>10}{'p95':>7}"
          f"{'by service p95':>16}{'near p50':>10}{'p95':>7}{'naive near p50':>16}")  # fmt: skip
    for m in measured:
        print(f"{m.database:<12}{m.open_p50:9.1f}{m.open_p95:7.1f}{m.opened_a_second:10.0f}{m.list_p50:10.1f}"
              f"{m.list_p95:7.1f}{m.listed_by_service_p95:16.1f}{m.near_p50:10.1f}{m.near_p95:7.1f}"
              f"{m.naive_near_p50:16.1f}")  # fmt: skip
    promises = []
    for m in measured:
        of = f"of {m.stored:,} cases, {m.database}"
        worst = max(m.list_p95, m.listed_by_service_p95)
        promises += [
            Promise(f"list p95 {of}", worst, 50.0, True, "ms"),
            Promise(f"near by p95 {of}", m.near_p95, 50.0, True, "ms"),
        ]
    return promises


def databases(folder: Path, part: str) -> Iterator[tuple[str, Any]]:
    """Yield an empty database of each kind, to be opened, with the name of its kind."""
    yield "SQLite", _sqlite(folder, part)
    if reason := why_not():
        print(f"Not measured on PostgreSQL: {reason}")
        return
    with running_postgresql(fsync=True) as server:
        yield "PostgreSQL", new_database(server, "bench")


@contextmanager
def _sqlite(folder: Path, part: str) -> Iterator[str]:
    for file in folder.glob(f"{part}.db*"):
        file.unlink()
    yield f"sqlite:///{folder}/{part}.db"
    for file in folder.glob(f"{part}.db*"):
        file.unlink()


async def _measured(name: str, url: str, questions: int, stored: int) -> Found:
    draw = random.Random(311)
    database = Database(url)
    try:
        migrate(database.engine)
        entries = read_entries(CITY)
        change = store.Change(save=entries)
        store.apply(
            database.engine, CITY, change, by="bench", reason="bench", expected_revision=0
        )
        _fill(database, entries, stored, draw)
        line = Cases(
            database,
            load_city(CITY),
            load_routing(CITY),
            Entries(database, CITY),
            SystemClock(),
        )
        service = next(e for e in entries if e.id == SERVICE)
        opened, a_second = await _opening(line, _answers(service), questions, draw)
        lists = await _times(questions, lambda: _list(database))
        by_service = await _times(questions, lambda: _list(database, SERVICE))
        near = await _times(questions, lambda: line.near(SERVICE, *_point(draw), NEAR_METRES))
        naive = await _times(max(5, questions // 30), lambda: _naive(database, _point(draw)))
    finally:
        database.close()
    return Found(
        name,
        stored,
        percentile(opened, 0.5),
        percentile(opened, 0.95),
        a_second,
        percentile(lists, 0.5),
        percentile(lists, 0.95),
        percentile(by_service, 0.95),
        percentile(near, 0.5),
        percentile(near, 0.95),
        percentile(naive, 0.5),
    )


def _fill(
    database: Database, entries: list[ServiceEntry], stored: int, draw: random.Random
) -> None:
    requestable = [e for e in entries if e.request]
    # A third of all are of the service that is looked for: what neighbours report most.
    drawn = [e for e in requestable if e.id == SERVICE] * (len(requestable) // 2) + requestable
    now = datetime.now(UTC)
    rows = (
        _row(n, draw.choice(drawn), now - draw.random() * OVER, draw) for n in range(stored)
    )
    with database.engine.begin() as connection:
        while batch := [row for _, row in zip(range(2_000), rows, strict=False)]:
            connection.execute(insert(cases), batch)
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _row(number: int, entry: ServiceEntry, at: datetime, draw: random.Random) -> dict[str, Any]:
    lat, long = _point(draw)
    status = draw.choices(
        [Status.CLOSED, Status.RECEIVED, Status.IN_PROGRESS, Status.RESOLVED], [80, 8, 8, 4]
    )[0]
    return {
        "id": f"cas_{number}", "reference": new_reference(), "key": f"bench-{number}",
        "service_id": entry.id, "service_name": entry.title, "division": entry.division,
        "queue": entry.division[:80], "priority": "normal", "status": status.value, "channel": "web",
        "questions": [], "answers": {}, "description": "Made up for a measurement.",
        "latitude": lat, "longitude": long, "address": "1 Sample St", "ward": "Ward 1", "approximate": False,
        "opened_at": at, "updated_at": at, "due_at": at + timedelta(days=5), "followers": 0, "next_event": 1,
    }  # fmt: skip


async def _opening(
    line: Cases, answers: dict[str, Any], count: int, draw: random.Random
) -> tuple[list[float], float]:
    """Return how long each of `count` cases took alone, and how many a second eight at once opened."""
    one = iter(range(10**9))

    async def open_one() -> None:
        lat, long = _point(draw)
        await line.open(
            NewCase(
                key=f"opened-{next(one)}",
                service_id=SERVICE,
                channel="web",
                answers=answers,
                location=CaseLocation(lat=lat, long=long, address="1 Sample St"),
                description="Made up for a measurement.",
            )
        )

    alone = await _times(count, open_one)
    begin = time.perf_counter()

    async def several() -> None:
        for _ in range(count // AT_ONCE):
            await open_one()

    await asyncio.gather(*(several() for _ in range(AT_ONCE)))
    return alone, (count // AT_ONCE) * AT_ONCE / (time.perf_counter() - begin)


async def _list(database: Database, service_id: str = "") -> None:
    now = datetime.now(UTC)
    wanted = Filter(
        now - timedelta(days=90),
        now,
        service_ids=(service_id,) if service_id else (),
        limit=100,
    )
    await database.read(lambda c: listed(c, wanted))


async def _naive(database: Database, point: tuple[float, float]) -> None:
    def question(connection: Any) -> int:
        rows = connection.execute(
            select(cases.c.latitude, cases.c.longitude).where(
                cases.c.service_id == SERVICE,
                cases.c.status.in_([s.value for s in OPEN]),
            )
        )
        return sum(repository.metres_between(*point, *row) <= NEAR_METRES for row in rows)

    await database.read(question)


async def _times(count: int, work: Callable[[], Awaitable[Any]]) -> list[float]:
    await work()
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begin) * 1_000)
    return taken


def _point(draw: random.Random) -> tuple[float, float]:
    west, south, east, north = BOX
    return draw.uniform(south, north), draw.uniform(west, east)


def _answers(entry: ServiceEntry) -> dict[str, Any]:
    """Return an answer to each required question that keeps the report the City's."""
    answers: dict[str, Any] = {}
    for attribute in entry.request.attributes if entry.request else ():
        if attribute.required and attribute.applies(answers):
            plain = [
                v.key for v in attribute.values if not (v.referral or v.instead or v.danger)
            ]
            answers[attribute.code] = plain[0] if plain else "1"
    return answers
