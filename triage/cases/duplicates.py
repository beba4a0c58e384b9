"""A case that is about the same as another: its people follow the other one from then on, and nobody is lost.

They stay with the first one too. So whoever asks about it still finds it, and it can be reopened if it was not the same.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from triage.cases import repository
from triage.cases.case import Case
from triage.cases.tables import case_contacts, case_followers
from triage.kit.ids import new_id

OUTCOME = "duplicate"


def take_over(connection: Connection, of: Case, into: Case, now: datetime) -> int:
    """Make the reporter and the followers of a case followers of another that is held; return how many it got.

    Who reported or follows the other one already is not counted twice; a way to reach them that only the first case
    has comes along.
    """
    followers = connection.execute(
        select(case_followers.c.id, case_followers.c.conversation_id)
        .where(case_followers.c.case_id == of.id)
        .order_by(case_followers.c.joined_at, case_followers.c.id)
    ).all()
    people: list[tuple[str | None, str | None]] = [(None, of.conversation_id)]
    people += [(row.id, row.conversation_id) for row in followers]
    added = 0
    for follower_id, conversation_id in people:
        is_in, new_follower = _of(connection, into, conversation_id)
        if not is_in:
            new_follower = repository.add_follower(connection, into, conversation_id, now)
            added += 1
        _copy_contacts(connection, of, follower_id, into, new_follower)
    return added


def _of(
    connection: Connection, case: Case, conversation_id: str | None
) -> tuple[bool, str | None]:
    """Return whether somebody is among a case's people, and as which follower (None: as the reporter)."""
    if conversation_id is None:
        return False, None
    if conversation_id == case.conversation_id:
        return True, None
    found = connection.execute(
        select(case_followers.c.id).where(
            case_followers.c.case_id == case.id,
            case_followers.c.conversation_id == conversation_id,
        )
    ).scalar()
    return found is not None, found


def _copy_contacts(
    connection: Connection, of: Case, follower_id: str | None, into: Case, new: str | None
) -> None:
    c = case_contacts.c
    known = {
        (row.name, row.email, row.phone)
        for row in connection.execute(
            select(c.name, c.email, c.phone).where(c.case_id == into.id, c.follower_id == new)
        )
    }
    for row in connection.execute(
        select(case_contacts).where(c.case_id == of.id, c.follower_id == follower_id)
    ).mappings():
        if (row["name"], row["email"], row["phone"]) not in known:
            connection.execute(
                insert(case_contacts),
                {**row, "id": new_id("cct"), "case_id": into.id, "follower_id": new},
            )
