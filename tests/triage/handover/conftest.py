"""A line with a desk, people who work at it, and the time in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import Row

from services_catalog.desk import DAYS, HOLIDAYS, Desk, desk_from
from services_catalog.packs import load_city
from tests.support.clock import HandClock
from tests.support.staff import add_member
from tests.triage.talking import Resident, make_settings, running, wait_until
from tests.triage.twin import AssistantTwin, echo
from triage.app import create_app
from triage.handover import repository
from triage.handover.service import Handovers
from triage.kit.bell import Bell
from triage.kit.db import Database
from triage.parts import Parts
from triage.safety import look
from triage.staff.roles import Member
from triage.texting.outbox import into_texts

# A Tuesday, at noon in the city.
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=ZoneInfo("America/Toronto"))
NIGHT = NOON.replace(hour=22)
WANTS_A_PERSON = "can i talk to a person"


def desk_open(hours: str = "08:00-17:00", holidays: str = "closed") -> Desk:
    return desk_from(
        {
            "hours": {**dict.fromkeys(DAYS, hours), HOLIDAYS: holidays},
            "told_after_minutes": 10,
            "silent_after_minutes": 5,
        }
    )


def asking(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """An assistant that asks for a person where one is asked for, and repeats what it hears."""
    if asked["text"] == WANTS_A_PERSON:
        custom = {"text": "call 311", "outcome": "answer", "hand_over": "asked"}
        return [{"custom": custom}]
    return echo(asked)  # type: ignore[no-any-return]


class Person:
    """Somebody who works at the desk, at a process of their own."""

    def __init__(self, member: Member, database: Database, clock: HandClock) -> None:
        self.member = member
        self._handovers = Handovers(
            database, load_city("toronto"), Bell(), clock, (into_texts(clock),)
        )

    def does(self, verb: Callable[..., Coroutine[Any, Any, None]], *given: Any) -> None:
        asyncio.run(verb(self.member, *given))

    def takes(self, conversation: str) -> None:
        self.does(self._handovers.take, conversation)

    def says(self, conversation: str, text: str, *, seen: int = 10_000, id: str = "") -> None:
        self.does(self._handovers.say, conversation, text, id or text[:50], seen)

    def hands_back(self, conversation: str, seen: int = 10_000) -> None:
        self.does(self._handovers.hand_back, conversation, seen)

    def closes(self, conversation: str, seen: int = 10_000) -> None:
        self.does(self._handovers.close, conversation, seen)

    def puts_back(self, conversation: str) -> None:
        self.does(self._handovers.put_back, conversation)

    def has_contacted(self, conversation: str) -> None:
        self.does(self._handovers.contacted, conversation)


class Staffed:
    """A running line with a desk."""

    def __init__(self, url: str, database_url: str, clock: HandClock, client: Any) -> None:
        self.url, self.database_url, self.clock = url, database_url, clock
        self._client = client
        self.database = Database(database_url)

    def resident(self) -> Resident:
        return Resident(self.url, self._client)

    def person(self, name: str = "Sam") -> Person:
        return Person(add_member(self.database_url, name=name), self.database, self.clock)

    def handover(self, conversation: str) -> Row[Any] | None:
        """Return the open handover of a conversation."""
        return asyncio.run(self.database.read(lambda c: repository.open_of(c, conversation)))

    def in_line(self) -> Resident:
        """Return a resident who waits for a person."""
        resident = self.resident()
        resident.hears(resident.says(WANTS_A_PERSON))
        assert resident.reads()["state"] == "queued"
        return resident


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk | None:
    return getattr(request, "param", desk_open())


OpenLine = Callable[[str], AbstractContextManager[Staffed]]


@pytest.fixture
def open_line(
    assistant: AssistantTwin,
    clock: HandClock,
    desk: Desk | None,
    client: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> OpenLine:
    """What opens a line on a database, with one account that may take conversations."""

    @contextmanager
    def opened(database_url: str) -> Iterator[Staffed]:
        assistant.will_answer = asking
        city = replace(load_city("toronto"), desk=desk)
        monkeypatch.setattr("triage.parts.load_city", lambda _: city)
        monkeypatch.setattr("triage.parts.LOOK_EVERY_SECONDS", 0.05)
        parts = Parts(make_settings(database_url, assistant.url), look, clock=clock)
        with running(create_app(parts)) as url:
            staffed = Staffed(url, database_url, clock, client)
            staffed.person("Anyone")
            yield staffed
            staffed.database.close()

    return opened


@pytest.fixture
def line(open_line: OpenLine, database_url: str) -> Iterator[Staffed]:
    with open_line(database_url) as line:
        yield line


@pytest.fixture
def line_on_any(open_line: OpenLine, any_database_url: str) -> Iterator[Staffed]:
    """The same test on both databases."""
    with open_line(any_database_url) as line:
        yield line


def heard_last(resident: Resident, part: str) -> dict[str, Any]:
    """Wait until the last thing said has these words in it, and return it."""
    wait_until(lambda: part in resident.reads()["messages"][-1]["text"])
    return dict(resident.reads()["messages"][-1])
