"""A line whose clock is moved by hand, with residents on the page and by phone, and staff who move cases. One line serves all
tests on each database: every test has people and a case of its own, and begins at noon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import Connection, Executable, select

from bench.postgresql import new_database
from tests.support import clock
from tests.support.databases import new_sqlite
from tests.triage.cases.desk import Desk, import_entries
from tests.triage.talking import Resident, make_settings, running, wait_until
from tests.triage.texting.carrier import CarrierTwin, Phone, text_carrier
from tests.triage.twin import AssistantTwin
from triage.app import create_app
from triage.cases.case import Audience, Event
from triage.cases.changes import Step
from triage.cases.workflow import Actor, Move
from triage.conversations.tables import conversations
from triage.parts import Parts
from triage.safety import look
from triage.updates.tables import case_updates, outbox

TORONTO = ZoneInfo("America/Toronto")
T = TypeVar("T")


class HandClock(clock.HandClock):
    """Begins now, in Toronto, and can be put to a time of the next day."""

    def __init__(self) -> None:
        super().__init__(datetime.now(TORONTO))

    def is_at(self, hour: int, minute: int = 0) -> None:
        """It is this time of the next day."""
        day = self.time.astimezone(TORONTO).date() + timedelta(days=1)
        self.time = datetime.combine(day, time(hour, minute), TORONTO)


class Town:
    """A line, its people and its staff."""

    def __init__(
        self,
        parts: Parts,
        url: str,
        client: httpx.Client,
        clock: HandClock,
        carrier: CarrierTwin,
    ) -> None:
        self.parts, self.url, self.client = parts, url, client
        self.clock, self.carrier = clock, carrier
        self.desk = Desk(url, client)
        self._numbers, self._keys = count(100), count(1)

    def resident(self) -> Resident:
        return Resident(self.url, self.client)

    def phone(self, **more: Any) -> Phone:
        number = f"+1{next(self._numbers)}5550100"
        return Phone(number, self.carrier, self.url, self.client, **more)

    def texts(self, phone: Phone) -> str:
        """Have a phone text something and get its answer; return the conversation."""
        phone.texts("is the library open")
        phone.hears()
        return self.reads(
            lambda c: c.execute(
                select(conversations.c.id)
                .where(conversations.c.channel.in_(["sms", "whatsapp"]))
                .order_by(conversations.c.created_at.desc(), conversations.c.id)
            ).scalars().first()
        )  # fmt: skip

    def opens(self, conversation: str | None, **changes: Any) -> str:
        """Open a case in a conversation, of somebody who agreed to be told; return its reference."""
        contact = {"name": "Robin Reporter", "phone": "416-555-0123", "wants_updates": True}
        made = {"conversation_id": conversation, "contact": contact} | changes
        return str(self.desk.opens(key=self.key(), **made)["reference"])

    def joins(self, reference: str, conversation: str, wants_updates: bool = True) -> None:
        contact = {"phone": "416-555-0199", "wants_updates": wants_updates}
        answer = self.desk.sends(
            f"/cases/{reference}/followers",
            key=self.key(),
            conversation_id=conversation,
            contact=contact,
        )
        assert answer.status_code == 200, answer.text

    def moves(
        self, reference: str, move: Move, actor: Actor = Actor.STAFF, **more: Any
    ) -> None:
        step = Step(move, actor, **({"key": self.key()} | more))
        run(self.parts.cases.move(reference, step))

    def resolves(self, reference: str) -> None:
        self.moves(reference, Move.RESOLVE, outcome="done", text="The hole was filled today.")

    def wishes(self, reference: str, conversation: str, wants: bool) -> httpx.Response:
        return self.desk.sends(
            f"/cases/{reference}/updates",
            key=self.key(),
            conversation_id=conversation,
            wants=wants,
        )

    def is_settled(self, reference: str) -> None:
        """Wait until nobody is to be told of a case just now."""
        case = run(self.parts.cases.find(reference)).case

        def has_due(connection: Connection) -> bool:
            due = select(case_updates.c.id).where(
                case_updates.c.case_id == case.id,
                outbox.waits(),
                case_updates.c.next_attempt_at <= self.clock.now(),
            )
            return connection.execute(due).first() is not None

        wait_until(lambda: not self.reads(has_due))

    def notes(self, reference: str) -> list[Event]:
        """What staff read about who was told."""
        self.is_settled(reference)
        thread = run(self.parts.cases.thread(reference, tuple(Audience)))
        return [e for e in thread if e.kind == "told"]

    def reads(self, question: Callable[[Connection], T]) -> T:
        return run(self.parts.database.read(question))

    def changes(self, statement: Executable) -> None:
        run(self.parts.database.write(lambda c: c.execute(statement)))

    def key(self) -> str:
        return f"town{next(self._keys)}"


def run(work: Coroutine[Any, Any, T]) -> T:
    async def wait() -> T:
        return await work

    return asyncio.run(wait())


def told(resident: Resident) -> list[dict[str, Any]]:
    """Return what the line told a resident by itself."""
    return [m for m in resident.reads()["messages"] if m["from"] == "system"]


@contextmanager
def a_town(database_url: str, folder: Path) -> Iterator[Town]:
    clock = HandClock()
    import_entries(database_url)
    with (
        AssistantTwin() as assistant,
        text_carrier() as carrier,
        httpx.Client(timeout=20, trust_env=False) as client,
    ):
        texts = carrier.settings(media_dir=str(folder / "media"), update_sweep_seconds=0.05)
        settings = make_settings(
            database_url, assistant.url, outage_after_seconds=100_000_000, **texts
        )
        parts = Parts(settings, look, clock=clock)
        with running(create_app(parts)) as url:
            carrier.calls_back_at = url
            yield Town(parts, url, client, clock, carrier)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("updates")
    if request.param == "sqlite":
        with a_town(new_sqlite(folder), folder) as town:
            yield town
        return
    server = request.getfixturevalue("postgresql")
    with new_database(server, "updates") as url, a_town(url, folder) as town:
        yield town


@pytest.fixture
def town(shared: Town) -> Town:
    shared.clock.is_at(12)
    return shared
