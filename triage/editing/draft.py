"""A draft of an entry: what it says, where it stands, and what may be done with it. No database, no clock, no web here.

`NEXT` is the one table of moves. Who may make them is asked apart (`may`): only its author writes in a draft, and nobody
approves their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stands(StrEnum):
    """How far a draft is."""

    WRITING = "writing"
    WAITING = "waiting"  # for a second person
    APPROVED = "approved"
    SCHEDULED = "scheduled"  # goes out by itself at its time
    HELD_UP = "held_up"  # its time came, and it could not go out; its note says why
    PUBLISHED = "published"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be published or dropped."""
        return self not in (Stands.PUBLISHED, Stands.DROPPED)


class Deed(StrEnum):
    """What is done with a draft."""

    SAVE = "save"
    ASK_REVIEW = "ask_review"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    TAKE_BACK = "take_back"  # it goes out at no time
    HOLD_UP = "hold_up"
    DROP = "drop"


_S, _D = Stands, Deed
NEXT: Mapping[tuple[Stands, Deed], Stands] = {
    (_S.WRITING, _D.SAVE): _S.WRITING,
    (_S.WRITING, _D.ASK_REVIEW): _S.WAITING,
    (_S.WRITING, _D.PUBLISH): _S.PUBLISHED,
    (_S.WRITING, _D.SCHEDULE): _S.SCHEDULED,
    (_S.WRITING, _D.DROP): _S.DROPPED,
    # What was looked at is not what was written since: it must be looked at again.
    (_S.WAITING, _D.SAVE): _S.WRITING,
    (_S.WAITING, _D.APPROVE): _S.APPROVED,
    (_S.WAITING, _D.SEND_BACK): _S.WRITING,
    (_S.WAITING, _D.DROP): _S.DROPPED,
    (_S.APPROVED, _D.SAVE): _S.WRITING,
    (_S.APPROVED, _D.SEND_BACK): _S.WRITING,
    (_S.APPROVED, _D.PUBLISH): _S.PUBLISHED,
    (_S.APPROVED, _D.SCHEDULE): _S.SCHEDULED,
    (_S.APPROVED, _D.DROP): _S.DROPPED,
    (_S.SCHEDULED, _D.PUBLISH): _S.PUBLISHED,
    (_S.SCHEDULED, _D.TAKE_BACK): _S.WRITING,
    (_S.SCHEDULED, _D.HOLD_UP): _S.HELD_UP,
    (_S.HELD_UP, _D.SAVE): _S.WRITING,
    (_S.HELD_UP, _D.DROP): _S.DROPPED,
}
# What its author alone does, and what anybody but its author does. The rest is for every maintainer.
_AUTHORS = frozenset({_D.SAVE, _D.DROP})
_OTHERS = frozenset({_D.APPROVE, _D.SEND_BACK})
_GOING_OUT = frozenset({_D.PUBLISH, _D.SCHEDULE})
# What no person does.
_BY_ITSELF = frozenset({_D.HOLD_UP})


@dataclass(frozen=True)
class Draft:
    """What a maintainer is writing about one entry.

    Attributes:
        base_revision: the entry's own revision that it goes out from; 0: the entry never was.
        content: the entry as it was written, perhaps not right yet; None: the entry is to be withdrawn.
        version: higher with each thing that is done with it.
    """

    id: str
    city: str
    entry_id: str
    base_revision: int
    content: Mapping[str, Any] | None
    version: int
    stands: Stands
    author_id: str
    author_name: str
    begun_at: datetime
    saved_at: datetime
    note: str = ""
    note_by: str = ""
    approved_by: str | None = None
    reason: str = ""
    decided_by: str | None = None
    publish_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    published_revision: int | None = None
    closed_at: datetime | None = None

    @property
    def withdraws(self) -> bool:
        """Say whether the entry is to answer no more."""
        return self.content is None

    @property
    def title(self) -> str:
        """The title that it gives the entry; the id where it gives none."""
        return str((self.content or {}).get("title") or self.entry_id)


def may(draft: Draft, deed: Deed, member_id: str, *, wants_second: bool) -> bool:
    """Say whether a member may do something with a draft now.

    Args:
        wants_second: whether the pack wants a second person for this entry.
    """
    if (draft.stands, deed) not in NEXT or deed in _BY_ITSELF:
        return False
    is_author = member_id == draft.author_id
    if deed is Deed.ASK_REVIEW:
        return is_author and wants_second
    if deed in _AUTHORS:
        return is_author
    if deed in _OTHERS:
        return not is_author
    if deed in _GOING_OUT and draft.stands is Stands.WRITING:
        return is_author and not wants_second
    # One that is scheduled goes out by itself, or is taken back first.
    return not (deed is Deed.PUBLISH and draft.stands is Stands.SCHEDULED)


def deeds_of(draft: Draft, member_id: str, *, wants_second: bool) -> frozenset[Deed]:
    """Return all that a member may do with a draft now."""
    return frozenset(d for d in Deed if may(draft, d, member_id, wants_second=wants_second))
