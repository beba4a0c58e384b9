"""What is counted about telling residents, for Prometheus. Kinds and numbers; never who or what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy import Connection

from triage.updates import repository

LATELY = timedelta(hours=24)


class UpdateFigures:
    """One process's counters, and the state of the outbox as it was last read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ended = Counter(
            "ask311_updates",
            "News of cases, by what became of telling them (told, by_hand, overtaken, not_wanted, later).",
            ["result", "channel"],
            registry=registry,
        )
        self.failures = Counter(
            "ask311_update_failures", "Faults of ours in telling.", registry=registry
        )
        self._waiting = Gauge(
            "ask311_updates_waiting",
            "News that wait to be told, also until quiet hours are over.",
            registry=registry,
        )
        self._oldest = Gauge(
            "ask311_updates_overdue_seconds",
            "How long the oldest news wait that could be told by now.",
            registry=registry,
        )
        self._by_hand = Gauge(
            "ask311_updates_by_hand",
            "News of the last 24 hours that nobody could be told, and that staff have to tell.",
            registry=registry,
        )

    def look(self, connection: Connection, now: datetime) -> None:
        """Take over the state of the outbox."""
        backlog = repository.backlog(connection, now)
        since = backlog.overdue_since
        self._waiting.set(backlog.waiting)
        self._oldest.set((now - since).total_seconds() if since else 0)
        self._by_hand.set(repository.by_hand_since(connection, now - LATELY))
