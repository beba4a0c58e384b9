"""Scripted handovers while processes are killed at random moments, and what became of every word of the residents.

Residents behave as the page does: what was not acknowledged is sent again under the same id. Staff are at the real console,
without scripts: what a page shows them they have seen, and nothing else. Works against any running line with a desk.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import create_engine, select

from tests.support.staff import AtConsole, add_member
from triage.conversations.repository import LEFT_TO_PERSON, SAFETY_SAYS_ALL, TO_THE_LINE
from triage.conversations.tables import inbox, messages
from triage.handover.tables import handovers

PATIENCE = 120
# So many messages get in between two kills.
ENOUGH = 5
WANTS_A_PERSON = "can i talk to a person"
_CONVERSATION = re.compile(r'href="/staff/conversations/(con_[\w-]+)"')
_SEQ = re.compile(r'data-seq="(\d+)"')
_MESSAGE_ID = re.compile(r'name="message_id" value="([^"]+)"')


@dataclass
class Ledger:
    """What residents wrote, and who dealt with it."""

    handovers: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    kills: int = 0
    by_assistant: int = 0
    by_line: int = 0
    by_people: int = 0
    # How often a person could not end a conversation, for there were words that they had not read.
    held_open: int = 0
    lost: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    never_ended: list[str] = field(default_factory=list)

    def is_clean(self) -> bool:
        return not (self.lost or self.unseen or self.never_ended)


class _Door:
    """Any door that opens, for one who insists."""

    def __init__(self, urls: Sequence[str], rng: random.Random) -> None:
        self._urls, self._random = urls, rng
        self.again = 0

    def insist(self, call: Callable[[str], httpx.Response]) -> httpx.Response:
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                answer = call(self._random.choice(self._urls))
                assert answer.status_code != 500, "a fault of ours: trying again is no use"
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
            except httpx.TransportError:
                pass
            assert time.monotonic() < ends, "nobody opens"
            self.again += 1
            time.sleep(0.1)


class _Resident:
    """One conversation that wants a person at some time, and goes on writing whoever has it."""

    def __init__(self, urls: Sequence[str], seed: int) -> None:
        self._random = random.Random(seed)
        self._client = httpx.Client(timeout=15, trust_env=False)
        self.door = _Door(urls, self._random)
        started = self._post("", {}).json()
        self.id: str = started["conversation_id"]
        self._client.headers["Authorization"] = f"Bearer {started['token']}"
        self.acknowledged: list[str] = []

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        at = f"/api/chat/conversations{path}"
        return self.door.insist(lambda url: self._client.post(f"{url}{at}", json=body))

    def _says(self, text: str) -> None:
        body = {"client_message_id": f"m{len(self.acknowledged)}", "text": text}
        kept = self._post(f"/{self.id}/messages", body)
        assert kept.status_code == 202, kept.text
        self.acknowledged.append(kept.json()["message_id"])
        time.sleep(self._random.random() * 0.2)

    def plays(self) -> None:
        chance = self._random.random
        self._says("when is my garbage day")
        self._says(WANTS_A_PERSON)
        for number in range(self._random.randrange(4)):
            self._says(f"something about it, number {number}")
        if chance() < 0.25:
            self._says("never mind")
        for number in range(self._random.randrange(5)):
            self._says(f"and one more thing, number {number}")
            time.sleep(chance() * 0.4)
        if chance() < 0.2:
            self._says(WANTS_A_PERSON)
        self._client.close()


class _Person:
    """Somebody at the console, who works on whatever is listed until there is nothing left."""

    def __init__(self, urls: Sequence[str], database_url: str, seed: int) -> None:
        self._random = random.Random(seed)
        self.door = _Door(urls, self._random)
        self._browser = AtConsole("")
        self._browser.is_given(database_url, add_member(database_url, name=f"P{seed}"))
        self.seen: set[tuple[str, int]] = set()
        self.held_open = 0

    def works(self, goes_on: threading.Event) -> None:
        while True:
            listed = _CONVERSATION.findall(self._opens("/staff/conversations").text)
            if not listed and not goes_on.is_set():
                break
            if listed:
                self._works_on(self._random.choice(listed))
            time.sleep(self._random.random() * 0.2)
        self._browser.client.close()

    def _works_on(self, conversation: str) -> None:
        at = f"/staff/conversations/{conversation}"
        self._sends(f"{at}/take")
        page = self._looks(conversation)
        for _ in range(self._random.randrange(3)):
            if 'id="do-close"' not in page:
                return
            given = {"message_id": _MESSAGE_ID.findall(page)[-1], "seen": _last(page)}
            self._sends(f"{at}/say", text="I am looking into it.", **given)
            time.sleep(self._random.random() * 0.3)
            page = self._looks(conversation)
        ways = ("hand-back", "close", "hand-back", "close", "put-back")
        while 'id="do-close"' in page:
            answer = self._sends(f"{at}/{self._random.choice(ways)}", seen=_last(page))
            self.held_open += answer.status_code == 409
            page = self._looks(conversation)

    def _opens(self, path: str) -> httpx.Response:
        client = self._browser.client
        answer = self.door.insist(lambda url: client.get(f"{url}{path}"))
        assert answer.status_code in (200, 404), answer.status_code
        return answer

    def _looks(self, conversation: str) -> str:
        page = self._opens(f"/staff/conversations/{conversation}").text
        self.seen |= {(conversation, int(seq)) for seq in _SEQ.findall(page)}
        return page

    def _sends(self, path: str, **fields: Any) -> httpx.Response:
        browser = self._browser
        form = {"csrf": browser.csrf, **fields}
        return self.door.insist(lambda url: browser.client.post(f"{url}{path}", data=form))


def _last(page: str) -> str:
    return _SEQ.findall(page)[-1]


def hand_over_and_kill(
    urls: Sequence[str],
    database_url: str,
    kill_one: Callable[[random.Random], None],
    *,
    how_many: int,
    kills: int,
    people: int = 3,
    residents: int = 6,
    pause: tuple[float, float] = (0.5, 2),
    seed: int = 0,
) -> Ledger:
    """Play so many handovers while `kill_one` is called at random moments; then count everything."""
    ledger, rng = Ledger(handovers=how_many), random.Random(seed)
    staff = [_Person(urls, database_url, seed * 100 + n) for n in range(people)]
    goes_on = threading.Event()
    goes_on.set()
    played: list[_Resident] = []

    def play(number: int) -> None:
        resident = _Resident(urls, seed * 10_000 + number)
        played.append(resident)
        resident.plays()

    with ThreadPoolExecutor(people) as desk, ThreadPoolExecutor(residents) as town:
        work = [desk.submit(person.works, goes_on) for person in staff]
        try:
            talks = [town.submit(play, n) for n in range(how_many)]
            for _ in range(kills):
                _wait_until_something_was_done(played, talks)
                time.sleep(rng.uniform(*pause))
                kill_one(rng)
                ledger.kills += 1
            for talk in talks:
                talk.result()
            _wait_until_the_assistant_has_answered(database_url)
        finally:
            goes_on.clear()
        for one in work:
            one.result()
    _count(ledger, database_url, played, staff)
    return ledger


def _wait_until_something_was_done(
    played: Sequence[_Resident], talks: Sequence[Future[None]]
) -> None:
    """Wait for a few messages to get in: on a slow machine a line killed at once again would never open."""
    before = sum(len(r.acknowledged) for r in played)
    ends = time.monotonic() + PATIENCE
    while sum(len(r.acknowledged) for r in played) < before + ENOUGH:
        if all(talk.done() for talk in talks):
            return
        assert time.monotonic() < ends, "nobody gets anything in"
        time.sleep(0.05)


def _wait_until_the_assistant_has_answered(database_url: str) -> None:
    """Wait for the inbox: an answer may yet bring somebody into line."""
    engine = create_engine(database_url)
    waits = select(inbox.c.message_id).where(
        inbox.c.done_at.is_(None), inbox.c.dead_at.is_(None)
    )
    ends = time.monotonic() + PATIENCE
    while True:
        with engine.connect() as connection:
            if connection.execute(waits.limit(1)).first() is None:
                break
        assert time.monotonic() < ends, "the assistant does not answer"
        time.sleep(0.1)
    engine.dispose()


def _count(
    ledger: Ledger, database_url: str, residents: Sequence[_Resident], staff: Sequence[_Person]
) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        kept = connection.execute(
            select(messages, inbox.c.message_id.label("asked"), inbox.c.last_error)
            .outerjoin(inbox, inbox.c.message_id == messages.c.id)
            .where(messages.c.sender == "resident")
        ).all()
        answered = set(
            connection.execute(
                select(messages.c.in_reply_to).where(messages.c.in_reply_to.is_not(None))
            ).scalars()
        )
        ledger.never_ended = list(
            connection.execute(
                select(handovers.c.conversation_id).where(
                    handovers.c.ended_at.is_(None), handovers.c.waiting_since.is_not(None)
                )
            ).scalars()
        )
    engine.dispose()
    seen = set().union(*(person.seen for person in staff))
    ledger.held_open = sum(person.held_open for person in staff)
    for resident in residents:
        ledger.acknowledged += len(resident.acknowledged)
        ledger.sent_again += resident.door.again
    ids = {m.id for m in kept}
    ledger.lost = [m for r in residents for m in r.acknowledged if m not in ids]
    for m in kept:
        extra = m.extra or {}
        if m.asked and m.last_error != LEFT_TO_PERSON and m.id in answered:
            ledger.by_assistant += 1
        elif TO_THE_LINE in extra or SAFETY_SAYS_ALL in extra:
            ledger.by_line += 1
        elif (m.conversation_id, m.seq) in seen:
            ledger.by_people += 1
        else:
            ledger.unseen.append(m.id)
