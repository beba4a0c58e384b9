"""What may happen to a case, who may do it, and what it needs. No database, no clock, no network here.

`MOVES` is the one table of it. Whoever adds a way to change a case adds a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """How a case stands: the result of its last move."""

    RECEIVED = "received"  # in a queue; nobody has begun
    IN_PROGRESS = "in_progress"  # somebody works on it
    WAITING = "waiting"  # for an answer of the resident
    RESOLVED = "resolved"  # the City is done with it; the resident may still say that it is not
    CLOSED = "closed"  # resolved, and the time for that is over
    WITHDRAWN = "withdrawn"  # not wanted any more

    @property
    def is_open(self) -> bool:
        """Say whether the City still has something to do (Open311: `open`)."""
        return self in OPEN


OPEN = frozenset({Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING})


class Actor(StrEnum):
    """Who does something to a case."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"  # triage itself, when a time has come
    OPEN311 = "open311"  # another system that works on the case


class Move(StrEnum):
    """What can be done to a case."""

    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    DELAY = "delay"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Needs(StrEnum):
    """What must come with a move."""

    NOTHING = "nothing"
    NOTE = "note"  # a sentence that the resident may read
    OUTCOME = (
        "outcome"  # what came of it: a code of `OUTCOMES`, and a sentence for the resident
    )


@dataclass(frozen=True)
class Rule:
    """A row of the table: from which statuses a move leads where, who may make it, and what it needs."""

    start: frozenset[Status]
    end: Status | None  # None: as it was
    who: frozenset[Actor]
    needs: Needs = Needs.NOTHING
    # Only whoever reported it: the reference alone, which a neighbour may have, is not enough.
    reporter_only: bool = False
    # Only so long after it was resolved as the city allows (routing.yaml `reopen_within_days`).
    in_time: bool = False


_WORKERS = frozenset({Actor.STAFF, Actor.OPEN311})
_ANYBODY = _WORKERS | {Actor.RESIDENT}

MOVES: Mapping[Move, Rule] = {
    Move.START: Rule(frozenset({Status.RECEIVED, Status.WAITING}), Status.IN_PROGRESS, _WORKERS),
    Move.ASK: Rule(
        frozenset({Status.RECEIVED, Status.IN_PROGRESS}), Status.WAITING, _WORKERS, Needs.NOTE
    ),
    # What the resident adds while the City waits for it is taken for the answer.
    Move.ANSWER: Rule(
        frozenset({Status.WAITING}), Status.IN_PROGRESS, frozenset({Actor.RESIDENT}), Needs.NOTE
    ),
    # A promise that cannot be kept is explained; the case stays where it is, and so does the promised date.
    Move.DELAY: Rule(OPEN, None, _WORKERS, Needs.NOTE),
    Move.RESOLVE: Rule(OPEN, Status.RESOLVED, _WORKERS, Needs.OUTCOME),
    # It goes back to the start of its queue, so that somebody looks at it anew.
    Move.REOPEN: Rule(
        frozenset({Status.RESOLVED}), Status.RECEIVED, _ANYBODY, Needs.NOTE, in_time=True
    ),
    # A resident says that it is fixed. It stays as it is, and another may still say that it is not.
    Move.CONFIRM: Rule(
        frozenset({Status.RESOLVED, Status.CLOSED}), None, frozenset({Actor.RESIDENT})
    ),
    Move.CLOSE: Rule(frozenset({Status.RESOLVED}), Status.CLOSED, frozenset({Actor.SYSTEM})),
    Move.WITHDRAW: Rule(OPEN, Status.WITHDRAWN, _ANYBODY, reporter_only=True),
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What can come of a case."""

    code: str
    meaning: str  # for staff who choose it
    told: str  # the status in the resident's words; the sentence of the one who resolved it follows


OUTCOMES: Mapping[str, Outcome] = {
    o.code: o
    for o in (
        Outcome("done", "The work asked for was done.", "The work is done."),
        Outcome(
            "no_action_needed",
            "Somebody looked, and nothing is to be done.",
            "We looked at it. No work is needed.",
        ),
        Outcome(
            "not_found",
            "Somebody looked, and what was reported was not there.",
            "We looked and could not find what you reported.",
        ),
        Outcome(
            "not_the_citys",
            "Another body's job; the sentence says whose and how to reach them.",
            "This is not the City's to fix.",
        ),
        Outcome(
            "duplicate",
            "Another case is about the same; the sentence says what becomes of it.",
            "We already have a report about this.",
        ),
        Outcome(
            "cannot_be_done",
            "The City may not or cannot do it; the sentence says why.",
            "We cannot do this.",
        ),
        Outcome(
            "no_access",
            "The place could not be entered or reached.",
            "We could not get to the place.",
        ),
    )
}


@dataclass(frozen=True)
class Standing:
    """What the rules look at of a case and the one who wants to move it."""

    status: Status
    resolved_at: datetime | None = None
    is_reporter: bool = False


@dataclass(frozen=True)
class NotAllowed:
    """A move that cannot be made, and why, in words for the one who wants it."""

    why: str


def allowed(
    move: Move, actor: Actor, case: Standing, *, now: datetime, reopen_within: timedelta
) -> Status | NotAllowed:
    """Return the status that a move leads to, or why it cannot be made."""
    rule = MOVES[move]
    if actor not in rule.who:
        return NotAllowed(f"{_NAMES[actor]} cannot do this to a report.")
    if case.status not in rule.start:
        return NotAllowed(_WRONG_TIME[case.status])
    if rule.reporter_only and actor is Actor.RESIDENT and not case.is_reporter:
        return NotAllowed("Only the person who made this report can take it back.")
    if rule.in_time and (case.resolved_at is None or now > case.resolved_at + reopen_within):
        return NotAllowed(
            f"This report was finished more than {reopen_within.days} days ago. Please make a new one."
        )
    return rule.end or case.status


def possible(
    actor: Actor, case: Standing, *, now: datetime, reopen_within: timedelta
) -> list[Move]:
    """Return the moves that an actor can make just now, in the table's order."""
    return [
        move
        for move in MOVES
        if isinstance(allowed(move, actor, case, now=now, reopen_within=reopen_within), Status)
    ]


_NAMES = {
    Actor.RESIDENT: "A resident",
    Actor.STAFF: "City staff",
    Actor.SYSTEM: "This system",
    Actor.OPEN311: "Another system",
}
_WRONG_TIME = {
    Status.RECEIVED: "This report is open and nobody has finished it yet.",
    Status.IN_PROGRESS: "This report is open and being worked on.",
    Status.WAITING: "This report is open and waits for an answer.",
    Status.RESOLVED: "This report is already finished. If it is not fixed, it can be opened again.",
    Status.CLOSED: "This report is closed for good. If it is not fixed, please make a new one.",
    Status.WITHDRAWN: "This report was taken back. If it is needed after all, please make a new one.",
}
