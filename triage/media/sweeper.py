"""Removes photos that belong to nothing.

A file without a row: its process died between writing the one and committing the other. A row without a conversation
and without a case: it came from outside with a request that was refused, or that had come before.
"""

from __future__ import annotations

import asyncio
import logging

from triage.kit.db import Database
from triage.media import repository
from triage.media.folder import MediaFolder

log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3_600
# A request that wrote a file has committed its row, or died, long before.
ORPHANED_AFTER_SECONDS = 3_600
ASKED_AT_ONCE = 500


async def sweep_photos(
    database: Database, folder: MediaFolder, new_for: float = ORPHANED_AFTER_SECONDS
) -> int:
    """Remove the photos that have been new for so many seconds and belong to nothing; return how many there were.

    Raises:
        DatabaseUnavailable, OSError: it has to be tried again.
    """
    removed = 0
    new = await asyncio.to_thread(folder.new_since, new_for)
    for start in range(0, len(new), ASKED_AT_ONCE):
        piece = new[start : start + ASKED_AT_ONCE]
        wanted = await database.read(
            lambda c, piece=piece: repository.wanted_of(c, piece)  # type: ignore[misc]
        )
        unwanted = [media_id for media_id in piece if media_id not in wanted]
        for media_id in wanted:
            await asyncio.to_thread(folder.settle, media_id)
        # The files first: what is left of a row that has none is swept the next time.
        for media_id in unwanted:
            await asyncio.to_thread(folder.remove, media_id)
        if unwanted:
            await database.write(
                lambda c, unwanted=unwanted: repository.forget(c, unwanted)  # type: ignore[misc]
            )
        removed += len(unwanted)
    if removed:
        log.info("orphaned photos removed", extra={"files": removed})
    return removed
