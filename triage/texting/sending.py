"""Takes one text of the outbox to the carrier, and keeps what became of it.

The carrier has nothing against sending twice. So the moment at which sending begins is written down first; where it is
not known whether a text was taken (no answer, a crash), it is looked for in the carrier's log before it is sent again.
The carrier's call about its status may also say that it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.outside import Failed
from triage.kit.work import pause_before
from triage.texting.carrier import Carrier, Refused, Taken
from triage.texting.codes import FAILED, Verdict, is_news, verdict_on
from triage.texting.cutting import plain
from triage.texting.figures import TextFigures
from triage.texting.numbers import NumberNotReadable, Numbers
from triage.texting.repository import outgoing, senders
from triage.texting.repository.outgoing import OPTED_OUT, Work
from triage.texting.shares import share_after_one, share_given_back
from triage.texting.tables import outbox

log = logging.getLogger(__name__)

# So far may the carrier's clock be from ours.
CLOCKS_APART = timedelta(minutes=5)
# How often a text is sent that the carrier takes and cannot deliver.
MOST_SENDINGS = 5


@dataclass(frozen=True)
class Pace:
    """How soon what failed is tried again, when it is given up, and how much one number gets."""

    retry_first_seconds: float
    retry_longest_seconds: float
    call_seconds: float
    give_up_after: timedelta
    replies_per_hour: int

    @property
    def call(self) -> timedelta:
        """Return how long one call may take: after it, what was taken is in the carrier's log."""
        return timedelta(seconds=self.call_seconds)


@dataclass(frozen=True)
class _Begun:
    """A text that may be sent now."""

    address: str
    line: str
    begun_at: datetime


class TextSender:
    """Does what is to be done next for a text that is held under a lease."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        numbers: Numbers,
        figures: TextFigures,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._numbers = numbers
        self._figures = figures
        self._clock = clock
        self._pace = pace

    async def send(self, work: Work) -> None:
        """Send a text, or have it sent later.

        Raises:
            DatabaseUnavailable: what became of it is not recorded; it comes back when the lease ends.
        """
        now = self._clock.now()
        begun = await self._database.write(lambda c: self._begin(c, work, now))
        if begun is None:
            return
        try:
            to = self._numbers.unlock(begun.address)
        except NumberNotReadable:
            log.error("a number cannot be decrypted: ASK311_TEXT_KEYS lacks a key")
            await self._again(work, "number_not_readable", begun_at=work.begun_at)
            return
        if work.begun_at and await self._was_taken(work, to, work.begun_at):
            return
        try:
            answer = await self._carrier.send(
                to=to, line=begun.line, body=work.body, text_id=work.lease.row
            )
        except Failed as fault:
            if fault.may_have_arrived:
                await self._unsure(work, fault.kind, begun.begun_at)
            else:
                await self._again(work, fault.kind, begun_at=None)
            return
        if isinstance(answer, Taken):
            await self._taken(work, answer, "sent")
        else:
            await self._refused(work, answer)

    def _begin(self, connection: Connection, work: Work, now: datetime) -> _Begun | None:
        sender = senders.lock_sender(connection, work.sender_id)
        if sender.opted_out_at and not work.is_urgent:
            outbox.bury(connection, work.lease, now, error=OPTED_OUT)
            return None
        if work.begun_at and now < (seen := work.begun_at + self._pace.call):
            # Whoever began has just died, and the carrier's log may not show it yet.
            outbox.postpone(connection, work.lease, until=seen, error="in_doubt")
            return None
        # What may have been taken already has had its share.
        if not work.is_urgent and not work.begun_at:
            full_at, when = share_after_one(sender.full_at, now, self._pace.replies_per_hour)
            if full_at is None:
                outbox.postpone(connection, work.lease, until=when, error="share_used_up")
                return None
            senders.set_sender(connection, sender.id, full_at=full_at)
        begun_at = work.begun_at or now
        if not outgoing.change_held(connection, work.lease, begun_at=begun_at):
            return None
        return _Begun(sender.address, sender.line, begun_at)

    async def _was_taken(self, work: Work, to: str, begun_at: datetime) -> bool:
        """Look whether a text was taken. Where it was, or where that cannot be seen, see to what follows."""
        try:
            found = await taken_before(
                self._database, self._carrier, to, work.body, begun_at, work.lease.row
            )
        except Failed as fault:
            await self._again(work, fault.kind, begun_at=begun_at)
            return True
        if found is None:
            # Looking takes a while, in which the carrier may have called, or another process have gone on.
            is_held = await self._database.read(lambda c: outgoing.is_held(c, work.lease))
            return not is_held
        await self._taken(work, found, "found")
        return True

    # ── what became of it ──

    async def _taken(self, work: Work, answer: Taken, result: str) -> None:
        now = self._clock.now()

        def change(connection: Connection) -> bool:
            values: dict[str, Any] = {"carrier_sid": answer.sid, "status": answer.status}
            is_mine = outgoing.change_held(connection, work.lease, **values)
            return is_mine and outbox.finish(connection, work.lease, now)

        if await self._database.write(change):
            self._figures.sent.labels(result).inc()

    async def _refused(self, work: Work, answer: Refused) -> None:
        verdict = verdict_on(answer.code, answer.http_status)
        why = f"code_{answer.code or answer.http_status}"
        if verdict is Verdict.AGAIN:
            await self._again(work, why, begun_at=None)
            return
        now = self._clock.now()

        def change(connection: Connection) -> bool:
            senders.lock_sender(connection, work.sender_id)
            values: dict[str, Any] = {"error_code": answer.code, "begun_at": None}
            is_mine = outgoing.change_held(connection, work.lease, **values)
            is_mine = is_mine and outbox.bury(connection, work.lease, now, error=why)
            if verdict is Verdict.OPTED_OUT:
                opted_out(connection, work.sender_id, now)
            return is_mine

        if await self._database.write(change):
            self._figures.sent.labels(verdict.value).inc()
            log.warning("the carrier refused a text", extra={"code": answer.code})
            if work.is_urgent:
                log.error("what is urgent could not be texted", extra={"row": work.lease.row})

    async def _unsure(self, work: Work, kind: str, begun_at: datetime) -> None:
        self._figures.ambiguous.inc()
        await self._again(work, kind, begun_at=begun_at, is_ambiguous=True)

    async def _again(
        self, work: Work, kind: str, *, begun_at: datetime | None, is_ambiguous: bool = False
    ) -> None:
        self._figures.failures.labels(kind).inc()
        now = self._clock.now()
        log.warning("a text was not sent", extra={"kind": kind, "attempt": work.lease.attempts})
        pause = pause_before(
            work.lease.attempts,
            first=self._pace.retry_first_seconds,
            longest=self._pace.retry_longest_seconds,
        )
        if is_ambiguous:
            # Until then the carrier has ended what it began, and its log shows it.
            pause = max(pause, self._pace.call)
        is_late = now - work.created_at > self._pace.give_up_after

        def change(connection: Connection) -> bool:
            sender = senders.lock_sender(connection, work.sender_id)
            if not outgoing.change_held(
                connection, work.lease, begun_at=begun_at, is_ambiguous=is_ambiguous
            ):
                return False
            if begun_at is None and not work.is_urgent:
                # It was not sent: what it took of the share when it began is free for the next try.
                full_at = share_given_back(sender.full_at, self._pace.replies_per_hour)
                senders.set_sender(connection, sender.id, full_at=full_at)
            if is_late:
                return outbox.bury(connection, work.lease, now, error=f"given_up:{kind}")
            return outbox.postpone(connection, work.lease, until=now + pause, error=kind)

        if await self._database.write(change) and is_late:
            self._figures.sent.labels("given_up").inc()


async def taken_before(
    database: Database, carrier: Carrier, to: str, body: str, begun_at: datetime, text_id: str
) -> Taken | None:
    """Return a text in the carrier's log that went to an address since then, with this body, and that no other row names.

    Args:
        text_id: its own row may name it meanwhile, as the carrier calls while the log is read.

    Raises:
        Failed: the log could not be read.
    """
    entries = await carrier.log(since=begun_at - CLOCKS_APART, to=to, sent_only=False)
    same = [e for e in entries if not e.is_inbound and _is_same(e.fields.get("body"), body)]
    sids = [e.sid for e in same]
    known = await database.read(lambda c: outgoing.sent_sids(c, sids, but=text_id))
    found = next((e for e in same if e.sid not in known), None)
    return Taken(found.sid, found.status) if found else None


def _is_same(logged: Any, body: str) -> bool:
    # The carrier may have put plain characters in the place of others, and cut spaces.
    return plain(str(logged or "")) == plain(body)


def opted_out(connection: Connection, sender_id: str, now: datetime) -> None:
    """Note that somebody has told the carrier to stop, and bury what waits for them."""
    sender = senders.lock_sender(connection, sender_id)
    if sender.opted_out_at is None:
        senders.set_sender(connection, sender_id, opted_out_at=now)
    outgoing.bury_waiting(connection, sender_id, now)


@dataclass(frozen=True)
class _Noted:
    """What a call about a text's status told."""

    is_news: bool = False
    ends_sending: bool = False  # the answer to its sending was not recorded before
    is_twice: bool = False  # the carrier has another text of the same row


class Deliveries:
    """Takes in what the carrier says became of texts; its calls come in any order, and more than once."""

    def __init__(
        self, database: Database, figures: TextFigures, clock: Clock, pace: Pace
    ) -> None:
        self._database = database
        self._figures = figures
        self._clock = clock
        self._pace = pace

    async def heard(
        self, sid: str, status: str, error_code: int | None, text_id: str | None = None
    ) -> bool:
        """Note how far a text is; False where it is none of ours, or no news.

        Args:
            text_id: ours, where the carrier gave it back: so a text is known whose sending had no answer.

        Raises:
            DatabaseUnavailable: nothing was noted.
        """
        now = self._clock.now()
        noted = await self._database.write(
            lambda c: self._note(c, sid, status, error_code, text_id, now)
        )
        if noted.ends_sending:
            self._figures.sent.labels("sent").inc()
        if noted.is_twice:
            self._figures.twice.inc()
            log.warning("the carrier has taken a text twice")
        if noted.is_news:
            self._figures.ends.labels(status, str(error_code or "")).inc()
        return noted.is_news

    def _note(
        self,
        connection: Connection,
        sid: str,
        status: str,
        error_code: int | None,
        text_id: str | None,
        now: datetime,
    ) -> _Noted:
        text = outgoing.lock_text(connection, sid=sid, text_id=text_id)
        if text is None:
            return _Noted()
        if text.carrier_sid not in (None, sid):
            return _Noted(is_twice=True)
        if text.carrier_sid is None and text.begun_at is None:
            return _Noted()  # of a sending that failed; another is to come
        values: dict[str, Any] = {}
        if text.carrier_sid is None:
            # Its sending had no answer, or has none yet: it was taken all the same. Who sends it finds that noted.
            values = {"carrier_sid": sid, "done_at": now, "dead_at": None, "last_error": None}
            values |= {"lease_until": None, "lease_by": None}
        news = is_news(text.status, status)
        if news:
            values |= {"status": status, "error_code": error_code}
            if status in FAILED:
                values |= self._after_failure(connection, text, error_code or 0, now)
        if values:
            outgoing.set_text(connection, text.id, **values)
        ends_sending = text.carrier_sid is None and text.dead_at is None
        return _Noted(is_news=news, ends_sending=ends_sending)

    def _after_failure(
        self, connection: Connection, text: Any, code: int, now: datetime
    ) -> dict[str, Any]:
        verdict = verdict_on(code)
        if verdict is Verdict.OPTED_OUT:
            opted_out(connection, text.sender_id, now)
        is_late = now - text.created_at > self._pace.give_up_after
        if verdict is not Verdict.AGAIN or is_late or text.attempts >= MOST_SENDINGS:
            return {"last_error": f"code_{code}"}
        pause = timedelta(seconds=self._pace.retry_longest_seconds)
        return {
            "done_at": None,
            "begun_at": None,
            "carrier_sid": None,
            "status": None,
            "next_attempt_at": now + pause,
            "last_error": f"code_{code}",
        }
