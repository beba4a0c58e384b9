"""What staff see of conversations: who waits, who has whom, and everything about one of them. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from triage.conversations import repository as conversations
from triage.conversations.schemas import Outcome, Sender
from triage.conversations.turns import State
from triage.handover import repository
from triage.handover.errors import HandoverUnknown


@dataclass(frozen=True)
class Waiting:
    """A conversation in a list.

    Attributes:
        about: the entry that the assistant spoke of last; None: of none.
        is_danger: whether the resident's words told of danger.
        owes: for how long the person has owed an answer.
    """

    conversation_id: str
    channel: str
    reason: str
    asked_at: datetime
    waited: timedelta
    place: int | None
    holder_name: str | None
    owes: timedelta | None
    about: str | None
    is_danger: bool


@dataclass(frozen=True)
class Lists:
    """All that is not over."""

    waiting: Sequence[Waiting]
    mine: Sequence[Waiting]
    others: Sequence[Waiting]
    to_contact: Sequence[Waiting]


@dataclass(frozen=True)
class ConversationFile:
    """Everything about one conversation that was handed over.

    Attributes:
        handover: the open one, else the latest.
        is_open: whether somebody is still to do something.
        services: the entries that the assistant spoke of, each once, the latest first, with its confidence.
        places: what the assistant took words about a place for.
        dangers: the kinds of danger that the resident's words told of.
    """

    id: str
    channel: str
    state: State
    handover: Row[Any]
    is_open: bool
    messages: Sequence[Row[Any]]
    notes: Sequence[Row[Any]]
    contact: Row[Any] | None
    services: Sequence[tuple[str, float | None]]
    places: Sequence[str]
    dangers: Sequence[str]

    @property
    def last_seq(self) -> int:
        """The number of its last message."""
        return int(self.messages[-1].seq) if self.messages else 0

    @property
    def asked_last(self) -> str:
        """What the resident wrote last before they came into line; empty: no words."""
        before = (m for m in reversed(self.messages) if m.created_at <= self.handover.asked_at)
        return next((m.text for m in before if m.sender == Sender.RESIDENT), "")

    def is_with(self, member_id: str) -> bool:
        """Say whether a member has it."""
        return self.state is State.PERSON and self.handover.holder_id == member_id

    @property
    def can_be_taken(self) -> bool:
        """Say whether nobody has it and somebody should."""
        waits = self.handover.waiting_since or self.handover.contact_wanted_at
        return self.is_open and self.handover.holder_id is None and bool(waits)


def lists(connection: Connection, member_id: str, now: datetime) -> Lists:
    """Return all that waits, the longest first."""
    waiting: list[Waiting] = []
    mine: list[Waiting] = []
    others: list[Waiting] = []
    to_contact: list[Waiting] = []
    rows = repository.open_ones(connection)
    about, dangers = _spoken_of(connection, [row.conversation_id for row in rows])
    for row in rows:
        into = mine if row.holder_id == member_id else others
        if not row.holder_id:
            into = waiting if row.waiting_since else to_contact
        into.append(
            Waiting(
                conversation_id=row.conversation_id,
                channel=row.channel,
                reason=row.reason,
                asked_at=row.asked_at,
                waited=now - row.asked_at,
                place=len(waiting) + 1 if into is waiting else None,
                holder_name=row.holder_name,
                owes=now - row.owed_since if row.owed_since else None,
                about=about.get(row.conversation_id),
                is_danger=row.conversation_id in dangers,
            )
        )
    return Lists(waiting, mine, others, to_contact)


def file_of(connection: Connection, conversation_id: str) -> ConversationFile:
    """Return everything about a conversation.

    Raises:
        HandoverUnknown: it was never handed over: staff see no other.
    """
    found = repository.conversation(connection, conversation_id)
    if found is None:
        raise HandoverUnknown
    latest = repository.handovers_of(connection, conversation_id)[0]
    said = all_messages(connection, conversation_id, 0)
    return ConversationFile(
        id=conversation_id,
        channel=found.channel,
        state=State(found.state),
        handover=latest,
        is_open=latest.ended_at is None,
        messages=said,
        notes=repository.notes_of(connection, conversation_id),
        contact=repository.contact_of(connection, latest.id),
        services=_services(said),
        places=_places(said),
        dangers=_once(m.extra["danger"] for m in said if (m.extra or {}).get("danger")),
    )


def all_messages(connection: Connection, conversation_id: str, after: int) -> list[Row[Any]]:
    """Return everything that was said after a message, however much it is."""
    said: list[Row[Any]] = []
    while piece := conversations.messages_after(connection, conversation_id, after):
        said += piece
        after = piece[-1].seq
    return said


def _spoken_of(
    connection: Connection, conversation_ids: Sequence[str]
) -> tuple[dict[str, str], set[str]]:
    """Return the entry that was spoken of last in each conversation, and those in which there was danger."""
    said = repository.spoken_of(connection, conversation_ids)
    about = {m.conversation_id: m.service_id for m in said if m.service_id}
    return about, {m.conversation_id for m in said if m.outcome == Outcome.SAFETY}


def _services(said: Sequence[Row[Any]]) -> list[tuple[str, float | None]]:
    found: dict[str, float | None] = {}
    for message in reversed(said):
        if message.sender == Sender.ASSISTANT and message.service_id:
            found.setdefault(message.service_id, message.confidence)
    return list(found.items())


def _places(said: Sequence[Row[Any]]) -> list[str]:
    located = ((m.extra or {}).get("location") or {} for m in reversed(said))
    return _once(place["label"] for place in located if place.get("label"))


def _once(values: Any) -> list[str]:
    return list(dict.fromkeys(values))
