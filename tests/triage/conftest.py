"""What tests of the front door share: the assistant's twin, a database, a running front door, residents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.postgresql import new_database, running_postgresql, why_not
from tests.support.databases import migrated, new_sqlite
from tests.triage.talking import Resident, front_door
from tests.triage.twin import AssistantTwin


@pytest.fixture
def assistant() -> Iterator[AssistantTwin]:
    with AssistantTwin() as twin:
        yield twin


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return new_sqlite(tmp_path)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def url(database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    with front_door(database_url, assistant.url) as url:
        yield url


@pytest.fixture
def resident(url: str, client: httpx.Client) -> Resident:
    return Resident(url, client)


MakeResident = Callable[..., Resident]


@pytest.fixture
def new_resident(url: str, client: httpx.Client) -> MakeResident:
    def make(**body: Any) -> Resident:
        return Resident(url, client, **body)

    return make


# ── PostgreSQL, from Debian's binaries ──


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    if reason := why_not():
        pytest.skip(reason)
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def tables(postgresql: str) -> Iterator[str]:
    """The name of a database of that server that has all tables and no rows, to be copied."""
    with new_database(postgresql, "tables") as url:
        migrated(url)
        yield "tables"


def _name_for(request: pytest.FixtureRequest) -> str:
    return f"test_{abs(hash(request.node.nodeid))}"


@pytest.fixture
def postgresql_url(
    postgresql: str, tables: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of that server, for one test."""
    with new_database(postgresql, _name_for(request), like=tables) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both databases."""
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql_url")
        return found
    return new_sqlite(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same test on both databases, and there is no table yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with new_database(request.getfixturevalue("postgresql"), _name_for(request)) as url:
        yield url
