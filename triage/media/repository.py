"""All questions to, and changes of, the rows of photos. Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from triage.media.tables import media


@dataclass(frozen=True)
class Photo:
    """What is known of a photo."""

    id: str
    content_type: str
    sent_sha256: str
    conversation_id: str | None
    case_id: str | None


def add_photo(connection: Connection, **values: Any) -> None:
    """Add a photo whose file is there."""
    connection.execute(insert(media), values)


def photo(connection: Connection, media_id: str) -> Photo | None:
    """Return what is known of a photo."""
    return next(iter(photos(connection, [media_id])), None)


def photos(connection: Connection, ids: Sequence[str]) -> list[Photo]:
    """Return what is known of these photos; those that are not there are left out."""
    return _photos(connection, media.c.id.in_(list(ids)))


def of_case(connection: Connection, case_id: str) -> list[Photo]:
    """Return the photos of a case, in the order they came."""
    return _photos(connection, media.c.case_id == case_id)


def attach(connection: Connection, ids: Sequence[str], case_id: str) -> None:
    """Make photos a case's."""
    if ids:
        connection.execute(
            update(media).where(media.c.id.in_(list(ids))).values(case_id=case_id)
        )


def wanted_of(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return which of these are photos of a conversation or of a case."""
    return {p.id for p in photos(connection, list(ids)) if p.conversation_id or p.case_id}


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Remove the rows of photos that belong to nothing."""
    connection.execute(
        delete(media).where(
            media.c.id.in_(list(ids)),
            media.c.conversation_id.is_(None),
            media.c.case_id.is_(None),
        )
    )


def _photos(connection: Connection, which: Any) -> list[Photo]:
    rows = connection.execute(
        select(media).where(which).order_by(media.c.created_at, media.c.id)
    )
    return [
        Photo(r.id, r.content_type, r.sent_sha256, r.conversation_id, r.case_id) for r in rows
    ]
