"""Keep the catalogue in the database: load it whole, save changes with history, move the revision.

All SQL about the catalogue is here. A change and the revision it makes are one transaction, so a process
that sees the new revision sees the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from services_catalog.database import read_only
from services_catalog.model import Catalogue, ServiceEntry, entry_from_dict, entry_to_dict
from services_catalog.tables import (
    catalogue_entries,
    catalogue_history,
    catalogue_revisions,
    metadata,
)


class RevisionMoved(Exception):
    """Somebody else changed the catalogue since the caller read it: read it again, then decide."""


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
        return _revision(connection, city) or 0


def load(engine: Engine, city: str) -> Catalogue:
    """Return the city's whole catalogue at its present revision (empty at revision 0)."""
    with read_only(engine).begin() as connection:
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


def apply(
    engine: Engine,
    city: str,
    change: Change,
    *,
    by: str,
    reason: str,
    expected_revision: int | None = None,
) -> int:
    """Save a change, write its history and move the revision, all or nothing; return the new revision.

    Raises:
        RevisionMoved: the catalogue is no longer at `expected_revision`.
    """
    with engine.begin() as connection:
        row = connection.execute(
            select(catalogue_revisions.c.revision)
            .where(catalogue_revisions.c.city == city)
            .with_for_update()
        ).first()
        revision = row.revision if row else 0
        if expected_revision not in (None, revision):
            raise RevisionMoved(
                f"The catalogue is at revision {revision}, not {expected_revision}. Look again."
            )
        revision += 1
        values: dict[str, Any] = {"revision": revision}
        if change.uncovered is not None:
            values["uncovered"] = list(change.uncovered)
        if row:
            connection.execute(
                update(catalogue_revisions)
                .where(catalogue_revisions.c.city == city)
                .values(**values)
            )
        else:
            connection.execute(
                insert(catalogue_revisions).values(city=city, **({"uncovered": []} | values))
            )
        _write(connection, city, change, revision, by, reason)
        return revision


def _write(
    connection: Connection, city: str, change: Change, revision: int, by: str, reason: str
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
    now = datetime.now(UTC)
    connection.execute(
        insert(catalogue_history),
        [
            {
                "city": city,
                "id": i,
                "revision": revision,
                "entry": documents.get(i),
                "changed_at": now,
                "changed_by": by,
                "reason": reason,
            }
            for i in touched
        ],
    )


def _revision(connection: Connection, city: str) -> int | None:
    return connection.execute(
        select(catalogue_revisions.c.revision).where(catalogue_revisions.c.city == city)
    ).scalar()
