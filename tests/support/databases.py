"""Databases that already have all tables, for tests: copied, where migrating each anew would take longer than the test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from services_catalog.database import open_database
from triage.migrations import migrate


def migrated(url: str) -> None:
    """Bring the database at `url` up to date."""
    engine = open_database(url)
    migrate(engine)
    engine.dispose()


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tables.db"
        migrated(f"sqlite:///{file}")
        return file.read_bytes()


def new_sqlite(folder: Path, name: str = "triage.db") -> str:
    """Make a database of a file in a folder; return its address."""
    file = folder / name
    file.write_bytes(_tables())
    return f"sqlite:///{file}"
