"""Takes residents' messages to the assistant and brings the answers back, until each is answered or given up.

A message is claimed under a lease, or born with one when it arrives in this process and there is room. No
transaction is open while the assistant is asked. What fails is tried again after a pause that grows; what
a dead process held comes back when its lease ends, or when that process starts again. A sweep finds what
nobody announced.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services_catalog.packs import City
from triage.conversations import answers, repository
from triage.conversations.figures import Figures
from triage.conversations.people import People
from triage.conversations.rasa_client import Assistant, AssistantFailed, Reply
from triage.conversations.repository import OnSaid, Work
from triage.conversations.tables import inbox_work
from triage.errors import DatabaseUnavailable
from triage.kit.bell import Bell
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.life import OnDeath, alive
from triage.kit.work import Lease, held_from_birth, pause_before
from triage.settings import Settings

log = logging.getLogger(__name__)

# An answer after so many failures in a row means that the assistant is back.
FAILURES_OF_AN_OUTAGE = 3
STORE_AGAIN_SECONDS = 0.2


class Relay:
    """One process's part in having messages answered. `start()` before use, `stop()` after."""

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        city: City,
        settings: Settings,
        bell: Bell,
        figures: Figures,
        clock: Clock,
        people: People,
        on_death: OnDeath = None,
        on_said: Sequence[OnSaid] = (),
    ) -> None:
        self._people = people
        self._on_death = on_death
        self._on_said = on_said
        self._database = database
        self._assistant = assistant
        self._city = city
        self._settings = settings
        self._bell = bell
        self._figures = figures
        self._clock = clock
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._busy = 0
        self._failures_in_a_row = 0
        self._there_may_be_more = False
        self._woken = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.Task[None] | None = None
        self._is_stopping = False

    # ── what the service asks of it (`TakesWork`) ──

    def reserve(self) -> bool:
        """Say whether there is room for one more message; if so, it is kept free."""
        if self._is_stopping or self._busy >= self._settings.relay_concurrency:
            return False
        self._busy += 1
        return True

    def unreserve(self) -> None:
        """Give the room back."""
        self._busy -= 1
        if self._there_may_be_more:
            self.wake()

    def hold(self, message_id: str, now: datetime) -> tuple[Lease, dict[str, Any]]:
        """Return a lease on a message about to be written, and what to write with it."""
        return held_from_birth(
            message_id, worker=self._settings.replica, now=now, lease=self._lease
        )

    def begin(self, work: Work) -> None:
        """Have a message answered in the room that was reserved."""
        task = asyncio.create_task(self._answer(work))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def wake(self) -> None:
        """Look for messages that wait, now."""
        self._there_may_be_more = True
        self._woken.set()

    # ── its life ──

    async def start(self) -> None:
        """Free what this process held when it died, and begin."""
        worker = self._settings.replica
        freed = await self._database.write(lambda c: inbox_work.release(c, worker))
        if freed:
            log.info("own leases freed after a restart", extra={"messages": freed})
        self._sweeping = alive(self._sweep_for_ever(), "relay", self._on_death)

    @property
    def is_running(self) -> bool:
        """Say whether waiting messages are looked for."""
        return self._sweeping is not None and not self._sweeping.done()

    async def stop(self, seconds: float = 3) -> None:
        """Take nothing more, let what is under way end, and give back the rest."""
        self._is_stopping = True
        if self._sweeping:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        worker = self._settings.replica
        try:
            await self._database.write(lambda c: inbox_work.release(c, worker))
        except DatabaseUnavailable:
            log.warning("leases not given back; they end by themselves")

    # ── one message ──

    async def _answer(self, work: Work) -> None:
        try:
            try:
                await self._ask(work)
            except AssistantFailed as fault:
                await self._failed(work, fault.kind, is_final=fault.is_final)
            except DatabaseUnavailable:
                raise
            except Exception as fault:
                # A fault of ours is counted, logged with its trace, and handled like the assistant's:
                # tried again, and in the end given up where the resident sees it.
                log.exception("answering failed", extra={"kind": type(fault).__name__})
                await self._failed(work, "internal", is_final=False)
        except DatabaseUnavailable:
            log.error("answer not recorded; the message comes back when its lease ends")
        finally:
            self.unreserve()

    async def _ask(self, work: Work) -> None:
        self._figures.attempts.inc()
        started = time.perf_counter()
        replies = await self._assistant.ask(work.asked, attempt=work.lease.attempts)
        self._figures.assistant_seconds.observe(time.perf_counter() - started)
        await self._succeeded(work, replies)

    async def _succeeded(self, work: Work, replies: list[Reply]) -> None:
        if not await self._write_while_held(work, replies):
            self._figures.lost_leases.inc()
            return
        self._bell.ring(work.asked.conversation_id)
        for reply in replies:
            self._figures.replies.labels(reply.outcome.value).inc()
            if reply.unanswered:
                self._figures.unanswered.inc()
        self._figures.answer_seconds.observe(
            (self._clock.now() - work.received_at).total_seconds()
        )
        was_down = self._failures_in_a_row >= FAILURES_OF_AN_OUTAGE
        self._failures_in_a_row = 0
        if was_down:
            now = self._clock.now()
            hurried = await self._database.write(lambda c: inbox_work.hurry(c, now))
            log.info("the assistant answers again", extra={"waiting": hurried})
            self.wake()

    async def _write_while_held(self, work: Work, replies: list[Reply]) -> bool:
        """Store an answer; while the database cannot be reached, try again as long as the lease lasts."""
        gives_up_at = time.monotonic() + self._settings.lease_seconds
        while True:
            try:
                return await self._database.write(
                    lambda c: answers.store(
                        c, work, replies, self._clock.now(), self._on_said, self._people
                    )
                )
            except DatabaseUnavailable:
                if time.monotonic() > gives_up_at:
                    raise
                await asyncio.sleep(STORE_AGAIN_SECONDS)

    async def _failed(self, work: Work, kind: str, *, is_final: bool) -> None:
        self._failures_in_a_row += not is_final
        self._figures.failures.labels(kind).inc()
        now = self._clock.now()
        waited = (now - work.received_at).total_seconds()
        log.warning(
            "the assistant did not answer",
            extra={"kind": kind, "attempt": work.lease.attempts, "waited": round(waited, 1)},
        )
        if is_final or waited >= self._settings.give_up_after_seconds:
            if await self._database.write(
                lambda c: answers.give_up(
                    c, work, self._city, kind, now, self._on_said, self._people
                )
            ):
                self._figures.given_up.inc()
                self._figures.replies.labels("outage").inc()
                self._bell.ring(work.asked.conversation_id)
            return
        pause = pause_before(
            work.lease.attempts,
            first=self._settings.retry_first_seconds,
            longest=self._settings.retry_longest_seconds,
        )
        await self._database.write(
            lambda c: inbox_work.postpone(c, work.lease, until=now + pause, error=kind)
        )
        asyncio.get_running_loop().call_later(pause.total_seconds(), self.wake)

    # ── what waits ──

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._settings.sweep_seconds):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self._sweep()
            except DatabaseUnavailable:
                log.error("inbox not readable; looking again soon")
                await asyncio.sleep(self._settings.sweep_seconds)

    async def _sweep(self) -> None:
        now = self._clock.now()
        is_due, is_more = await self._database.read(
            lambda c: (inbox_work.has_due(c, now), inbox_work.has_unclaimed(c, now))
        )
        # Then whoever ends next looks again: it may be what the others wait for.
        self._there_may_be_more = is_more
        if is_due:
            await self._claim(now)

    async def _claim(self, now: datetime) -> None:
        room = 0
        while room < self._settings.relay_concurrency and self.reserve():
            room += 1
        if not room:
            return
        claimed: list[Work] = []

        def change(connection: Connection) -> list[Work]:
            return repository.claim(
                connection,
                worker=self._settings.replica,
                now=now,
                lease=self._lease,
                limit=room,
            )

        try:
            claimed = await self._database.write(change)
        finally:
            self._busy -= room - len(claimed)
        for work in claimed:
            self.begin(work)
