"""Who speaks next in a conversation. No database, no clock, no network here."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Who holds a conversation."""

    ASSISTANT = "assistant"
    QUEUED = "queued"
    PERSON = "person"
    CLOSED = "closed"


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
