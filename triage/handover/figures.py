"""What is counted about residents who wait for a person, for Prometheus. Numbers; never who or what was said."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection

from triage.handover import repository


class HandoverFigures:
    """The line of waiting residents as it was last read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = Gauge(
            "ask311_handovers_open",
            "Conversations that are people's, by how they stand (waiting, held, to_contact).",
            ["standing"],
            registry=registry,
        )
        self._longest = Gauge(
            "ask311_handovers_longest_wait_seconds",
            "How long the resident has waited who is first in line.",
            registry=registry,
        )

    def look(self, connection: Connection, now: datetime) -> None:
        """Take over the state of the line."""
        for standing, number in repository.standings(connection).items():
            self._open.labels(standing).set(number)
        since = repository.longest_waiting_since(connection)
        self._longest.set((now - since).total_seconds() if since else 0)
