"""What tests of the front door share: the assistant's twin, a database, a running front door, residents."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.triage.talking import Resident, front_door
from tests.triage.twin import AssistantTwin


@pytest.fixture
def assistant() -> Iterator[AssistantTwin]:
    with AssistantTwin() as twin:
        yield twin


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/triage.db"


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


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, reached through a socket in a temporary folder."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed here (apt-get install postgresql)")
    as_other: list[str] = []
    # Not below pytest's folder: other users may not enter that one.
    home = Path(tmp_path_factory.mktemp("pg"))
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        try:
            other = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres'")
        home = Path(f"/var/tmp/ask311-pg-{os.getpid()}")  # noqa: S108
        home.mkdir(mode=0o755)
        os.chown(home, other.pw_uid, other.pw_gid)
        as_other = ["runuser", "-u", "postgres", "--"]
    data = home / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_other, *command], check=True, capture_output=True, cwd="/")

    try:
        run(f"{binaries}/initdb", "-D", str(data), "-U", "ask311", "-A", "trust", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run(
            f"{binaries}/pg_ctl",
            *("-D", str(data), "-l", str(home / "log"), "-o", options, "-w", "start"),
        )
        try:
            yield f"postgresql+psycopg://ask311@/{{name}}?host={home}"
        finally:
            run(f"{binaries}/pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of that server, for one test."""
    name = f"test_{abs(hash(request.node.nodeid))}"
    engine = create_engine(postgresql.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield postgresql.format(name=name)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both databases."""
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql_url")
        return found
    return f"sqlite:///{tmp_path}/triage.db"
