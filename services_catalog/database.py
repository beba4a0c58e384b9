"""Open the database the way this project needs it, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 5


def open_database(url: str, *, pool_size: int = 10, pings: bool = True) -> Engine:
    """Return an engine for the database at `url` (SQLAlchemy form), its folder made if it is a file.

    Args:
        pings: whether PostgreSQL is asked before each transaction if the connection still lives; False is for those who try
            again when it does not.

    On SQLite: WAL, synchronous=FULL (an accepted message survives a power cut), foreign keys, and every
    transaction that is not declared `read_only` takes the write lock when it begins, so that two writers
    queue instead of failing half-way.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url, pool_pre_ping=pings, pool_size=pool_size, pool_timeout=5, hide_parameters=True
        )
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    # Parameters stay out of errors: they hold residents' words.
    engine = create_engine(
        url, pool_size=pool_size, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is switched off: ours says which lock it wants.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def read_only(engine: Engine) -> Engine:
    """Return the engine for reading: its transactions never wait for a writer on SQLite."""
    return engine.execution_options(read_only=True)
