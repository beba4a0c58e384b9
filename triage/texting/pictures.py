"""Fetches what came with texts: a picture becomes a photo in the conversation; what is none, the sender is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row

from triage.conversations import repository as conversations_repository
from triage.conversations.service import Conversations, Found, PhotoMessage
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.outside import Failed
from triage.kit.work import pause_before
from triage.media.errors import (
    MediaUnavailable,
    PhotoDamaged,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnknownType,
)
from triage.media.service import Kept, Photos
from triage.texting import notices
from triage.texting.carrier import Carrier, NotFetched
from triage.texting.figures import TextFigures
from triage.texting.repository import senders
from triage.texting.repository.received import MediaWork
from triage.texting.tables import media_work

log = logging.getLogger(__name__)

Say = Callable[[Connection, Row[object], str, datetime], None]
_NO_PHOTO = (PhotoTooLarge, PhotoUnknownType, PhotoTooManyPixels, PhotoDamaged)


@dataclass(frozen=True)
class Patience:
    """How soon a picture that was not had is asked for again, and when no more."""

    first_seconds: float
    longest_seconds: float
    give_up_after: timedelta


class Pictures:
    """Fetches one picture at a time that is held under a lease.

    Args:
        say: says something in a conversation that is held.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        conversations: Conversations,
        photos: Photos,
        say: Say,
        figures: TextFigures,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._conversations = conversations
        self._photos = photos
        self._say = say
        self._figures = figures
        self._clock = clock
        self._patience = patience

    async def fetch(self, work: MediaWork) -> None:
        """Make a picture a message of its conversation, or say why not.

        Raises:
            DatabaseUnavailable: what became of it is not recorded; it comes back when the lease ends.
        """
        if work.content_type and not work.content_type.startswith("image/"):
            await self._cannot(work, "no_picture", notices.no_picture())
            return
        try:
            content = await self._carrier.fetch(work.url)
            kept = await self._photos.keep(content, work.conversation_id, self._clock.now())
        except NotFetched as fault:
            await self._cannot(work, str(fault), notices.picture_lost())
        except _NO_PHOTO as fault:
            await self._cannot(work, fault.code, notices.no_picture())
        except Failed as fault:
            if fault.kind == "too_large":
                await self._cannot(work, fault.kind, notices.no_picture())
            else:
                await self._again(work, fault.kind)
        except MediaUnavailable as fault:
            await self._again(work, fault.code)
        else:
            await self._keep(work, kept)

    async def _keep(self, work: MediaWork, kept: Kept) -> None:
        now = self._clock.now()

        def find(connection: Connection) -> Found | None:
            held = self._held(connection, work)
            if not media_work.finish(connection, work.lease, now):
                return None
            sender = senders.sender_of(connection, held.id)
            is_quiet = sender is not None and (sender.quiet_until or now) > now
            message = PhotoMessage(f"{work.sid}.{work.position}", kept)
            return Found(held, message, is_answered=not is_quiet)

        # If this fails, whether the row is there may be unknown: the file stays for the sweeper to decide.
        received = await self._conversations.keep_found(find)
        if received and received.is_new:
            await self._photos.settle(kept)
            self._figures.pictures.labels("kept").inc()
        else:
            await self._photos.let_go(kept)

    async def _cannot(self, work: MediaWork, why: str, says: str) -> None:
        now = self._clock.now()

        def change(connection: Connection) -> bool:
            held = self._held(connection, work)
            is_mine = media_work.bury(connection, work.lease, now, error=why)
            if is_mine:
                self._say(connection, held, says, now)
            return is_mine

        if await self._database.write(change):
            self._figures.pictures.labels(why).inc()
            log.warning("a picture was not taken", extra={"kind": why})

    async def _again(self, work: MediaWork, kind: str) -> None:
        self._figures.failures.labels(kind).inc()
        now = self._clock.now()
        if now - work.created_at > self._patience.give_up_after:
            await self._cannot(work, "given_up", notices.picture_lost())
            return
        pause = pause_before(
            work.lease.attempts,
            first=self._patience.first_seconds,
            longest=self._patience.longest_seconds,
        )
        await self._database.write(
            lambda c: media_work.postpone(c, work.lease, until=now + pause, error=kind)
        )

    @staticmethod
    def _held(connection: Connection, work: MediaWork) -> Row[object]:
        held = conversations_repository.hold(connection, work.conversation_id)
        assert held is not None  # noqa: S101 (a foreign key)
        return held
