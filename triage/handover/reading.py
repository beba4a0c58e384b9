"""What a resident says to the line while they wait for a person: that they leave it, or how to be reached. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

# A country whose numbers are written without its code.
REGION = "CA"
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_MARKS = re.compile(r"[^\w\s']")

_COURTESY = r"(?:(?:ok|okay|no|nah|yes|oh|actually|sorry|just|please|thanks|thank you|well|it'?s (?:ok|okay|fine))\s+)*"
_END = r"(?:\s+(?:please|thanks|thank you|then|now|anyway|here|you))*"
_LEAVE = re.compile(
    r"(?:" + _COURTESY + r"(?:"
    r"never ?mind(?: (?:about )?(?:it|that|the person))?|nvm|nevermind|forget (?:it|about it|that)|"
    r"(?:i(?: wi|')ll |i want to |i'?d (?:rather|like to) |let me |let'?s |can (?:i|we) )?"
    r"(?:go on|carry on|continue|keep going)(?: (?:here|with you|with the (?:bot|assistant|computer|machine)|"
    r"without(?: (?:a|the|one))?(?: person| human| agent)?| with ?out waiting))?|"
    r"(?:i )?(?:do not|don'?t|dont) (?:need|want) (?:a |the |to (?:talk|speak) (?:to|with) a |to wait(?: for a)? ?)?"
    r"(?:person|human|agent|anybody|anyone|wait|it|one)?(?: any ?more)?|"
    r"(?:i )?(?:do not|don'?t|dont|won'?t) (?:want to )?wait(?: any ?more| any longer)?|"
    r"no (?:need|person)(?: (?:for|to) .{0,30})?|"
    r"leave (?:the )?(?:line|queue)|(?:take|get) me (?:out of|off) (?:the )?(?:line|queue)|"
    r"(?:back to|give me back) the (?:bot|assistant)|cancel|stop waiting|"
    r"i(?:'?ll| will) (?:ask|try) (?:you|the bot|the assistant)(?: instead)?"
    r")" + _END + r"\s?)+"
)  # fmt: skip
_GO_ON = re.compile(_COURTESY + r"(?:go on|carry on|continue|keep going)(?: here)?" + _END)
_CONTACT = re.compile(
    _COURTESY + r"(?:"
    r"(?:can (?:you|they|someone|somebody) |could (?:you|they) |have (?:them|someone|somebody) )?"
    r"(?:contact|call|phone|text|email|e-mail|reach) me(?: back)?(?: (?:later|tomorrow|then|when .{0,40}))?|"
    r"(?:a )?call ?back"
    r")" + _END
)  # fmt: skip
_AGREED = re.compile(
    r"(?:(?:yes|yeah|yep|yup|sure|ok|okay|please|do|that would be (?:good|great|fine)|sounds good)\b ?)+"
    r"(?:thanks|thank you)?"
)
_REFUSED = re.compile(r"(?:(?:no|nope|nah|not now|rather not)\b ?)+(?:thanks|thank you|need)?")


class Wish(StrEnum):
    """What is wanted of the line."""

    LEAVE = "leave"
    CONTACT = "contact"


@dataclass(frozen=True)
class Reached:
    """How somebody can be reached."""

    phone: str = ""
    email: str = ""

    @property
    def said(self) -> str:
        """Return it in words."""
        return " or ".join(part for part in (self.phone, self.email) if part)


def wish_in(text: str) -> Wish | None:
    """Return what somebody wants of the line, where that is all they say; anything more is for the person."""
    said = _plain(text)
    if _LEAVE.fullmatch(said):
        return Wish.LEAVE
    return Wish.CONTACT if _CONTACT.fullmatch(said) else None


def is_going_on(text: str) -> bool:
    """Say whether somebody wants to go on with what they were about with the assistant."""
    return bool(_GO_ON.fullmatch(_plain(text)))


def answer_in(text: str) -> Wish | None:
    """Return what a message answers to the question whether people should get in touch."""
    said = _plain(text)
    if _REFUSED.fullmatch(said):
        return Wish.LEAVE
    return Wish.CONTACT if _AGREED.fullmatch(said) else wish_in(text)


def reached_in(text: str) -> Reached | None:
    """Return the phone number and the email address in a message; None: it has neither."""
    email = _EMAIL.search(text)
    rest = _EMAIL.sub(" ", text)
    number = next(iter(phonenumbers.PhoneNumberMatcher(rest, REGION)), None)
    phone = _written(number.number) if number else ""
    if not (email or phone):
        return None
    return Reached(phone, email[0] if email else "")


def _written(number: phonenumbers.PhoneNumber) -> str:
    form = phonenumbers.PhoneNumberFormat
    if number.country_code == 1:
        # As people here write it: 416-555-0123.
        national = str(number.national_number)
        extension = f" ext. {number.extension}" if number.extension else ""
        return f"{national[:3]}-{national[3:6]}-{national[6:]}{extension}"
    return phonenumbers.format_number(number, form.INTERNATIONAL)


def _plain(text: str) -> str:
    said = text.casefold().replace("\u2019", "'")
    return _SPACES.sub(" ", _MARKS.sub(" ", said)).strip()
