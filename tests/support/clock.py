"""The time, as a test says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, time: datetime = MONDAY_MORNING) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def passes(self, **span: float) -> None:
        self.time += timedelta(**span)
