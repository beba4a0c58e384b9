"""The layout of docker-compose.yml, without Docker: PostgreSQL, two front doors, two workers, two Rasa, one action server.

Every process runs as the file says. Before each Rasa stands a listener, so that it is seen where a conversation is held.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select

from bench.postgresql import new_database, running_postgresql, why_not
from tests.chaos.processes import environment_of
from tests.chaos.reporters import Reporter
from tests.deploy.without_docker import Layout
from tests.journeys.listening import Ear, Turn, listening
from tests.journeys.test_report_kills import WRITTEN
from tests.support import rasa
from tests.triage.texting.carrier import CarrierTwin, text_carrier
from triage.conversations.rasa_client import homes_of
from triage.conversations.tables import inbox, messages

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RASAS, DOORS, WORKERS = ("rasa", "rasa-2"), ("triage-1", "triage-2"), ("worker-1", "worker-2")
QUESTIONS = (
    "how do i pay a parking ticket",
    "how much is a dog licence",
    "when is my green bin day",
)
PATIENCE = 120


@dataclass
class Talk:
    """One conversation, held at both doors in turn."""

    id: str
    headers: dict[str, str]
    said: list[str] = field(default_factory=list)


class Town:
    """The line that runs, and those who talk with it."""

    def __init__(
        self,
        layout: Layout,
        ears: dict[str, Ear],
        ports: Mapping[str, int],
        database_url: str,
        carrier: CarrierTwin,
    ) -> None:
        self.layout = layout
        self.ears = ears
        self.carrier = carrier
        self.doors = [_url(ports[name]) for name in DOORS]
        self._ports = ports
        self.database_url = database_url
        self._doors = itertools.cycle(self.doors)
        self._client = httpx.Client(timeout=20, trust_env=False)

    def begin(self, instance: str) -> None:
        """Start an instance that was killed; it may be long until it answers."""
        service = instance if instance in RASAS else instance.split("-")[0]
        self.layout.start(instance, service, self._ports[instance])

    def wait_for(self, instance: str) -> None:
        path = "webhooks/gateway/" if instance in RASAS else "health/live"
        path = "health" if instance == "actions" else path
        self.layout.wait_for(instance, f"{_url(self._ports[instance])}/{path}")

    def comes(self) -> Talk:
        started = (
            self._client.post(f"{next(self._doors)}/api/chat/conversations", json={})
            .raise_for_status()
            .json()
        )
        return Talk(started["conversation_id"], {"Authorization": f"Bearer {started['token']}"})

    def says(self, talk: Talk, text: str) -> None:
        sent = self._client.post(
            f"{next(self._doors)}/api/chat/conversations/{talk.id}/messages",
            json={"client_message_id": f"m{len(talk.said)}", "text": text},
            headers=talk.headers,
        ).raise_for_status()
        talk.said.append(sent.json()["message_id"])

    def hears(self, talk: Talk) -> list[dict[str, Any]]:
        """Wait until nothing more is to come; return all that was answered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = self._client.get(
                f"{next(self._doors)}/api/chat/conversations/{talk.id}/messages",
                params={"after": 0},
                headers=talk.headers,
            )
            found = page.raise_for_status().json()
            if not found["pending"]:
                return [m for m in found["messages"] if m["from"] != "resident"]
            time.sleep(0.1)
        raise AssertionError("not everything was answered")

    def home(self, talk: Talk) -> str:
        """Return the Rasa that a conversation keeps to."""
        by_url = {ear.url: name for name, ear in self.ears.items()}
        return by_url[homes_of(talk.id, list(by_url))[0]]

    def turns(self, talk: Talk) -> list[Turn]:
        found = [
            t for ear in self.ears.values() for t in ear.turns if t.conversation == talk.id
        ]
        return sorted(found, key=lambda t: t.began)

    def close(self) -> None:
        self._client.close()


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    if reason := rasa.why_not() or why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("layout")
    with ExitStack() as stack:
        server = stack.enter_context(running_postgresql())
        database_url = stack.enter_context(new_database(server, "layout"))
        ports = {name: rasa.free_port() for name in (*RASAS, *DOORS, *WORKERS, "actions")}
        ears = {name: stack.enter_context(listening(ports[name])) for name in RASAS}
        urls = {name: _url(port) for name, port in ports.items()}
        carrier = stack.enter_context(text_carrier())
        at = {name: ear.url for name, ear in ears.items()}
        layout = stack.enter_context(
            Layout(
                folder,
                at | {"triage": urls["triage-1"], "actions": urls["actions"]},
                {
                    "ASK311_DATABASE_URL": database_url,
                    "ASK311_MEDIA_DIR": str(folder / "media"),
                    # What search computes from the catalogue is the same each time.
                    "ASK311_SEARCH_CACHE": str(ROOT / "var" / "search"),
                    # What a killed process held is free again soon.
                    "ASK311_LEASE_SECONDS": "11",
                }
                | environment_of(
                    carrier.settings(twilio_seconds=10, text_reconcile_minutes=0.05)
                ),
            )
        )
        for name in RASAS:
            layout.start(name, name, ports[name])
        layout.run("catalogue")
        layout.start("actions", "actions", ports["actions"])
        for name in (*DOORS, *WORKERS):
            layout.start(name, name.split("-")[0], ports[name])
        for name, path in (
            *((name, "webhooks/gateway/") for name in RASAS),
            *((name, "health/ready") for name in (*DOORS, *WORKERS)),
        ):
            layout.wait_for(name, f"{urls[name]}/{path}")
        found = Town(layout, ears, ports, database_url, carrier)
        carrier.calls_back_at = urls[DOORS[0]]
        yield found
        found.close()


def answered_in_order(talk: Talk, heard: Sequence[dict[str, Any]]) -> None:
    """Hold that each message has one answer, in the order in which they were sent."""
    answers = [m for m in heard if m["outcome"] != "outage"]
    by_moment = {(m["in_reply_to"], m["created_at"]) for m in answers}
    assert len(by_moment) == len(talk.said), "answered twice, or not"
    assert list(dict.fromkeys(m["in_reply_to"] for m in answers)) == talk.said


def one_at_a_time(turns: Sequence[Turn]) -> None:
    for earlier, later in itertools.pairwise(turns):
        assert earlier.ended <= later.began, (
            "two messages of one conversation were asked at once"
        )


def test_conversations_keep_their_order_and_their_rasa_and_go_on_when_it_is_killed(
    town: Town,
) -> None:
    talks = [town.comes() for _ in range(6)]
    while {town.home(t) for t in talks} != set(RASAS):
        talks.append(town.comes())

    # All of it waits before anything is answered, so that doors and workers fetch it at once.
    for name in RASAS:
        town.layout.signal(name, signal.SIGSTOP)
    for question in QUESTIONS:
        for talk in talks:
            town.says(talk, question)
    for name in RASAS:
        town.layout.signal(name, signal.SIGCONT)
    for talk in talks:
        answered_in_order(talk, town.hears(talk))
        turns = town.turns(talk)
        one_at_a_time(turns)
        assert [t.message for t in turns] == talk.said
        assert set(talk.said) <= town.ears[town.home(talk)].answered()

    # One Rasa dies with messages on their way to it.
    killed, left = RASAS
    before = {talk.id: len(talk.said) for talk in talks}
    for talk in talks:
        town.says(talk, QUESTIONS[0])
    town.layout.kill(killed)
    for talk in talks:
        town.says(talk, QUESTIONS[1])
    for talk in talks:
        answered_in_order(talk, town.hears(talk))
        one_at_a_time(town.turns(talk))
        assert talk.said[-1] in town.ears[left].answered()
        if town.home(talk) == left:
            since = set(talk.said[before[talk.id] :])
            assert not since & {t.message for t in town.ears[killed].turns}

    # Both front doors die with messages that they have accepted, while nobody answers: the workers take them on.
    town.layout.signal(left, signal.SIGSTOP)
    for talk in talks:
        town.says(talk, QUESTIONS[2])
    for door in DOORS:
        town.layout.kill(door)
    town.layout.signal(left, signal.SIGCONT)
    accepted = {talk.said[-1] for talk in talks}
    engine = create_engine(town.database_url)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with engine.connect() as connection:
            waiting = set(
                connection.execute(
                    select(inbox.c.message_id).where(inbox.c.done_at.is_(None))
                ).scalars()
            )
            answers = connection.execute(
                select(messages.c.in_reply_to, messages.c.created_at)
                .where(messages.c.in_reply_to.in_(accepted), messages.c.outcome != "outage")
                .distinct()
            ).all()
        if not waiting:
            break
        time.sleep(0.2)
    engine.dispose()
    assert not waiting
    assert sorted(row.in_reply_to for row in answers) == sorted(accepted), (
        "lost, or answered twice"
    )


# ── reports by text, while one after the other is killed ──

REPORTERS, ROUNDS = (8, 4) if os.environ.get("ASK311_CHAOS") == "whole" else (3, 1)
KILLED = ("worker-1", "triage-2", "actions", "worker-2", "triage-1", "rasa-2")


def test_what_is_reported_by_text_is_filed_once_while_everything_is_killed(town: Town) -> None:
    # After the test above, or by itself.
    for name in (*RASAS, *DOORS):
        if not town.layout.is_running(name):
            town.begin(name)
    town.wait_for(DOORS[0])
    engine = create_engine(town.database_url)
    reporters = [
        Reporter(f"+141655501{n:02}", town.carrier, town.doors, engine, n)
        for n in range(REPORTERS * ROUNDS)
    ]
    with ThreadPoolExecutor(REPORTERS) as pool:
        reports = [pool.submit(r.reports, WRITTEN[n % 2]) for n, r in enumerate(reporters)]
        chance = random.Random(311)
        for name in KILLED * ROUNDS:
            time.sleep(chance.uniform(0.5, 2))
            town.layout.kill(name)
            town.begin(name)
            if name != "rasa-2":
                town.wait_for(name)
        for report in reports:
            report.result()
    faults = [fault for reporter in reporters for fault in reporter.faults()]
    engine.dispose()
    assert faults == []
