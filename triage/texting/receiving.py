"""Takes texts in: each once, whole or not at all, in the conversation of whoever sent it.

One transaction finds or adds the sender, notes the carrier's id, and keeps what was said with the work of answering it.
What tells of danger is words, whatever else it may look like, and is answered first.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from services_catalog.packs import City
from triage.conversations import repository as conversations_repository
from triage.conversations.repository import OnSaid
from triage.conversations.schemas import Location, NewMessage, Outcome, Sender
from triage.conversations.service import Conversations, Danger, Found, spoken
from triage.conversations.turns import State
from triage.kit.clock import Clock
from triage.kit.ids import hash_of, new_id, new_token
from triage.texting import notices
from triage.texting.figures import TextFigures
from triage.texting.incoming import WHATSAPP, Incoming, Point, Taken, says_something
from triage.texting.numbers import Numbers
from triage.texting.outbox import STANDS_FOR, say_again
from triage.texting.reading import Key, Keyword, More, Pick, Standing, Wants, read
from triage.texting.repository import outgoing, received, senders
from triage.texting.shares import Limits, may_be_automatic, noise_of
from triage.texting.wording import Option

log = logging.getLogger(__name__)

# What the carrier itself answers and enforces (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out). Any other
# word that means the same is ours to confirm.
_CARRIER_STOPS_AT = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel"}
)
_CARRIER_HELPS_AT = frozenset({"help", "info"})
# What a conversation remembers where its resident was told what is kept.
_TOLD = "told_what_is_kept"
_KEYS = {"STOP": Key.STOP, "START": Key.START, "HELP": Key.HELP}


@dataclass(frozen=True)
class Rules:
    """How texts are taken."""

    limits: Limits
    answers_help: bool
    new_conversation_after: timedelta
    # Where it stands what is kept; empty: nothing is said of it.
    notice_at: str


@dataclass
class _Told:
    """What became of a text. Written in the transaction, read after it: whoever runs last has committed."""

    taken: Taken | None = None
    loop_begins: bool = False


class _Overtaken(Exception):
    """While this waited, another text has begun a new conversation of the same sender."""


class Receiver:
    """Takes in what the carrier hands over."""

    def __init__(
        self,
        conversations: Conversations,
        city: City,
        numbers: Numbers,
        rules: Rules,
        on_said: Sequence[OnSaid],
        figures: TextFigures,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._city = city
        self._numbers = numbers
        self._rules = rules
        self._on_said = on_said
        self._figures = figures
        self._clock = clock
        self._languages = frozenset(city.languages) | frozenset(city.language_notice)

    async def receive(self, came: Incoming, source: str = "webhook") -> bool:
        """Take a text in; False, and nothing changed, if it came before.

        Args:
            source: "webhook", or "log" where it was found in the carrier's log.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        told = _Told()
        danger = None
        if says_something(came.body):
            danger = await self._conversations.looked(came.body)

        def find(connection: Connection) -> Found | None:
            return self._find(connection, came, danger, source, told)

        while True:
            try:
                await self._conversations.keep_found(find, danger)
                break
            except _Overtaken:
                continue
        if told.taken is None:
            self._figures.repeated.inc()
            return False
        self._figures.received.labels(came.channel, told.taken.value).inc()
        if told.loop_begins:
            self._figures.loops.inc()
            log.warning("answering a number stopped: a machine seems to write there")
        return True

    def _find(
        self,
        connection: Connection,
        came: Incoming,
        danger: Danger | None,
        source: str,
        told: _Told,
    ) -> Found | None:
        now = self._clock.now()
        told.taken, told.loop_begins = None, False
        sender, held = self._whose(connection, came, now)
        # Noted before it is known what it is: only who adds this row goes on.
        is_new = received.add_incoming(
            connection,
            sid=came.sid,
            sender_id=sender.id,
            taken_for=Taken.WORDS.value,
            source=source,
            received_at=now,
        )
        if not is_new:
            return None
        mark = self._numbers.mark(f"text:{came.body}") if may_be_automatic(came.body) else None
        noise = noise_of(sender, mark, now, self._rules.limits)
        senders.set_sender(connection, sender.id, line=came.line, heard_at=now, **noise.values)
        later: frozenset[str] = frozenset()
        if came.made_at:
            # The log tells whole seconds.
            within = came.made_at + timedelta(seconds=1)
            later = received.taken_since(connection, sender.id, within)
        outgoing.hurry(connection, sender.id, now)
        turn = _Text(self, connection, sender, held, came, later, now)
        if noise.is_quiet and not turn.is_key:
            told.taken, told.loop_begins = Taken.QUIET, noise.begins
            found = turn.kept_quietly(noise.begins)
        else:
            told.taken, found = turn.taken(is_danger=danger is not None)
            if found and danger is None:
                found = turn.with_notice(found)
        if told.taken is not Taken.WORDS:
            received.set_incoming(connection, came.sid, taken_for=told.taken.value)
        return found

    def _whose(
        self, connection: Connection, came: Incoming, now: datetime
    ) -> tuple[Row[Any], Row[Any]]:
        """Return the sender and the conversation, both held, the conversation first."""
        mark = self._numbers.mark(came.sender)
        known = senders.sender_by_mark(connection, mark)
        if known is None:
            sender_id = new_id("snd")
            is_added = senders.add_sender(
                connection,
                id=sender_id,
                mark=mark,
                address=self._numbers.lock(came.sender),
                channel=came.channel,
                line=came.line,
                created_at=now,
                heard_at=now,
            )
            if is_added:
                return self._begin(connection, sender_id, came, now)
            known = senders.sender_by_mark(connection, mark)
            assert known is not None  # noqa: S101 (somebody has just added it)
        held = conversations_repository.hold(connection, known.conversation_id)
        assert held is not None  # noqa: S101 (a foreign key)
        sender = senders.lock_sender(connection, known.id)
        if sender.conversation_id != held.id:
            raise _Overtaken
        if now - sender.heard_at > self._rules.new_conversation_after:
            return self._begin(connection, sender.id, came, now)
        return sender, held

    def _begin(
        self, connection: Connection, sender_id: str, came: Incoming, now: datetime
    ) -> tuple[Row[Any], Row[Any]]:
        conversation_id = new_id("con")
        conversations_repository.add_conversation(
            connection,
            id=conversation_id,
            # Nobody has this token: such a conversation is not read over the web.
            token_hash=hash_of(new_token()),
            channel=came.channel,
            language=self._city.languages[0],
            language_asked=None,
            state=State.ASSISTANT.value,
            next_seq=1,
            created_at=now,
        )
        senders.set_sender(
            connection, sender_id, conversation_id=conversation_id, options=None, rest=None
        )
        held = conversations_repository.hold(connection, conversation_id)
        assert held is not None  # noqa: S101 (added above)
        return senders.lock_sender(connection, sender_id), held

    # ── what `_Text` asks of it ──

    @property
    def city(self) -> City:
        return self._city

    @property
    def languages(self) -> frozenset[str]:
        return self._languages

    def answers_help(self, came: Incoming) -> bool:
        """Say whether a word for help is answered here: over WhatsApp no carrier does, nor one that it does not know."""
        is_known = came.opt_out or came.body.strip().casefold() in _CARRIER_HELPS_AT
        return self._rules.answers_help or came.channel == WHATSAPP or not is_known

    @property
    def notice_at(self) -> str:
        """Where it stands what is kept of texts."""
        return self._rules.notice_at

    @property
    def quiet_minutes(self) -> int:
        return round(self._rules.limits.quiet.total_seconds() / 60)

    def say(self, connection: Connection, held: Row[Any], text: str, now: datetime) -> None:
        """Say something in a conversation that is held."""
        row = spoken(Sender.SYSTEM, text, Outcome.SMALL_TALK, now)
        conversations_repository.add_messages(connection, held, [row], self._on_said)


class _Text:
    """One text, in the transaction that takes it."""

    def __init__(
        self,
        receiver: Receiver,
        connection: Connection,
        sender: Row[Any],
        held: Row[Any],
        came: Incoming,
        later: frozenset[str],
        now: datetime,
    ) -> None:
        self._later = later
        self._receiver = receiver
        self._connection = connection
        self._sender = sender
        self._held = held
        self._came = came
        self._now = now
        self._wants = _wants(came, sender, receiver.languages, now)

    @property
    def is_key(self) -> bool:
        """Say whether it is a word that stops or starts texts: that is always heard."""
        return isinstance(self._wants, Keyword) and self._wants.key in (Key.STOP, Key.START)

    def kept_quietly(self, is_first: bool) -> Found | None:
        """Keep it unanswered; the first time, say so."""
        says = []
        if is_first:
            city, minutes = self._receiver.city, self._receiver.quiet_minutes
            text = notices.gone_quiet(city, minutes)
            says = [spoken(Sender.SYSTEM, text, Outcome.SMALL_TALK, self._now)]
        self._fetch_pictures()
        message = _plain_message(self._came)
        if not message and self._came.point:
            message = self._place(self._came.point)
        return Found(self._held, message, is_answered=False, says=says) if message else None

    def taken(self, *, is_danger: bool) -> tuple[Taken, Found | None]:
        """Do what the text wants."""
        came, wants = self._came, self._wants
        self._fetch_pictures()
        if not is_danger:
            if self.is_key and self._later & {Taken.STOP, Taken.START}:
                return Taken.LATE, None
            if isinstance(wants, Keyword):
                return self._key(wants), None
            if came.point:
                return Taken.LOCATION, Found(self._held, self._place(came.point))
            if self._later and (found := self._kept_as_late()):
                return Taken.LATE, found
            if isinstance(wants, Pick):
                picked = NewMessage(client_message_id=came.sid, choice_id=wants.choice_id)
                return Taken.CHOICE, Found(self._held, picked)
            if isinstance(wants, More):
                self._go_on()
                return Taken.MORE, None
        message = _plain_message(came)
        if message:
            return Taken.WORDS, Found(self._held, message)
        if came.media:
            return Taken.PICTURES, None
        self._say(notices.empty(self._receiver.city))
        return Taken.EMPTY, None

    def with_notice(self, found: Found) -> Found:
        """Say what is kept, once in a conversation; but never beside what to do in danger."""
        address = self._receiver.notice_at
        if not address or (self._held.memory or {}).get(_TOLD):
            return found
        conversations_repository.remember(self._connection, self._held, {_TOLD: True})
        text = notices.what_is_kept(self._receiver.city, address)
        notice = spoken(Sender.SYSTEM, text, Outcome.SMALL_TALK, self._now)
        return replace(found, says=[notice, *found.says])

    def _kept_as_late(self) -> Found | None:
        """Keep what may have answered an older question unanswered, and say so: "1" must not answer the newest one."""
        message = _plain_message(self._came)
        if message is None or may_be_automatic(self._came.body):
            return None
        text = notices.late(self._came.body)
        says = [spoken(Sender.SYSTEM, text, Outcome.SMALL_TALK, self._now)]
        return Found(self._held, message, is_answered=False, says=says)

    def _key(self, wants: Keyword) -> Taken:
        match wants.key:
            case Key.STOP:
                self._stop()
                return Taken.STOP
            case Key.START:
                senders.set_sender(self._connection, self._sender.id, opted_out_at=None)
                if self._came.channel == WHATSAPP:
                    self._say(notices.welcome_back(self._receiver.city))
                if self._sender.opted_out_at:
                    say_again(self._connection, self._sender.id, self._now)
                return Taken.START
            case Key.HELP:
                if self._receiver.answers_help(self._came):
                    self._say(notices.help_words(self._receiver.city))
                return Taken.HELP
            case Key.LANGUAGE:
                self._speak(wants.language)
                return Taken.LANGUAGE

    def _stop(self) -> None:
        connection, sender = self._connection, self._sender
        outgoing.bury_waiting(connection, sender.id, self._now)
        senders.set_sender(
            connection, sender.id, opted_out_at=self._now, options=None, rest=None
        )
        word = self._came.body.strip().casefold()
        by_carrier = self._came.opt_out or word in _CARRIER_STOPS_AT
        if sender.opted_out_at is None and (self._came.channel == WHATSAPP or not by_carrier):
            body = notices.last_word(self._receiver.city)
            outgoing.queue(connection, sender, [(body, None)], self._now, is_last_word=True)

    def _speak(self, language: str) -> None:
        city = self._receiver.city
        if language in city.languages:
            conversations_repository.set_language(self._connection, self._held.id, language)
            self._say(notices.speaks(language))
        else:
            self._say(city.language_notice[language])

    def _go_on(self) -> None:
        """Send the next part of a long text."""
        part, *rest = self._sender.rest
        outgoing.queue(
            self._connection,
            self._sender,
            [(part, None)],
            self._now,
            rest=rest or None,
            rest_at=self._now,
        )

    def _fetch_pictures(self) -> None:
        came = self._came
        if came.media:
            received.add_media(self._connection, came.sid, self._held.id, came.media, self._now)

    def _say(self, text: str) -> None:
        self._receiver.say(self._connection, self._held, text, self._now)

    def _place(self, point: Point) -> NewMessage:
        place = Location(lat=point.lat, long=point.long)
        return NewMessage(client_message_id=self._came.sid, location=place)


def _wants(came: Incoming, sender: Row[Any], languages: frozenset[str], now: datetime) -> Wants:
    if key := _KEYS.get(came.opt_out):
        return Keyword(key)
    options: tuple[Option, ...] = ()
    if sender.options and now - sender.options_at <= STANDS_FOR:
        options = tuple(Option(number, choice_id) for number, choice_id in sender.options)
    if came.button and any(o.choice_id == came.button for o in options):
        return Pick(came.button)
    has_rest = bool(sender.rest) and now - sender.rest_at <= STANDS_FOR
    return read(
        came.body,
        Standing(options, has_rest, sender.opted_out_at is not None, languages),
    )


def _plain_message(came: Incoming) -> NewMessage | None:
    """Return the words of a text as a message; however many there are, all of them."""
    if not says_something(came.body):
        return None
    # Not checked as the web chat's: nobody there could make it shorter. Its characters are checked already.
    return NewMessage.model_construct(client_message_id=came.sid, text=came.body)
