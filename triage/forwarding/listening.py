"""Asks an outside endpoint what became of the cases that it got, and takes it over into our own.

Where the endpoint has the updates extension, one call tells of all; what that may have left out is looked up one by
one, once a day. Without it, each open case is looked up each time. What is told twice is taken once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from triage.cases.case import Happened
from triage.cases.changes import Step
from triage.cases.errors import MoveNotAllowed
from triage.cases.repository import add_note
from triage.cases.service import Cases
from triage.cases.workflow import OUTCOMES, Actor, Move
from triage.forwarding import repository
from triage.forwarding.answers import Refused, Update
from triage.forwarding.client import Open311Client
from triage.forwarding.figures import ForwardingFigures
from triage.forwarding.repository import Followed, Poll
from triage.forwarding.tables import polls
from triage.forwarding.targets import Target
from triage.forwarding.words import outcome_of
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.outside import Failed

log = logging.getLogger(__name__)

# How long one endpoint is asked, at most, before it is another's turn.
ROUND_OF_NEWS = timedelta(minutes=5)
# What was told in these minutes before is asked for again: clocks differ, and what was just written may come late.
OVERLAP = timedelta(minutes=10)
LONGEST_SPAN = timedelta(days=89)  # the specification's 90, for clocks that differ
MOST_AT_ONCE = 1_000  # the specification's limit: of so many, later ones may be missing
LOOKED_UP_EVERY = timedelta(days=1)
LOOKED_UP_AT_ONCE = 100
NO_WORDS = "Those who do this work have closed the report."


class Listener:
    """Brings news of the cases that were forwarded."""

    def __init__(
        self,
        database: Database,
        targets: Mapping[str, Target],
        cases: Cases,
        client: Open311Client,
        figures: ForwardingFigures,
        clock: Clock,
    ) -> None:
        self._database = database
        self._targets = targets
        self._cases = cases
        self._client = client
        self._figures = figures
        self._clock = clock

    async def do(self, poll: Poll) -> None:
        """Ask an endpoint for news, and have it asked again in a while.

        Raises:
            DatabaseUnavailable: it is asked again when the lease ends.
        """
        error, target = "", self._targets.get(poll.target)
        try:
            if target:
                await self.listen(target, poll, self._clock.now() + ROUND_OF_NEWS)
        except Failed as fault:
            error = fault.kind
            self._figures.failures.labels(poll.target, error).inc()
            log.warning(
                "no news from an outside endpoint", extra={"target": poll.target, "kind": error}
            )
        # A pack that names the endpoint again finds its row here.
        pause = timedelta(minutes=target.forward.poll_minutes) if target else timedelta(days=1)
        until = self._clock.now() + pause
        await self._database.write(
            lambda c: polls.postpone(c, poll.lease, until=until, error=error)
        )

    async def listen(self, target: Target, poll: Poll, until: datetime) -> None:
        """Ask an endpoint for news, at most until then.

        Raises:
            Failed: it did not answer; what was heard before that is kept.
            DatabaseUnavailable: it has to be asked again.
        """
        oldest = await self._database.read(lambda c: repository.oldest_followed(c, target.id))
        if oldest is None:
            return
        has_updates = await self._hear(target, poll, oldest)
        before = self._clock.now() - LOOKED_UP_EVERY if has_updates else None
        to_look_up = await self._database.read(
            lambda c: repository.followed(
                c, target.id, looked_before=before, limit=LOOKED_UP_AT_ONCE
            )
        )
        for followed in to_look_up:
            if self._clock.now() >= until:
                return
            await self._look_up(target, followed)

    async def _hear(self, target: Target, poll: Poll, oldest: datetime) -> bool:
        """Ask for all updates since the last time; say whether the endpoint tells of any."""
        if poll.has_updates is False:
            return False
        now = self._clock.now()
        start = max((poll.heard_until or oldest) - OVERLAP, now - LONGEST_SPAN)
        told = await self._client.updates(target, start, now)
        if isinstance(told, Refused):
            await self._learnt(target, has_updates=False)
            return False
        numbers = list({u.request_id for u in told})
        ours = await self._database.read(
            lambda c: repository.followed(c, target.id, request_ids=numbers)
        )
        by_number = {f.request_id: f for f in ours}
        for update in told:
            if followed := by_number.get(update.request_id):
                await self._take(target, followed, update)
        heard_until = now if len(told) < MOST_AT_ONCE else _latest(told, now)
        await self._learnt(target, has_updates=True, heard_until=heard_until)
        return True

    async def _learnt(
        self, target: Target, *, has_updates: bool, heard_until: datetime | None = None
    ) -> None:
        await self._database.write(
            lambda c: repository.set_poll(
                c, target.id, has_updates=has_updates, heard_until=heard_until
            )
        )

    async def _take(self, target: Target, followed: Followed, update: Update) -> None:
        if outcome_of(update.status):
            await self._closed(target, followed, update.status, update.text)
        elif update.text:
            says = f"{target.id} writes: {update.text}"
            await self._tell_staff(target, followed, says, key=update.update_id)

    async def _look_up(self, target: Target, followed: Followed) -> None:
        found = await self._client.request(target, followed.request_id)
        now = self._clock.now()
        await self._database.write(
            lambda c: repository.set_forward(c, followed.case.id, looked_at=now)
        )
        if found and not isinstance(found, Refused) and outcome_of(found.status):
            await self._closed(target, followed, found.status, found.notes)

    async def _closed(
        self, target: Target, followed: Followed, status: str, words: str
    ) -> None:
        """End a case as its endpoint did; one that was opened again here is left to staff."""
        case, outcome = followed.case, outcome_of(status)
        if await self._database.read(lambda c: repository.was_reopened(c, case)):
            says = (
                f"{target.id} has closed it. It was opened again here, so staff decide. {words}"
            )
            await self._tell_staff(target, followed, says.strip(), key="closed")
        else:
            is_said_anyway = words in ("", OUTCOMES[outcome or "done"].told)
            step = Step(
                Move.RESOLVE,
                Actor.OPEN311,
                key=f"forward:{target.id}:closed",
                text=NO_WORDS if is_said_anyway else words,
                outcome=outcome,
            )
            # Finished or taken back here in between: it stays as it is.
            with suppress(MoveNotAllowed):
                await self._cases.move(case.reference, step)
                self._figures.closed.labels(target.id).inc()
        now = self._clock.now()
        await self._database.write(lambda c: repository.set_forward(c, case.id, ended_at=now))

    async def _tell_staff(
        self, target: Target, followed: Followed, says: str, *, key: str
    ) -> None:
        now = self._clock.now()

        def change(connection: Connection) -> None:
            add_note(
                connection,
                followed.case,
                Happened.NOTED,
                says,
                now,
                actor=Actor.OPEN311,
                key=f"heard:{key}"[:120],
                data={"target": target.id},
            )

        await self._database.write(change)


def _latest(told: Sequence[Update], now: datetime) -> datetime:
    return max((u.at for u in told if u.at and u.at < now), default=now)
