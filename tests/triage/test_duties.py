"""A process's part in leased queues: so much at a time, nothing twice, and what fails comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select
from sqlalchemy.exc import OperationalError

from triage.errors import DatabaseUnavailable
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.kit.duties import Duty, DutyWorker
from triage.kit.work import Lease, WorkQueue, work_columns

metadata = MetaData()
errands = Table(
    "errands",
    metadata,
    Column("id", String(10), primary_key=True),
    Column("of", String(10), nullable=False),
    *work_columns(),
)
queue = WorkQueue(errands, key="id", group="of", position="id")


@dataclass(frozen=True)
class Errand:
    lease: Lease


def claim(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> Sequence[Errand]:
    leases = queue.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    return [Errand(held) for held in leases]


class Errands:
    """Does errands, and says which were under way together."""

    def __init__(self, tmp_path: Path, names: Sequence[str]) -> None:
        self.database = Database(f"sqlite:///{tmp_path}/x.db")
        self.clock = SystemClock()
        metadata.create_all(self.database.engine)
        row = {"attempts": 0, "next_attempt_at": self.clock.now()}
        with self.database.engine.begin() as connection:
            connection.execute(insert(errands), [{"id": n, "of": n, **row} for n in names])
        self.done: list[str] = []
        self.faults: list[str] = []
        self.under_way = self.most = 0
        self.fails: set[str] = set()
        self.has_database = True

    async def do(self, errand: Errand) -> None:
        lease = errand.lease
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        if lease.row in self.fails:
            self.fails.discard(lease.row)
            raise ValueError("a fault of ours")
        if not self.has_database:
            self.has_database = True
            raise DatabaseUnavailable("just now")
        await self.database.write(lambda c: queue.finish(c, lease, self.clock.now()))
        self.done.append(lease.row)

    def work(
        self, until: Callable[[], bool], *, lease: float = 60, claims: Any = claim
    ) -> None:
        duty = Duty(
            queue,
            claims,
            self.do,
            timedelta(seconds=lease),
            2,
            lambda errand: self.faults.append(errand.lease.row),
        )
        worker = DutyWorker("errands", self.database, [duty], self.clock, 0.05, "test:1")

        async def live() -> None:
            await worker.start()
            while not until():
                await asyncio.sleep(0.01)
            await worker.stop()

        asyncio.run(asyncio.wait_for(live(), 30))

    def held(self) -> int:
        with self.database.engine.connect() as connection:
            return len(
                connection.execute(select(errands).where(errands.c.lease_by.is_not(None))).all()
            )


def test_all_that_is_due_is_done_once_and_so_much_at_a_time(tmp_path: Path) -> None:
    names = [f"e{n}" for n in range(9)]
    errand = Errands(tmp_path, names)
    errand.work(lambda: len(errand.done) >= 9)
    assert sorted(errand.done) == names
    assert errand.most == 2
    assert errand.held() == 0


def test_a_fault_is_counted_and_the_work_comes_back_when_its_lease_ends(tmp_path: Path) -> None:
    errand = Errands(tmp_path, ["one", "two"])
    errand.fails = {"one"}
    errand.work(lambda: len(errand.done) >= 2, lease=0.2)
    assert errand.faults == ["one"]
    assert sorted(errand.done) == ["one", "two"]


def test_what_could_not_be_recorded_is_done_again_once_the_database_is_back(
    tmp_path: Path,
) -> None:
    errand = Errands(tmp_path, ["one"])
    errand.has_database = False
    # Long before its lease ends.
    errand.work(lambda: errand.done == ["one"], lease=3_600)
    assert errand.faults == []


def test_what_was_claimed_without_anybody_hearing_of_it_is_done_once_the_database_is_back(
    tmp_path: Path,
) -> None:
    errand = Errands(tmp_path, ["one", "two"])
    reads = []

    def claimed_in_vain(connection: Connection, **how: Any) -> Sequence[Errand]:
        reads.append(how)
        found = claim(connection, **how)
        if len(reads) == 1:
            # Committed, and the connection breaks before that is told.
            connection.commit()
            raise OperationalError("COMMIT", {}, Exception("broken"))
        return found

    errand.work(lambda: len(errand.done) == 2, lease=3_600, claims=claimed_in_vain)


def test_what_a_dead_process_held_is_done_by_its_successor_at_once(tmp_path: Path) -> None:
    errand = Errands(tmp_path, ["one"])
    with errand.database.engine.begin() as connection:
        claim(
            connection,
            worker="test:1",
            now=errand.clock.now(),
            lease=timedelta(hours=1),
            limit=1,
        )
    errand.work(lambda: errand.done == ["one"])


def test_without_duties_a_worker_does_nothing(tmp_path: Path) -> None:
    # Its database has no tables: looking into one would end it.
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    worker = DutyWorker("nothing", database, [], SystemClock(), 0.01, "test:1")

    async def live() -> None:
        await worker.start()
        await worker.stop()

    asyncio.run(live())
