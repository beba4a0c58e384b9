"""All questions to, and changes of, the rows of drafts. Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from triage.editing.draft import Draft, Stands
from triage.editing.tables import entry_drafts

_D = entry_drafts.c
_IS_OPEN = _D.closed_at.is_(None)
# Its end is still to come.
_ENDS = and_(_D.stands == Stands.PUBLISHED, _D.ends_at.is_not(None), _D.ended_at.is_(None))


def add(connection: Connection, draft: Draft) -> None:
    """Add a draft."""
    connection.execute(insert(entry_drafts).values(**vars(draft)))


def change(connection: Connection, draft: Draft, **values: Any) -> Draft:
    """Write some columns of a draft, and count its version up; return it as it is then."""
    values = {"version": draft.version + 1, **values}
    connection.execute(update(entry_drafts).where(_D.id == draft.id).values(**values))
    return Draft(**(vars(draft) | values))


def hold(connection: Connection, draft_id: str) -> Draft | None:
    """Return a draft, and have everybody else who changes it wait until this transaction ends."""
    asked = select(entry_drafts).where(_D.id == draft_id).with_for_update()
    return _draft(connection.execute(asked).first())


def open_of(connection: Connection, city: str, entry_id: str, author_id: str) -> Draft | None:
    """Return a maintainer's open draft of an entry."""
    this = and_(_D.city == city, _D.entry_id == entry_id, _D.author_id == author_id)
    return _draft(connection.execute(select(entry_drafts).where(this, _IS_OPEN)).first())


def one(connection: Connection, city: str, draft_id: str) -> Draft | None:
    """Return a draft."""
    this = and_(_D.city == city, _D.id == draft_id)
    return _draft(connection.execute(select(entry_drafts).where(this)).first())


def open_in(connection: Connection, city: str, entry_id: str | None = None) -> list[Draft]:
    """Return all open drafts, or those of one entry; the one saved last first."""
    of_entry = () if entry_id is None else (_D.entry_id == entry_id,)
    return _drafts(connection, _D.city == city, _IS_OPEN, *of_entry)


def ending_in(connection: Connection, city: str, entry_id: str | None = None) -> list[Draft]:
    """Return what is published for a while and has not ended yet."""
    of_entry = () if entry_id is None else (_D.entry_id == entry_id,)
    return _drafts(connection, _D.city == city, _ENDS, *of_entry)


def due(connection: Connection, city: str, now: datetime) -> Sequence[tuple[datetime, str]]:
    """Return when and which drafts should have gone out, or ended, by now; the earliest first."""
    goes_out = and_(_D.stands == Stands.SCHEDULED, _D.publish_at <= now)
    ends = and_(_ENDS, _D.ends_at <= now)
    rows = [
        *connection.execute(select(_D.publish_at, _D.id).where(_D.city == city, goes_out)),
        *connection.execute(select(_D.ends_at, _D.id).where(_D.city == city, ends)),
    ]
    return sorted((at, id) for at, id in rows)


def _drafts(connection: Connection, *where: ColumnElement[bool]) -> list[Draft]:
    rows = connection.execute(
        select(entry_drafts).where(*where).order_by(_D.saved_at.desc(), _D.id)
    )
    return [draft for row in rows if (draft := _draft(row))]


def _draft(row: Row[Any] | None) -> Draft | None:
    if row is None:
        return None
    return Draft(**(dict(row._mapping) | {"stands": Stands(row.stands)}))
