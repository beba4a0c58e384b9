"""Whether somebody wants to be told of a case: asked when they report or join, and changed whenever they say so."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field
from sqlalchemy import Connection

from triage.cases import repository as cases_repository
from triage.cases.case import Audience, Case, Happened
from triage.cases.changes import known
from triage.cases.errors import CaseUnknown, MoveNotAllowed
from triage.cases.schemas import Id, Key, Strict
from triage.cases.service import Cases, Seen
from triage.cases.workflow import Actor
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.updates import notes, repository

NOT_THEIRS = "Only those who made or joined this report, here, can be told of it."


class NewWish(Strict):
    """Whether to be told of a case."""

    key: Key
    conversation_id: Id
    wants: bool = Field(description="Whether to be told here when something happens.")


class Consents:
    """What residents want to be told of."""

    def __init__(self, database: Database, cases: Cases, clock: Clock) -> None:
        self._database = database
        self._cases = cases
        self._clock = clock

    async def set_wish(self, reference: str, new: NewWish) -> Seen:
        """Note what the resident of a conversation wants; under a key that was used nothing is done.

        Raises:
            CaseUnknown: there is no such case.
            MoveNotAllowed: they neither reported nor joined it.
        """
        now = self._clock.now()

        def change(connection: Connection) -> None:
            case = cases_repository.hold(connection, known(reference))
            if case is None:
                raise CaseUnknown
            if not cases_repository.has_event(connection, case, new.key):
                _set_wish(connection, case, new, now)

        await self._database.write(change)
        return await self._cases.find(reference, new.conversation_id)


def _set_wish(connection: Connection, case: Case, new: NewWish, now: datetime) -> None:
    whom = _whom(connection, case, new.conversation_id)
    if whom is None:
        raise MoveNotAllowed(NOT_THEIRS)
    is_known = repository.set_wish(connection, case, whom, new.wants)
    if not is_known and new.wants:
        follower = None if whom == case.id else whom
        cases_repository.add_contact(connection, case.id, follower, now, wants_updates=True)
    event = {
        "key": new.key,
        "kind": Happened.TOLD.value,
        "audience": Audience.STAFF.value,
        "actor": Actor.RESIDENT.value,
        "text": notes.wish(notes.who_is(whom == case.id), new.wants),
        "data": {"wants": new.wants},
        "at": now,
    }
    cases_repository.add_events(connection, case.id, [event])


def _whom(connection: Connection, case: Case, conversation_id: str) -> str | None:
    if conversation_id == case.conversation_id:
        return case.id
    return repository.follower_in(connection, case, conversation_id) or repository.told_in(
        connection, case, conversation_id
    )
