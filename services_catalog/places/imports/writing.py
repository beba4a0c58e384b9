"""Replace a table of a pack whole, or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services_catalog.packs import PackError


def state_of(path: Path) -> str:
    """Return a text that changes with the file's content; empty: there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def replace_table(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, expected: str
) -> None:
    """Write a table beside the pack's tables, then put it in the old one's place in one step.

    `expected` is the state that the rows were planned from.

    Raises:
        PackError: the table changed since, or cannot be written. It is as it was.
    """
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    temporary = ""
    try:
        if state_of(path) != expected:
            raise PackError(f"{path.name} changed while the import was planned: run it again.")
        # In the folder above: a running line watches the folder of the tables.
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.is_file() else 0o644)
        Path(temporary).replace(path)
    except OSError as fault:
        raise PackError(f"{path} cannot be written: {fault.strerror}.") from fault
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
