"""The notices as this process sees them: they follow the database by themselves, and end by the clock.

A thread asks for their revision twice a second, so a notice is said within a second of being posted. Where the database
cannot be asked, what is known goes on being said until it ends.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services_catalog.database import read_only
from services_catalog.notices import store
from services_catalog.notices.model import Notice, Posted

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


class LiveNotices:
    """Follows one city's notices. `start()` before use, `close()` after."""

    def __init__(
        self, engine: Engine, city: str, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self._engine = read_only(engine)
        self._city = city
        self._clock = clock
        self._revision = -1
        self._notices: tuple[Notice, ...] = ()
        self._is_current = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="notices", daemon=True)

    def start(self) -> None:
        """Read the notices and begin to follow them. Nothing fails here: without them questions are still answered."""
        self._look()
        self._thread.start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def now(self) -> Posted:
        """Return the notices as they are known."""
        return Posted(self._clock(), self._notices)

    @property
    def is_current(self) -> bool:
        """Say whether the database could be asked the last time it was tried."""
        return self._is_current

    def _follow(self) -> None:
        while not self._stop.wait(LOOK_EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        try:
            with self._engine.begin() as connection:
                revision = store.revision_in(connection, self._city)
                if revision != self._revision:
                    self._notices = store.standing_in(connection, self._city, self._clock())
                    self._revision = revision
            self._is_current = True
        except SQLAlchemyError as fault:
            # Also where triage has not made the table yet.
            if self._is_current:
                log.error("notices not readable", extra={"fault": type(fault).__name__})
            self._is_current = False
