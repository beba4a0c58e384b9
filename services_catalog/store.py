"""Keep the catalogue in the database: load it whole, save changes with history, move the revision.

All SQL about the catalogue is here. A change and the revision it makes are one transaction, so a process
that sees the new revision sees the change. An entry has a revision of its own, the last one that touched it: who says
which one they saw (`expected_entries`) overwrites nobody's change unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from services_catalog.database import read_only
from services_catalog.model import Catalogue, ServiceEntry, entry_from_dict, entry_to_dict
from services_catalog.tables import (
    catalogue_entries,
    catalogue_history,
    catalogue_revisions,
    metadata,
)


class Origin(StrEnum):
    """Where a change comes from. An import of the pack leaves alone what was changed by hand since."""

    PACK = "pack"
    HAND = "hand"  # the console, a file that somebody imported, a command


class RevisionMoved(Exception):
    """Somebody else changed the catalogue since the caller read it: read it again, then decide."""


class EntryMoved(RevisionMoved):
    """Somebody else changed this entry since the caller read it."""

    def __init__(self, entry_id: str, expected: int, found: int) -> None:
        super().__init__(
            f"The entry {entry_id} is at revision {found}, not {expected}. Look again."
        )
        self.entry_id, self.expected, self.found = entry_id, expected, found


@dataclass(frozen=True)
class PastState:
    """What an entry was from one revision on, and who made it that."""

    revision: int
    entry: Mapping[str, Any] | None  # None: it was withdrawn
    changed_at: datetime
    changed_by: str
    reason: str
    origin: Origin


@dataclass(frozen=True)
class Change:
    """What one save does: entries as they shall be from now on, and ids that shall answer no more."""

    save: Sequence[ServiceEntry] = ()
    retire: Sequence[str] = ()
    uncovered: Sequence[str] | None = None  # None leaves them as they are


def create_tables(engine: Engine) -> None:
    """Create the catalogue's tables where they are missing, for use without triage's migrations."""
    metadata.create_all(engine)


def revision_of(engine: Engine, city: str) -> int:
    """Return the catalogue's revision; 0 when nothing was imported yet."""
    with read_only(engine).connect() as connection:
        return revision_in(connection, city)


def revision_in(connection: Connection, city: str) -> int:
    """Do what `revision_of` does, in the caller's transaction."""
    found = connection.execute(
        select(catalogue_revisions.c.revision).where(catalogue_revisions.c.city == city)
    ).scalar()
    return found or 0


def load(engine: Engine, city: str) -> Catalogue:
    """Return the city's whole catalogue at its present revision (empty at revision 0)."""
    with read_only(engine).begin() as connection:
        return load_in(connection, city)


def load_in(connection: Connection, city: str) -> Catalogue:
    """Do what `load` does, in the caller's transaction."""
    row = connection.execute(
        select(catalogue_revisions).where(catalogue_revisions.c.city == city)
    ).first()
    if row is None:
        return Catalogue(city, 0, ())
    entries = connection.execute(
        select(catalogue_entries.c.entry)
        .where(catalogue_entries.c.city == city)
        .order_by(catalogue_entries.c.id)
    ).scalars()
    return Catalogue(
        city, row.revision, tuple(entry_from_dict(e) for e in entries), tuple(row.uncovered)
    )


def changed_in(connection: Connection, city: str) -> dict[str, datetime]:
    """Return when each entry was changed last, by id, in the caller's transaction."""
    rows = connection.execute(
        select(catalogue_history.c.id, func.max(catalogue_history.c.changed_at))
        .where(catalogue_history.c.city == city)
        .group_by(catalogue_history.c.id)
    )
    return {row[0]: _with_zone(row[1]) for row in rows}


def entry_revisions_in(
    connection: Connection, city: str, ids: Iterable[str] | None = None
) -> dict[str, int]:
    """Return the revision that touched each entry last, also of those withdrawn; 0 for one that never was.

    Args:
        ids: whose; None: of all that there ever were.
    """
    history = catalogue_history.c
    asked = select(history.id, func.max(history.revision)).where(history.city == city)
    wanted = None if ids is None else list(ids)
    if wanted is not None:
        asked = asked.where(history.id.in_(wanted))
    found = {row[0]: int(row[1]) for row in connection.execute(asked.group_by(history.id))}
    return found if wanted is None else {id: found.get(id, 0) for id in wanted}


def history_in(connection: Connection, city: str, id: str) -> list[PastState]:
    """Return all that an entry was, the newest first."""
    rows = connection.execute(
        select(catalogue_history)
        .where(catalogue_history.c.city == city, catalogue_history.c.id == id)
        .order_by(catalogue_history.c.revision.desc())
    )
    return [_state(row) for row in rows]


def state_in(connection: Connection, city: str, id: str, revision: int) -> PastState | None:
    """Return what an entry became at just that revision; None: that one did not touch it."""
    history = catalogue_history.c
    row = connection.execute(
        select(catalogue_history).where(
            history.city == city, history.id == id, history.revision == revision
        )
    ).first()
    return _state(row) if row else None


def changed_by_hand_in(
    connection: Connection, city: str
) -> dict[str, Mapping[str, Any] | None]:
    """Return what the pack last made of each entry that was changed by hand since; None: nothing, or it retired it."""
    history = catalogue_history.c
    rows = connection.execute(
        select(history.id, history.origin, history.entry)
        .where(history.city == city)
        .order_by(history.id, history.revision)
    )
    newest: dict[str, Origin] = {}
    of_the_pack: dict[str, Mapping[str, Any] | None] = {}
    for id, origin, entry in rows:
        newest[id] = Origin(origin)
        if newest[id] is Origin.PACK:
            of_the_pack[id] = entry
    return {id: of_the_pack.get(id) for id, by in newest.items() if by is Origin.HAND}


def _state(row: Row[Any]) -> PastState:
    return PastState(
        row.revision,
        row.entry,
        _with_zone(row.changed_at),
        row.changed_by,
        row.reason,
        Origin(row.origin),
    )


def _with_zone(at: datetime) -> datetime:
    # SQLite keeps no zone; what is written there is UTC.
    return at.replace(tzinfo=at.tzinfo or UTC)


def apply(engine: Engine, city: str, change: Change, **how: Any) -> int:
    """Do what `apply_in` does, in a transaction of its own."""
    with engine.begin() as connection:
        return apply_in(connection, city, change, **how)


def hold_in(connection: Connection, city: str) -> int:
    """Have everybody else who changes the catalogue wait until this transaction ends; return the revision."""
    row = connection.execute(
        select(catalogue_revisions.c.revision)
        .where(catalogue_revisions.c.city == city)
        .with_for_update()
    ).first()
    return row.revision if row else 0


def apply_in(
    connection: Connection,
    city: str,
    change: Change,
    *,
    by: str,
    reason: str,
    expected_revision: int | None = None,
    expected_entries: Mapping[str, int] | None = None,
    origin: Origin = Origin.HAND,
    now: datetime | None = None,
) -> int:
    """Save a change, write its history and move the revision, all or nothing; return the new revision.

    Args:
        expected_entries: the revision of their own at which the caller saw entries; 0: it was never there.

    Raises:
        RevisionMoved: the catalogue is no longer at `expected_revision`.
        EntryMoved: an entry is no longer as the caller saw it.
    """
    before = hold_in(connection, city)
    if expected_revision not in (None, before):
        raise RevisionMoved(
            f"The catalogue is at revision {before}, not {expected_revision}. Look again."
        )
    found = entry_revisions_in(connection, city, expected_entries or ())
    for id, expected in (expected_entries or {}).items():
        if found[id] != expected:
            raise EntryMoved(id, expected, found[id])
    revision = before + 1
    values: dict[str, Any] = {"revision": revision}
    if change.uncovered is not None:
        values["uncovered"] = list(change.uncovered)
    if before:
        connection.execute(
            update(catalogue_revisions)
            .where(catalogue_revisions.c.city == city)
            .values(**values)
        )
    else:
        connection.execute(
            insert(catalogue_revisions).values(city=city, **({"uncovered": []} | values))
        )
    told = {
        "changed_at": (now or datetime.now(UTC)).astimezone(UTC),
        "changed_by": by,
        "reason": reason,
        "origin": origin.value,
    }
    _write(connection, city, change, revision, told)
    return revision


def _write(
    connection: Connection, city: str, change: Change, revision: int, told: Mapping[str, Any]
) -> None:
    documents = {e.id: entry_to_dict(e) for e in change.save}
    touched = [*documents, *change.retire]
    if not touched:
        return
    connection.execute(
        delete(catalogue_entries).where(
            catalogue_entries.c.city == city, catalogue_entries.c.id.in_(touched)
        )
    )
    if documents:
        connection.execute(
            insert(catalogue_entries),
            [
                {"city": city, "id": i, "revision": revision, "entry": d}
                for i, d in documents.items()
            ],
        )
    connection.execute(
        insert(catalogue_history),
        [
            {"city": city, "id": i, "revision": revision, "entry": documents.get(i), **told}
            for i in touched
        ],
    )
