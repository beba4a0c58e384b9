"""How addresses are written: words and what parts them, street types and directions, numbers, French ones too.

Pure: words in, words out. No table of any city here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

# As an address is cut: postal codes, ordinals ("31st"), house numbers ("12A"), words with their apostrophes and full stop.
_WORD = re.compile(
    r"[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d(?![A-Za-z0-9])|[A-Za-z]\d[A-Za-z](?![A-Za-z0-9])"
    r"|\d+(?:st|nd|rd|th)(?![a-z])|\d+(?:\s?1/2|½)|\d+[A-Za-z]?(?![^\W_])|\d+"
    r"|[^\W\d_]+(?:['\u2019\u2018`\u00b4][^\W\d_]+)*\.?|[&+@]",
    re.IGNORECASE,
)
_FULL_POSTAL_CODE = re.compile(r"([a-z]\d[a-z])[ -]?(\d[a-z]\d)")
_SIGNS = {"&": "and", "+": "and", "@": "at"}
# Written differently inside of names, on both sides of the comparison.
_SAME = {
    "mt": "mount",
    "saint": "st",
    "ste": "st",
    "center": "centre",
    "centers": "centre",
    "vic": "victoria",
}


@dataclass(frozen=True)
class Word:
    """One word of a text."""

    norm: str  # lower case, plain letters, no apostrophe or full stop
    start: int  # where it stands in the text
    end: int
    before: str = (
        ""  # the signs between it and the word before, without spaces: "/", "-", ",", "#"
    )

    @property
    def number(self) -> int | None:
        """Return the house number that this is, or None. More than five digits are none."""
        digits = re.match(r"\d{1,5}(?!\d)", self.norm)
        return int(digits[0]) if digits and not is_ordinal(self.norm) else None


def cut(text: str) -> list[Word]:
    """Return the words of a text in order, with where they stand."""
    words: list[Word] = []
    past = 0
    for found in _WORD.finditer(text):
        between = "".join(text[past : found.start()].split())
        words.append(Word(plain(found[0]), found.start(), found.end(), between))
        past = found.end()
    return words


def plain(word: str) -> str:
    """Return one word as it is compared: "Québec" is "quebec", "O'Connor" "oconnor", "St." "st"."""
    if word in _SIGNS:
        return _SIGNS[word]
    word = unicodedata.normalize("NFKD", word.casefold().replace("½", " 1/2"))
    word = "".join(c for c in word if c.isalnum() or c in " /")
    if code := _FULL_POSTAL_CODE.fullmatch(word):
        return code[1] + code[2]
    return _SAME.get(word, word)


@lru_cache(maxsize=50_000)
def plain_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared."""
    return tuple(w.norm for w in cut(name))


# What street types are written like; the first is the key that they are compared by.
_TYPES = (
    ("street", "st", "str", "strt", "streets", "sts", "rue"), ("avenue", "ave", "av", "aven", "avenues", "aves"),
    ("road", "rd", "roads", "rds", "chemin", "ch"), ("drive", "dr", "drv"), ("crescent", "cres", "cr", "cresc", "croissant"),
    ("boulevard", "blvd", "boul", "bvd", "blv"), ("court", "crt", "ct", "cour"), ("place", "pl"), ("gate", "gt"),
    ("lane", "ln"), ("trail", "trl", "tr"), ("square", "sq"), ("circle", "crcl", "cir", "cercle"), ("circuit", "circ"),
    ("way", "wy"), ("gardens", "gdns", "garden", "gdn"), ("terrace", "ter", "terr", "terrasse"),
    ("parkway", "pkwy", "pky", "pkway"), ("grove", "grv", "gr"), ("heights", "hts"), ("walk", "wlk"), ("mews",), ("path",),
    ("lawn", "lwn"), ("line",), ("roadway", "rdwy"), ("expressway", "expwy", "expy"), ("pathway", "ptwy"), ("green", "grn"),
)  # fmt: skip
TYPES = {written: names[0] for names in _TYPES for written in names}
# Stand before the name in French ("rue King Ouest", "promenade Laird"), and which type they mean.
FRENCH_TYPES = {
    "rue": "street", "chemin": "road", "ch": "road", "route": "road", "allee": "lane", "avenue": "avenue", "av": "avenue",
    "boulevard": "boulevard", "boul": "boulevard", "place": "place", "promenade": "drive", "prom": "drive",
    "impasse": "", "croissant": "crescent", "cour": "court", "cercle": "circle", "terrasse": "terrace", "jardins": "gardens",
}  # fmt: skip
# Said of any street, whatever the city calls it: "975 chemin Weston", "rue Bathurst".
LOOSE_TYPES = frozenset({"rue", "chemin", "ch", "route", "allee"})
FRENCH_ARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "l", "d"})
# Enough letters to be recognised with a slip of the finger.
_LONG_TYPES = tuple(names[0] for names in _TYPES if len(names[0]) >= 4)

DIRECTIONS = {
    "n": "N", "north": "N", "nord": "N", "e": "E", "east": "E", "est": "E",
    "s": "S", "south": "S", "sud": "S", "w": "W", "west": "W", "ouest": "W",
}  # fmt: skip
_LONG_DIRECTIONS = ("north", "east", "south", "west", "ouest", "nord")
_NOT_MISSPELT = frozenset(
    """lest vest rest best test nest pest jest wet went wast forth worth mouth youth easy eats seat
    most must just past last list cast fast worst waste exist least beast feast coast roast toast""".split()  # noqa: SIM905
)


def type_of(word: str) -> str:
    """Return the street type that a word is ("st" is "street"), or an empty text."""
    return TYPES.get(word, "")


def type_meant(word: str) -> str:
    """Return the street type that a misspelt word means ("steet"), or an empty text."""
    if len(word) < 3 or word in TYPES or word in _NOT_MISSPELT:
        return ""
    return next(
        (
            t
            for t in _LONG_TYPES
            if word[0] == t[0] and OSA.distance(word, t) <= (1 if len(t) < 8 else 2)
        ),
        "",
    )


def direction_of(word: str) -> str:
    """Return the direction that a word is ("east", "est", "e" are "E"), or an empty text."""
    return DIRECTIONS.get(word, "")


def direction_meant(word: str) -> str:
    """Return the direction that a misspelt word means ("wset"), or an empty text."""
    if len(word) < 3 or word in DIRECTIONS or word in _NOT_MISSPELT:
        return ""
    near = [d for d in _LONG_DIRECTIONS if OSA.distance(word, d) <= 1 and word[0] in d[:2]]
    return DIRECTIONS[near[0]] if len(near) == 1 else ""


_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
          "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth")  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_TENTHS = {"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50}


def is_ordinal(word: str) -> bool:
    """Say whether a word is an ordinal in digits: "31st"."""
    return bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", word))


def ordinal(words: Sequence[str]) -> str:
    """Return an ordinal in digits ("thirty first" is "31st"), or an empty text."""
    number = 0
    if len(words) == 1:
        number = _TENTHS.get(words[0], 0) or (
            _UNITS.index(words[0]) + 1 if words[0] in _UNITS else 0
        )
    elif len(words) == 2 and words[0] in _TENS and words[1] in _UNITS[:9]:
        number = _TENS[words[0]] + _UNITS.index(words[1]) + 1
    if not number:
        return ""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
