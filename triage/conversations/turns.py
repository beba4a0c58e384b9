"""Who holds a conversation, what moves it to another, and who speaks next. No database, no clock, no network here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Who holds a conversation."""

    ASSISTANT = "assistant"
    QUEUED = "queued"
    PERSON = "person"
    CLOSED = "closed"


class Event(StrEnum):
    """What moves a conversation from one holder to another."""

    # A person is wanted, and people are there.
    QUEUED = "queued"
    # The resident goes on with the assistant.
    LEFT = "left"
    # The resident does not wait any more; people get in touch later.
    PUT_OFF = "put_off"
    TAKEN = "taken"
    # The person gives it back to the line, for another of them.
    RETURNED = "returned"
    # The person has owed an answer for too long.
    FELL_SILENT = "fell_silent"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    # The resident writes again.
    REOPENED = "reopened"


# Everything that may happen. What is not here does not happen, whoever asks for it.
MOVES: Mapping[tuple[State, Event], State] = {
    (State.ASSISTANT, Event.QUEUED): State.QUEUED,
    # Somebody whom people promised to get in touch with: there is no line to wait in.
    (State.ASSISTANT, Event.TAKEN): State.PERSON,
    (State.QUEUED, Event.LEFT): State.ASSISTANT,
    (State.QUEUED, Event.PUT_OFF): State.ASSISTANT,
    (State.QUEUED, Event.TAKEN): State.PERSON,
    (State.PERSON, Event.RETURNED): State.QUEUED,
    (State.PERSON, Event.FELL_SILENT): State.QUEUED,
    (State.PERSON, Event.HANDED_BACK): State.ASSISTANT,
    (State.PERSON, Event.CLOSED): State.CLOSED,
    # Nobody is left without an answer.
    (State.CLOSED, Event.REOPENED): State.ASSISTANT,
}


def moved(state: State, event: Event) -> State | None:
    """Return who holds a conversation after an event; None: that does not happen there."""
    return MOVES.get((state, event))


class Turn(StrEnum):
    """Who answers a message."""

    ASSISTANT = "assistant"
    PERSON = "person"
    # The fixed safety text was the whole answer; no machine may add to it.
    NOBODY = "nobody"


def who_answers(state: State, *, safety_text_says_all: bool) -> Turn:
    """Return who answers a resident's message: danger first, then whoever holds the conversation."""
    if safety_text_says_all:
        return Turn.NOBODY
    if state in (State.QUEUED, State.PERSON):
        return Turn.PERSON
    # A message in a closed conversation opens it again: nobody is left without an answer.
    return Turn.ASSISTANT


# What the assistant still knows when it starts afresh: where the resident is, and that reports were made.
_STAYS = frozenset({"spot", "spot_told", "cases"})


def clean_start(memory: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what to remember so that the assistant starts afresh, after a person had the conversation."""
    return {name: None for name in memory or {} if name not in _STAYS}


def at_rest(memory: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what to remember after a safety text that says all: a report that was being taken rests.

    The assistant is not asked then, so it cannot put the report aside itself (actions/intake/memory.py).
    """
    report = (memory or {}).get("intake")
    if not report or report.get("stage") != "asking":
        return {}
    return {"intake": {**report, "stage": "suspended"}}
