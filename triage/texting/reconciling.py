"""Reads the carrier's log for what never came here, and for texts of ours whose end was not told.

When a webhook fails, the carrier tries it once more at most, then never again: the message stays in its log. Nothing that
was said while this line was down is lost, as long as the log is read afterwards.
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from triage.errors import DatabaseUnavailable
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.outside import Failed
from triage.texting.carrier import Carrier, Entry
from triage.texting.figures import TextFigures
from triage.texting.incoming import NotAText, of_log, says_something
from triage.texting.numbers import NumberNotReadable, Numbers
from triage.texting.receiving import Receiver
from triage.texting.repository import carrier_log, outgoing, received
from triage.texting.repository.carrier_log import LogWork
from triage.texting.repository.outgoing import Place
from triage.texting.sending import Deliveries, taken_before
from triage.texting.tables import log_work

log = logging.getLogger(__name__)

# Read again each time: what the log shows late, and what the clocks differ by.
OVERLAP = timedelta(minutes=15)
# A place that is shared has no words, and the log does not tell it: its webhook, which does, may still be on its way.
WEBHOOK_COMES_WITHIN = timedelta(minutes=1)
ASKED_AT_ONCE = 500
# The carrier tells what became of a text within minutes; after an hour it is asked, for as long as it may know.
ASKED_AFTER = timedelta(hours=1)
ASKED_FOR = timedelta(days=3)
# In one look; the next one goes on from there, and begins again after the last: texts that never get an end keep no
# others from theirs.
MOST_ASKED = 200


@dataclass
class Account:
    """What a look into the log brought."""

    read: int = 0
    found: int = 0


class Reconciler:
    """Compares the carrier's log with what is kept here."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        numbers: Numbers,
        receiver: Receiver,
        deliveries: Deliveries,
        figures: TextFigures,
        clock: Clock,
        every: timedelta,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._numbers = numbers
        self._receiver = receiver
        self._deliveries = deliveries
        self._figures = figures
        self._clock = clock
        self._every = every
        self._asked_to: Place | None = None
        self._looked_to: Place | None = None

    async def do(self, work: LogWork) -> None:
        """Read the log of one of our numbers since it was read last, and have it read again in a while.

        Raises:
            DatabaseUnavailable: it is read again when the lease ends.
        """
        begun_at, error = self._clock.now(), ""
        try:
            await self.read(work.line, work.read_until - OVERLAP)
            await self.settle()
        except Failed as fault:
            error = fault.kind
            self._figures.failures.labels(error).inc()
            log.warning("the carrier's log could not be read", extra={"kind": error})

        def change(connection: Connection) -> None:
            until = self._clock.now() + self._every
            is_mine = log_work.postpone(connection, work.lease, until=until, error=error)
            if is_mine and not error:
                carrier_log.set_read_until(connection, work.line, begun_at)

        await self._database.write(change)

    async def read(self, line: str, since: datetime) -> Account:
        """Take in what the log has and we have not, the oldest first.

        Raises:
            Failed: the log could not be read to its end, or not all that it has could be taken in; the rest was.
            DatabaseUnavailable: what was not taken in yet is found again.
        """
        fault: Failed | None = None
        account = Account()
        entries = [e for e in await self._carrier.log(since=since, to=line) if e.is_inbound]
        account.read = len(entries)
        for start in range(0, len(entries), ASKED_AT_ONCE):
            piece = entries[start : start + ASKED_AT_ONCE]
            known = await self._known(piece)
            for entry in piece:
                if entry.sid in known or self._may_still_come(entry):
                    continue
                try:
                    account.found += await self._take(entry)
                except Failed as trouble:
                    fault = trouble
                except DatabaseUnavailable:
                    raise
                except Exception as trouble:
                    # A fault of ours with one text shall not keep the others out. It is tried again each time.
                    log.exception(
                        "a text in the log failed", extra={"kind": type(trouble).__name__}
                    )
                    fault = Failed("internal", may_have_arrived=False)
        if account.found:
            self._figures.found.inc(account.found)
            log.warning(
                "texts had not come and were found in the carrier's log",
                extra={"texts": account.found},
            )
        if fault:
            raise fault
        return account

    async def _known(self, entries: Sequence[Entry]) -> set[str]:
        sids = [e.sid for e in entries]
        return await self._database.read(lambda c: received.known_sids(c, sids))

    def _may_still_come(self, entry: Entry) -> bool:
        if _has_media(entry) or says_something(str(entry.fields.get("body") or "")):
            return False
        newest = self._clock.now() - WEBHOOK_COMES_WITHIN
        return entry.created_at is not None and entry.created_at > newest

    async def _take(self, entry: Entry) -> bool:
        media = await self._carrier.media_of(entry.sid) if _has_media(entry) else []
        try:
            came = of_log(entry.fields, media, entry.created_at)
        except NotAText:
            log.error("an entry of the carrier's log is no message")
            return False
        return await self._receiver.receive(came, "log")

    async def settle(self) -> int:
        """Ask for the end of texts whose end was not told, and for those given up in doubt; return how many have one.

        Raises:
            Failed, DatabaseUnavailable: the rest is asked the next time.
        """
        now = self._clock.now()
        oldest: Place = (now - ASKED_FOR, "")
        asked_to, looked_to = self._asked_to or oldest, self._looked_to or oldest
        open_ones, doubtful = await self._database.read(
            lambda c: (
                outgoing.without_end(c, now - ASKED_AFTER, max(asked_to, oldest), MOST_ASKED),
                outgoing.in_doubt(c, max(looked_to, oldest), MOST_ASKED),
            )
        )
        self._asked_to = (
            (open_ones[-1].done_at, open_ones[-1].id) if len(open_ones) == MOST_ASKED else None
        )
        self._looked_to = (
            (doubtful[-1].dead_at, doubtful[-1].id) if len(doubtful) == MOST_ASKED else None
        )
        settled = 0
        for text in open_ones:
            if entry := await self._carrier.message(text.carrier_sid):
                settled += await self._deliveries.heard(
                    entry.sid, entry.status, entry.error_code
                )
        for text in doubtful:
            found = await self._looked_for(text.id, text.address, text.body, text.begun_at)
            if found:
                settled += await self._deliveries.heard(found[0], found[1], None, text.id)
        return settled

    async def _looked_for(
        self, text_id: str, address: str, body: str, begun_at: datetime
    ) -> tuple[str, str] | None:
        try:
            to = self._numbers.unlock(address)
        except NumberNotReadable:
            log.error("a number cannot be decrypted: ASK311_TEXT_KEYS lacks a key")
            return None
        found = await taken_before(self._database, self._carrier, to, body, begun_at, text_id)
        return (found.sid, found.status) if found else None


def _has_media(entry: Entry) -> bool:
    return str(entry.fields.get("num_media") or "0") != "0"
