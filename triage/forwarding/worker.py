"""One process's part in forwarding: takes what is due from the outbox, and asks endpoints for news when it is time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from triage.forwarding import repository
from triage.forwarding.figures import ForwardingFigures
from triage.forwarding.listening import ROUND_OF_NEWS, Listener
from triage.forwarding.repository import Poll, Work
from triage.forwarding.sending import Sender
from triage.forwarding.tables import outbox, polls
from triage.forwarding.targets import Target
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.duties import Duty, DutyWorker
from triage.kit.life import OnDeath

# Cases on their way at a time, and endpoints that are asked for news.
CASES_AT_ONCE = 4
ENDPOINTS_AT_ONCE = 1


@dataclass(frozen=True)
class Times:
    """How often to look, and how long one call may take."""

    sweep_seconds: float
    call_seconds: float

    @property
    def case_lease(self) -> timedelta:
        """How long a case is one process's: longer than a look and a request together."""
        return timedelta(seconds=self.call_seconds * 2 + 30)

    @property
    def poll_lease(self) -> timedelta:
        """How long an endpoint is one process's to ask for news."""
        return ROUND_OF_NEWS + self.case_lease


def forwarder(
    database: Database,
    targets: Mapping[str, Target],
    sender: Sender,
    listener: Listener,
    figures: ForwardingFigures,
    clock: Clock,
    times: Times,
    worker: str,
    on_death: OnDeath = None,
) -> DutyWorker:
    """Return who does it; without endpoints there is nothing to do.

    Args:
        worker: this process's name, the same after a restart.
    """

    def have_endpoints_asked(connection: Connection) -> None:
        now = clock.now()
        for target in targets:
            repository.add_poll(connection, target, now)
            # It may have got the extension since.
            repository.set_poll(connection, target, has_updates=None)

    def count_fault(work: Work | Poll) -> None:
        figures.failures.labels(work.target, "internal").inc()

    forwarding = Duty(
        outbox, repository.claim, sender.forward, times.case_lease, CASES_AT_ONCE, count_fault
    )
    listening = Duty(
        polls,
        repository.claim_polls,
        listener.do,
        times.poll_lease,
        ENDPOINTS_AT_ONCE,
        count_fault,
    )
    return DutyWorker(
        "forwarding",
        database,
        [forwarding, listening] if targets else [],
        clock,
        times.sweep_seconds,
        worker,
        begin=have_endpoints_asked,
        on_death=on_death,
    )
