"""Photos that come with a request from outside: cleaned and kept like those of a conversation."""

from __future__ import annotations

from sqlalchemy import Connection

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.media import repository
from triage.media.service import Photos


class OutsidePhotos:
    """Keeps the photos of requests; one that no case takes is swept away later."""

    def __init__(self, database: Database, photos: Photos, clock: Clock) -> None:
        self._database = database
        self._photos = photos
        self._clock = clock

    async def keep(self, sent: list[bytes]) -> list[str]:
        """Clean and keep photos; return their ids.

        Raises:
            PhotoTooLarge, PhotoUnknownType, PhotoTooManyPixels, PhotoDamaged, MediaUnavailable: one is not taken.
        """
        kept = []
        for content in sent:
            photo = await self._photos.keep(content, None, self._clock.now())

            def change(connection: Connection, row: dict[str, object] = photo.row) -> None:
                repository.add_photo(connection, **row)

            await self._database.write(change)
            kept.append(photo.media_id)
        return kept
