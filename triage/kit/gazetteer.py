"""The city's tables of places, read with the first request that needs them and followed from then on.

Few requests to this process need them, and they take memory and seconds of a start: a line that gets none does without.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services_catalog.places.live import LiveGazetteer, Where


class LazyGazetteer:
    """The places of one city."""

    def __init__(self, city: str) -> None:
        self._city = city
        self._live: LiveGazetteer | None = None
        self._opening: asyncio.Task[None] | None = None

    async def now(self) -> Where:
        """Return the newest complete state.

        Raises:
            PackError: the tables cannot be read.
        """
        if self._opening is None:
            self._opening = asyncio.create_task(asyncio.to_thread(self._open))
        try:
            await asyncio.shield(self._opening)
        except BaseException:
            if self._opening.done():
                self._opening = None  # the next request tries again
            raise
        assert self._live is not None  # noqa: S101 (opened above)
        return self._live.now()

    def close(self) -> None:
        """Stop following the tables."""
        if self._live:
            self._live.close()

    def _open(self) -> None:
        # Here, for it brings spaCy: seconds of every start that most lines never need.
        from services_catalog.places.live import LiveGazetteer

        live = LiveGazetteer(self._city)
        live.start()
        self._live = live
