"""Tasks that run as long as the process does: when one dies of a fault, that is seen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

OnDeath = Callable[[], None] | None


def alive(work: Coroutine[Any, Any, None], name: str, on_death: OnDeath) -> asyncio.Task[None]:
    """Start a task that never ends by itself; log its death and call `on_death` if it does."""
    task = asyncio.create_task(work, name=name)

    def died(ended: asyncio.Task[None]) -> None:
        if ended.cancelled() or (fault := ended.exception()) is None:
            return
        # What it did is done by nobody now: better to end, and be started again.
        log.critical("a part of the process died", extra={"part": name}, exc_info=fault)
        if on_death:
            on_death()

    task.add_done_callback(died)
    return task
