"""Waits until a line has done all that it has to do: for as long as that gets less. A line that stands still fails, and it
is told how much waits and why."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from services_catalog.database import read_only
from triage.conversations.tables import inbox, messages
from triage.kit.clock import SystemClock
from triage.texting.tables import texts

# Longer than any lease or pause of a line in a storm, on a busy machine.
STANDS_STILL_SECONDS = 90


class StandsStill(AssertionError):
    """Something waits, and has for too long. Args: how much, and why."""


@dataclass(frozen=True)
class Left:
    """What a line has still to do: what to keep, to answer and to send, each with why it waits."""

    to_keep: int
    to_answer: Mapping[str, int]
    to_send: Mapping[str, int]

    @property
    def steps(self) -> int:
        """How many steps that is: what is kept is still to be answered, and what is answered to be sent."""
        return 3 * self.to_keep + 2 * sum(self.to_answer.values()) + sum(self.to_send.values())

    def told(self) -> str:
        """Return it in a line."""
        return (
            f"{self.to_keep} are not kept; {sum(self.to_answer.values())} not answered: {dict(self.to_answer)}; "
            f"{sum(self.to_send.values())} not sent: {dict(self.to_send)}"
        )


def wait_until_drained(engine: Engine, sids: Collection[str]) -> None:
    """Wait until these are kept, all is answered, and all answers are with the carrier, or given up.

    Raises:
        StandsStill: it gets no less.
    """
    least, ends = None, 0.0
    while (left := _left(engine, sids)).steps:
        if least is None or left.steps < least:
            least, ends = left.steps, time.monotonic() + STANDS_STILL_SECONDS
        if time.monotonic() > ends:
            raise StandsStill(left.told())
        time.sleep(0.5)


def _left(engine: Engine, sids: Collection[str]) -> Left:
    now = SystemClock().now()
    with read_only(engine).connect() as connection:
        # In the order in which a message goes on: so none is missed between two looks.
        kept = connection.scalars(
            select(messages.c.client_message_id).where(messages.c.sender == "resident")
        )
        to_keep = len(set(sids) - set(kept))
        return Left(to_keep, _waiting(connection, inbox, now), _waiting(connection, texts, now))


def _waiting(connection: Connection, table: Table, now: datetime) -> Mapping[str, int]:
    c = table.c
    rows = connection.execute(
        select(c.attempts, c.last_error, c.lease_until, c.next_attempt_at).where(
            c.done_at.is_(None), c.dead_at.is_(None)
        )
    )
    return Counter(_why(row, now) for row in rows)


def _why(row: Any, now: datetime) -> str:
    after = f"{row.last_error or 'no fault'} after {row.attempts}"
    if row.lease_until and row.lease_until > now:
        return f"held, {after}"
    return f"due, {after}" if row.next_attempt_at <= now else f"later, {after}"
