"""Which of the choices offered a resident means: its number, its label or words of it, or none. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from actions.heard import Offered
from services_catalog.search.matters import without_courtesies
from services_catalog.text import STOP_WORDS, normalise, stem, words

# Longer than this, it is a new message rather than a pick by words.
LONGEST_PICK = 8

_PLACES = {
    "first": 0, "1st": 0, "former": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3,
    "4th": 3, "last": -1, "latter": -1, "bottom": -1,
}  # fmt: skip
_NUMBERS = {"one": 0, "two": 1, "three": 2, "four": 3, "a": 0, "b": 1, "c": 2, "d": 3}
_LEAD = r"(?:i (?:choose|pick|want|mean|meant|would like)|i'?ll (?:take|have)|let me take|it'?s|it is|choose|select)? ?"
_ORDINAL = re.compile(
    rf"{_LEAD}(?:the )?({'|'.join(_PLACES)})(?: (?:one|option|choice|answer))?(?: please)?"
)
# "No" is short for a number only before figures: "no one" is nobody.
_NUMBER = re.compile(
    rf"{_LEAD}(?:the )?(?:number|(?:no|nr)\.?(?= ?\d)|option|choice|answer|#)? ?"
    rf"(\d|{'|'.join(_NUMBERS)})[.)]?(?: please)?"
)
_WITH_NUMBER = re.compile(r"^\d{1,2}[.):]? ")
_NONE = re.compile(
    r"(?:no,? |nope,? )?(?:neither|none|nothing|not)(?: one)?(?: of)?"
    r"(?: (?:these|those|them|the above|the two|this|that|that one|it|here))?(?: fits?| please)?"
    r"|(?:no,? )?(?:something|anything) else|other|no,? (?:that'?s|it'?s|they'?re) not it"
)
_NO = re.compile(r"(?:no|nope|nah|n|non)(?: thanks?| thank you)?")
_YES = re.compile(
    r"(?:yes|yep|yeah|yup|ya|y|ok|okay|sure|correct|right|exactly|oui)(?: please| pls)?"
)
_BOTH = re.compile(r"both(?: of (?:them|these|those))?(?: please)?")


class Said(Enum):
    """What is no pick of one, but speaks of the choices all the same."""

    NONE_OF_THESE = auto()
    YES = auto()  # yes, but not to which
    NO = auto()


def pick(text: str, offered: Sequence[Offered]) -> tuple[Offered, ...] | Said | None:
    """Return what is picked (two for "both"), what else is said of the choices, or None: something else."""
    if not offered:
        return None
    # A pick may stand in courtesies; a bare "ok" is itself one, and stays.
    plain = normalise(without_courtesies(text) or text).strip(" .!,?")
    # A line of a text message is copied with its number: "2 Missed garbage".
    by_label = _by_label(plain, offered) or _by_label(_WITH_NUMBER.sub("", plain), offered)
    if by_label:
        return (by_label,)
    place = _place(plain)
    if place is not None:
        # A number that was not offered picks nothing, and is no question either.
        return (offered[place],) if -1 <= place < len(offered) else Said.YES
    if _BOTH.fullmatch(plain):
        return tuple(offered) if len(offered) == 2 else Said.YES
    if _NONE.fullmatch(plain):
        return Said.NONE_OF_THESE
    if _YES.fullmatch(plain):
        return _starting_with("yes", offered) or (
            tuple(offered) if len(offered) == 1 else Said.YES
        )
    if _NO.fullmatch(plain):
        return _starting_with("no", offered) or (
            Said.NO if len(offered) == 1 else Said.NONE_OF_THESE
        )
    return _by_words(plain, offered)


def _place(plain: str) -> int | None:
    if match := _ORDINAL.fullmatch(plain):
        return _PLACES[match[1]]
    if match := _NUMBER.fullmatch(plain):
        return (
            int(match[1]) - 1
            if match[1].isdigit() and match[1] != "0"
            else _NUMBERS.get(match[1], 99)
        )
    return None


def _by_label(plain: str, offered: Sequence[Offered]) -> Offered | None:
    same = [o for o in offered if normalise(o.label).strip(" .!,?") == plain]
    return same[0] if len(same) == 1 else None


def _starting_with(word: str, offered: Sequence[Offered]) -> tuple[Offered, ...] | None:
    fitting = [o for o in offered if normalise(o.label).split(",")[0].split(" ")[0] == word]
    return (fitting[0],) if len(fitting) == 1 else None


def _by_words(plain: str, offered: Sequence[Offered]) -> tuple[Offered, ...] | None:
    """Return the one choice whose label has all the telling words of a short text."""
    said = _telling(plain)
    if not said or len(words(plain)) > LONGEST_PICK:
        return None
    fitting = [o for o in offered if said <= _telling(o.label)]
    return (fitting[0],) if len(fitting) == 1 else None


def _telling(text: str) -> set[str]:
    return {
        stem(w) for w in words(text) if w not in STOP_WORDS and w not in {"one", "yes", "no"}
    }
