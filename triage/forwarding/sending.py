"""Takes one case of the outbox to its endpoint, one step further each time: found there, sent, its number learnt.

GeoReport has nothing against sending twice. So the moment at which sending begins is written down first; where it is
not known whether a request arrived (no answer, a crash), it is looked for there before it is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from triage.cases.case import Case, Happened
from triage.cases.repository import add_note, metres_between
from triage.forwarding import repository
from triage.forwarding.answers import Accepted, Found, Refused
from triage.forwarding.client import Open311Client
from triage.forwarding.figures import ForwardingFigures
from triage.forwarding.repository import Work
from triage.forwarding.tables import outbox
from triage.forwarding.targets import Target
from triage.forwarding.words import fields_of
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.outside import Failed
from triage.kit.work import pause_before

log = logging.getLogger(__name__)

# Two requests of one service at one point, made in the same minutes, are one matter.
SAME_PLACE_METRES = 5
# So far may the endpoint's clock be from ours.
CLOCKS_APART = timedelta(minutes=10)
# A token without a number for so long will get none.
LONGEST_WITHOUT_NUMBER = timedelta(days=30)
_NO_NUMBER_YET = "no_number_yet"


@dataclass(frozen=True)
class Pace:
    """How soon what failed is tried again, and when it is given up."""

    retry_first_seconds: float
    retry_longest_seconds: float
    give_up_after: timedelta


class Sender:
    """Does what is to be done next for a case that is held under a lease."""

    def __init__(
        self,
        database: Database,
        client: Open311Client,
        targets: Mapping[str, Target],
        figures: ForwardingFigures,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._database = database
        self._client = client
        self._targets = targets
        self._figures = figures
        self._clock = clock
        self._pace = pace

    async def forward(self, work: Work) -> None:
        """Take a case one step further, or have it tried again.

        Raises:
            DatabaseUnavailable: what became of it is not recorded; it comes back when the lease ends.
        """
        target = self._targets.get(work.target)
        if target is None:
            await self._cannot(work, "routing.yaml has no 'forward' of this name any more")
        elif work.case.service_id not in target.forward.service_codes:
            await self._cannot(work, "routing.yaml has no code for this service")
        elif work.token:
            await self._ask_for_number(target, work)
        elif work.begun_at and not await self._is_not_there(target, work, work.begun_at):
            return
        elif not work.case.status.is_open:
            # Taken back, or finished here, before it was sent.
            await self._end(work, "not_needed", None)
        else:
            await self._send(target, work)

    async def _send(self, target: Target, work: Work) -> None:
        begun_at = work.begun_at or self._clock.now()
        is_mine = await self._database.write(
            lambda c: repository.change_held(c, work.lease, begun_at=begun_at)
        )
        if not is_mine:
            return
        try:
            answer = await self._client.send(target, fields_of(work.case, target.forward))
        except Failed as fault:
            if fault.may_have_arrived:
                await self._unsure(work, fault.kind, begun_at)
            else:
                await self._again(work, fault.kind, begun_at=work.begun_at)
            return
        if isinstance(answer, Refused):
            await self._cannot(work, answer.why)
        else:
            await self._arrived(target, work, answer)

    async def _is_not_there(self, target: Target, work: Work, begun_at: datetime) -> bool:
        """Look whether a request arrived. Where it did, or where that cannot be seen, see to what follows."""
        code = target.forward.service_codes[work.case.service_id]
        since = begun_at - CLOCKS_APART
        try:
            listed = await self._client.requests_since(target, code, since)
        except Failed as fault:
            await self._again(work, fault.kind, begun_at=begun_at)
            return False
        found = None
        if not isinstance(listed, Refused):
            numbers = [f.request_id for f in listed]
            taken = await self._database.read(
                lambda c: repository.taken_numbers(c, target.id, numbers)
            )
            found = _same(work.case, [f for f in listed if f.request_id not in taken], since)
        if found:
            await self._arrived(target, work, Accepted(request_id=found.request_id), "found")
            return False
        if isinstance(listed, Refused) or work.case.place is None:
            await self._cannot(
                work, "it may have arrived, and cannot be looked for there; somebody has to ask"
            )
            return False
        return True

    async def _ask_for_number(self, target: Target, work: Work) -> None:
        try:
            answer = await self._client.number_of(target, work.token)
        except Failed as fault:
            self._count_failure(work, fault.kind)
            await self._later(target, work, fault.kind)
            return
        if isinstance(answer, Accepted) and answer.request_id:
            await self._arrived(target, work, answer)
        elif self._clock.now() - work.created_at > LONGEST_WITHOUT_NUMBER:
            days = LONGEST_WITHOUT_NUMBER.days
            await self._cannot(work, f"it was taken, but got no number in {days} days")
        else:
            await self._later(target, work, _NO_NUMBER_YET)

    # ── what became of it ──

    async def _arrived(
        self, target: Target, work: Work, answer: Accepted, result: str = "sent"
    ) -> None:
        if answer.request_id:
            says = f"It is at {target.id} as {answer.request_id}. {answer.notice}"
            await self._end(work, result, says, request_id=answer.request_id)
        elif answer.token:
            await self._keep_token(target, work, answer)
        else:
            says = f"It was sent to {target.id}, which gives no numbers: no news will come. {answer.notice}"
            await self._end(work, result, says, ended_at=self._clock.now())

    async def _keep_token(self, target: Target, work: Work, answer: Accepted) -> None:
        now = self._clock.now()
        until = now + timedelta(minutes=target.forward.poll_minutes)
        says = f"It was sent to {target.id}; its number there follows. {answer.notice}"

        def change(connection: Connection) -> None:
            if repository.change_held(connection, work.lease, token=answer.token):
                _note(connection, work, says, now)
                outbox.postpone(connection, work.lease, until=until, error=_NO_NUMBER_YET)

        await self._database.write(change)

    async def _end(self, work: Work, result: str, says: str | None, **values: Any) -> None:
        now = self._clock.now()

        def change(connection: Connection) -> bool:
            if values and not repository.change_held(connection, work.lease, **values):
                return False
            if not outbox.finish(connection, work.lease, now):
                return False
            if says:
                _note(connection, work, says, now)
            return True

        if await self._database.write(change):
            self._figures.ended.labels(work.target, result).inc()

    async def _cannot(self, work: Work, why: str) -> None:
        now = self._clock.now()
        says = f"This report could not be forwarded to {work.target}: {why.rstrip('.')}."

        def change(connection: Connection) -> bool:
            is_mine = outbox.bury(connection, work.lease, now, error="could_not_be_forwarded")
            if is_mine:
                _note(connection, work, says, now)
            return is_mine

        if await self._database.write(change):
            self._figures.ended.labels(work.target, "could_not_be_forwarded").inc()
            log.warning(
                "a case could not be forwarded",
                extra={"case": work.case.reference, "target": work.target},
            )

    async def _unsure(self, work: Work, kind: str, begun_at: datetime) -> None:
        self._figures.unsure.labels(work.target).inc()
        now = self._clock.now()
        says = (
            f"It is not known whether this report arrived at {work.target}; it is looked for there before it is "
            "sent again."
        )
        key = f"forward:{work.target}:unsure"
        await self._database.write(lambda c: _note(c, work, says, now, key=key))
        await self._again(work, kind, begun_at=begun_at)

    async def _again(self, work: Work, kind: str, *, begun_at: datetime | None) -> None:
        self._count_failure(work, kind)
        now = self._clock.now()
        if now - work.created_at > self._pace.give_up_after:
            hours = round(self._pace.give_up_after.total_seconds() / 3_600)
            may_be = ", and it is not known whether it arrived" if begun_at else ""
            await self._cannot(work, f"there was no answer in {hours} hours{may_be}")
            return
        pause = pause_before(
            work.lease.attempts,
            first=self._pace.retry_first_seconds,
            longest=self._pace.retry_longest_seconds,
        )

        def change(connection: Connection) -> None:
            if repository.change_held(connection, work.lease, begun_at=begun_at):
                outbox.postpone(connection, work.lease, until=now + pause, error=kind)

        await self._database.write(change)

    async def _later(self, target: Target, work: Work, kind: str) -> None:
        until = self._clock.now() + timedelta(minutes=target.forward.poll_minutes)
        await self._database.write(
            lambda c: outbox.postpone(c, work.lease, until=until, error=kind)
        )

    def _count_failure(self, work: Work, kind: str) -> None:
        self._figures.failures.labels(work.target, kind).inc()
        log.warning(
            "an outside endpoint did not answer",
            extra={"target": work.target, "kind": kind, "attempt": work.lease.attempts},
        )


def _note(
    connection: Connection, work: Work, says: str, now: datetime, *, key: str | None = None
) -> None:
    data = {"target": work.target}
    add_note(connection, work.case, Happened.FORWARDED, says.strip(), now, key=key, data=data)


def _same(case: Case, listed: Sequence[Found], since: datetime) -> Found | None:
    """Return the request among those of an endpoint that a case made: by its reference, or by place and time."""
    for found in listed:
        if case.reference in found.description:
            return found
    place = case.place
    if place is None:
        return None
    for found in listed:
        is_of_then = found.requested_at is None or found.requested_at >= since
        if found.point is None or not is_of_then:
            continue
        if metres_between(place.latitude, place.longitude, *found.point) <= SAME_PLACE_METRES:
            return found
    return None
