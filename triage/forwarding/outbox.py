"""Puts the cases of chosen services into the outbox, in the transaction that opens them: none is lost by a crash."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from triage.cases.case import Case
from triage.cases.service import OnOpen
from triage.forwarding import repository
from triage.routing.forwards import Forward, forward_of


def into_outbox(forwards: Sequence[Forward]) -> OnOpen:
    """Return what is to be called with each new case."""

    def put(connection: Connection, case: Case) -> None:
        if forward := forward_of(forwards, case.service_id, case.queue):
            repository.add(connection, case, forward.id)

    return put
