"""The database seen from asyncio: whole transactions run on worker threads and commit at this edge.

`read` and `write` take a function of a connection and run it as one transaction. On SQLite all of a
process's writers share one thread: they would queue for the one write lock anyway, and queueing here is
fair, where SQLite's own waiting sleeps and guesses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator

from services_catalog.database import open_database, read_only
from triage.errors import DatabaseUnavailable

T = TypeVar("T")

READERS = 4
WRITERS = 8  # on PostgreSQL


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, in UTC on every database. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Database:
    """One process's way to the database.

    Raises:
        DatabaseUnavailable: from `read` and `write`, when the database cannot be reached or is locked.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_database(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._reading = read_only(self.engine)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(
            1 if self.is_sqlite else WRITERS, thread_name_prefix="write"
        )

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Run `question` in a transaction that changes nothing."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._run, self._reading, question)

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in one transaction and commit it; an exception undoes all of it.

        Once begun it runs to its end, even when the one who waits for it goes away.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, self._run, self.engine, change)

    def close(self) -> None:
        """Finish the transactions under way and let the connections go."""
        self._readers.shutdown()
        self._writers.shutdown()
        self.engine.dispose()

    @staticmethod
    def _run(engine: Any, work: Callable[[Connection], T]) -> T:
        try:
            with engine.begin() as connection:
                return work(connection)
        except (OperationalError, InterfaceError, PoolTimeout) as fault:
            raise DatabaseUnavailable(type(fault).__name__) from fault
