"""A PostgreSQL server of one's own, from Debian's binaries, for as long as it is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text


class NoPostgreSQL(Exception):
    """There is none to start here; the message says why and what to do."""


def why_not() -> str:
    """Say why no server can be started here; empty: one can."""
    if _binaries() is None:
        return "PostgreSQL is not installed here (apt-get install postgresql)"
    if os.geteuid() == 0 and _other_user() is None:
        return "PostgreSQL does not run as root, and there is no user 'postgres'"
    return ""


class PostgreSQL:
    """A server that is reached through a socket in a folder of its own, and can go away and come back.

    Args:
        fsync: whether what is committed reaches the disk: for measuring, not for tests.
    """

    def __init__(self, home: Path, *, fsync: bool = False) -> None:
        self.address = f"postgresql+psycopg://ask311@/{{name}}?host={home}"
        self._binaries = _binaries()
        self._home = home
        self._data = ("-D", str(home / "data"))
        self._options = (
            f"-c listen_addresses='' -c unix_socket_directories={home} "
            f"-c fsync={'on' if fsync else 'off'}"
        )
        self._as_other: list[str] = []
        if os.geteuid() == 0 and (other := _other_user()):
            home.chmod(0o755)
            os.chown(home, other.pw_uid, other.pw_gid)
            self._as_other = ["runuser", "-u", other.pw_name, "--"]

    def make(self) -> None:
        """Lay out its files."""
        self._run("initdb", *self._data, "-U", "ask311", "-A", "trust", "-E", "UTF8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = str(self._home / "log")
        self._run("pg_ctl", *self._data, "-l", log, "-o", self._options, "-w", "start")

    def stop(self) -> None:
        """End it as a crash would: connections break, and it recovers at the next start."""
        self._run("pg_ctl", *self._data, "-m", "immediate", "-w", "stop")

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_other, f"{self._binaries}/{command}", *arguments],
            check=True,
            capture_output=True,
            cwd="/",
        )


@contextmanager
def a_postgresql(*, fsync: bool = False) -> Iterator[PostgreSQL]:
    """Run a server in a temporary folder.

    Raises:
        NoPostgreSQL: there is none to start.
    """
    if reason := why_not():
        raise NoPostgreSQL(reason)
    home = Path(tempfile.mkdtemp(prefix="ask311-pg-", dir="/var/tmp"))
    try:
        server = PostgreSQL(home, fsync=fsync)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_postgresql(*, fsync: bool = False) -> Iterator[str]:
    """Run a server; yield its address, with {name} in it.

    Raises:
        NoPostgreSQL: there is none to start.
    """
    with a_postgresql(fsync=fsync) as server:
        yield server.address


@contextmanager
def new_database(server: str, name: str, like: str = "template1") -> Iterator[str]:
    """Make a database on a server, empty unless it is to be like another; yield its address, and drop it in the end."""
    # The server may have been away meanwhile.
    engine = create_engine(
        server.format(name="postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
    )
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    try:
        yield server.format(name=name)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _other_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None
