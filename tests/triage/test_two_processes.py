"""Two front doors on one database: on SQLite and on PostgreSQL, every message is answered once, in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from services_catalog.database import open_database
from tests.triage.talking import Resident, front_door, wait_until
from tests.triage.twin import AssistantTwin, Trouble, echo
from triage.migrations import migrate


def test_what_one_process_keeps_a_reader_at_the_other_gets(
    any_database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    with (
        front_door(any_database_url, assistant.url, replica="a:1") as here,
        front_door(any_database_url, assistant.url, replica="b:1", poll_seconds=0.05) as there,
    ):
        resident = Resident(here, client)
        elsewhere = f"{there}/api/chat/conversations/{resident.id}"
        with client.stream("GET", f"{elsewhere}/events", headers=resident.headers) as stream:
            lines = stream.iter_lines()
            while not next(lines).startswith("event: state"):
                pass
            resident.says("bin day")
            got = ""
            while "You said: bin day" not in got:
                got = next(lines)


def test_two_processes_answer_every_message_once_and_in_order(
    any_database_url: str, assistant: AssistantTwin
) -> None:
    # Now and then an attempt fails, so that work goes back and forth between the two.
    tried: set[str] = set()

    def moody(asked: dict[str, Any]) -> Any:
        if asked["text"].endswith("3") and asked["message_id"] not in tried:
            tried.add(asked["message_id"])
            return Trouble.FAILS
        return echo(asked)

    assistant.will_answer = moody
    words = [f"question {n}" for n in range(10)]
    with (
        front_door(any_database_url, assistant.url, replica="a:1") as here,
        front_door(any_database_url, assistant.url, replica="b:1") as there,
    ):

        def talk(number: int) -> list[str]:
            with httpx.Client(trust_env=False, timeout=20) as client:
                resident = Resident(here if number % 2 else there, client)
                at = resident.at
                for n, text in enumerate(words):
                    url = here if (number + n) % 2 else there
                    resident.at = f"{url}/api/chat/conversations/{resident.id}"
                    resident.says(text)
                resident.at = at
                wait_until(lambda: not resident.reads()["pending"])
                return [
                    m["text"] for m in resident.reads()["messages"] if m["from"] == "assistant"
                ]

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(talk, range(6)))
    assert answers == [[f"You said: {text}" for text in words]] * 6
    assert not assistant.overlapped
    # The assistant was asked again only where it had failed.
    assert {n for n in assistant.times_asked.values()} <= {1, 2}


def test_several_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    at_once = threading.Barrier(6)

    def start(_: int) -> bool:
        engine = open_database(empty_database_url)
        try:
            at_once.wait(10)
            return migrate(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        did = list(pool.map(start, range(6)))
    assert sum(did) == 1


def test_what_a_process_held_when_it_died_is_free_when_it_starts_again(
    any_database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    from datetime import UTC, datetime, timedelta

    from sqlalchemy import select, update

    from triage.conversations.tables import inbox

    assistant.will_answer = lambda _: Trouble.FAILS
    with front_door(any_database_url, assistant.url, replica="a:1") as url:
        resident = Resident(url, client)
        resident.says("bin day")
    # As it is when the process is killed while it waits for the assistant.
    engine = open_database(any_database_url)
    later = datetime.now(UTC) + timedelta(hours=1)
    with engine.begin() as connection:
        connection.execute(
            update(inbox).values(
                lease_until=later, lease_by="a:1/dead", next_attempt_at=datetime.now(UTC)
            )
        )
    assistant.will_answer = echo
    asked = len(assistant.asked)
    with front_door(any_database_url, assistant.url, replica="other:1") as url:
        elsewhere = Resident(url, client)
        elsewhere.hears(after=elsewhere.says("hello"))
        assert len(assistant.asked) == asked + 1  # not the other's
    with front_door(any_database_url, assistant.url, replica="a:1") as url:
        resident.at = f"{url}/api/chat/conversations/{resident.id}"
        assert resident.hears()[-1]["text"] == "You said: bin day"
    with engine.connect() as connection:
        assert connection.execute(select(inbox.c.done_at)).scalars().all()
    engine.dispose()
