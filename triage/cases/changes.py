"""How a case is changed: its row is held, what was done under a key is done once, the thread tells it, and whoever asked for
it is told in the same transaction. Residents' wishes (service.py) and staff's (desk.py) come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog.packs import City
from services_catalog.references import read_reference
from triage.cases import repository
from triage.cases.case import Audience, Case, Happened
from triage.cases.deadlines import WorkingDays
from triage.cases.errors import CaseUnknown, MoveNotAllowed
from triage.cases.opening import due_again
from triage.cases.workflow import (
    MOVES,
    OUTCOMES,
    Actor,
    Move,
    Needs,
    NotAllowed,
    Status,
    allowed,
)
from triage.kit.clock import Clock
from triage.kit.db import Database


@dataclass(frozen=True)
class Step:
    """A move that somebody makes, with what comes along."""

    move: Move
    actor: Actor
    key: str
    text: str | None = None
    outcome: str | None = None
    conversation_id: str | None = None
    member_id: str | None = None  # who of the staff


@dataclass(frozen=True)
class Moved:
    """What was done to a case: how it stood, how it stands, what it was and who did it."""

    before: Case
    case: Case
    kind: Move | Happened
    actor: Actor
    at: datetime
    # Where it was done, if that was in a conversation.
    conversation_id: str | None = None


# Called for each thing that is done to a case, in its transaction.
OnMove = Callable[[Connection, Moved], None]
# What a change was, and who made it; None if there was nothing to change.
Done = tuple[Move | Happened, Actor] | None
Change = Callable[[Connection, Case, datetime], Done]


class Changes:
    """Makes changes to the cases of one city."""

    def __init__(
        self,
        database: Database,
        city: City,
        clock: Clock,
        reopen_within: timedelta,
        on_move: Sequence[OnMove] = (),
    ) -> None:
        self._database = database
        self._on_move = on_move
        self.clock = clock
        self.zone = ZoneInfo(city.timezone)
        self.working = WorkingDays(city.holidays)
        self.reopen_within = reopen_within

    async def make(
        self,
        reference: str,
        key: str,
        change: Change,
        conversation_id: str | None = None,
    ) -> tuple[Case, bool]:
        """Change a case in one transaction; under a key that was used for it nothing is done.

        Returns:
            The case as it stands, and whether it was joined in this conversation.

        Raises:
            CaseUnknown: there is no such case.
        """
        now = self.clock.now()

        def transaction(connection: Connection) -> tuple[Case, bool]:
            case = self.make_within(connection, reference, key, change, now, conversation_id)
            return case, bool(repository.joined_by(connection, [case], conversation_id))

        return await self._database.write(transaction)

    def make_within(
        self,
        connection: Connection,
        reference: str,
        key: str,
        change: Change,
        now: datetime,
        conversation_id: str | None = None,
    ) -> Case:
        """Do the same within the caller's transaction; return the case as it stands.

        Raises:
            CaseUnknown: there is no such case.
        """
        case = repository.hold(connection, known(reference))
        if case is None:
            raise CaseUnknown
        if repository.has_event(connection, case, key):
            return case
        done = change(connection, case, now)
        changed = repository.by_reference(connection, case.reference)
        assert changed is not None  # noqa: S101 (it is held)
        if done:
            moved = Moved(case, changed, *done, now, conversation_id)
            for also in self._on_move:
                also(connection, moved)
        return changed

    def move(self, connection: Connection, case: Case, step: Step, now: datetime) -> Done:
        """Move a case that is held, as the workflow's table allows.

        Raises:
            MoveNotAllowed: not now, not by this one, or not without what the move needs.
        """
        standing = case.standing_for(step.conversation_id)
        end = allowed(
            step.move, step.actor, standing, now=now, reopen_within=self.reopen_within
        )
        if isinstance(end, NotAllowed):
            raise MoveNotAllowed(end.why)
        _has_what_it_needs(step)
        repository.set_case(connection, case, **self._effect(case, step, end, now))
        event = event_row(
            step.move,
            step.actor,
            now,
            key=step.key,
            member_id=step.member_id,
            text=step.text,
            data={"from": case.status.value, "to": end.value}
            | ({"outcome": step.outcome} if step.outcome else {}),
        )
        repository.add_events(connection, case.id, [event])
        return step.move, step.actor

    def _effect(self, case: Case, step: Step, end: Status, now: datetime) -> dict[str, Any]:
        """Return what a move changes of a case beside its thread."""
        values: dict[str, Any] = {"status": end.value, "updated_at": now}
        match step.move:
            case Move.ASK:
                values |= {"asked": step.text}
            case Move.DELAY:
                values |= {"delay_reason": step.text}
            case Move.RESOLVE:
                values |= {
                    "outcome": step.outcome,
                    "outcome_sentence": step.text,
                    "resolved_at": now,
                    "asked": None,
                }
            case Move.REOPEN:
                values |= {
                    "outcome": None,
                    "outcome_sentence": None,
                    "resolved_at": None,
                    "delay_reason": None,
                    "duplicate_of": None,
                    # The promise is made anew: the old one was about work that did not help.
                    "due_at": due_again(case, self.zone, self.working, now),
                }
            case Move.START | Move.ANSWER | Move.WITHDRAW:
                values |= {"asked": None}
        return values


def known(reference: str) -> str:
    """Return a reference as we write it.

    Raises:
        CaseUnknown: it is none.
    """
    found = read_reference(reference)
    if found is None:
        raise CaseUnknown
    return found


def event_row(
    kind: Move | Happened,
    actor: Actor,
    now: datetime,
    *,
    key: str | None = None,
    audience: Audience = Audience.RESIDENT,
    member_id: str | None = None,
    text: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an event as `repository.add_events` takes it."""
    return {
        "key": key,
        "kind": str(kind),
        "audience": audience.value,
        "actor": actor.value,
        "member_id": member_id,
        "text": text,
        "data": dict(data or {}),
        "at": now,
    }


def _has_what_it_needs(step: Step) -> None:
    needs = MOVES[step.move].needs
    if needs is not Needs.NOTHING and not step.text:
        raise MoveNotAllowed("Please say why, in a sentence.")
    if needs is Needs.OUTCOME and step.outcome not in OUTCOMES:
        raise MoveNotAllowed(f"Say what came of it: {', '.join(OUTCOMES)}.")
