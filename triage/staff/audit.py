"""What staff did and whose facts they saw: an append-only trail in which each entry seals the one before it.

The database itself refuses to change or delete an entry (migration 0008). Whoever gets round that breaks the chain of
hashes, and `verify` says where. Residents' words, names and numbers never stand in an entry: it says whose case it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select, text

from triage.staff.tables import audit

# What the first entry has before it.
_NOTHING = "0" * 64
# Any number will do, as long as nothing else in this database locks the same one.
_LOCK = 3_110_312


class Actor(Protocol):
    """Who did something: a member of staff, or one of those below."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Named:
    """Somebody who acts without an account."""

    id: str
    name: str


COMMAND_LINE = Named("command-line", "Command line")
THE_LINE = Named("line", "Ask 311 itself")


@dataclass(frozen=True)
class Entry:
    """One thing that was done."""

    seq: int
    at: datetime
    who_id: str
    who: str
    action: str  # "<subject>.<verb>"
    subject: str  # a case's reference, the id of a conversation or member; or nothing
    details: Mapping[str, Any]
    before: str  # the hash of the entry before it
    hash: str


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and what that means."""

    seq: int
    why: str


@dataclass(frozen=True)
class Whole:
    """The chain holds from the first entry to this last one."""

    seq: int
    hash: str


def record(
    connection: Connection,
    who: Actor,
    action: str,
    subject: str = "",
    /,
    *,
    now: datetime,
    **details: str | int | bool | list[str] | None,
) -> None:
    """Add an entry, in the transaction of what it tells of. Call it last there.

    From here to the commit everybody else who records waits: two chains can never grow. For that reason a transaction
    that takes another lock after this one could wait for somebody who waits for it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(
        select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    ).first()
    entry = {
        "seq": last.seq + 1 if last else 1,
        "at": now.astimezone(UTC),
        "who_id": who.id,
        "who": who.name,
        "action": action,
        "subject": subject,
        "details": details,
        "before": last.hash if last else _NOTHING,
    }
    connection.execute(insert(audit).values(**entry, hash=_seal(entry)))


def verify(connection: Connection, known: tuple[int, str] | None = None) -> Whole | Broken:
    """Walk the whole trail and say whether it is as it was written; of several faults, the first.

    Args:
        known: number and hash of an entry at an earlier time. Without it, a trail whose end was cut off, or that was written
            anew from some entry on, looks whole.
    """
    seq, seal = 0, _NOTHING
    with closing(entries(connection)) as trail:
        for entry in trail:
            if entry.seq != seq + 1:
                return Broken(seq + 1, f"entries {seq + 1} to {entry.seq - 1} are missing")
            if entry.before != seal:
                return Broken(entry.seq, "it does not follow the entry before it")
            if entry.hash != _seal(vars(entry)):
                return Broken(entry.seq, "it is not what was written")
            if known and known[0] == entry.seq and known[1] != entry.hash:
                return Broken(entry.seq, "it was another at the earlier check")
            seq, seal = entry.seq, entry.hash
    if known and seq < known[0]:
        why = f"the trail ends here, and had {known[0]} entries at the earlier check"
        return Broken(seq + 1, why)
    return Whole(seq, seal)


def entries(connection: Connection) -> Generator[Entry, None, None]:
    """Yield every entry, the oldest first, without holding all of them in memory."""
    asked = select(audit).order_by(audit.c.seq).execution_options(yield_per=1_000)
    with connection.execute(asked) as rows:
        for row in rows.mappings():
            yield Entry(**row)


def _seal(entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry as it is written, of all that it says and of what was before it."""
    written = [
        entry["seq"],
        entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        *(entry[name] for name in ("who_id", "who", "action", "subject", "details", "before")),
    ]
    plain = json.dumps(written, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
