"""What a text message wants: more of the last text, one of the numbered choices, something of the carrier's, or to be
answered like any message. Pure.

A keyword counts only as the whole message, as it does for carriers: "stop sign is down" and "help me with my bin" are
words. So does a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from triage.texting.wording import MORE_NUMBER, Option


class Key(StrEnum):
    """What a keyword asks of the carrier or the line."""

    STOP = "stop"  # no more texts
    START = "start"  # texts again
    HELP = "help"  # who this is, and how to end it
    LANGUAGE = "language"  # to be answered in another language


# What carriers take for these words: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out and
# https://www.twilio.com/docs/proxy/opt-out-keywords (the French ones); AIDE is the French word for help that Canadian
# carriers ask for.
KEYWORDS: Mapping[str, Key] = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), Key.STOP),
    **dict.fromkeys(("arret", "arrett", "arrete", "arreter"), Key.STOP),
    **dict.fromkeys(("start", "unstop"), Key.START),
    **dict.fromkeys(("help", "info", "aide"), Key.HELP),
}  # fmt: skip
# Only to somebody who wanted no more texts; to all others it is an answer.
YES = "yes"
# What a language is asked for with.
LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("french", "francais", "en francais", "in french", "french please"), "fr"),
    **dict.fromkeys(("english", "anglais", "en anglais", "in english", "english please"), "en"),
}

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# "No" is short for a number only before figures: "no one" is nobody.
_NUMBER = re.compile(
    r"(?:(?:number|numero|option|choice|(?:no|nr)(?=\.? ?\d))\.? ?|# ?)?"
    rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
)
_COURTESY = re.compile(
    r"^(?:hi|hello|ok|okay|yes|please|pls|plz)?,? |,? (?:please|pls|plz|thanks|thank you|thx|ty)$"
)
_MORE = frozenset({"more", "show more", "next", f"{MORE_NUMBER} more"})
# What surrounds a keyword or a number on a phone: "Stop.", "(2)", "2)", "#2", and the box of the emoji for 2.
_AROUND = " \t\r\n.,;:!?\"'()[]*-\u2019\u201c\u201d\ufe0f\u20e3"


@dataclass(frozen=True)
class Standing:
    """How the conversation stands with whoever writes.

    Attributes:
        options: what numbers stand for now.
        has_rest: a text that was sent has more parts.
        is_opted_out: they wanted no more texts.
        languages: those that the city pack has, or has a notice for.
    """

    options: tuple[Option, ...] = ()
    has_rest: bool = False
    is_opted_out: bool = False
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class More:
    """The next part of the text that was sent last."""


@dataclass(frozen=True)
class Pick:
    """One of the choices."""

    choice_id: str


@dataclass(frozen=True)
class Keyword:
    """What a keyword asks; `language`: which, if it is about one."""

    key: Key
    language: str = ""


@dataclass(frozen=True)
class Words:
    """To be answered."""

    text: str


Wants = More | Pick | Keyword | Words


def read(text: str, standing: Standing) -> Wants:
    """Return what a text message wants."""
    bare = _bare(text)
    if key := KEYWORDS.get(bare):
        return Keyword(key)
    if bare == YES and standing.is_opted_out:
        return Keyword(Key.START)
    language = LANGUAGES.get(bare, "")
    if language in standing.languages:
        return Keyword(Key.LANGUAGE, language)
    asked = _COURTESY.sub("", bare).strip(_AROUND)
    number = MORE_NUMBER if asked in _MORE else _number(asked)
    if number == MORE_NUMBER and standing.has_rest:
        return More()
    for option in standing.options:
        if option.number == number:
            return Pick(option.choice_id)
    return Words(text)


def _bare(text: str) -> str:
    """Return the words of a text without case, accents, and what stands around them."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in parted if not unicodedata.combining(c))
    return " ".join(letters.split()).strip(_AROUND)


def _number(asked: str) -> int | None:
    found = _NUMBER.fullmatch(asked)
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else _NUMBERS.index(found[1]) + 1
