"""What can be done with a photo: clean and keep it, find it, show it.

The file is there before the row is: a row never names a photo that is not there. A file without a row is swept away.
"""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.kit.ids import new_id
from triage.media.folder import MediaFolder
from triage.media.pictures import CONTENT_TYPE, clean

# A large picture takes half a second of a processor and a hundred megabytes: one after the other.
CLEANERS = 1


@dataclass(frozen=True)
class Kept:
    """A photo whose file is written and whose row is not yet."""

    media_id: str
    row: dict[str, Any]


class Photos:
    """The photos of one city's line."""

    def __init__(self, folder: MediaFolder) -> None:
        self._folder = folder
        self._cleaners = ThreadPoolExecutor(CLEANERS, thread_name_prefix="photo")

    async def keep(self, sent: bytes, conversation_id: str | None, now: datetime) -> Kept:
        """Clean a photo and write its file; the caller adds the row in its own transaction, then settles it.

        Raises:
            PhotoTooLarge, PhotoUnknownType, PhotoTooManyPixels, PhotoDamaged: it is not taken.
            MediaUnavailable: it could not be written.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._cleaners, self._keep, sent, conversation_id, now
        )

    def _keep(self, sent: bytes, conversation_id: str | None, now: datetime) -> Kept:
        picture = clean(sent)
        media_id = new_id("med")
        self._folder.write(media_id, picture.content)
        row = {
            "id": media_id,
            "content_type": CONTENT_TYPE,
            "bytes": len(picture.content),
            "width": picture.width,
            "height": picture.height,
            "sent_sha256": digest_of(sent),
            "conversation_id": conversation_id,
            "created_at": now,
        }
        return Kept(media_id, row)

    async def settle(self, kept: Kept) -> None:
        """Note that a photo's row is committed."""
        await asyncio.to_thread(self._folder.settle, kept.media_id)

    async def let_go(self, kept: Kept) -> None:
        """Remove the file of a photo whose row was certainly not added."""
        await asyncio.to_thread(self._folder.remove, kept.media_id)

    async def read(self, media_id: str) -> bytes | None:
        """Return a photo's content; None if its file is not there."""
        return await asyncio.to_thread(self._folder.read, media_id)

    def close(self) -> None:
        """Let what is under way end."""
        self._cleaners.shutdown()


def digest_of(sent: bytes) -> str:
    """Return what tells whether the same is sent again."""
    return hashlib.sha256(sent).hexdigest()
