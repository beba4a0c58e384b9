"""What runs as long as the process does: it begins and ends with it, and when it dies of a fault, that is seen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

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


class Part(Protocol):
    """Something that begins with the process and ends with it."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """Take nothing more, let what is under way end for a few seconds; harmless before `start`."""
        ...


@asynccontextmanager
async def running(parts: Sequence[Part]) -> AsyncIterator[None]:
    """Start parts in their order; in the end stop them all at once, whatever became of one of them.

    At once, because a supervisor's patience is for all of them together.
    """
    try:
        for part in parts:
            await part.start()
        yield
    finally:
        stopped = await asyncio.gather(*(p.stop() for p in parts), return_exceptions=True)
        faults = [fault for fault in stopped if isinstance(fault, Exception)]
        if faults:
            raise ExceptionGroup("parts of the process did not end as they should", faults)
