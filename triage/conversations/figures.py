"""What is counted about conversations, for Prometheus. Kinds and numbers; never who or what was said."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from triage.conversations.repository import Backlog

_SECONDS = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900)


class Figures:
    """One process's counters, and the state of the inbox as it was last read."""

    def __init__(self) -> None:
        self.registry = r = CollectorRegistry()
        self.started = Counter(
            "ask311_conversations_started", "Conversations started.", ["channel"], registry=r
        )
        self.received = Counter(
            "ask311_messages_received", "Residents' messages kept.", ["channel"], registry=r
        )
        self.repeated = Counter(
            "ask311_messages_repeated",
            "Messages that came again and were not kept twice.",
            registry=r,
        )
        self.safety = Counter(
            "ask311_safety_texts", "Messages that told of danger.", ["kind"], registry=r
        )
        self.replies = Counter(
            "ask311_replies", "Replies stored, by what they are.", ["outcome"], registry=r
        )
        self.unanswered = Counter(
            "ask311_unanswered_questions", "Questions without an answer.", registry=r
        )
        self.attempts = Counter(
            "ask311_relay_attempts", "Messages handed to the assistant.", registry=r
        )
        self.failures = Counter(
            "ask311_relay_failures", "Attempts that brought no answer.", ["kind"], registry=r
        )
        self.lost_leases = Counter(
            "ask311_relay_leases_lost",
            "Answers not stored: another had the message.",
            registry=r,
        )
        self.told = Counter(
            "ask311_outage_notices", "Residents told that an answer takes longer.", registry=r
        )
        self.given_up = Counter(
            "ask311_messages_given_up", "Messages given up; the sender was told.", registry=r
        )
        self.assistant_seconds = Histogram(
            "ask311_assistant_seconds",
            "Time of the assistant for one message.",
            registry=r,
            buckets=_SECONDS,
        )
        self.answer_seconds = Histogram(
            "ask311_answer_seconds",
            "Time from keeping a message to keeping the answer.",
            registry=r,
            buckets=_SECONDS,
        )
        self._waiting = Gauge("ask311_inbox_waiting", "Messages that wait.", registry=r)
        self._oldest = Gauge(
            "ask311_inbox_oldest_seconds", "Age of the oldest message that waits.", registry=r
        )
        self._dead = Gauge(
            "ask311_inbox_dead", "Messages given up in the last 24 hours.", registry=r
        )

    def show(self, backlog: Backlog, now: datetime) -> None:
        """Take over the state of the inbox."""
        self._waiting.set(backlog.waiting)
        self._oldest.set((now - backlog.oldest).total_seconds() if backlog.oldest else 0)
        self._dead.set(backlog.dead)
