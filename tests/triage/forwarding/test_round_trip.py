"""Two real lines: what one forwards is a case of the other, and what the other finishes is finished."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, select

from bench.postgresql import new_database
from services_catalog.packs import load_city
from tests.triage.cases.desk import Desk, import_entries
from tests.triage.forwarding.town import VARIABLE, Records, forwarding_door, routing_to
from tests.triage.talking import front_door, wait_until
from triage.cases.changes import Step
from triage.cases.entries import Entries
from triage.cases.service import Cases
from triage.cases.tables import case_contacts, cases
from triage.cases.workflow import Actor, Move
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.open311.keys import make_key
from triage.routing.forwards import TheirQuestion
from triage.routing.pack import load_routing

PATIENCE = 60  # the other line reads the city's tables with its first request


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A database for each of the two."""
    names = ("round_trip_here", "round_trip_there")
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path}/here.db", f"sqlite:///{tmp_path}/there.db"
        else:
            server = request.getfixturevalue("postgresql")
            here, there = (stack.enter_context(new_database(server, n)) for n in names)
            yield here, there


def test_a_case_goes_there_and_its_end_comes_back(
    urls: tuple[str, str], client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = urls
    for url in urls:
        import_entries(url)
    with front_door(there, "http://127.0.0.1:9") as other_url:
        engine = create_engine(there)
        with engine.begin() as connection:
            key = make_key(connection, "The other line", SystemClock().now())
        monkeypatch.setenv(VARIABLE, key)
        routing = routing_to(
            f"{other_url}/open311/v2",
            jurisdiction_id="",
            service_codes={"pothole": "pothole"},
            attributes={"pothole": {"size": TheirQuestion("size")}},
        )
        with forwarding_door(here, routing, forward_seconds=PATIENCE) as url:
            desk, records = Desk(url, client), Records(here)
            mine = desk.opens()["reference"]
            wait_until(lambda: records.forward(mine).request_id, PATIENCE)
            theirs = records.forward(mine).request_id
            with engine.connect() as connection:
                (case,) = connection.execute(select(cases)).all()
                contacts = connection.execute(select(case_contacts)).all()
            assert (case.reference, case.service_id) == (theirs, "pothole")
            assert case.answers == {"size": "large"}
            assert (case.latitude, case.longitude) == (43.65, -79.38)
            assert "PRIVATE-WORDS" in case.description
            assert contacts == []
            finish(there, theirs)
            wait_until(lambda: records.forward(mine).ended_at, PATIENCE)
            found = desk.case(mine)
            assert (found["status"], found["outcome"]["code"]) == ("resolved", "done")
            # What the other line says in public, not what its staff wrote to a resident.
            assert found["outcome"]["sentence"] in (
                "The report is finished.",
                "Those who do this work have closed the report.",
            )
            records.close()
        engine.dispose()


def finish(database_url: str, reference: str) -> None:
    """End a case as staff do, who have no page of their own yet."""

    async def move() -> None:
        database = Database(database_url)
        entries, city = Entries(database, "toronto"), load_city("toronto")
        line = Cases(database, city, load_routing("toronto"), entries, SystemClock())
        step = Step(Move.RESOLVE, Actor.STAFF, "s1", "We filled it, Ann.", outcome="done")
        await line.move(reference, step)
        database.close()

    asyncio.run(move())
