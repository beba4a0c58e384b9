"""What is counted about text messages, for Prometheus. Kinds and numbers; never who, or what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy import Connection

from triage.texting.repository import outgoing


class TextFigures:
    """One process's counters, and the state of the outbox as it was last read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.received = Counter(
            "ask311_texts_received",
            "Texts that came in, by channel and by what they were taken for.",
            ["channel", "taken_for"],
            registry=registry,
        )
        self.repeated = Counter(
            "ask311_texts_repeated",
            "Texts that the carrier handed over again, and that were not taken twice.",
            registry=registry,
        )
        self.refused = Counter(
            "ask311_text_webhooks_refused",
            "Webhooks that were not taken, by the error's code.",
            ["code"],
            registry=registry,
        )
        self.found = Counter(
            "ask311_texts_found_in_log",
            "Texts that never came, and were found in the carrier's log.",
            registry=registry,
        )
        self.loops = Counter(
            "ask311_text_loops",
            "Times that answering a number stopped, because a machine seemed to write.",
            registry=registry,
        )
        self.sent = Counter(
            "ask311_texts_sent",
            "Texts that need no more sending, by what became of them.",
            ["result"],
            registry=registry,
        )
        self.failures = Counter(
            "ask311_text_failures",
            "Calls to the carrier without a useful answer, by kind.",
            ["kind"],
            registry=registry,
        )
        self.ambiguous = Counter(
            "ask311_texts_ambiguous",
            "Texts of which it was not known whether the carrier had taken them; they are looked for first.",
            registry=registry,
        )
        self.twice = Counter(
            "ask311_texts_sent_twice",
            "Texts that the carrier had taken after all when they were sent again.",
            registry=registry,
        )
        self.ends = Counter(
            "ask311_text_ends",
            "What the carrier said became of texts, with its error code.",
            ["status", "error_code"],
            registry=registry,
        )
        self.pictures = Counter(
            "ask311_text_pictures",
            "Pictures that came with texts, by what became of them.",
            ["result"],
            registry=registry,
        )
        self._waiting = Gauge(
            "ask311_texts_waiting", "Texts that wait to be sent.", registry=registry
        )
        self._oldest = Gauge(
            "ask311_texts_oldest_seconds",
            "Age of the oldest text that waits.",
            registry=registry,
        )
        self._dead = Gauge(
            "ask311_texts_dead", "Texts given up in the last 24 hours.", registry=registry
        )
        self._unsafe = Gauge(
            "ask311_safety_texts_not_arrived",
            "Texts on what to do in danger that did not arrive, in the last 24 hours.",
            registry=registry,
        )

    def look(self, connection: Connection, now: datetime) -> None:
        """Take over the state of the outbox."""
        backlog = outgoing.backlog(connection, dead_since=now - timedelta(hours=24))
        self._waiting.set(backlog.waiting)
        self._oldest.set((now - backlog.oldest).total_seconds() if backlog.oldest else 0)
        self._dead.set(backlog.dead)
        self._unsafe.set(backlog.unsafe)
