"""The line in which residents wait for a person: how they get into it, and what is made of what they write there.

Each function runs in the transaction that stores the message or the reply it is about, with the conversation held. So a
resident is never told that they wait when they do not, and nothing they write falls between the assistant and people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from services_catalog.desk import Desk
from services_catalog.packs import City
from triage.cases.deadlines import WorkingDays
from triage.conversations import repository as conversations
from triage.conversations.people import Heard
from triage.conversations.schemas import Sender
from triage.conversations.turns import Event, State, moved
from triage.handover import notices, repository
from triage.handover.hours import is_open, opens_next, said_when
from triage.handover.notices import Reason, Words
from triage.handover.reading import Reached, Wish, answer_in, is_going_on, reached_in, wish_in
from triage.handover.saying import Offer, fields, message, wish_tapped
from triage.handover.waiting import LOOK_BACK, MOST, measured_wait
from triage.kit.ids import new_id
from triage.staff.repository import all_accounts
from triage.staff.roles import Right

# On this channel alone nobody is reached any more once they have left: they are asked how.
_PAGE = "webchat"
# What was asked of a resident last.
ASKS_WHETHER, ASKS_HOW = "whether", "how"

HasStaff = Callable[[Connection], bool]


@dataclass(frozen=True)
class Opening:
    """When a city's desk is open."""

    desk: Desk
    zone: ZoneInfo
    is_holiday: Callable[[date], bool]

    def is_open(self, now: datetime) -> bool:
        """Say whether people answer now."""
        return is_open(self.desk, now, self.zone, self.is_holiday)

    def back(self, now: datetime) -> str:
        """Return in words when people are back; empty: they are there, or it is not known."""
        if self.is_open(now):
            return ""
        opens = opens_next(self.desk, now, self.zone, self.is_holiday)
        return said_when(opens, now, self.zone) if opens else ""


def opening_of(city: City) -> Opening | None:
    """Return when a city's desk is open; None: it has no desk."""
    if city.desk is None:
        return None
    days = WorkingDays(city.holidays)
    return Opening(city.desk, ZoneInfo(city.timezone), days.is_holiday)


def staffed(*, with_demo: bool) -> HasStaff:
    """Return what says whether there is an account that may take conversations.

    Args:
        with_demo: whether accounts for show may sign in, and so count.
    """

    def has_staff(connection: Connection) -> bool:
        return any(
            a.disabled_at is None
            and (with_demo or not a.is_demo)
            and a.member.may(Right.TAKE_CONVERSATIONS)
            for a in all_accounts(connection)
        )

    return has_staff


class Line:
    """The line of a city that has a desk.

    Args:
        has_staff: says whether there is an account that may take conversations at all.
    """

    def __init__(self, city: City, opening: Opening, has_staff: HasStaff) -> None:
        self._city = city
        self._opening = opening
        self._has_staff = has_staff

    # ── into it ──

    def wanted(
        self,
        connection: Connection,
        held: Row[Any],
        reason: str,
        memory: Mapping[str, Any],
        now: datetime,
    ) -> dict[str, Any] | None:
        """Put a conversation that is held into line, or say when people are back."""
        if not self._has_staff(connection):
            return None
        why = Reason(reason)
        handover_id = self._begun(connection, held, why, memory, now)
        if not self._opening.is_open(now):
            repository.change(connection, handover_id, asks=ASKS_WHETHER)
            words = notices.desk_closed(
                self._city, why, self._opening.back(now), by_text=held.channel != _PAGE
            )
            return fields(words, Offer.CONTACT, Offer.LEAVE)
        put(connection, held, Event.QUEUED)
        first = conversations.leave_to_person(connection, held.id, now)
        seen = (first or held.next_seq) - 1
        repository.change(connection, handover_id, waiting_since=now, asks=None, seen_seq=seen)
        words = notices.in_line(
            self._city,
            why,
            repository.place_of(connection, now, handover_id),
            self._measured(connection, now),
        )
        return fields(words, Offer.LEAVE)

    def _begun(
        self,
        connection: Connection,
        held: Row[Any],
        reason: Reason,
        memory: Mapping[str, Any],
        now: datetime,
    ) -> str:
        """Return the conversation's handover: a new one, or the open one asked for anew."""
        gathered = memory.get("intake")
        before = repository.open_of(connection, held.id)
        if before:
            repository.change(
                connection, before.id, reason=reason.value, gathered=gathered, asked_at=now
            )
            return str(before.id)
        handover_id = new_id("han")
        repository.add(
            connection,
            id=handover_id,
            conversation_id=held.id,
            reason=reason.value,
            gathered=gathered,
            asked_at=now,
            seen_seq=held.next_seq - 1,
        )
        return handover_id

    def _measured(self, connection: Connection, now: datetime) -> int | None:
        since = repository.longest_waiting_since(connection) or now
        lately = repository.waits_lately(connection, now - LOOK_BACK, MOST)
        return measured_wait(lately, now - since)

    # ── in it ──

    def heard(
        self, connection: Connection, held: Row[Any], said: Mapping[str, Any], now: datetime
    ) -> Heard | None:
        """Take in what a resident writes: to the line, to a person, or (None) to the assistant."""
        state, tapped = State(held.state), wish_tapped(said)
        handover = repository.open_of(connection, held.id)
        if handover is None:
            return self._after_all(connection, held, tapped, now) if tapped else None
        if state is State.PERSON:
            if handover.owed_since is None:
                repository.change(connection, handover.id, owed_since=now)
            return Heard()
        extra = said["extra"] or {}
        # Words that tell of danger, a photo, a place: no command.
        text = said["text"] if not extra else ""
        if state is State.QUEUED:
            return self._in_line(connection, held, handover, tapped, text, now)
        return self._put_off(connection, held, handover, tapped, text, now)

    def _in_line(
        self,
        connection: Connection,
        held: Row[Any],
        handover: Row[Any],
        tapped: Wish | None,
        text: str,
        now: datetime,
    ) -> Heard:
        asks_how = handover.asks == ASKS_HOW
        if asks_how and (reached := reached_in(text)):
            return self._promised(connection, held, handover, reached, now)
        wish = tapped or (answer_in(text) if asks_how else wish_in(text))
        if wish is Wish.LEAVE:
            # "Go on" is also how a report goes on that rests: then it is said to the assistant as well.
            goes_on = bool(handover.gathered) and is_going_on(text)
            return self._left(connection, held, handover, now, goes_on=goes_on)
        if wish is Wish.CONTACT:
            return self._contact(connection, held, handover, now)
        if asks_how:
            repository.change(connection, handover.id, asks=None)
        if handover.acknowledged_at:
            return Heard()
        repository.change(connection, handover.id, acknowledged_at=now)
        return Heard([message(notices.kept_for_person(), [Offer.LEAVE], now)])

    def _put_off(
        self,
        connection: Connection,
        held: Row[Any],
        handover: Row[Any],
        tapped: Wish | None,
        text: str,
        now: datetime,
    ) -> Heard | None:
        """Take in what is said while the assistant has the conversation, and people may get in touch later."""
        asks = handover.asks
        if asks:
            # Only the very next message is an answer.
            repository.change(connection, handover.id, asks=None)
            if reached := reached_in(text):
                return self._promised(connection, held, handover, reached, now)
        wish = tapped or (answer_in(text) if asks else None)
        if wish is Wish.CONTACT:
            return self._contact(connection, held, handover, now)
        if wish is Wish.LEAVE:
            end(connection, handover, "left", now)
            return _told(message(notices.not_contacted(), [], now, sender=Sender.ASSISTANT))
        if asks == ASKS_HOW and looks_like_contact(text):
            repository.change(connection, handover.id, asks=ASKS_HOW)
            words = notices.contact_not_read(self._city)
            return _told(message(words, [Offer.NO_CONTACT], now))
        return None

    def _left(
        self,
        connection: Connection,
        held: Row[Any],
        handover: Row[Any],
        now: datetime,
        *,
        goes_on: bool,
    ) -> Heard:
        put(connection, held, Event.LEFT)
        end(connection, handover, "left", now)
        # Nobody has seen what they wrote in line: the assistant shall.
        asked = conversations.leave_to_assistant(connection, held.id, handover.seen_seq, now)
        has_report = bool(handover.gathered) and not goes_on
        words = notices.left(has_words=asked > 0 or goes_on, has_report=has_report)
        told = message(words, [], now, sender=Sender.ASSISTANT)
        return Heard(
            [told],
            is_for_line=not goes_on,
            is_for_assistant=goes_on,
            wakes_assistant=asked > 0,
        )

    def _contact(
        self, connection: Connection, held: Row[Any], handover: Row[Any], now: datetime
    ) -> Heard:
        if held.channel != _PAGE:
            return self._promised(connection, held, handover, Reached(), now)
        repository.change(connection, handover.id, asks=ASKS_HOW)
        no = Offer.LEAVE if held.state == State.QUEUED else Offer.NO_CONTACT
        return _told(message(notices.ask_contact(self._city), [no], now))

    def _promised(
        self,
        connection: Connection,
        held: Row[Any],
        handover: Row[Any],
        reached: Reached,
        now: datetime,
    ) -> Heard:
        if reached.said:
            contact = {"phone": reached.phone or None, "email": reached.email or None}
            repository.keep_contact(connection, handover.id, **contact, given_at=now)
        if held.state == State.QUEUED:
            put(connection, held, Event.PUT_OFF)
        repository.change(
            connection, handover.id, asks=None, waiting_since=None, contact_wanted_at=now
        )
        words = notices.will_contact(reached.said, self._opening.back(now))
        return _told(message(words, [], now))

    def _after_all(
        self, connection: Connection, held: Row[Any], tapped: Wish, now: datetime
    ) -> Heard | None:
        """Take a choice that the line offered before, in a conversation that waits for nobody any more."""
        if State(held.state) is not State.ASSISTANT:
            return None
        if tapped is Wish.CONTACT:
            said = self.wanted(connection, held, Reason.ASKED, held.memory or {}, now)
            if said:
                blank = Words("", "")
                return _told(message(blank, [], now, sender=Sender.ASSISTANT) | said)
        return _told(message(notices.left(has_words=False), [], now, sender=Sender.ASSISTANT))

    # ── what the watch says ──

    def nobody_yet(
        self, connection: Connection, handover: Row[Any], now: datetime
    ) -> dict[str, Any]:
        """Note that somebody was told that nobody had time yet, and return what they are told."""
        repository.change(connection, handover.id, told_at=now)
        words = notices.nobody_yet(self._city, self._opening.back(now))
        return message(words, [Offer.CONTACT, Offer.LEAVE], now)

    def fell_silent(
        self, connection: Connection, held: Row[Any], handover: Row[Any], now: datetime
    ) -> dict[str, Any]:
        """Put a conversation back into line whose person owes an answer, and return what the resident is told."""
        place = back_in_line(connection, held, handover, Event.FELL_SILENT, now)
        return message(notices.fell_silent(self._city, place), [Offer.LEAVE], now)


def put(connection: Connection, held: Row[Any], event: Event) -> State:
    """Change who holds a conversation.

    Raises:
        ValueError: this does not happen to it as it stands.
    """
    state = moved(State(held.state), event)
    if state is None:
        raise ValueError(f"{event} does not happen to a conversation that is {held.state}")
    conversations.set_state(connection, held.id, state.value)
    return state


def end(connection: Connection, handover: Row[Any], how: str, now: datetime) -> None:
    """End a handover."""
    repository.change(
        connection,
        handover.id,
        ended_at=now,
        ended_how=how,
        waiting_since=None,
        owed_since=None,
        asks=None,
    )


def back_in_line(
    connection: Connection, held: Row[Any], handover: Row[Any], event: Event, now: datetime
) -> int:
    """Put a conversation that a person had back into line, at the place it had; return the place."""
    put(connection, held, event)
    repository.change(
        connection,
        handover.id,
        holder_id=None,
        holder_name=None,
        taken_at=None,
        owed_since=None,
        waiting_since=now,
        told_at=None,
        acknowledged_at=None,
    )
    return repository.place_of(connection, handover.asked_at, handover.id)


def looks_like_contact(text: str) -> bool:
    """Say whether a message tries to give a phone number or an email address."""
    return "@" in text or sum(c.isdigit() for c in text) >= 5


def _told(told: dict[str, Any]) -> Heard:
    return Heard([told], is_for_line=True)
