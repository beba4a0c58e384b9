"""The page of figures over a million messages: as a browser gets it, on SQLite and PostgreSQL, and how long counting takes.

The messages are of a year, four a conversation, with handovers, cases, questions without an answer and feedback among them. The
front door is a process of its own, and does its jobs meanwhile. Each page asks for another period, so that no picture is one
that was drawn before.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, text

from bench.cases import CITY, databases
from bench.console import PASSWORD, front_door, signed_in
from bench.figures import Promise, percentile
from services_catalog import store
from services_catalog.packs import load_city, read_entries
from triage.cases.tables import cases
from triage.conversations.tables import (
    conversations,
    feedback,
    messages,
    unanswered_questions,
)
from triage.handover.tables import handovers
from triage.insight import days as counting
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.migrations import migrate
from triage.staff import repository as staff
from triage.staff.passwords import hash_of_password
from triage.staff.roles import Member, Role

PERIODS = {"a month": 30, "a quarter": 91, "a year": 365}
OF_A_CONVERSATION = 4
DAYS = 365
AT_A_TIME = 5_000
WITHIN_SECONDS = 1.0


@dataclass(frozen=True)
class Found:
    """What was measured on one database."""

    database: str
    messages: int
    rebuild_seconds: float
    rows: int  # of days' figures
    pass_ms: float  # one pass with nothing new but today
    p50: dict[str, float]  # seconds, by period
    p95: dict[str, float]
    picture_p95: float  # seconds


def bench_dashboard(
    passes: int, folder: Path, found: dict[str, Any], *, of_messages: int
) -> list[Promise]:
    """Measure on both databases, print, and return what was promised. Without PostgreSQL only SQLite is measured."""
    measured = []
    for name, opened in databases(folder, "dashboard"):
        with opened as url:
            measured.append(_measured(name, url, passes, of_messages, folder))
    found["dashboard"] = [asdict(m) for m in measured]
    for m in measured:
        pages = ", ".join(f"{p} {m.p50[p]:.2f} / {m.p95[p]:.2f}" for p in PERIODS)
        print(
            f"{m.database}, {m.messages:,} messages: counted anew in {m.rebuild_seconds:.1f} s ({m.rows:,} rows), a pass"
            f" {m.pass_ms:.0f} ms; page p50 / p95 in s: {pages}; a picture p95 {m.picture_p95:.2f} s"
        )
    return [
        Promise(
            f"figures page p95 of {m.messages:,} messages, {m.database}",
            max(m.p95.values()),
            WITHIN_SECONDS,
            True,
            "s",
        )
        for m in measured
    ]


def _measured(name: str, url: str, passes: int, of_messages: int, folder: Path) -> Found:
    member = fill(url, of_messages)
    rebuild_seconds, pass_ms, rows = asyncio.run(_counted(url))
    times: dict[str, list[float]] = {period: [] for period in PERIODS}
    drawing: list[float] = []
    today = datetime.now(UTC).date()
    with front_door(url, folder) as address, signed_in(address, member.email) as browser:
        for turn in range(passes + 1):
            for period, days in PERIODS.items():
                last = today - timedelta(days=turn % 7)
                path = f"/staff/insight?from={last - timedelta(days=days - 1)}&to={last}"
                begin = time.perf_counter()
                answer = browser.get(path)
                taken = time.perf_counter() - begin
                answer.raise_for_status()
                pictures = re.findall(r'src="(/staff/insight/pictures/[^"]+)"', answer.text)
                if len(pictures) < 5:
                    raise RuntimeError(f"the page of {period} has too few pictures")
                if turn:  # the first warms caches up
                    times[period].append(taken)
            begin = time.perf_counter()
            browser.get(
                random.Random(turn).choice(pictures).replace("&amp;", "&")
            ).raise_for_status()
            if turn:
                drawing.append(time.perf_counter() - begin)
    return Found(
        name,
        of_messages,
        rebuild_seconds,
        rows,
        pass_ms,
        {period: percentile(taken, 0.5) for period, taken in times.items()},
        {period: percentile(taken, 0.95) for period, taken in times.items()},
        percentile(drawing, 0.95),
    )


async def _counted(url: str) -> tuple[float, float, int]:
    """Count everything anew, then once more what is new; return the seconds, the milliseconds, the rows."""
    database, zone = Database(url), ZoneInfo(load_city(CITY).timezone)
    try:
        begin = time.perf_counter()
        await counting.rebuild(database, zone, SystemClock())
        rebuilt = time.perf_counter()
        await counting.count(database, zone, SystemClock())
        passed = time.perf_counter()
        rows = await database.read(
            lambda c: c.execute(text("SELECT count(*) FROM day_figures")).scalar_one()
        )
        return rebuilt - begin, 1_000 * (passed - rebuilt), rows
    finally:
        database.close()


def fill(url: str, of_messages: int) -> Member:
    """Put so many messages of a year into an empty database; return who may see the figures."""
    database = Database(url)
    migrate(database.engine)
    entries = read_entries(CITY)
    store.apply(database.engine, CITY, store.Change(save=entries), by="bench", reason="bench")
    member = Member(new_id("mem"), "bench@city.example", "Bench", Role.SUPERVISOR)
    # Some services are asked for far more often than others.
    services = [e.id for e in entries]
    weights = [1 / (n + 1) for n in range(len(services))]
    draw, now = random.Random(311), datetime.now(UTC)
    with database.engine.begin() as connection:
        staff.add_member(connection, member, now, password_hash=hash_of_password(PASSWORD))
        talks = of_messages // OF_A_CONVERSATION
        for first in range(0, talks, AT_A_TIME):
            some = range(first, min(first + AT_A_TIME, talks))
            moments = [now - timedelta(days=DAYS * (1 - n / talks)) for n in some]
            asked = draw.choices(services, weights, k=2 * len(some))
            _put(connection, list(zip(some, moments, asked[::2], asked[1::2], strict=True)))
    with database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(text("ANALYZE"))
        if not database.is_sqlite:
            # What the server does by itself after a while.
            connection.execute(text("VACUUM"))
    database.close()
    return member


Talk = tuple[int, datetime, str, str]


def _put(connection: Connection, talks: Sequence[Talk]) -> None:
    """Put conversations in: of a hundred, ten are by text, six want a person, four report, five find nothing."""
    connection.execute(insert(conversations), [_conversation(n, at) for n, at, *_ in talks])
    connection.execute(insert(messages), [m for talk in talks for m in _messages(*talk)])
    of = lambda *kinds: [t for t in talks if t[0] % 100 in kinds]  # noqa: E731
    for table, rows in (
        (handovers, [_handover(n, at) for n, at, *_ in of(*range(6))]),
        (cases, [_case(n, at) for n, at, *_ in of(*range(6, 10))]),
        (unanswered_questions, [_unanswered(*talk) for talk in of(*range(10, 15))]),
        (feedback, [_feedback(n, at) for n, at, *_ in of(20, 21, 22)]),
    ):
        if rows:
            connection.execute(insert(table), rows)


def _conversation(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"con_{n:08}", "token_hash": "x", "channel": "sms" if n % 100 >= 90 else "webchat", "language": "en",
        "state": "assistant", "next_seq": OF_A_CONVERSATION + 1, "created_at": at,
    }  # fmt: skip


def _messages(n: int, at: datetime, one: str, two: str) -> Iterator[dict[str, Any]]:
    for seq in range(1, OF_A_CONVERSATION + 1):
        is_asked = seq % 2
        found = n % 100 < 10 or n % 100 >= 15 or seq == 2
        yield {
            "conversation_id": f"con_{n:08}", "seq": seq, "id": f"msg_{n:08}_{seq}",
            "sender": "resident" if is_asked else "assistant",
            "text": "made up", "outcome": None if is_asked else "answer" if found else "not_found",
            "service_id": None if is_asked or not found else (one if seq == 2 else two),
            "confidence": None if is_asked else 0.9,
            "in_reply_to": None if is_asked else f"msg_{n:08}_{seq - 1}", "created_at": at + timedelta(seconds=9 * seq),
        }  # fmt: skip


def _handover(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"han_{n:08}", "conversation_id": f"con_{n:08}", "reason": "asked" if n % 3 else "not_found",
        "asked_at": at, "first_taken_at": at + timedelta(seconds=20 + n % 900), "seen_seq": 1,
        "ended_at": at + timedelta(hours=1), "ended_how": "close",
    }  # fmt: skip


def _case(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"cas_{n:08}", "reference": f"B{n:09}", "key": f"bench-{n}", "service_id": "pothole",
        "service_name": "Pothole", "division": f"Division {n % 12}", "queue": "roads", "priority": "normal",
        "status": "closed", "channel": "webchat", "conversation_id": f"con_{n:08}", "questions": [], "answers": {},
        "description": "made up", "approximate": False, "opened_at": at, "updated_at": at,
        "due_at": at + timedelta(days=4), "resolved_at": at + timedelta(days=2 + n % 4), "followers": n % 7 // 6,
        "next_event": 1,
    }  # fmt: skip


def _unanswered(n: int, at: datetime, one: str, two: str) -> dict[str, Any]:
    return {
        "message_id": f"msg_{n:08}_3", "conversation_id": f"con_{n:08}", "outcome": "not_found",
        "matches": [{"service_id": two, "confidence": 0.2}], "asked_at": at + timedelta(seconds=27),
    }  # fmt: skip


def _feedback(n: int, at: datetime) -> dict[str, Any]:
    return {
        "message_id": f"msg_{n:08}_2", "conversation_id": f"con_{n:08}", "helpful": n % 5 > 0,
        "at": at + timedelta(minutes=1),
    }  # fmt: skip
