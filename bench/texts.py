"""Text messages: how soon a webhook is answered, what two Rasa do beside one, and a storm hour.

The whole line with the trained assistant, and a carrier's stand-in (bench/carrier.py). How long a text took to its answer
is read from the database: from when it was kept to when the carrier had the last text of the answer.
"""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from sqlalchemy import Engine, func, select

from bench import carrier
from bench.beside import messages as questions
from bench.figures import Promise, percentile, promise_of_ratio
from bench.open_loop import at_random, evenly, send
from bench.postgresql import new_database, running_postgresql, why_not
from bench.stock import ENVIRONMENT
from evaluation.line import free_port
from services_catalog.database import open_database
from triage.conversations.schemas import Outcome
from triage.conversations.tables import inbox, messages
from triage.texting.tables import texts

ROOT = Path(__file__).resolve().parents[1]
# 1.5 million calls a year, twenty times as many as in a mean hour, six messages each: 5.7 messages a second.
CALLS_A_YEAR, TIMES, MESSAGES_A_CALL = 1_500_000, 20, 6
HOURS_A_YEAR = 8_766
STORM_A_SECOND = CALLS_A_YEAR / HOURS_A_YEAR * TIMES * MESSAGES_A_CALL / 3_600
A_SECOND = 50
# What may wait comes after the front door and the database, as the shares in docker-compose.yml say.
_AFTER = ("nice", "-n", "10")
READY_WITHIN_SECONDS = 240
DRAINED_WITHIN_SECONDS = 300
SECRETS = {
    "ASK311_GATEWAY_SECRET": "a secret of a measurement",
    "ASK311_API_SECRET": "another secret of a measurement",
}


@dataclass(frozen=True)
class Line:
    """A front door, with a worker for its jobs on PostgreSQL, and its database."""

    name: str
    url: str
    engine: Engine


@dataclass(frozen=True)
class Acknowledged:
    """One round of webhooks, in milliseconds from when each was due."""

    p50: float
    p99: float
    answered_p95: float  # what answering within the webhook would have taken


@dataclass(frozen=True)
class Storm:
    """A storm: times in seconds."""

    texts: int
    a_second: float
    acknowledged_p99: float
    answered_p50: float
    answered_p95: float
    most_waiting: int
    drained_after: float


@dataclass(frozen=True)
class Numbers:
    """How much is measured.

    Attributes:
        rounds: of each kind, by turns.
        seconds: of webhooks at 50 a second, each round.
        burst: texts that are all there at once, each round.
        storm_seconds: how long the storm is held.
    """

    rounds: int
    seconds: float
    burst: int
    storm_seconds: float


def bench_texts(
    numbers: Numbers, folder: Path, found: dict[str, Any], say: Callable[[str], None]
) -> list[Promise]:
    """Measure, print, and return what was promised. Without PostgreSQL only what SQLite can show is measured."""
    say("Starting two Rasa, the action server and the front doors...")
    with ExitStack() as stack:
        on_sqlite, on_one, on_two = _lines(stack, folder)
        people = _people()
        asked = questions()
        lines = [line for line in (on_sqlite, on_two) if line]
        for line in (on_sqlite, on_one, on_two):
            if line:
                _burst(line, people, asked, 40)  # warm
        say(f"Webhooks, {A_SECOND} a second, each when it is due...")
        webhooks: dict[str, list[Acknowledged]] = {line.name: [] for line in lines}
        for _ in range(numbers.rounds):
            for line in lines:
                webhooks[line.name].append(_acknowledged(line, people, asked, numbers.seconds))
        found["texts acknowledged"] = {n: [asdict(r) for r in w] for n, w in webhooks.items()}
        ones: list[float] = []
        twos: list[float] = []
        if on_one and on_two:
            say("Texts that are all there at once, by one Rasa and by two...")
            for number in range(numbers.rounds):
                pair = [(on_one, ones), (on_two, twos)]
                for line, rates in pair if number % 2 else reversed(pair):
                    rates.append(_burst(line, people, asked, numbers.burst))
            found["texts a second, one Rasa"], found["texts a second, two Rasa"] = ones, twos
        line = on_two or on_sqlite
        say(
            f"A storm of {STORM_A_SECOND:.1f} texts a second, for {numbers.storm_seconds:.0f} s..."
        )
        storm = _storm(line, people, asked, numbers.storm_seconds)
        found["texts in a storm"] = asdict(storm)
    return _promises(webhooks, ones, twos, storm)


def _promises(
    webhooks: Mapping[str, Sequence[Acknowledged]],
    ones: Sequence[float],
    twos: Sequence[float],
    storm: Storm,
) -> list[Promise]:
    promises = []
    print(
        f"\n{'webhooks, ms':<16}{'p50':>8}{'p99':>8}{'answered within it, p95':>26}   medians of rounds"
    )
    for name, rounds in webhooks.items():
        p99 = [r.p99 for r in rounds]
        print(f"{name:<16}{median(r.p50 for r in rounds):8.1f}{median(p99):8.1f}"
              f"{median(r.answered_p95 for r in rounds):26.0f}")  # fmt: skip
        spread = f"{min(p99):.0f} to {max(p99):.0f} in {len(p99)} rounds"
        promises.append(
            Promise(f"webhook p99, {A_SECOND} a second, {name}", median(p99), 100.0, True, "ms", spread)
        )  # fmt: skip
    if ones and twos:
        print(
            f"texts answered a second: {median(ones):.1f} by one Rasa, {median(twos):.1f} by two"
        )
        promises.append(
            promise_of_ratio("texts a second, two Rasa to one", twos, ones, 1.0, at_most=False)
        )
    print(f"storm: {storm.texts} texts, {storm.a_second:.1f} a second; webhooks p99 {storm.acknowledged_p99 * 1_000:.0f} ms; "
          f"answered p50 {storm.answered_p50:.2f} s, p95 {storm.answered_p95:.2f} s; at most {storm.most_waiting} waited; "
          f"all sent {storm.drained_after:.1f} s after the last came")  # fmt: skip
    # Held: what waits at the end is gone as soon as what is under way.
    promises.append(
        Promise("storm: all sent after the last text", storm.drained_after, 10.0, True, "s",
                f"p95 of an answer {storm.answered_p95:.2f} s")
    )  # fmt: skip
    return promises


# ── one measurement each ──


def _acknowledged(
    line: Line, people: Iterator[str], asked: Iterator[str], seconds: float
) -> Acknowledged:
    words = list(itertools.islice(asked, round(A_SECOND * seconds)))
    begun = _newest(line)
    taken = send(line.url, carrier.texts_of(people, words, MESSAGES_A_CALL), evenly(A_SECOND))
    _wait_until_drained(line)
    answered = _seconds_to_answers(line, begun)
    return Acknowledged(
        percentile(taken, 0.5) * 1_000,
        percentile(taken, 0.99) * 1_000,
        percentile(answered, 0.95) * 1_000,
    )


def _burst(line: Line, people: Iterator[str], asked: Iterator[str], many: int) -> float:
    """Return how many of so many texts are answered a second, if all come at once."""
    words = list(itertools.islice(asked, many))
    webhooks = carrier.texts_of(people, words, MESSAGES_A_CALL)
    begin = time.monotonic()
    send(line.url, webhooks, itertools.repeat(0.0))
    _wait_until_drained(line)
    return many / (time.monotonic() - begin)


def _storm(line: Line, people: Iterator[str], asked: Iterator[str], seconds: float) -> Storm:
    draw = random.Random(311)
    words = list(itertools.islice(asked, round(STORM_A_SECOND * seconds)))
    begun = _newest(line)
    most = 0

    def watched(moments: Iterator[float]) -> Iterator[float]:
        nonlocal most
        for number, moment in enumerate(moments):
            if number % 20 == 0:
                most = max(most, _waiting(line))
            yield moment

    begin = time.monotonic()
    taken = send(
        line.url,
        carrier.texts_of(people, words, MESSAGES_A_CALL),
        watched(at_random(STORM_A_SECOND, draw)),
    )
    ended = time.monotonic()
    _wait_until_drained(line)
    answered = _seconds_to_answers(line, begun)
    return Storm(
        len(words),
        len(words) / (ended - begin),
        percentile(taken, 0.99),
        percentile(answered, 0.5),
        percentile(answered, 0.95),
        most,
        time.monotonic() - ended,
    )


# ── what the database tells ──


def _newest(line: Line) -> Any:
    with line.engine.connect() as connection:
        return connection.scalar(select(func.max(messages.c.created_at)))


def _waiting(line: Line) -> int:
    """Return how many messages wait for their answer, and texts to be sent."""
    with line.engine.connect() as connection:
        return sum(
            connection.scalar(
                select(func.count()).where(table.c.done_at.is_(None), table.c.dead_at.is_(None))
            )
            or 0
            for table in (inbox, texts)
        )


def _wait_until_drained(line: Line) -> None:
    until = time.monotonic() + DRAINED_WITHIN_SECONDS
    while _waiting(line):
        if time.monotonic() > until:
            raise RuntimeError(f"{line.name}: not everything was answered")
        time.sleep(0.05)


def _seconds_to_answers(line: Line, since: Any) -> list[float]:
    """Return for each text that came since then how long it was until the carrier had all of its answer.

    Raises:
        RuntimeError: one was not answered, or only told that it takes longer.
    """
    replies = messages.alias("replies")
    wanted = (
        select(messages.c.created_at, func.max(texts.c.done_at))
        .select_from(messages)
        .outerjoin(replies, (replies.c.in_reply_to == messages.c.id) & (replies.c.outcome != Outcome.OUTAGE.value))
        .outerjoin(texts, texts.c.message_id == replies.c.id)
        .where(messages.c.sender == "resident", messages.c.created_at > since)
        .group_by(messages.c.id, messages.c.created_at)
    )  # fmt: skip
    with line.engine.connect() as connection:
        rows = connection.execute(wanted).all()
    if any(sent is None for _, sent in rows):
        raise RuntimeError(f"{line.name}: not every text was answered")
    return [(sent - kept).total_seconds() for kept, sent in rows]


# ── the lines ──


def _people() -> Iterator[str]:
    """Yield numbers of people who have not written yet; of no use but here."""
    for number in itertools.count():
        yield f"+1999{number:07}"


def _lines(stack: ExitStack, folder: Path) -> tuple[Line, Line | None, Line | None]:
    """Start everything; return a line on SQLite with one Rasa, and two on PostgreSQL, with one and with two."""
    for file in folder.glob("texts.db*"):
        file.unlink()
    databases = {"SQLite": f"sqlite:///{folder}/texts.db"}
    if reason := why_not():
        print(f"Not measured on PostgreSQL: {reason}")
    else:
        server = stack.enter_context(running_postgresql(fsync=True))
        for name in ("one", "two"):
            url = stack.enter_context(new_database(server, name))
            databases[f"PostgreSQL, {name} Rasa"] = url
    ports = {name: free_port() for name in ("rasa-1", "rasa-2", "actions", *databases)}
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    environment = dict(os.environ) | ENVIRONMENT | SECRETS | {
        "ASK311_ACTIONS_URL": at["actions"],
        "ASK311_TRIAGE_URL": at["SQLite"],
        "ASK311_SEARCH_CACHE": str(ROOT / "var" / "search"),
        "ASK311_MEDIA_DIR": str(folder / "media"),
        "ASK311_DATABASE_URL": databases["SQLite"],
        "ASK311_DEMO": "false",
    }  # fmt: skip
    log = stack.enter_context((folder / "texts.log").open("wb"))

    def start(*command: str | Path, **more: str) -> None:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment | more, stdout=log, stderr=subprocess.STDOUT
        )
        stack.callback(_end, process)

    for command in ("import", "prepare"):
        subprocess.run(
            [sys.executable, "-m", "services_catalog", command],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=True,
        )  # fmt: skip
    rasa = ROOT / "bot" / ".venv" / "bin" / "rasa"
    for name in ("rasa-1", "rasa-2"):
        start(*_AFTER, rasa, "run", "--model", "bot/models/ask311.tar.gz", "--endpoints", "bot/endpoints.yml", "--credentials",
              "bot/credentials.yml", "--interface", "127.0.0.1", "--port", str(ports[name]))  # fmt: skip
    start(*_AFTER, sys.executable, "-m", "actions")
    lines = []
    for name, url in databases.items():
        rasas = ["rasa-1", "rasa-2"] if "two" in name else ["rasa-1"]
        carriers = free_port()
        start(sys.executable, "-m", "bench.carrier", str(carriers), at[name])
        own = carrier.settings(f"http://127.0.0.1:{carriers}") | {
            "ASK311_DATABASE_URL": url,
            "ASK311_RASA_URLS": ",".join(at[r] for r in rasas),
        }
        # As in docker-compose.yml: on PostgreSQL a worker does the jobs. On SQLite the front door is alone.
        has_worker = not url.startswith("sqlite")
        serve = ("serve", "--port", str(ports[name]))
        start(sys.executable, "-m", "triage", *serve, **own, ASK311_JOBS=str(not has_worker))
        if has_worker:
            at[f"{name}: worker"] = f"http://127.0.0.1:{(port := free_port())}"
            start(*_AFTER, sys.executable, "-m", "triage", "worker", "--port", str(port), **own)
        engine = open_database(url)
        stack.callback(engine.dispose)
        lines.append(Line(name, at[name], engine))
    for url in (
        *(f"{at[name]}/webhooks/gateway/" for name in ("rasa-1", "rasa-2")),
        f"{at['actions']}/health",
        *(f"{line.url}/health/live" for line in lines),
        *(f"{url}/health/live" for name, url in at.items() if name.endswith(": worker")),
    ):
        _wait_for(url, folder / "texts.log")
    return (lines[0], *lines[1:]) if len(lines) > 1 else (lines[0], None, None)  # type: ignore[return-value]


def _wait_for(url: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=3, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass  # not up yet
        time.sleep(0.3)
    raise RuntimeError(f"not ready within {READY_WITHIN_SECONDS} s: see {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
