"""Every queue's statements on both databases: none names a parameter that a column of its table has, or lacks one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Executable, bindparam, update

from services_catalog.database import open_database
from triage.conversations.tables import inbox_work
from triage.forwarding import tables as forwarding
from triage.kit.work import Lease, WorkQueue, named
from triage.texting import tables as texting
from triage.updates import tables as updates

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOT_HELD = Lease("nothing", "nobody/0", 1)
every_queue = pytest.mark.parametrize(
    "queue",
    [
        inbox_work,
        texting.media_work,
        texting.outbox,
        texting.log_work,
        forwarding.outbox,
        forwarding.polls,
        updates.outbox,
    ],
    ids=lambda queue: str(queue.table.name),
)


@pytest.fixture
def connection(any_database_url: str) -> Iterator[Connection]:
    engine = open_database(any_database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@every_queue
def test_nothing_is_found_in_an_empty_queue_and_nobody_may_record_in_it(
    connection: Connection, queue: WorkQueue
) -> None:
    hour = timedelta(hours=1)
    assert not queue.has_due(connection, NOW)
    assert not queue.has_unclaimed(connection, NOW)
    assert not queue.is_waiting(connection, "nobody's")
    assert queue.claim(connection, worker="one", now=NOW, lease=hour, limit=9) == []
    assert queue.rows_of(connection, [NOT_HELD]) == {}
    assert not queue.finish(connection, NOT_HELD, NOW)
    assert not queue.postpone(connection, NOT_HELD, until=NOW, error="failed")
    assert not queue.bury(connection, NOT_HELD, NOW, error="failed")
    assert queue.hurry(connection, NOW) == 0
    assert queue.release(connection, "one", but=["nothing"]) == 0


@every_queue
def test_any_column_can_be_set_of_a_row_that_is_held(
    connection: Connection, queue: WorkQueue
) -> None:
    change = update(queue.table).where(queue.is_held)
    every_column = {c.name: bindparam(c.name, None, c.type) for c in queue.table.c}
    assert connection.execute(change.values(every_column), named(NOT_HELD)).rowcount == 0


@every_queue
def test_each_statement_can_be_compiled_with_all_that_it_is_given(
    connection: Connection, queue: WorkQueue
) -> None:
    statements = [s for s in vars(queue).values() if isinstance(s, Executable)]
    assert len(statements) >= 8
    for statement in statements:
        given = list(statement.compile(connection.engine).params)
        # A parameter called like a column would be taken for a new value of it, and is refused.
        assert statement.compile(connection.engine, column_keys=given).string
