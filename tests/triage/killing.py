"""Kill processes at random moments while residents talk, and count what became of every message.

Works against any running front door: the caller says at which addresses it is, and how to kill something.
Residents behave as the page does: what was not acknowledged is sent again under the same id.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE = 120
# Plain questions with one matter each, so that each has one answer.
QUESTIONS = (
    "when is my green bin day",
    "how do i pay a parking ticket",
    "is the library open today",
)


@dataclass
class Ledger:
    """What residents were promised, and what they got."""

    acknowledged: int = 0
    sent_again: int = 0
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    answered_twice: list[str] = field(default_factory=list)
    kept_twice: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    def is_clean(self) -> bool:
        return not (
            self.lost
            or self.unanswered
            or self.answered_twice
            or self.kept_twice
            or self.out_of_order
        )


class Process:
    """A process of ours that can be killed without warning, and started again."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Any
    ) -> None:
        self._command = command
        self._environment = dict(os.environ) | dict(environment)
        self._log = log
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self._command],
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class _Resident:
    """One conversation, held through any door that opens."""

    def __init__(self, urls: Sequence[str], seed: int) -> None:
        self._urls = urls
        self._random = random.Random(seed)
        self._client = httpx.Client(timeout=15, trust_env=False)
        self.sent_again = 0
        self.acknowledged: list[str] = []
        started = self._insist("POST", "", json={})
        self._headers = {"Authorization": f"Bearer {started['token']}"}
        self._id = started["conversation_id"]

    def _insist(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE
        while True:
            url = self._random.choice(self._urls)
            try:
                answer = self._client.request(
                    method, f"{url}/api/chat/conversations{path}", **request
                )
                if answer.status_code < 300:
                    return dict(answer.json())
                assert answer.status_code in (429, 503), answer.text
            except httpx.TransportError:
                pass
            assert time.monotonic() < ends, "nobody opens"
            self.sent_again += method == "POST"
            time.sleep(0.1)

    def talk(self, at_least: int, goes_on: threading.Event) -> None:
        number = 0
        while number < at_least or goes_on.is_set():
            number += 1
            message = {
                "client_message_id": f"m{number}",
                "text": self._random.choice(QUESTIONS),
            }
            kept = self._insist(
                "POST", f"/{self._id}/messages", json=message, headers=self._headers
            )
            self.acknowledged.append(kept["message_id"])
            time.sleep(self._random.random() * 0.3)

    def read_all(self) -> list[dict[str, Any]]:
        ends = time.monotonic() + PATIENCE
        seen: list[dict[str, Any]] = []
        while True:
            after = seen[-1]["seq"] if seen else 0
            found = self._insist(
                "GET", f"/{self._id}/messages?after={after}&wait=1", headers=self._headers
            )
            seen += found["messages"]
            if not found["messages"] and not found["pending"]:
                self._client.close()
                return seen
            if time.monotonic() > ends:
                return seen


def talk_and_kill(
    urls: Sequence[str],
    kill_one: Callable[[random.Random], None],
    *,
    messages: int = 200,
    kills: int = 10,
    residents: int = 8,
    pause: tuple[float, float] = (0.2, 1.5),
    seed: int = 0,
) -> Ledger:
    """Let residents talk while `kill_one` is called at random moments; then count everything."""
    ledger = Ledger()
    rng = random.Random(seed)
    talkers = [_Resident(urls, seed * 1000 + n) for n in range(residents)]
    killing = threading.Event()
    killing.set()
    with ThreadPoolExecutor(residents) as pool:
        talks = [pool.submit(r.talk, -(-messages // residents), killing) for r in talkers]
        try:
            for _ in range(kills):
                time.sleep(rng.uniform(*pause))
                kill_one(rng)
                ledger.kills += 1
        finally:
            killing.clear()
        for talk in talks:
            talk.result()
        for resident, said in zip(talkers, pool.map(_Resident.read_all, talkers), strict=True):
            ledger.acknowledged += len(resident.acknowledged)
            ledger.sent_again += resident.sent_again
            _count(ledger, resident.acknowledged, said)
    return ledger


def _count(ledger: Ledger, acknowledged: list[str], said: list[dict[str, Any]]) -> None:
    kept = Counter(m["id"] for m in said if m["from"] == "resident")
    ledger.lost += [m for m in acknowledged if not kept[m]]
    # More than was acknowledged: kept under two ids, as nothing that was sent was not acknowledged in the end.
    ledger.kept_twice += [m for m in kept if m not in acknowledged]
    ledger.kept_twice += [m for m, times in Counter(acknowledged).items() if times > 1]
    answers: dict[str, set[str]] = defaultdict(set)
    order = []
    for message in said:
        if message["from"] == "assistant":
            # An answer may have several parts, which are stored at one moment; two answers are two moments.
            answers[message["in_reply_to"]].add(message["created_at"])
            if message["in_reply_to"] not in order:
                order.append(message["in_reply_to"])
    ledger.unanswered += [m for m in acknowledged if not answers[m]]
    ledger.answered_twice += [m for m, moments in answers.items() if len(moments) > 1]
    if order != [m for m in acknowledged if answers[m]]:
        ledger.out_of_order.append(said[0]["id"])
