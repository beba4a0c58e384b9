"""Files that several processes read and write: written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """Give a path of its own to write to, in an existing or new folder; it takes the file's place when all went well.

    A kill while writing leaves the former file, and of two that write at a time the later one stands.

    Raises:
        OSError: the folder cannot be written to.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # The ending stays: NumPy adds one of its own to a name that has none.
    handle, name = tempfile.mkstemp(
        prefix=f".{file.stem}-", suffix=file.suffix, dir=file.parent
    )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # As readable as files usually are here; a temporary file is its owner's alone.
        temporary.chmod(0o644)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
