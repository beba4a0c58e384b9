"""Two hundred consoles that listen, beside residents who chat: how soon a resident's message is on the agent's screen.

Each console has a conversation of its own open and does what the page does: it listens to the event stream, and fetches the
new messages and how things stand when it hears of news. Beside them clients ask the assistant one message after
the other. What is timed runs from sending a resident's message to the part of the page that has it in it.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import update

from bench.asking import LineClient
from bench.beside import messages as questions
from bench.console import PASSWORD, signed_in
from bench.figures import Promise, percentile
from evaluation.line import running_line
from services_catalog.database import open_database
from triage.conversations.tables import conversations
from triage.handover.tables import handovers
from triage.kit.ids import new_id
from triage.staff import repository as staff
from triage.staff.passwords import hash_of_password
from triage.staff.roles import Member, Role

CONSOLES = 200
CHATTING = 8
PAUSE_SECONDS = 0.25  # between two residents' messages to people
WARMING = 3  # messages that are not counted: the consoles have only just connected
PATIENCE_SECONDS = 60
WITHIN_MS = 1_000.0


@dataclass(frozen=True)
class Heard:
    """What was measured."""

    consoles: int
    messages: int
    p50: float  # ms
    p95: float
    slowest: float
    answers_beside: int  # that the assistant gave meanwhile


@dataclass
class Watched:
    """A conversation that a person has, as its resident and its console see it."""

    path: str
    token: str
    last_seq: int = 0
    page: str = ""  # the newest parts of it
    renewed: asyncio.Event | None = None


def bench_listening(
    messages: int, folder: Path, found: dict[str, Any], consoles: int = CONSOLES
) -> list[Promise]:
    """Measure, print, and return what was promised."""
    state = folder / "listening"
    for file in state.glob("ask311.db*"):
        file.unlink()
    with running_line(var=state) as url:
        heard = asyncio.run(_heard(url, f"sqlite:///{state}/ask311.db", messages, consoles))
    found["listening"] = asdict(heard)
    print(f"\n{heard.consoles} consoles listen, {heard.messages} messages to people: on the screen after "
          f"{heard.p50:.0f} ms (p50), {heard.p95:.0f} ms (p95), {heard.slowest:.0f} ms (the slowest); "
          f"{heard.answers_beside} answers of the assistant beside them")  # fmt: skip
    return [Promise(f"message on screen p95, {heard.consoles} consoles", heard.p95, WITHIN_MS, True, "ms")]  # fmt: skip


async def _heard(url: str, database_url: str, messages: int, consoles: int) -> Heard:
    everywhere = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(
        base_url=url, timeout=PATIENCE_SECONDS, trust_env=False, limits=everywhere
    ) as residents:
        watched = [await _opened(residents) for _ in range(consoles)]
        member = _held_by_somebody(database_url, watched)
        with signed_in(url, member.email) as browser:
            cookies = dict(browser.cookies)
        async with httpx.AsyncClient(
            base_url=url,
            timeout=PATIENCE_SECONDS,
            trust_env=False,
            limits=everywhere,
            cookies=cookies,
        ) as screens:
            listening = [asyncio.create_task(_listen(screens, one)) for one in watched]
            await asyncio.gather(*(_until(one, "") for one in watched))
            with _chat(url) as answers:
                for n in range(WARMING):
                    await _until_on_screen(residents, watched[n % consoles], messages + n)
                times = [
                    await _until_on_screen(residents, watched[n % consoles], n)
                    for n in range(messages)
                ]
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
    return Heard(
        consoles,
        messages,
        percentile(times, 0.5),
        percentile(times, 0.95),
        max(times),
        len(answers),
    )


async def _opened(residents: httpx.AsyncClient) -> Watched:
    answer = await residents.post("/api/chat/conversations", json={})
    answer.raise_for_status()
    started = answer.json()
    return Watched(started["conversation_id"], started["token"], renewed=asyncio.Event())


def _held_by_somebody(database_url: str, watched: Sequence[Watched]) -> Member:
    """Give all these conversations to one member, whatever the hours of the desk."""
    now = datetime.now(UTC)
    member = Member(new_id("mem"), "listening@city.example", "Bench", Role.SUPERVISOR)
    engine = open_database(database_url)
    with engine.begin() as connection:
        staff.add_member(connection, member, now, password_hash=hash_of_password(PASSWORD))
        for one in watched:
            connection.execute(
                update(conversations)
                .where(conversations.c.id == one.path)
                .values(state="person")
            )
            connection.execute(
                handovers.insert().values(
                    id=new_id("han"),
                    conversation_id=one.path,
                    reason="asked",
                    asked_at=now,
                    holder_id=member.id,
                    holder_name=member.name,
                    taken_at=now,
                    first_taken_at=now,
                    owed_since=now,
                    seen_seq=0,
                )
            )
    engine.dispose()
    return member


async def _listen(screens: httpx.AsyncClient, one: Watched) -> None:
    """Do what the page of a conversation does, for as long as it is open."""
    base = f"/staff/conversations/{one.path}"
    while True:
        async with screens.stream(
            "GET", f"{base}/events", params={"after": one.last_seq}
        ) as news:
            news.raise_for_status()
            _renewed(one)
            async for line in news.aiter_lines():
                if line.startswith("data:"):
                    said, standing = await asyncio.gather(
                        screens.get(f"{base}/new", params={"after": one.last_seq}),
                        screens.get(f"{base}/standing"),
                    )
                    said.raise_for_status()
                    standing.raise_for_status()
                    one.page = said.text
                    seqs = [int(n) for n in re.findall(r'data-seq="(\d+)"', said.text)]
                    one.last_seq = max([one.last_seq, *seqs])
                    _renewed(one)


def _renewed(one: Watched) -> None:
    assert one.renewed is not None  # noqa: S101 (made with it)
    one.renewed.set()


async def _until(one: Watched, text: str) -> None:
    """Wait until a console shows a text."""
    assert one.renewed is not None  # noqa: S101 (made with it)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await one.renewed.wait()
            one.renewed.clear()
            if text in one.page:
                return


async def _until_on_screen(residents: httpx.AsyncClient, one: Watched, number: int) -> float:
    """Send a message; return after how many milliseconds the console shows it."""
    text = f"It is still not fixed, number {number:05}"
    begin = time.perf_counter()
    answer = await residents.post(
        f"/api/chat/conversations/{one.path}/messages",
        json={"client_message_id": f"bench-{number}", "text": text},
        headers={"Authorization": f"Bearer {one.token}"},
    )
    answer.raise_for_status()
    await _until(one, text)
    taken = (time.perf_counter() - begin) * 1_000
    await asyncio.sleep(PAUSE_SECONDS)
    return taken


@contextmanager
def _chat(url: str) -> Iterator[list[float]]:
    """Have clients ask the assistant without pause; give the times of the answers as they come.

    Raises:
        RuntimeError: a message was not answered.
    """
    answers: list[float] = []
    faults: list[Exception] = []
    is_over = threading.Event()

    def one(number: int) -> None:
        # Each begins somewhere else in the same list.
        texts = islice(questions(), 40 * number, None)
        try:
            while not is_over.is_set():
                # Each time a new conversation: who asked for a person waits for one after that, and hears no answer.
                client = LineClient(url)
                try:
                    answers.append(client.ask(next(texts)))
                finally:
                    client.close()
        except (OSError, ValueError, RuntimeError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(CHATTING)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    if faults:
        raise RuntimeError(f"not every message was answered: {faults[0]!r}") from faults[0]
