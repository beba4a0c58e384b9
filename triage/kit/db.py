"""The database seen from asyncio: whole transactions run on worker threads and commit at this edge.

`read` and `write` take a function of a connection and run it as one transaction. On SQLite all of a
process's writers share one thread: they would queue for the one write lock anyway, and queueing here is
fair, where SQLite's own waiting sleeps and guesses. What has queued up while the disk was busy is written
together and reaches the disk with one flush; nobody hears that a change was made before that. Where a change among
them fails, all are undone and made again, each in a savepoint of its own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

from services_catalog.database import open_database, read_only
from triage.errors import DatabaseUnavailable

T = TypeVar("T")

READERS = 4
READERS_OF_SQLITE = 2  # reading is work for the processor there, no waiting: more threads only get into each other's way
WRITERS = 8  # on PostgreSQL
WRITTEN_TOGETHER = 32  # on SQLite, at most


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


def insert_once(
    connection: Connection, table: Table, values: Mapping[str, Any], *, unique: str
) -> bool:
    """Add a row; False, and nothing added, where another has its value in the unique column.

    Where another transaction is just adding that one, this waits to see whether it does.
    """
    statement = _adding_once(connection.dialect.name, table, unique)
    return connection.execute(statement, dict(values)).first() is not None


@cache
def _adding_once(dialect: str, table: Table, unique: str) -> ReturningInsert[Any]:
    # Built once, as building a statement takes longer than running it.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    adding = insert(table).on_conflict_do_nothing(index_elements=[unique])
    return adding.returning(table.c[unique])


class _Job(Generic[T]):
    """A change that waits to be written, and where its result goes."""

    def __init__(self, change: Callable[[Connection], T]) -> None:
        self.change = change
        self.future: Future[T] = Future()
        self.result: T
        self.fault: Exception | None = None

    def run(self, connection: Connection) -> None:
        self.fault = None
        try:
            self.result = self.change(connection)
        except Exception as fault:
            # Not hidden: the future raises it where the change was asked for.
            self.fault = fault
            raise

    def settle(self) -> None:
        if self.fault is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(_in_our_words(self.fault))


def _in_our_words(fault: Exception) -> Exception:
    if not isinstance(fault, OperationalError | InterfaceError | PoolTimeout):
        return fault
    unavailable = DatabaseUnavailable(type(fault).__name__)
    unavailable.__cause__ = fault
    return unavailable


class Database:
    """One process's way to the database.

    Raises:
        DatabaseUnavailable: from `read` and `write`, when the database cannot be reached or is locked.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_database(url, pings=False)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # A connection of SQLite keeps the pages that it read until another one writes: one writes, others read.
        self._reading = read_only(open_database(url) if self.is_sqlite else self.engine)
        self._readers = ThreadPoolExecutor(
            READERS_OF_SQLITE if self.is_sqlite else READERS, thread_name_prefix="read"
        )
        self._writers = ThreadPoolExecutor(
            1 if self.is_sqlite else WRITERS, thread_name_prefix="write"
        )
        self._queued: deque[_Job[Any]] = deque()

    async def read(self, question: Callable[[Connection], T]) -> T:
        """Run `question` in a transaction that changes nothing."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._run, self._reading, question)

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in one transaction and commit it; an exception undoes all of it.

        It may be undone and run again, so it has no effect beyond the database. Once begun it runs to its end,
        even when the one who waits for it goes away.
        """
        job = _Job(change)
        self._queued.append(job)
        self._writers.submit(self._write_queued)
        return await asyncio.wrap_future(job.future)

    def close(self) -> None:
        """Finish the transactions under way and let the connections go."""
        self._readers.shutdown()
        self._writers.shutdown()
        self._reading.dispose()
        self.engine.dispose()

    def _write_queued(self) -> None:
        """Write what is queued. There is one call for each job; it may find that another did it already."""
        most = WRITTEN_TOGETHER if self.is_sqlite else 1
        jobs: list[_Job[Any]] = []
        while self._queued and len(jobs) < most:
            try:
                job = self._queued.popleft()
            except IndexError:  # another thread was quicker
                break
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
        if not jobs:
            return
        try:
            self._write_together(jobs)
        except Exception as fault:
            # The transaction is undone, and with it every change in it that seemed to be made.
            for job in jobs:
                job.fault = job.fault or fault
        for job in jobs:
            job.settle()

    def _write_together(self, jobs: list[_Job[Any]]) -> None:
        def all_of_them(connection: Connection) -> None:
            for job in jobs:
                job.run(connection)

        try:
            _whole(self.engine, all_of_them)
        except Exception:
            if len(jobs) == 1 or not any(job.fault for job in jobs):
                raise
            # A change failed, which few do: a savepoint for each of many would cost more than making them again.
            for job in jobs:
                job.fault = None
            with self.engine.begin() as connection:
                self._write_apart(connection, jobs)

    @staticmethod
    def _write_apart(connection: Connection, jobs: list[_Job[Any]]) -> None:
        for job in jobs:
            try:
                with connection.begin_nested():
                    job.run(connection)
            except Exception as fault:
                if fault is not job.fault or connection.invalidated:
                    raise

    @staticmethod
    def _run(engine: Engine, work: Callable[[Connection], T]) -> T:
        try:
            return _whole(engine, work)
        except (OperationalError, InterfaceError, PoolTimeout) as fault:
            raise _in_our_words(fault) from fault


def _whole(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` as one transaction; where its connection turns out to be dead before the commit, once more on another.

    So a database that was away and is back is noticed by nobody, and none of its connections need be tried before each
    transaction. What fails in the commit is not done again: it may have been made.
    """
    commits = False

    def once() -> T:
        nonlocal commits
        with engine.begin() as connection:
            result = work(connection)
            commits = True
        return result

    try:
        return once()
    except DBAPIError as fault:
        if commits or not fault.connection_invalidated:
            raise
    return once()
