"""Text messages assembled: what takes them in, what sends them, what compares the carrier's log. Only where it is set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from prometheus_client import CollectorRegistry
from sqlalchemy import Connection

from services_catalog.packs import City
from triage.conversations.repository import OnSaid
from triage.conversations.service import Conversations
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.duties import DutyWorker
from triage.kit.life import OnDeath
from triage.media.service import Photos
from triage.text_settings import TextSettings
from triage.texting.carrier import Account, Carrier
from triage.texting.figures import TextFigures
from triage.texting.numbers import Numbers
from triage.texting.pictures import Patience, Pictures
from triage.texting.receiving import Receiver, Rules
from triage.texting.reconciling import Reconciler
from triage.texting.repository import senders
from triage.texting.sending import Deliveries, Pace, TextSender
from triage.texting.shares import Limits
from triage.texting.signature import Signatures
from triage.texting.worker import Times, text_worker

# A readiness probe comes every few seconds; the carrier need not hear of each.
HEALTH_SECONDS = 60
MOVED_AT_ONCE = 1_000


def numbers_of(settings: TextSettings) -> Numbers:
    """Return what keeps and finds phone numbers."""
    keys = [key.get_secret_value() for key in settings.text_keys]
    return Numbers(keys, settings.text_match_key.get_secret_value())


def move_numbers(connection: Connection, settings: TextSettings) -> int:
    """Encrypt every number anew with the first key; return how many there are.

    Raises:
        NumberNotReadable: none of the keys fits one of them.
    """
    numbers, moved, last = numbers_of(settings), 0, ""
    while piece := senders.locked_addresses(connection, last, MOVED_AT_ONCE):
        for sender_id, locked in piece:
            senders.set_sender(connection, sender_id, address=numbers.lock_again(locked))
        moved, last = moved + len(piece), piece[-1][0]
    return moved


class Texting:
    """The text messages of one city's line, for settings that have them. `close()` after use."""

    def __init__(
        self,
        settings: TextSettings,
        database: Database,
        city: City,
        conversations: Conversations,
        photos: Photos,
        on_said: Sequence[OnSaid],
        registry: CollectorRegistry,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self.lines = settings.twilio_numbers
        self.figures = TextFigures(registry)
        self.signatures = Signatures(
            settings.public_url,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_signing_key.get_secret_value(),
        )
        self.account_sid = settings.twilio_account_sid
        self.carrier = Carrier(_account(settings), settings.twilio_seconds)
        self._numbers = numbers_of(settings)
        quiet = timedelta(minutes=settings.text_quiet_minutes)
        limits = Limits(settings.text_same_in_a_row, settings.text_from_one_per_minute, quiet)
        self.receiver = Receiver(
            conversations,
            city,
            self._numbers,
            Rules(
                limits,
                settings.text_answers_help,
                timedelta(days=settings.text_conversation_days),
                (settings.text_notice_url or settings.public_url)
                if settings.text_notice
                else "",
            ),
            on_said,
            self.figures,
            clock,
        )
        self._pace = Pace(
            settings.text_retry_first_seconds,
            settings.text_retry_longest_seconds,
            settings.twilio_seconds,
            timedelta(hours=settings.text_give_up_after_hours),
            settings.text_replies_per_hour,
        )
        self.deliveries = Deliveries(database, self.figures, clock, self._pace)
        self.reconciler = Reconciler(
            database,
            self.carrier,
            self._numbers,
            self.receiver,
            self.deliveries,
            self.figures,
            clock,
            timedelta(minutes=settings.text_reconcile_minutes),
        )
        self._pictures = Pictures(
            database,
            self.carrier,
            conversations,
            photos,
            self.receiver.say,
            self.figures,
            clock,
            Patience(
                settings.text_retry_first_seconds,
                settings.text_retry_longest_seconds,
                self._pace.give_up_after,
            ),
        )
        self._asking = asyncio.Lock()
        self._trouble: str | None = None
        self._asked_at = 0.0

    def worker(self, name: str, on_death: OnDeath) -> DutyWorker:
        """Return this process's part in sending, under its name."""
        settings = self._settings
        sender = TextSender(
            self._database, self.carrier, self._numbers, self.figures, self._clock, self._pace
        )
        return text_worker(
            self._database,
            sender,
            self._pictures,
            self.reconciler,
            self.lines if settings.text_reconcile_minutes else (),
            self.figures,
            self._clock,
            Times(
                settings.text_sweep_seconds, settings.twilio_seconds, settings.text_concurrency
            ),
            name,
            on_death,
        )

    async def trouble(self) -> str:
        """Return in a word why the carrier cannot be used; nothing: it can. Known for a minute."""
        async with self._asking:
            if self._trouble is None or time.monotonic() - self._asked_at > HEALTH_SECONDS:
                self._trouble = await self.carrier.trouble()
                self._asked_at = time.monotonic()
            return self._trouble

    async def close(self) -> None:
        """Let the connections go."""
        await self.carrier.close()


def _account(settings: TextSettings) -> Account:
    secret = (
        settings.twilio_api_secret if settings.twilio_api_key else settings.twilio_auth_token
    )
    return Account(
        settings.twilio_url,
        settings.twilio_account_sid,
        settings.twilio_api_key or settings.twilio_account_sid,
        secret.get_secret_value(),
        settings.public_url.rstrip("/"),
        settings.twilio_messaging_service,
        frozenset(settings.twilio_media_hosts),
    )
