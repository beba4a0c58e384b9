"""The database's shape, as numbered sentences; `migrate` brings a database up to the newest one.

Several processes may start at once: the first to get the lock migrates, the others wait and find it done.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from services_catalog.database import read_only

log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parent
# Any number will do, as long as nothing else in this database locks the same one.
_LOCK = 3_110_311


def newest() -> str:
    """Return the number of the newest migration."""
    return max(p.name[:4] for p in (_FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def migrate(engine: Engine) -> bool:
    """Bring the database up to date; say whether there was anything to do."""
    # Looked at first: alembic is loaded into the process only where it is needed.
    with read_only(engine).connect() as connection:
        if _state(connection) == newest():
            return False
    with engine.begin() as connection:  # on SQLite this takes the write lock at once
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = _state(connection)
        if before == newest():
            return False
        _upgrade(connection)
    log.info("database migrated", extra={"was": before or "empty", "is": newest()})
    return True


def _state(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
