"""What staff may do, by their role. Pure: no database, no web.

`RIGHTS` is the one table of it: what it does not say is not allowed. A right to see is never a right to work: who is
responsible for a case is written on the case, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at the line. One each."""

    AGENT = "agent"  # answers residents and works cases
    SUPERVISOR = "supervisor"  # an agent who also sees how the whole line does
    MAINTAINER = "maintainer"  # keeps the catalogue right; sees what is reported, not by whom
    AUDITOR = "auditor"  # reads what staff did, and nothing else
    ADMINISTRATOR = "administrator"  # says who is staff; sees no resident's facts


class Right(StrEnum):
    """Something that one may do."""

    SEE_CASES = "see_cases"  # cases of one's queues, without the people behind them
    SEE_PEOPLE = (
        "see_people"  # names, phone numbers, emails, photos, and the exact words of residents
    )
    WORK_CASES = "work_cases"  # move, route, assign, note, join, answer
    SEE_CONVERSATIONS = "see_conversations"
    TAKE_CONVERSATIONS = "take_conversations"  # take over, answer, hand back
    EXPORT = "export"  # lists as files
    SEE_BOARD = "see_board"  # figures of the whole line
    SEE_INSIGHT = "see_insight"  # figures of a period; nobody's facts
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    EDIT_CATALOGUE = "edit_catalogue"
    POST_NOTICES = "post_notices"  # say what goes on in the city just now


_AGENT = frozenset(
    {
        Right.SEE_CASES,
        Right.SEE_PEOPLE,
        Right.WORK_CASES,
        Right.SEE_CONVERSATIONS,
        Right.TAKE_CONVERSATIONS,
    }
)

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _AGENT
    | {Right.EXPORT, Right.SEE_BOARD, Right.SEE_INSIGHT, Right.POST_NOTICES},
    Role.MAINTAINER: frozenset({Right.SEE_CASES, Right.EDIT_CATALOGUE, Right.POST_NOTICES}),
    Role.AUDITOR: frozenset({Right.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_STAFF, Right.SEE_AUDIT, Right.SEE_INSIGHT}),
}


@dataclass(frozen=True)
class Member:
    """One of the staff."""

    id: str
    email: str
    name: str
    role: Role
    queues: frozenset[str] | None = None  # whose cases they see; None: of all queues

    def may(self, right: Right) -> bool:
        """Say whether their role lets them do something."""
        return right in RIGHTS[self.role]

    def sees(self, queue: str) -> bool:
        """Say whether they may see a queue's cases."""
        return self.may(Right.SEE_CASES) and (self.queues is None or queue in self.queues)
