"""The folder of photos: one file each, named by its id, there whole or not at all.

A file is new until the row that names it is committed, and settled then. Only files that stayed new are ever looked at as
orphans: a process that is given another database cannot take settled photos for orphans and remove them.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from triage.media.errors import MediaUnavailable

log = logging.getLogger(__name__)

_ID = re.compile(r"med_[A-Za-z0-9_-]{20}")
_SETTLED, _NEW, _HALF = ".jpg", ".new", ".part"


class MediaFolder:
    """Keeps photos' files. Replicas of one line share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, media_id: str, content: bytes) -> None:
        """Keep a new photo; it is on disk when this returns.

        Raises:
            MediaUnavailable: it could not be written, and nothing is left of it.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, half = tempfile.mkstemp(dir=self._folder, suffix=_HALF)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(half).replace(self._path(media_id, _NEW))
            except OSError:
                Path(half).unlink(missing_ok=True)
                raise
            self._flush_names()
        except OSError as fault:
            log.error("photo not written", extra={"kind": type(fault).__name__})
            raise MediaUnavailable from fault

    def settle(self, media_id: str) -> None:
        """Note that a new photo has its row."""
        with suppress(FileNotFoundError):  # settled already
            self._path(media_id, _NEW).rename(self._path(media_id, _SETTLED))

    def read(self, media_id: str) -> bytes | None:
        """Return a photo; None if it is not there."""
        # Settled last, in case it is settled just now.
        for state in (_SETTLED, _NEW, _SETTLED):
            with suppress(FileNotFoundError):
                return self._path(media_id, state).read_bytes()
        return None

    def remove(self, media_id: str) -> None:
        """Forget a new photo, if it is there."""
        self._path(media_id, _NEW).unlink(missing_ok=True)

    def new_since(self, seconds: float) -> list[str]:
        """Return the ids of photos that have been new for so long; what is left of half-written ones is removed."""
        if not self._folder.is_dir():
            return []
        before = time.time() - seconds
        found = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # settled meanwhile
                if path.suffix not in (_NEW, _HALF) or path.stat().st_mtime >= before:
                    continue
                if path.suffix == _HALF:
                    path.unlink()
                elif _ID.fullmatch(path.stem):
                    found.append(path.stem)
        return found

    def _path(self, media_id: str, state: str) -> Path:
        if not _ID.fullmatch(media_id):
            raise ValueError("no id of a photo")
        return self._folder / f"{media_id}{state}"

    def _flush_names(self) -> None:
        # The name too must outlive a power cut, as the row that mentions it does.
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
