"""The lists that members saved, by name. Each function runs in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from triage.cases.errors import TooManyFilters
from triage.cases.tables import case_filters

MOST_OF_A_MEMBER = 30
LONGEST_NAME = 60


@dataclass(frozen=True)
class SavedFilter:
    """A list that a member wants to see again."""

    name: str
    query: str  # of the list's address


def of_member(connection: Connection, member_id: str) -> list[SavedFilter]:
    """Return what a member saved, by name."""
    rows = connection.execute(
        select(case_filters.c.name, case_filters.c.query)
        .where(case_filters.c.member_id == member_id)
        .order_by(func.lower(case_filters.c.name), case_filters.c.name)
    )
    return [SavedFilter(*row) for row in rows]


def save(connection: Connection, member_id: str, name: str, query: str, now: datetime) -> None:
    """Keep a list under a name; what had that name before is replaced.

    Raises:
        TooManyFilters: the member has as many as one may have.
    """
    forget(connection, member_id, name)
    if len(of_member(connection, member_id)) >= MOST_OF_A_MEMBER:
        raise TooManyFilters
    connection.execute(
        insert(case_filters),
        {"member_id": member_id, "name": name, "query": query, "saved_at": now},
    )


def forget(connection: Connection, member_id: str, name: str) -> None:
    """Keep it no longer."""
    connection.execute(
        delete(case_filters).where(
            case_filters.c.member_id == member_id, case_filters.c.name == name
        )
    )
