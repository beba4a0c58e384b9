"""What can be done with a conversation: start it, say something in it, read it, wait for news.

A message that `receive` has accepted is kept, and will be answered or visibly given up, whatever fails
after that. What tells of danger is answered in the same transaction, before anything else.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row

from services_catalog.packs import City
from triage.conversations import notices, repository
from triage.conversations.figures import Figures
from triage.conversations.people import Heard, People
from triage.conversations.repository import (
    DEALT_WITH,
    SAFETY_SAYS_ALL,
    TO_THE_LINE,
    OnSaid,
    Work,
)
from triage.conversations.schemas import (
    Accepted,
    ConversationStarted,
    NewMessage,
    Outcome,
    Sender,
    message_json,
)
from triage.conversations.tables import inbox_work
from triage.conversations.turns import Event, State, Turn, at_rest, moved, who_answers
from triage.errors import (
    ChoiceUnknown,
    ConversationUnknown,
    MessageIdReused,
    TokenMissingOrWrong,
)
from triage.kit.bell import Bell
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.ids import hash_of, is_token, new_id, new_token
from triage.kit.work import Lease
from triage.media import repository as media
from triage.media.service import Kept

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
# How long a resident's own message waits for its answer, before it is shown to those who follow by itself.
ECHO_SECONDS = 0.2
# So many messages are looked at for danger at once. More would push each other's models out of the processor's
# caches: each then takes a third longer.
LOOKERS = 2
_LOCATION_SHARED = "I shared my location."
_PHOTO_SENT = "I sent a photo."


class Danger(Protocol):
    """What a message says of danger."""

    @property
    def kind(self) -> str: ...
    @property
    def says_all(self) -> bool: ...


Look = Callable[[str], Danger | None]


class TakesWork(Protocol):
    """Who has messages answered: it is offered each new one before it is written down."""

    def reserve(self) -> bool:
        """Say whether there is room for one more message; if so, it is kept free."""
        ...

    def hold(self, message_id: str, now: datetime) -> tuple[Lease, dict[str, Any]]:
        """Return a lease on a message about to be written, and what to write with it."""
        ...

    def begin(self, work: Work) -> None:
        """Use the room that was reserved."""
        ...

    def unreserve(self) -> None:
        """Give the room back."""
        ...

    def wake(self) -> None:
        """Look for messages that wait."""
        ...


@dataclass(frozen=True)
class PhotoMessage:
    """A message that is a photo, whose file is kept already."""

    client_message_id: str
    photo: Kept


@dataclass(frozen=True)
class Found:
    """A message that came in, with the conversation it belongs to, which is held."""

    held: Row[Any]
    message: NewMessage | PhotoMessage
    # Whether it is answered, by whoever's turn it is; else it is kept, and that is all.
    is_answered: bool = True
    # What is said to it at once.
    says: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class Received:
    """What became of a message that came in."""

    conversation_id: str
    message_id: str
    seq: int
    channel: str
    is_new: bool
    kind_of_danger: str | None = None
    waits: bool = False
    work: Work | None = None

    @property
    def accepted(self) -> Accepted:
        """What its sender is told."""
        return Accepted(message_id=self.message_id, seq=self.seq)


class Conversations:
    """The conversations of one city's line."""

    def __init__(
        self,
        database: Database,
        city: City,
        look: Look,
        relay: TakesWork,
        bell: Bell,
        figures: Figures,
        clock: Clock,
        people: People,
        on_said: Sequence[OnSaid] = (),
    ) -> None:
        self._people = people
        self._on_said = on_said
        self._database = database
        self._city = city
        self._look = look
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="look")
        self._relay = relay
        self._bell = bell
        self._figures = figures
        self._clock = clock

    async def start(self, channel: str, language_asked: str | None) -> ConversationStarted:
        """Start a conversation; its token is told only here."""
        started = ConversationStarted(conversation_id=new_id("con"), token=new_token())
        now = self._clock.now()
        has_it = language_asked in self._city.languages
        language = language_asked if has_it and language_asked else self._city.languages[0]
        notice = None if has_it else self._city.language_notice.get(language_asked or "")

        def change(connection: Connection) -> None:
            repository.add_conversation(
                connection,
                id=started.conversation_id,
                token_hash=hash_of(started.token),
                channel=channel,
                language=language,
                language_asked=language_asked,
                state=State.ASSISTANT.value,
                next_seq=1,
                created_at=now,
            )
            if notice:
                held = repository.hold(connection, started.conversation_id)
                assert held is not None  # noqa: S101 (added above)
                said = spoken(Sender.SYSTEM, notice, Outcome.SMALL_TALK, now)
                repository.add_messages(connection, held, [said], self._on_said)

        await self._database.write(change)
        self._figures.started.labels(channel).inc()
        return started

    async def receive(self, conversation_id: str, token: str, message: NewMessage) -> Accepted:
        """Keep a resident's message and have it answered; the same message again changes nothing.

        Raises:
            TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
            MessageIdReused: its client_message_id came before, with something else.
            ChoiceUnknown: the choice was not offered in this conversation.
        """
        danger = await self.looked(message.text) if message.text else None
        return (await self.keep(conversation_id, token, message, danger)).accepted

    async def keep(
        self,
        conversation_id: str,
        token: str,
        message: NewMessage | PhotoMessage,
        danger: Danger | None = None,
    ) -> Received:
        """Do what `receive` does with a message that was looked at for danger already."""

        def find(connection: Connection) -> Found:
            held = repository.hold(connection, _known(conversation_id))
            return Found(_opened(held, token), message)

        kept = await self.keep_found(find, danger)
        assert kept is not None  # noqa: S101 (found, or an error was raised)
        return kept

    async def keep_found(
        self, find: Callable[[Connection], Found | None], danger: Danger | None = None
    ) -> Received | None:
        """Keep a message of which only the transaction that keeps it can say where it belongs, or that it is none.

        Args:
            find: returns the message, with its conversation held. What it changes is kept too; it may run twice.

        Raises:
            MessageIdReused, ChoiceUnknown: as `receive`; and whatever `find` raises.
        """
        has_room = self._relay.reserve()

        def change(connection: Connection) -> Received | None:
            found = find(connection)
            return self._keep(connection, found, danger, has_room) if found else None

        try:
            kept = await self._database.write(change)
        except BaseException:
            if has_room:
                self._relay.unreserve()
            raise
        if kept is None:
            if has_room:
                self._relay.unreserve()
            return None
        conversation_id = kept.conversation_id
        if kept.work:
            self._relay.begin(kept.work)
        elif has_room:
            self._relay.unreserve()
        if kept.waits and not kept.work:
            self._relay.wake()
        if not kept.is_new:
            self._figures.repeated.inc()
            return kept
        self._figures.received.labels(kept.channel).inc()
        if kept.kind_of_danger:
            self._figures.safety.labels(kept.kind_of_danger).inc()
            self._figures.replies.labels(Outcome.SAFETY.value).inc()
        if kept.work and not kept.kind_of_danger:
            # Who wrote it knows it already. It is shown with the answer, if that does not take long.
            self._bell.ring_later(conversation_id, ECHO_SECONDS)
        else:
            self._bell.ring(conversation_id)
        return kept

    async def looked(self, text: str) -> Danger | None:
        """Return what a message tells of danger."""
        # It takes milliseconds of processor time, in which others must not wait.
        return await asyncio.get_running_loop().run_in_executor(self._lookers, self._look, text)

    async def read(self, conversation_id: str, token: str, after: int) -> dict[str, Any]:
        """Return what was said after message number `after`, and how the conversation stands.

        Raises:
            TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
        """

        def question(connection: Connection) -> dict[str, Any]:
            # One statement, so that what was said and how it stands are of one moment.
            rows = repository.news(connection, _known(conversation_id), after)
            found = _opened(rows[0] if rows else None, token)
            return {
                "messages": [message_json(row) for row in rows if row.seq is not None],
                "state": found.state,
                "pending": found.pending,
            }

        return await self._database.read(question)

    def _keep(
        self,
        connection: Connection,
        found: Found,
        danger: Danger | None,
        has_room: bool,
    ) -> Received:
        """Write a message down, with the fixed safety text and the work of answering it."""
        held, message = found.held, found.message
        before = repository.sent_as(connection, held.id, message.client_message_id)
        if before is not None:
            if not _is_same(connection, message, before):
                raise MessageIdReused
            return Received(held.id, before.id, before.seq, held.channel, is_new=False)
        now = self._clock.now()
        said = self._said(connection, held.id, message, now, danger)
        rows = [said]
        if danger:
            text = self._city.safety.get(danger.kind) or notices.in_danger(self._city)
            safety = spoken(Sender.ASSISTANT, text, Outcome.SAFETY, now)
            rows.append(safety | {"in_reply_to": said["id"]})
        rows += found.says
        state, heard = State(held.state), Heard()
        turn = who_answers(state, safety_text_says_all=danger is not None and danger.says_all)
        if turn is Turn.NOBODY:
            said["extra"] = {**(said["extra"] or {}), SAFETY_SAYS_ALL: True}
            repository.remember(connection, held, at_rest(held.memory))
        elif not found.is_answered:
            turn = Turn.NOBODY
        elif to_people := self._people.heard(connection, held, said, now):
            heard = to_people
            turn = Turn.ASSISTANT if heard.is_for_assistant else Turn.PERSON
            if heard.is_for_line:
                said["extra"] = {**(said["extra"] or {}), TO_THE_LINE: True}
            rows += heard.says
        is_first = turn is Turn.ASSISTANT and not inbox_work.is_waiting(connection, held.id)
        seq = repository.add_messages(connection, held, rows, self._on_said)
        if reopened := moved(state, Event.REOPENED):
            repository.set_state(connection, held.id, reopened.value)
        work = None
        if turn is Turn.ASSISTANT:
            values: dict[str, Any] = {}
            if is_first and has_room:
                lease, values = self._relay.hold(said["id"], now)
                work = Work(lease, repository.asked_of(connection, held, said), now)
            repository.add_to_inbox(
                connection,
                message_id=said["id"],
                conversation_id=held.id,
                seq=seq,
                received_at=now,
                next_attempt_at=now,
                **values,
            )
        return Received(
            held.id,
            said["id"],
            seq,
            held.channel,
            is_new=True,
            kind_of_danger=danger.kind if danger else None,
            waits=turn is Turn.ASSISTANT or heard.wakes_assistant,
            work=work,
        )

    def _said(
        self,
        connection: Connection,
        conversation_id: str,
        message: NewMessage | PhotoMessage,
        now: datetime,
        danger: Danger | None,
    ) -> dict[str, Any]:
        text: str | None
        extra: dict[str, Any] | None = None
        if isinstance(message, PhotoMessage):
            media.add_photo(connection, **message.photo.row)
            text, extra = _PHOTO_SENT, {"photo": message.photo.media_id}
        elif message.choice_id:
            choice = repository.choice_offered(connection, conversation_id, message.choice_id)
            if choice is None:
                raise ChoiceUnknown
            text, extra = choice["label"], {"choice": choice}
        elif message.location:
            text, extra = _LOCATION_SHARED, {"location": message.location.model_dump()}
        else:
            text, extra = message.text, {"danger": danger.kind} if danger else None
        return {
            "id": new_id("msg"),
            "client_message_id": message.client_message_id,
            "sender": Sender.RESIDENT.value,
            "text": text,
            "extra": extra,
            "created_at": now,
        }


def spoken(sender: Sender, text: str, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Return the row of something that the line itself says."""
    return {
        "id": new_id("msg"),
        "sender": sender.value,
        "text": text,
        "outcome": outcome.value,
        "created_at": now,
    }


def _known(conversation_id: str) -> str:
    if not _ID.fullmatch(conversation_id):
        raise ConversationUnknown
    return conversation_id


def _opened(found: Row[Any] | None, token: str) -> Row[Any]:
    if found is None:
        raise ConversationUnknown
    if not is_token(token, found.token_hash):
        raise TokenMissingOrWrong
    return found


def opened(connection: Connection, conversation_id: str, token: str) -> Row[Any]:
    """Return how a conversation stands, for the one who has its token.

    Raises:
        TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
    """
    return _opened(repository.standing(connection, _known(conversation_id)), token)


def is_photo(connection: Connection, before: Row[Any], sent_sha256: str) -> bool:
    """Say whether a message was just this photo, before it was cleaned."""
    media_id = (before.extra or {}).get("photo")
    photo = media.photo(connection, media_id) if media_id else None
    return photo is not None and photo.sent_sha256 == sent_sha256


def _is_same(
    connection: Connection, message: NewMessage | PhotoMessage, before: Row[Any]
) -> bool:
    if isinstance(message, PhotoMessage):
        return is_photo(connection, before, message.photo.row["sent_sha256"])
    ours = DEALT_WITH | {"danger"}
    extra = {k: v for k, v in (before.extra or {}).items() if k not in ours}
    if message.choice_id:
        return bool(extra.get("choice", {}).get("choice_id") == message.choice_id)
    if message.location:
        return bool(extra.get("location") == message.location.model_dump())
    return not extra and bool(before.text == message.text)
