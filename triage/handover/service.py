"""What staff do with conversations: take them, answer, give them away, note. Each is one transaction, with its audit entry.

Only the one who has a conversation speaks in it. Whoever gives it away says up to which message they have read: words of
the resident that nobody has read keep it from ending.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from services_catalog.packs import City
from triage.conversations import repository as conversations
from triage.conversations.repository import OnSaid
from triage.conversations.schemas import LONGEST_MESSAGE, Sender
from triage.conversations.turns import Event, State, clean_start
from triage.handover import notices, repository
from triage.handover.errors import (
    HandoverUnknown,
    NewWords,
    NotYours,
    TakenAlready,
    WordsMissing,
)
from triage.handover.line import back_in_line, end, put
from triage.handover.notices import Words
from triage.handover.saying import Offer, message
from triage.kit.bell import Bell
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.kit.text import readable
from triage.staff import audit
from triage.staff.roles import Member


@dataclass(frozen=True)
class _Work:
    """One thing that a member does, in its transaction."""

    connection: Connection
    held: Row[Any]
    handover: Row[Any]
    member: Member
    now: datetime


class Handovers:
    """The conversations of a line, as its staff work with them."""

    def __init__(
        self,
        database: Database,
        city: City,
        bell: Bell,
        clock: Clock,
        on_said: Sequence[OnSaid],
    ) -> None:
        self._database = database
        self._city = city
        self._bell = bell
        self._clock = clock
        self._on_said = on_said

    async def take(self, member: Member, conversation_id: str) -> None:
        """Take a conversation that waits, or whose resident is to be contacted.

        Raises:
            HandoverUnknown: it waits for nobody.
            TakenAlready: somebody else has it.
        """

        def change(work: _Work) -> None:
            connection, handover, now = work.connection, work.handover, work.now
            waits = handover.waiting_since or handover.contact_wanted_at
            if handover.holder_id == member.id:
                return
            if not (waits or handover.holder_id):
                raise HandoverUnknown
            if not repository.claim(
                connection, handover.id, member_id=member.id, name=member.name, now=now
            ):
                raise TakenAlready(work.handover.holder_name)
            put(connection, work.held, Event.TAKEN)
            # What is with the assistant just now is for the person, too.
            conversations.leave_to_person(connection, work.held.id, now)
            self._tell(work, notices.taken(self._city, member.name))
            waited = round((now - handover.asked_at).total_seconds())
            self._record(work, "take", reason=handover.reason, waited_seconds=waited)

        await self._do(member, conversation_id, change)

    async def say(
        self,
        member: Member,
        conversation_id: str,
        text: str,
        client_message_id: str,
        seen: int,
    ) -> None:
        """Say something to the resident; the same id again changes nothing.

        Args:
            seen: the number of the last message that the member has read; what came after it they still owe an answer to.

        Raises:
            HandoverUnknown, NotYours: the member does not have it.
            WordsMissing: there is nothing to say.
        """
        words = _readable(text)

        def change(work: _Work) -> None:
            connection, held = work.connection, work.held
            if conversations.sent_as(connection, held.id, client_message_id):
                return
            _must_have(work)
            said = {
                "id": new_id("msg"),
                "client_message_id": client_message_id,
                "sender": Sender.PERSON.value,
                "text": words,
                "extra": {"name": member.name},
                "created_at": work.now,
            }
            conversations.add_messages(connection, held, [said], self._on_said)
            read = _read(work, seen)
            has_all = repository.newest_words(connection, held.id) <= read
            owes = {} if has_all else {"owed_since": work.now}
            repository.change(
                connection, work.handover.id, **{"owed_since": None, "seen_seq": read} | owes
            )
            self._record(work, "say")

        await self._do(member, conversation_id, change)

    async def hand_back(self, member: Member, conversation_id: str, seen: int) -> None:
        """Give a conversation back to the assistant, which starts afresh.

        Raises:
            HandoverUnknown, NotYours, NewWords: see `say`; there are words that the member has not read.
        """
        await self._end(
            member, conversation_id, seen, Event.HANDED_BACK, "hand_back", notices.handed_back
        )

    async def close(self, member: Member, conversation_id: str, seen: int) -> None:
        """End a conversation; the resident's next message opens it again, with the assistant.

        Raises:
            HandoverUnknown, NotYours, NewWords: as `hand_back`.
        """
        await self._end(member, conversation_id, seen, Event.CLOSED, "close", notices.closed)

    async def put_back(self, member: Member, conversation_id: str) -> None:
        """Give a conversation back to the line, for another person.

        Raises:
            HandoverUnknown, NotYours: as `say`.
        """

        def change(work: _Work) -> None:
            _must_have(work)
            place = back_in_line(
                work.connection, work.held, work.handover, Event.RETURNED, work.now
            )
            self._tell(work, notices.returned(place), Offer.LEAVE)
            self._record(work, "put_back")

        await self._do(member, conversation_id, change)

    async def contacted(self, member: Member, conversation_id: str) -> None:
        """Note that somebody who wanted to be contacted was, in another way than here.

        Raises:
            HandoverUnknown: nobody wants to be.
            TakenAlready: somebody has the conversation.
        """

        def change(work: _Work) -> None:
            if work.handover.holder_id:
                raise TakenAlready(work.handover.holder_name)
            if not work.handover.contact_wanted_at:
                raise HandoverUnknown
            end(work.connection, work.handover, "contacted", work.now)
            self._record(work, "contacted")

        await self._do(member, conversation_id, change)

    async def note(self, member: Member, conversation_id: str, text: str) -> None:
        """Write something for the other staff.

        Raises:
            HandoverUnknown: staff do not see this conversation.
            WordsMissing: there is nothing in it.
        """
        words, now = _readable(text), self._clock.now()

        def change(connection: Connection) -> None:
            if repository.conversation(connection, conversation_id) is None:
                raise HandoverUnknown
            repository.add_note(
                connection,
                id=new_id("not"),
                conversation_id=conversation_id,
                member_id=member.id,
                member_name=member.name,
                text=words,
                at=now,
            )
            audit.record(connection, member, "conversation.note", conversation_id, now=now)

        await self._database.write(change)
        self._bell.ring(conversation_id)

    # ── how each of them is done ──

    async def _do(
        self, member: Member, conversation_id: str, change: Callable[[_Work], None]
    ) -> None:
        now = self._clock.now()

        def whole(connection: Connection) -> None:
            held = conversations.hold(connection, conversation_id)
            handover = repository.open_of(connection, conversation_id) if held else None
            if held is None or handover is None:
                raise HandoverUnknown
            change(_Work(connection, held, handover, member, now))

        await self._database.write(whole)
        self._bell.ring(conversation_id)

    async def _end(
        self,
        member: Member,
        conversation_id: str,
        seen: int,
        event: Event,
        verb: str,
        says: Callable[[str], Words],
    ) -> None:
        def change(work: _Work) -> None:
            _must_have(work)
            connection, held = work.connection, work.held
            read = _read(work, seen)
            if repository.newest_words(connection, held.id) > read:
                raise NewWords
            state = put(connection, held, event)
            repository.change(connection, work.handover.id, seen_seq=read)
            end(connection, work.handover, verb, work.now)
            is_back = state is State.ASSISTANT
            sender = Sender.ASSISTANT if is_back else Sender.SYSTEM
            self._tell(work, says(member.name), sender=sender)
            conversations.start_afresh(connection, held, clean_start(held.memory))
            self._record(work, verb)

        await self._do(member, conversation_id, change)

    def _tell(
        self, work: _Work, words: Words, *offers: Offer, sender: Sender = Sender.SYSTEM
    ) -> None:
        told = message(words, offers, work.now, sender=sender)
        conversations.add_messages(work.connection, work.held, [told], self._on_said)

    def _record(self, work: _Work, verb: str, **details: str | int) -> None:
        audit.record(
            work.connection,
            work.member,
            f"conversation.{verb}",
            work.held.id,
            now=work.now,
            **details,
        )


def _must_have(work: _Work) -> None:
    if work.handover.holder_id != work.member.id:
        raise NotYours


def _read(work: _Work, seen: int) -> int:
    """Return up to which message the member has read, whatever a form claims."""
    newest = int(work.held.next_seq) - 1
    return max(int(work.handover.seen_seq), min(seen, newest))


def _readable(text: str) -> str:
    try:
        words = readable(text).strip()
    except ValueError as fault:
        raise WordsMissing from fault
    if len(words) > LONGEST_MESSAGE:
        raise WordsMissing
    return words
