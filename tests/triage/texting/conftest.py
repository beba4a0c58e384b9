"""A line that residents text to, and phones. One line serves all tests of a file on each database: every test has a
number of its own, and looks only at what came since it began."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, Table, create_engine, select

from bench.postgresql import new_database
from tests.support.databases import new_sqlite
from tests.triage.talking import front_door, wait_until
from tests.triage.texting.carrier import CarrierTwin, Phone, text_carrier
from tests.triage.twin import AssistantTwin, echo
from triage.conversations.tables import conversations, inbox_work, messages
from triage.texting.tables import (
    carrier_media,
    carrier_messages,
    media_work,
    outbox,
    senders,
    texts,
)


@dataclass
class Place:
    """A line with its neighbours."""

    url: str
    database_url: str
    carrier: CarrierTwin
    assistant: AssistantTwin


@contextmanager
def a_line(database_url: str, folder: Path, **changes: Any) -> Iterator[Place]:
    """Run a line of one's own."""
    with AssistantTwin() as assistant, text_carrier() as carrier:
        settings = {
            "media_dir": str(folder / "media"),
            # A slow machine is no outage.
            "outage_after_seconds": 60,
        } | carrier.settings(**changes)
        with front_door(database_url, assistant.url, **settings) as url:
            carrier.calls_back_at = url
            yield Place(url, database_url, carrier, assistant)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("texting")
    if request.param == "sqlite":
        with a_line(new_sqlite(folder), folder) as place:
            yield place
        return
    server = request.getfixturevalue("postgresql")
    name = f"texting_{abs(hash(request.node.nodeid))}"
    with new_database(server, name) as url, a_line(url, folder) as place:
        yield place


@pytest.fixture
def place(shared: Place) -> Iterator[Place]:
    """The line of this test, as if nothing had happened."""
    shared.assistant.will_answer = echo
    shared.assistant.asked.clear()
    shared.carrier.forget(shared.url)
    yield shared
    # What is still on its way shall not meet the next test.
    shared.carrier.forget(shared.url)
    engine = create_engine(shared.database_url)
    wait_until(lambda: not _is_busy(engine))
    engine.dispose()


def _is_busy(engine: Engine) -> bool:
    soon = datetime.now(UTC) + timedelta(seconds=10)
    with engine.connect() as connection:
        return any(
            connection.execute(
                select(queue.table).where(queue.waits(), queue.table.c.next_attempt_at < soon)
            ).first()
            for queue in (inbox_work, outbox, media_work)
        )


@pytest.fixture
def line(place: Place) -> str:
    return place.url


@pytest.fixture
def carrier(place: Place) -> CarrierTwin:
    return place.carrier


@pytest.fixture
def assistant(place: Place) -> AssistantTwin:
    return place.assistant


_NUMBERS = (
    f"+1{area}55501{n:02}"
    for area in (416, 647, 437, 905, 289, 365, 613, 519)
    for n in range(100)
)

MakePhone = Callable[..., Phone]


@pytest.fixture
def new_phone(place: Place, client: httpx.Client) -> MakePhone:
    def make(number: str = "", **more: Any) -> Phone:
        return Phone(number or next(_NUMBERS), place.carrier, place.url, client, **more)

    return make


@pytest.fixture
def phone(new_phone: MakePhone) -> Phone:
    return new_phone()


class Rows:
    """What came to be kept since the test began."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        tables = (senders, conversations, messages, carrier_messages, carrier_media, texts)
        self._before = {
            table.name: {_key(table, r) for r in self._all(table)} for table in tables
        }

    def of(self, table: Table, *where: Any) -> list[Any]:
        before = self._before[table.name]
        return [row for row in self._all(table, *where) if _key(table, row) not in before]

    def _all(self, table: Table, *where: Any) -> list[Any]:
        with self.engine.connect() as connection:
            wanted = select(table).where(*where).order_by(*table.primary_key)
            return list(connection.execute(wanted))


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in table.primary_key)


@pytest.fixture
def rows(place: Place) -> Iterator[Rows]:
    engine = create_engine(place.database_url)
    yield Rows(engine)
    engine.dispose()
