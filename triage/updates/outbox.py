"""Puts news of a case into the outbox, in the transaction of the move: nobody who agreed is forgotten by a crash."""

from __future__ import annotations

from sqlalchemy import Connection

from triage.cases.changes import Moved, OnMove
from triage.cases.workflow import Actor
from triage.updates import repository
from triage.updates.told import news_of


def into_updates() -> OnMove:
    """Return what is to be called with whatever is done to a case."""

    def put(connection: Connection, moved: Moved) -> None:
        news = news_of(moved.kind, moved.before, moved.case)
        if not news:
            return
        doer = _doer(connection, moved)
        for person in repository.people(connection, moved.case):
            if person.wants_updates and person.whom != doer:
                repository.add(connection, moved.case, person.whom, news, moved.at)

    return put


def _doer(connection: Connection, moved: Moved) -> str | None:
    """Return who of the case's people did it, if one of them did: they know it."""
    here, case = moved.conversation_id, moved.case
    if moved.actor is not Actor.RESIDENT or here is None:
        return None
    if here == case.conversation_id:
        return case.id
    return repository.follower_in(connection, case, here) or repository.told_in(
        connection, case, here
    )
