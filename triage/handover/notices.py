"""What the line itself says about reaching a person. Pure texts: short, honest, always with the phone as the other way.

Each is said with short words for a text message beside it. None asks for a word that carriers take for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services_catalog.packs import City


class Reason(StrEnum):
    """Why a person is wanted."""

    ASKED = "asked"
    # The assistant had no answer, twice in a row.
    NOT_FOUND = "not_found"
    # The assistant could not be reached for too long.
    GAVE_UP = "gave_up"


@dataclass(frozen=True)
class Words:
    """What is said: on a page, and in a text message."""

    text: str
    short: str


# Why they are brought to a person, where they did not ask for one themselves.
_OPENING: Mapping[Reason, str] = {
    Reason.ASKED: "",
    Reason.NOT_FOUND: "Sorry, I still do not have an answer to that. ",
    Reason.GAVE_UP: "Sorry, I could not answer your message. ",
}


def in_line(city: City, reason: Reason, place: int, minutes: int | None) -> Words:
    """Say that somebody waits for a person, at which place, and how long most people waited lately."""
    opening = _OPENING[reason]
    return Words(
        f"{opening}I have put you in line for a person. {_place(place)} {_wait(minutes)}"
        f"What you write here is kept for them. {_by_phone(city)}",
        f"{opening}You are in line for a person. {_place(place)} {_wait(minutes)}{_by_phone_briefly(city)}",
    )


def desk_closed(city: City, reason: Reason, back: str, *, by_text: bool) -> Words:
    """Say that nobody is there, when people are back, and ask whether they shall get in touch."""
    opening = _OPENING[reason]
    ask = (
        "Shall they text you here then?" if by_text else "Do you want them to contact you then?"
    )
    return Words(
        f"{opening}The people who answer here {_are_back(back)}. {ask} You can also go on asking me, the automated "
        f"assistant. {_by_phone(city)}",
        f"{opening}People {_are_back(back)}. {ask} {_by_phone_briefly(city)}",
    )


def ask_contact(city: City) -> Words:
    """Ask how somebody can be reached, and say what that is used for."""
    return Words(
        "How can they reach you? Send a phone number or an email address. The City uses it only to get in touch about "
        "what you wrote here.",
        "How can they reach you? Send a phone number or an email. It is used only to get in touch about this.",
    )


def contact_not_read(city: City) -> Words:
    """Say that a message held neither a phone number nor an email address."""
    return Words(
        "I did not find a phone number or an email address in that. Send one, like 416-555-0123 or name@example.org.",
        "I found no phone number or email in that. Send one, like 416-555-0123 or name@example.org.",
    )


def will_contact(reached: str, back: str) -> Words:
    """Say that people get in touch, how, and when they are there again (empty: they are there)."""
    when = f" They {_are_back(back)}." if back else ""
    how = f"at {reached}" if reached else "by text message here"
    return Words(
        f"Thank you. I told the people at the City to get in touch with you {how}.{when} Until then you can go on asking me, "
        "the automated assistant.",
        f"Thank you. People will get in touch with you {how}.{when} Until then, go on asking me.",
    )


def kept_for_person() -> Words:
    """Say, once, that what somebody writes in line is kept."""
    return Words(
        "Thank you. I keep what you write for the person. You are still in line.",
        "Thank you. I keep what you text for the person. You are still in line.",
    )


def nobody_yet(city: City, back: str) -> Words:
    """Say that nobody had time yet; where the desk has closed meanwhile, when people are back."""
    if back:
        return Words(
            f"Sorry, nobody had time for you before the desk closed. People {_are_back(back)}. You can stay in line, have "
            f"them contact you, or go on with the automated assistant. {_by_phone(city)}",
            f"Sorry, nobody had time for you. People {_are_back(back)}. You keep your place. {_by_phone_briefly(city)}",
        )
    return Words(
        "Sorry, nobody has had time for you yet. You are still in line. You can wait, have people contact you later, or "
        f"go on with the automated assistant. {_by_phone(city)}",
        f"Sorry, nobody has had time for you yet. You keep your place in line. {_by_phone_briefly(city)}",
    )


def left(*, has_words: bool, has_report: bool = False) -> Words:
    """Say that the resident is with the assistant again, and what comes next.

    Args:
        has_words: the assistant looks at what was written meanwhile.
        has_report: a report was under way, and rests.
    """
    then = "What city service can I help you with?"
    if has_report:
        then = 'I kept what you told me for your report. To continue with it, write "go on".'
    elif has_words:
        then = "I look at what you wrote now."
    return Words(
        f"All right, you are not in line any more. I am the automated assistant. {then}",
        f"All right, you are out of the line and with the automated assistant. {then}",
    )


def not_contacted() -> Words:
    """Say that nobody gets in touch."""
    return Words(
        "All right, nobody will contact you. What city service can I help you with?",
        "All right, nobody will contact you. What can I help you with?",
    )


def taken(city: City, name: str) -> Words:
    """Say who is there."""
    return Words(
        f"{name} from the City of {city.name} is here now and can read what you wrote. The automated assistant is silent "
        "while you talk.",
        f"{name} from the City of {city.name} is here now and can read what you wrote.",
    )


def returned(place: int) -> Words:
    """Say that the person gave the conversation back to the line."""
    return Words(
        f"I am looking for another person for you. You keep your place. {_place(place)} What you write here is kept for "
        "them.",
        f"I am looking for another person for you. You keep your place. {_place(place)}",
    )


def fell_silent(city: City, place: int) -> Words:
    """Say that the person has not answered, so that another is looked for."""
    return Words(
        f"Sorry, the person has not answered for a while. I am looking for another one. You keep your place. {_place(place)} "
        f"{_by_phone(city)}",
        f"Sorry, the person has not answered. I am looking for another one. {_place(place)} {_by_phone_briefly(city)}",
    )


def handed_back(name: str) -> Words:
    """Say that the assistant is back, and that it starts afresh."""
    return Words(
        f"{name} has left. I am the automated assistant again, and I start afresh: if you need anything else, please tell me "
        "all of it.",
        f"{name} has left. I am the automated assistant again. If you need anything else, please tell me all of it.",
    )


def closed(name: str) -> Words:
    """Say that the person has ended the conversation, and that it can go on."""
    return Words(
        f"{name} has ended this conversation. If you need anything else, write here again: the automated assistant answers "
        "first.",
        f"{name} has ended this conversation. If you need anything else, text again: the automated assistant answers first.",
    )


def _place(place: int) -> str:
    return "You are first in line." if place == 1 else f"You are number {place} in line."


def _wait(minutes: int | None) -> str:
    if minutes is None:
        return ""
    how_long = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Lately most people waited {how_long} or less. "


def _are_back(back: str) -> str:
    return f"are back {back}" if back else "are not there now"


def _by_phone(city: City) -> str:
    return f"You can also call {city.phone_anywhere}."


def _by_phone_briefly(city: City) -> str:
    outside = (
        f" ({city.phone_outside} from outside {city.name})" if city.has_number_outside else ""
    )
    return f"Or call {city.phone}{outside}."
