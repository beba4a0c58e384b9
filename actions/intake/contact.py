"""How a resident says that they can be reached: phone, email, name, none at all, no updates. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto

import phonenumbers

from actions.intake.forms import is_no, is_skip
from actions.intake.memory import Contact
from services_catalog.text import normalise

# A country whose numbers are written without its code.
REGION = "CA"
DIGITS_OF_A_NUMBER = 10
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_NO_UPDATES = re.compile(
    r"\b(?:no updates?|without updates?|(?:don'?t|do not) (?:send|want|need|text|email|give)(?: me)?(?: any)? ?(?:updates?|news|"
    r"messages|anything)?|not? (?:need|want)(?:ing)? (?:for |any )?updates?)\b"
)
_ANONYMOUS = re.compile(
    r"\b(?:an+on[iy]m\w*|anon|no contact|(?:don'?t|do not|won'?t|will not) (?:want to )?(?:contact|call|give|share|leave)|"
    r"(?:rather|prefer) not|no (?:phone|email|number|name)|without (?:contact|my name|name)|stay private|keep (?:it )?private|"
    r"not (?:give|share|leave|giving|sharing))\b"
)
# To be told in the conversation, and no other way.
_HERE = re.compile(
    r"\b(?:tell|text|update|message|write|notify|reach|answer|contact)(?: to)? me (?:just |only )?here\b|\b(?:just|only) here\b|"
    r"\bhere (?:is|would be) (?:fine|good|ok(?:ay)?|best)\b|\b(?:news|updates?) here\b|"
    r"\bthis (?:number|phone|chat|one)(?: is (?:fine|good|ok(?:ay)?))?$|"
    r"\bnumber (?:that )?(?:i'?m|i am) (?:texting|writing) (?:from|with)\b|^here(?: please)?$"
)
_NAME = re.compile(
    r"\b(?:my name is|my name'?s|name is|name:|i am|i'?m|this is|call me|it'?s|name)\s+([^\d,.;:@\n]+)",
    re.IGNORECASE,
)
# Words of an answer that are no name.
_NO_NAME = frozenset(
    """my me i is are at the a an on and or you can reach call text email mail e phone number cell mobile home work contact
    here it's its by via use this that please thanks thank yes no ok okay sure updates update with for to best way is
    anytime after before pm am name or both any either just ext extension preferably would like want send let give
    in between only until till from every day days week weeks weekday weekdays weekend weekends morning mornings afternoon
    afternoons evening evenings night nights noon time times during can't cannot not
    fine well alright hi hello hey yeah yep course guess then so but actually sorry""".split()  # noqa: SIM905 (a list of words reads best as words)
)
_LONGEST_NAME_WORDS = 4
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")


# The same, said in passing: so plainly that it can be nothing else.
_PASSING = re.compile(
    r"\ban+on[iy]m\w*\b|\banon\b|\bno contact\b|\bstay private\b|\bkeep (?:it |me )?private\b|"
    r"\bwithout (?:giving )?my name\b|"
    r"\b(?:no need|no ?(?:body|one) (?:needs|has)|(?:you )?(?:don'?t|do not) (?:need|have)|not necessary) to "
    r"(?:call|contact|text|email|phone|reach|get back to)(?: me)?\b|"
    r"\b(?:don'?t|do not|rather not|prefer not to|won'?t)(?: want to)? (?:give|share|leave|say)(?: you)? my "
    r"(?:name|number|phone|email|contact|info\w*|details)\b|"
    r"\b(?:don'?t|do not) (?:call|contact|text|email|phone) me\b"
)
# A number or an address that is the resident's own, and not a company's or a plate.
_OWN = re.compile(
    r"\b(?:my (?:cell|phone|mobile|number|email|e-mail|contact)|(?:call|text|reach|email|phone|contact) me|i'?m at|my name)\b"
)
# Asked about the question itself: "do you need my name", "who will see my number", "is it private".
_ABOUT_IT = re.compile(
    r"\b(?:name|number|phone|e-?mail|contact|info\w*|details|private|confidential|anonymous(?:ly)?|identity|shared?|why)\b"
)
# What may stand beside it and tells of nothing.
_BESIDE = re.compile(
    r"\b(?:i|i'd|id|i'll|we|would|want|wanna|like|prefer|to|be|stay|remain|it|this|keep|please|pls|thanks|thank|you|and|just|can|make|"
    r"report|but|ok|okay|yes|no|rather|as|is|completely|totally|really|me)\b|[\s,.!?;:-]+"
)


class NoContact(Enum):
    """What else can be said to the question."""

    ANONYMOUS = auto()
    # They are told here, and give no other way.
    HERE = auto()
    # Something like a number or an address that is none.
    NOT_VALID = auto()
    UNCLEAR = auto()


def read_contact(text: str, before: Contact | None = None) -> Contact | NoContact:
    """Return how the resident can be reached, or what they said instead.

    Args:
        text: their words.
        before: what they gave earlier; what is said now stands instead of the same part of it.
    """
    wants_updates = not _NO_UPDATES.search(normalise(text))
    email = _email(text)
    phone, rest = _phone(_EMAIL.sub(" ", text))
    if email or phone:
        old = before or Contact()
        name = _name(rest) or old.name
        return Contact(name, email or old.email, phone or old.phone, wants_updates)
    if before and before.reaches and not wants_updates:
        return Contact(before.name, before.email, before.phone, wants_updates=False)
    if wants_updates and _HERE.search(normalise(text).strip(" .!")):
        return NoContact.HERE
    if "@" in text or len(re.sub(r"\D", "", text)) >= 5:
        return NoContact.NOT_VALID
    said = normalise(text)
    if (
        _ANONYMOUS.search(said)
        or _PASSING.search(said)
        or is_no(text)
        or is_skip(text)
        or not wants_updates
    ):
        return NoContact.ANONYMOUS
    return NoContact.UNCLEAR


def contact_in_passing(text: str) -> Contact | None:
    """Return what a message about something else says of how to reach the resident; an empty one: anonymous."""
    plain = normalise(text)
    if _OWN.search(plain):
        email, (phone, rest) = _email(text), _phone(_EMAIL.sub(" ", text))
        if email or phone:
            named = _NAME.search(rest)
            name = _name_words(named[1]) if named else ""
            return Contact(name, email, phone, not _NO_UPDATES.search(plain))
    return Contact() if _PASSING.search(plain) else None


def is_contact_alone(text: str) -> bool:
    """Say whether a message only says that the resident is not to be reached."""
    plain = normalise(text)
    return bool(_PASSING.search(plain)) and not _BESIDE.sub("", _PASSING.sub(" ", plain))


def asks_about_contact(text: str) -> bool:
    """Say whether a question is about giving one's name or number."""
    return bool(_ABOUT_IT.search(normalise(text)))


def _email(text: str) -> str:
    found = _EMAIL.search(text)
    return found[0].strip("'.").lower() if found else ""


def _phone(text: str) -> tuple[str, str]:
    """Return the first phone number, as it is written here, and the text without it."""
    for match in phonenumbers.PhoneNumberMatcher(
        text, REGION, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        if len(str(match.number.national_number)) < DIGITS_OF_A_NUMBER:
            continue
        form = (
            phonenumbers.PhoneNumberFormat.NATIONAL
            if match.number.country_code == phonenumbers.country_code_for_region(REGION)
            else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
        written = phonenumbers.format_number(match.number, form)
        return written, f"{text[: match.start]} , {text[match.end :]}"
    return "", text


def _name(rest: str) -> str:
    rest = _NO_UPDATES.sub(" , ", rest)
    if found := _NAME.search(rest):
        kept = _name_words(found[1])
        if kept:
            return kept
    parts = [_name_words(p) for p in re.split(r"[,;:\n/()]|\.\s", rest)]
    return next((p for p in parts if p), "")


def _name_words(text: str) -> str:
    said = _WORD.findall(text)
    kept = [w for w in said if w.lower() not in _NO_NAME]
    if not 1 <= len(kept) <= _LONGEST_NAME_WORDS or len(kept) < len(said) - 2:
        return ""
    name = " ".join(kept)
    return name.title() if name.islower() else name
