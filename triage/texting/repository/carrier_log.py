"""Up to when the carrier's own log of each number is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from triage.kit.db import insert_once
from triage.kit.work import Lease
from triage.texting.tables import log_reads, log_work


@dataclass(frozen=True)
class LogWork:
    """A number of the city's whose log is this process's to read for a while."""

    lease: Lease
    line: str
    read_until: datetime


def add_log_read(connection: Connection, line: str, now: datetime) -> None:
    """Have the log of a number read from now on, if it is not read yet."""
    values = {"line": line, "read_until": now, "next_attempt_at": now, "attempts": 0}
    insert_once(connection, log_reads, values, unique="line")


def claim_log(
    connection: Connection, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[LogWork]:
    """Take up to `limit` numbers whose log is to be read."""
    leases = log_work.claim(connection, worker=worker, now=now, lease=lease, limit=limit)
    by_line = log_work.rows_of(connection, leases)
    return [LogWork(held, held.row, by_line[held.row].read_until) for held in leases]


def set_read_until(connection: Connection, line: str, moment: datetime) -> None:
    """Note up to when a number's log is known."""
    connection.execute(
        update(log_reads).where(log_reads.c.line == line).values(read_until=moment)
    )
