"""One process's part in texting: sends what is due, fetches pictures, reads the carrier's log when it is time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.duties import Duty, DutyWorker
from triage.kit.life import OnDeath
from triage.texting.figures import TextFigures
from triage.texting.pictures import Pictures
from triage.texting.reconciling import Reconciler
from triage.texting.repository import carrier_log, outgoing, received
from triage.texting.sending import TextSender
from triage.texting.tables import log_work, media_work, outbox

# Pictures on their way at a time.
PICTURES_AT_ONCE = 2


@dataclass(frozen=True)
class Times:
    """How often to look, how much at once, and how long one call may take."""

    sweep_seconds: float
    call_seconds: float
    at_once: int

    @property
    def lease(self) -> timedelta:
        """How long a row is one process's: longer than a look into the log and a call together."""
        return timedelta(seconds=self.call_seconds * 3 + 20)

    @property
    def log_lease(self) -> timedelta:
        """How long a number's log is one process's to read: a long one has many pages."""
        return timedelta(minutes=10) + self.lease


def text_worker(
    database: Database,
    sender: TextSender,
    pictures: Pictures,
    reconciler: Reconciler,
    lines: Sequence[str],
    figures: TextFigures,
    clock: Clock,
    times: Times,
    worker: str,
    on_death: OnDeath = None,
) -> DutyWorker:
    """Return who does it.

    Args:
        lines: our numbers, whose log is read; none: no log is read.
        worker: this process's name, the same after a restart.
    """

    def read_from_now(connection: Connection) -> None:
        now = clock.now()
        for line in lines:
            carrier_log.add_log_read(connection, line, now)

    def count_fault(_: object) -> None:
        figures.failures.labels("internal").inc()

    sending = Duty(outbox, outgoing.claim, sender.send, times.lease, times.at_once, count_fault)
    fetching = Duty(
        media_work,
        received.claim_media,
        pictures.fetch,
        times.lease,
        PICTURES_AT_ONCE,
        count_fault,
    )
    reading = Duty(
        log_work, carrier_log.claim_log, reconciler.do, times.log_lease, 1, count_fault
    )
    return DutyWorker(
        "texting",
        database,
        [sending, fetching, *([reading] if lines else [])],
        clock,
        times.sweep_seconds,
        worker,
        begin=read_from_now,
        on_death=on_death,
    )
