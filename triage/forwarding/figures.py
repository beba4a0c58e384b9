"""What is counted about forwarding, for Prometheus. Kinds and numbers, and the endpoints' names in the pack."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy import Connection

from triage.forwarding import repository


class ForwardingFigures:
    """One process's counters, and the state of the outbox as it was last read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ended = Counter(
            "ask311_forwards",
            "Cases of the outbox that need no more sending, by what became of them.",
            ["target", "result"],
            registry=registry,
        )
        self.failures = Counter(
            "ask311_forward_failures",
            "Calls to outside endpoints without an answer.",
            ["target", "kind"],
            registry=registry,
        )
        self.unsure = Counter(
            "ask311_forward_unsure",
            "Requests of which it is not known whether they arrived; they are looked for before they are sent again.",
            ["target"],
            registry=registry,
        )
        self.closed = Counter(
            "ask311_forward_closed",
            "Cases that ended because the outside endpoint closed its request.",
            ["target"],
            registry=registry,
        )
        self._waiting = Gauge(
            "ask311_forward_waiting", "Cases that wait in the outbox.", registry=registry
        )
        self._oldest = Gauge(
            "ask311_forward_oldest_seconds",
            "Age of the oldest case that waits in the outbox.",
            registry=registry,
        )
        self._dead = Gauge(
            "ask311_forward_dead",
            "Cases that could not be forwarded and were given up.",
            registry=registry,
        )

    def look(self, connection: Connection, now: datetime) -> None:
        """Take over the state of the outbox."""
        backlog = repository.backlog(connection)
        self._waiting.set(backlog.waiting)
        self._oldest.set((now - backlog.oldest).total_seconds() if backlog.oldest else 0)
        self._dead.set(backlog.dead)
