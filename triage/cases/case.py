"""A case and what happened to it, as values. No database, no clock, no network here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.cases.workflow import Standing, Status


class Audience(StrEnum):
    """Who may read an event."""

    RESIDENT = "resident"  # those whose case it is, and staff
    STAFF = "staff"


class Happened(StrEnum):
    """What an event is, where it is no move of the workflow."""

    OPENED = "opened"
    ROUTED = "routed"
    JOINED = "joined"
    ADDED = "added"  # something that the resident told later
    FORWARDED = "forwarded"  # what became of sending it on to an outside endpoint
    NOTED = "noted"  # something that staff should know
    TOLD = "told"  # who was told of news, who has to be told by hand, who wants none
    ASSIGNED = "assigned"  # somebody of the staff is responsible, or nobody any more
    REROUTED = "rerouted"  # staff moved it to another queue
    PASSED_ON = "passed_on"  # so another division has it now


@dataclass(frozen=True)
class Place:
    """Where it is, as the resident confirmed it."""

    latitude: float
    longitude: float
    address: str
    ward: str | None
    approximate: bool


@dataclass(frozen=True)
class Case:
    """A case as it stands. Name, division and questions are those of the day on which it was opened."""

    id: str
    reference: str
    service_id: str
    service_name: str
    division: str
    queue: str
    priority: str
    status: Status
    channel: str
    conversation_id: str | None
    # The questions as they read then: code, description, datatype, and the names of the values.
    questions: list[dict[str, Any]]
    answers: dict[str, Any]
    description: str  # the resident's own words
    place: Place | None
    standard: dict[str, Any] | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    outcome: str | None
    outcome_sentence: str | None
    # Why it takes longer than promised, and what the resident was asked, as long as these stand.
    delay_reason: str | None
    asked: str | None
    followers: int  # who joined, without the one who reported it
    assigned_to: str | None = None  # the member of staff who is responsible
    duplicate_of: str | None = None  # the id of the case it was joined to
    version: int = 0  # higher with each thing that happens to it

    def standing_for(self, conversation_id: str | None) -> Standing:
        """Return what the workflow looks at, for whoever writes in a conversation (None: somewhere else)."""
        is_reporter = conversation_id is not None and conversation_id == self.conversation_id
        return Standing(self.status, self.resolved_at, is_reporter)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a case: the thread of a case is all of them, in order."""

    seq: int
    kind: str
    audience: Audience
    actor: str
    text: str | None
    data: dict[str, Any]
    at: datetime
    member_id: str | None = None  # who of the staff
