"""Killing the front door at any moment loses no accepted message and answers none twice."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.triage.killing import Process, talk_and_kill
from tests.triage.talking import wait_until
from tests.triage.twin import SECRET, AssistantTwin, Trouble, echo

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=2, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(("processes", "messages", "kills"), [(1, 60, 4), (2, 200, 10)])
def test_no_message_is_lost_and_none_answered_twice_however_often_it_is_killed(
    any_database_url: str, tmp_path: Path, processes: int, messages: int, kills: int
) -> None:
    moods = random.Random(1)
    choosing = threading.Lock()

    def moody(asked: dict[str, Any]) -> Any:
        with choosing:
            pause, mood = moods.random() * 0.1, moods.random()
        time.sleep(pause)
        if mood < 0.05:
            return Trouble.FAILS
        return Trouble.DROPS if mood < 0.07 else echo(asked)

    with ExitStack() as stack:
        assistant = stack.enter_context(AssistantTwin())
        assistant.will_answer = moody
        log = stack.enter_context((tmp_path / "triage.log").open("wb"))
        ports = [free_port() for _ in range(processes)]
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        doors = []
        for port in ports:
            door = Process(
                ["-m", "triage"],
                {
                    "ASK311_DATABASE_URL": any_database_url,
                    "ASK311_GATEWAY_SECRET": SECRET,
                    "ASK311_RASA_URLS": assistant.url,
                    "ASK311_ACTIONS_URL": assistant.url,
                    "ASK311_RASA_SECONDS": "3",
                    "ASK311_LEASE_SECONDS": "4",
                    "ASK311_MESSAGES_PER_MINUTE": "100000",
                    "ASK311_READS_PER_MINUTE": "100000",
                    "PORT": str(port),
                },
                log,
            )
            stack.callback(door.end)
            doors.append(door)
        for url in urls:
            wait_until(lambda url=url: is_up(url))

        def kill_one(rng: random.Random) -> None:
            door = rng.choice(doors)
            door.kill()
            door.start()

        ledger = talk_and_kill(
            urls, kill_one, messages=messages, kills=kills, pause=(0.5, 4), seed=processes
        )
    assert ledger.is_clean(), ledger
    assert ledger.acknowledged >= messages
    assert ledger.kills == kills
    assert ledger.sent_again > 0, "no kill was ever noticed: this proves nothing"
