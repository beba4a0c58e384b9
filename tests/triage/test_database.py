"""Changes that are written together are each all or nothing, and nobody is told of one that was not made."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from triage.errors import DatabaseUnavailable
from triage.kit.db import Database

NUMBERS = Table("numbers", MetaData(), Column("n", Integer, primary_key=True))


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/numbers.db"
    engine = create_engine(url)
    NUMBERS.metadata.create_all(engine)
    engine.dispose()
    return url


def adds(n: int) -> Callable[[Connection], int]:
    def change(connection: Connection) -> int:
        connection.execute(insert(NUMBERS).values(n=n))
        return n

    return change


def numbers(connection: Connection) -> list[int]:
    return list(connection.execute(select(NUMBERS.c.n).order_by(NUMBERS.c.n)).scalars())


def behind_a_closed_door(
    database: Database, changes: list[Callable[[Connection], int]]
) -> list[object]:
    """Have all changes queue up behind one that waits, so that they are written together."""

    async def run() -> list[object]:
        door = threading.Event()
        first = asyncio.ensure_future(database.write(lambda _: door.wait(10)))
        await asyncio.sleep(0.05)
        rest = [asyncio.ensure_future(database.write(change)) for change in changes]
        await asyncio.sleep(0)
        door.set()
        await first
        return list(await asyncio.gather(*rest, return_exceptions=True))

    return asyncio.run(run())


def test_what_queued_up_is_written_with_one_flush(url: str) -> None:
    database = Database(url)
    commits = []
    from sqlalchemy import event

    event.listen(database.engine, "commit", lambda _: commits.append(1))
    assert behind_a_closed_door(database, [adds(n) for n in range(10)]) == list(range(10))
    assert len(commits) == 2  # the one that waited, and all others
    assert asyncio.run(database.read(numbers)) == list(range(10))
    database.close()


def test_a_change_that_fails_is_undone_alone(url: str) -> None:
    database = Database(url)

    def fails(connection: Connection) -> int:
        adds(100)(connection)
        raise ValueError("no")

    commits = []
    from sqlalchemy import event

    event.listen(database.engine, "commit", lambda _: commits.append(1))
    results = behind_a_closed_door(database, [adds(1), fails, adds(2)])
    assert results[0] == 1
    assert isinstance(results[1], ValueError)
    assert results[2] == 2
    assert len(commits) == 2  # the one that waited, and those that did not fail
    assert asyncio.run(database.read(numbers)) == [1, 2]
    database.close()


def test_when_the_flush_fails_nobody_hears_that_a_change_was_made(url: str) -> None:
    database = Database(url)
    from sqlalchemy import event

    def full_disk(_: Connection) -> None:
        if threading.current_thread().name.startswith("write") and armed:
            raise OperationalError("COMMIT", {}, Exception("disk is full"))

    armed: list[int] = []

    def arms(connection: Connection) -> int:
        armed.append(1)
        return adds(3)(connection)

    event.listen(database.engine, "commit", full_disk)
    results = behind_a_closed_door(database, [adds(1), adds(2), arms])
    assert [type(r) for r in results] == [DatabaseUnavailable] * 3
    armed.clear()
    assert asyncio.run(database.read(numbers)) == []
    assert asyncio.run(database.write(adds(4))) == 4
    database.close()


# ── a database that was away ──


@pytest.fixture
def numbered(postgresql_url: str) -> Iterator[str]:
    engine = create_engine(postgresql_url)
    NUMBERS.metadata.create_all(engine)
    yield postgresql_url
    engine.dispose()


def cut_off(url: str) -> None:
    """End every connection to a database but the one that says so."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


def test_a_connection_that_died_at_rest_is_noticed_by_nobody(numbered: str) -> None:
    database = Database(numbered)

    async def run() -> None:
        await database.write(adds(1))
        assert await database.read(numbers) == [1]
        cut_off(numbered)
        assert await database.read(numbers) == [1]
        cut_off(numbered)
        assert await database.write(adds(2)) == 2
        assert await database.read(numbers) == [1, 2]

    asyncio.run(run())
    database.close()


def test_a_change_whose_connection_dies_under_it_is_made_once_on_another(numbered: str) -> None:
    database, begun = Database(numbered), []

    def change(connection: Connection) -> None:
        adds(1)(connection)
        begun.append(1)
        if len(begun) == 1:
            cut_off(numbered)
        adds(2)(connection)

    async def run() -> None:
        await database.write(change)
        assert await database.read(numbers) == [1, 2]

    asyncio.run(run())
    database.close()
    assert len(begun) == 2


def test_a_connection_that_dies_in_the_commit_is_no_success_and_not_tried_again(
    numbered: str,
) -> None:
    database, begun = Database(numbered), []

    def change(connection: Connection) -> None:
        begun.append(1)
        adds(1)(connection)
        cut_off(numbered)

    with pytest.raises(DatabaseUnavailable):
        asyncio.run(database.write(change))
    database.close()
    assert len(begun) == 1
