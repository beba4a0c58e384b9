"""Killing the line's processes at any moment leaves no word of a resident unseen by both the assistant and people.

ASK311_HANDOVERS says how many handovers are played: 500 at full size.
"""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import Process, free_port, is_up
from tests.triage.handover.ledger import WANTS_A_PERSON, hand_over_and_kill
from tests.triage.talking import wait_until
from tests.triage.twin import API_SECRET, SECRET, AssistantTwin, Trouble, echo, says

pytestmark = pytest.mark.slow

HOW_MANY = int(os.environ.get("ASK311_HANDOVERS", "30"))


# As each is run: SQLite with one process, PostgreSQL with several.
@pytest.mark.parametrize(
    ("any_database_url", "doors", "how_many"),
    [("sqlite", 1, HOW_MANY // 3), ("postgresql", 2, HOW_MANY - HOW_MANY // 3)],
    indirect=["any_database_url"],
)
def test_no_word_is_unseen_by_both_the_assistant_and_people_however_often_it_is_killed(
    any_database_url: str, tmp_path: Path, doors: int, how_many: int
) -> None:
    chance, choosing = random.Random(1), threading.Lock()

    def moody(asked: dict[str, Any]) -> Any:
        with choosing:
            pause, mood = chance.random() * 0.1, chance.random()
        time.sleep(pause)
        if mood < 0.05:
            return Trouble.FAILS
        if asked["text"] == WANTS_A_PERSON:
            return says("To talk to a person, call 311.", hand_over="asked")
        return echo(asked)

    with ExitStack() as stack:
        assistant = stack.enter_context(AssistantTwin())
        assistant.will_answer = moody
        log = stack.enter_context((tmp_path / "triage.log").open("wb"))
        given = {
            "database_url": any_database_url,
            "gateway_secret": SECRET,
            "api_secret": API_SECRET,
            "media_dir": str(tmp_path / "media"),
            "rasa_urls": assistant.url,
            "actions_url": assistant.url,
            "rasa_seconds": 3,
            "lease_seconds": 4,
            "retry_first_seconds": 0.05,
            "retry_longest_seconds": 0.5,
            "messages_per_minute": 1_000_000,
            "reads_per_minute": 1_000_000,
            "conversations_per_minute": 1_000_000,
        }
        environment = {f"ASK311_{name.upper()}": str(value) for name, value in given.items()}
        processes: list[tuple[Process, str]] = []
        for _ in range(doors):
            port = free_port()
            command = ["-m", "tests.chaos.programs", "door"]
            process = Process(command, environment | {"PORT": str(port)}, log)
            stack.callback(process.end)
            processes.append((process, f"http://127.0.0.1:{port}"))
        for _, url in processes:
            wait_until(lambda url=url: is_up(url), seconds=120)

        def kill_one(rng: random.Random) -> None:
            process, url = rng.choice(processes)
            process.kill()
            process.start()
            # One that is killed before it opens, again and again, would show nothing.
            wait_until(lambda: is_up(url), seconds=120)

        ledger = hand_over_and_kill(
            [url for _, url in processes],
            any_database_url,
            kill_one,
            how_many=how_many,
            kills=max(2, how_many // 12),
            seed=doors,
        )
    assert ledger.is_clean(), ledger
    assert ledger.sent_again > 0, "no kill was ever noticed: this proves nothing"
    assert ledger.by_people > 0, "nobody had anything to read: this proves nothing"
    assert ledger.by_line > 0, "nobody left the line: this proves nothing"
