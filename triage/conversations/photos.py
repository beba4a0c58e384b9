"""Photos in a conversation: each is a message, kept and answered like any other."""

from __future__ import annotations

from sqlalchemy import Connection

from triage.conversations import repository
from triage.conversations.schemas import Accepted
from triage.conversations.service import Conversations, PhotoMessage, is_photo, opened
from triage.errors import MessageIdReused
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.media import repository as media
from triage.media.errors import PhotoUnknown
from triage.media.repository import Photo
from triage.media.service import Photos, digest_of


class ConversationPhotos:
    """The photos that residents send in conversations, and see there."""

    def __init__(
        self, database: Database, conversations: Conversations, photos: Photos, clock: Clock
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._photos = photos
        self._clock = clock

    async def receive(
        self, conversation_id: str, token: str, client_message_id: str, sent: bytes
    ) -> Accepted:
        """Keep a photo as a message and have it answered; the same again changes nothing.

        Raises:
            TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
            MessageIdReused: its client_message_id came before, with something else.
            PhotoTooLarge, PhotoUnknownType, PhotoTooManyPixels, PhotoDamaged: the photo is not taken.
            MediaUnavailable: it could not be written.
        """
        # Before the work of cleaning it: that is only for those who may send here, and once.
        before = await self._database.read(
            lambda c: self._before(
                c, conversation_id, token, client_message_id, digest_of(sent)
            )
        )
        if before:
            return before
        kept = await self._photos.keep(sent, conversation_id, self._clock.now())
        # If this fails, whether the row is there may be unknown: the file stays for the sweeper to decide.
        received = await self._conversations.keep(
            conversation_id, token, PhotoMessage(client_message_id, kept)
        )
        if received.is_new:
            await self._photos.settle(kept)
        else:  # it was sent twice at once
            await self._photos.let_go(kept)
        return received.accepted

    async def show(
        self, conversation_id: str, token: str, media_id: str
    ) -> tuple[Photo, bytes]:
        """Return a photo of a conversation.

        Raises:
            TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
            PhotoUnknown: it has no such photo.
        """

        def question(connection: Connection) -> Photo:
            opened(connection, conversation_id, token)
            photo = media.photo(connection, media_id)
            if photo is None or photo.conversation_id != conversation_id:
                raise PhotoUnknown
            return photo

        photo = await self._database.read(question)
        content = await self._photos.read(photo.id)
        if content is None:
            raise PhotoUnknown
        return photo, content

    @staticmethod
    def _before(
        connection: Connection,
        conversation_id: str,
        token: str,
        client_message_id: str,
        sent_sha256: str,
    ) -> Accepted | None:
        opened(connection, conversation_id, token)
        before = repository.sent_as(connection, conversation_id, client_message_id)
        if before is None:
            return None
        if not is_photo(connection, before, sent_sha256):
            raise MessageIdReused
        return Accepted(message_id=before.id, seq=before.seq)
