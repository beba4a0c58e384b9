"""The layout of docker-compose.yml as processes: two front doors, two workers, two Rasa and the action server, of which
the last three are stand-ins; and the database, which can go away and fill up."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, create_engine, text

from bench.postgresql import PostgreSQL
from services_catalog.database import BUSY_SECONDS, open_database
from tests.chaos.processes import Process, environment_of, free_port
from tests.triage.cases.desk import import_entries
from tests.triage.texting.carrier import CarrierTwin
from tests.triage.twin import API_SECRET, SECRET
from triage.migrations import migrate

DOORS, WORKERS, RASAS = ("door-1", "door-2"), ("worker-1", "worker-2"), ("rasa-1", "rasa-2")
ACTIONS = "actions"


class Database(Protocol):
    """Where a town keeps everything."""

    url: str
    # So long it is away at least, for somebody to notice.
    away_seconds: float

    def away(self) -> Any:
        """Be gone, within a `with`."""

    def full(self, processes: list[Process]) -> Any:
        """Have no room for more, within a `with`."""


class SQLite:
    """A file. It is away while somebody else has locked it, for longer than anybody waits for that."""

    away_seconds = BUSY_SECONDS + 1.0

    def __init__(self, folder: Path) -> None:
        self._file = folder / "town.db"
        self.url = f"sqlite:///{self._file}"

    @contextmanager
    def away(self) -> Iterator[None]:
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                other.execute("ROLLBACK")

    @contextmanager
    def full(self, processes: list[Process]) -> Iterator[None]:
        """Let no process write to a file: so the disk looks to it, and it needs no rights of ours."""
        pids = [p.process.pid for p in processes]
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        _limit(pids, (0, usual[1]))
        try:
            yield
        finally:
            _limit(pids, usual)


def _limit(pids: Sequence[int], limits: tuple[int, int]) -> None:
    for pid in pids:
        # One may be killed at just this moment.
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


class OnPostgreSQL:
    """A database of a server of its own. It is full where it answers each change as it would then."""

    away_seconds = 2.0

    # https://www.postgresql.org/docs/current/errcodes-appendix.html: 53100 is disk_full.
    _REFUSE = """
        CREATE OR REPLACE FUNCTION refuse_for_want_of_room() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
    """
    _TABLES = ("messages", "inbox", "texts", "text_senders", "carrier_messages", "conversations", "cases")  # fmt: skip

    def __init__(self, server: PostgreSQL, name: str) -> None:
        self._server = server
        self.url = server.address.format(name=name)

    @contextmanager
    def away(self) -> Iterator[None]:
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()

    @contextmanager
    def full(self, processes: list[Process]) -> Iterator[None]:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(self._REFUSE))
                for table in self._TABLES:
                    connection.execute(
                        text(
                            f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} "
                            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_for_want_of_room()"
                        )
                    )
            try:
                yield
            finally:
                with engine.connect() as connection:
                    for table in self._TABLES:
                        connection.execute(text(f"DROP TRIGGER full_disk ON {table}"))
        finally:
            engine.dispose()


@dataclass
class Town:
    """What runs, by its name."""

    database: Database
    carrier: CarrierTwin
    processes: dict[str, Process]
    engine: Engine
    log: Path

    @property
    def doors(self) -> list[str]:
        return [self.processes[name].url for name in DOORS]

    @property
    def product(self) -> list[Process]:
        """The processes that are ours, and write to the database."""
        return [self.processes[name] for name in (*DOORS, *WORKERS)]


@contextmanager
def town(
    database: Database, carrier: CarrierTwin, folder: Path, *, reconcile_minutes: float
) -> Iterator[Town]:
    """Start a whole town, and wait until its doors are open."""
    ports = {name: free_port() for name in (*DOORS, *WORKERS, *RASAS, ACTIONS)}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    given = {
        "database_url": database.url,
        "gateway_secret": SECRET,
        "api_secret": API_SECRET,
        "media_dir": str(folder / "media"),
        "rasa_urls": tuple(urls[name] for name in RASAS),
        "actions_url": urls[ACTIONS],
        "rasa_seconds": 3,
        "lease_seconds": 4,
        "messages_per_minute": 100_000,
        "reads_per_minute": 100_000,
        "jobs": False,
        **carrier.settings(
            twilio_seconds=3,
            text_reconcile_minutes=reconcile_minutes,
            text_replies_per_hour=100_000,
            text_from_one_per_minute=100_000,
        ),
    }
    environment = environment_of(given)
    arguments = {"rasa": [urls[ACTIONS]], "actions": [urls[name] for name in DOORS]}
    engine = open_database(database.url)
    migrate(engine)
    import_entries(database.url)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        log = stack.enter_context((folder / "town.log").open("wb"))
        processes = {}
        for name, port in ports.items():
            kind = name.split("-")[0]
            command = ["-m", "tests.chaos.programs", kind, *arguments.get(kind, [])]
            process = Process(command, environment | {"PORT": str(port)}, log, urls[name])
            stack.callback(process.end)
            processes[name] = process
        # All at once; each is waited for afterwards.
        stack.callback(lambda: [process.tell_to_end() for process in processes.values()])
        for process in processes.values():
            process.wait_until_up()
        yield Town(database, carrier, processes, engine, folder / "town.log")
