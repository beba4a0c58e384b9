"""A message cut into words, and what stands around a location in it. Pure.

The words here are English (and some French) that are said about places; the names come from the pack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from services_catalog.places.ordinary import ORDINARY
from services_catalog.places.spelling import (
    Word,
    cut,
    direction_meant,
    direction_of,
    is_ordinal,
    type_of,
)

# fmt: off
UNIT_WORDS = frozenset("apt apartment unit suite appartement app bureau room rm floor ph penthouse no".split())  # noqa: SIM905
AT_WORDS = frozenset(
    """at near on from by of outside opposite across behind beside around to address is live lives located between
    closest nearest in front corner off along intersection nearby towards toward au pres sur coin de dans adresse
    location its im am home work angle langle cote devant jhabite habite entre""".split()  # noqa: SIM905
)
FILLER = frozenset(
    """i im am my me we live lives living at near on in from by of to the a an is its it this that here hi hello hey
    address location corner intersection close around outside opposite across beside behind front area please thanks
    thank you pls along ontario ont canada downtown somewhere stay staying home house work located street our
    place between next for about just right there nearby looking place's
    au coin de la le du des dans pres a j jhabite habite je suis sur adresse mon est angle langle cote devant
    chez nous entre rue neighbourhood neighborhood so and or ok okay yes no um well""".split()  # noqa: SIM905
)
AND = frozenset("and n nd et an adn annd x by at near off meets crossing cross".split())  # noqa: SIM905
BEYOND = frozenset("streetcar streetcars bus buses car cars route train size mattress bed beds".split())  # noqa: SIM905
NEAR_ME = (
    "near me", "close to me", "close by", "closeby", "around here", "my location", "where i am", "nearby me", "by me",
    "around me", "near here", "my current location", "from here", "near my house", "near my home", "near my place",
    "near where i am", "pres de moi", "in my area", "where i live", "my area", "from me", "next to me", "to my house",
    "my neighbourhood", "my neighborhood", "nearme", "close to home", "near us", "around my house", "close to my house",
)
# fmt: on
NOT_A_STREET = frozenset(
    """cleaning sweeping parking light lights lighting festival party signs sign closure closures
    permit permits cleaned swept trees tree""".split()  # noqa: SIM905
)
NEAR_WORDS = frozenset(
    """at near in on by around nearest closest opposite behind beside outside across along nearby corner off
    sur au coin intersection front angle langle devant cote""".split()  # noqa: SIM905
)
BESIDE = frozenset(
    {"front", "behind", "across", "opposite", "beside", "outside", "devant", "cote"}
)
_LONG_FILLER = tuple(sorted(w for w in FILLER if len(w) >= 4))
_LONG_AT = ("near", "live", "from", "address")
_POSTAL = re.compile(r"[a-z]\d[a-z](?:\d[a-z]\d)?")
MAX_WORDS = 400  # of a message are read; what comes after is no address


class Sentence:
    """The words of one message, and what is said around some of them."""

    def __init__(
        self,
        text: str,
        of_city: frozenset[str] = frozenset(),
        is_street: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Cut the text.

        Args:
            text: a message.
            of_city: words of the city's own name, of its parts and of other municipalities, said behind an address.
            is_street: whether letters are a street's name; two that are run together are taken apart.
        """
        self.text = text
        self._of_city = of_city
        self.words: Sequence[Word] = list(_taken_apart(cut(text)[:MAX_WORDS], is_street))
        self._numbers = [word.number for word in self.words]
        # How many words before each one are about something else than where.
        self._telling = [0]
        for word in self.words:
            self._telling.append(
                self._telling[-1]
                + (not is_filler(word.norm) and not _is_one_of(word.norm, of_city))
            )

    def __len__(self) -> int:
        return len(self.words)

    def norm(self, i: int) -> str:
        """Return a word, or an empty text before the first and behind the last."""
        return self.words[i].norm if 0 <= i < len(self.words) else ""

    def norms(self, first: int, last: int) -> list[str]:
        """Return some words."""
        return [w.norm for w in self.words[first:last]]

    def before(self, i: int) -> str:
        """Return the signs before a word."""
        return self.words[i].before if 0 <= i < len(self.words) else ""

    def number(self, i: int) -> int | None:
        """Return the house number that a word is, or None."""
        return self._numbers[i] if 0 <= i < len(self.words) else None

    def span(self, first: int, last: int) -> tuple[str, int, int]:
        """Return the text of some words, and where it begins and ends."""
        start, end = self.words[first].start, self.words[last - 1].end
        return self.text[start:end], start, end

    def is_all(self, first: int, last: int) -> bool:
        """Say whether the message says little else than these words."""
        last = min(last, len(self.words))
        return self._telling[first] == 0 and self._telling[last] == self._telling[-1]

    def is_placed(self, first: int) -> bool:
        """Say whether a word of place stands before: "at", "near", "my address is"."""
        before = self.norm(first - 1)
        if before in ("the", "la", "le", "l"):
            before = self.norm(first - 2)
        return is_at(before) or (first > 0 and ":" in self.before(first))

    def is_near(self, first: int) -> bool:
        """Say whether a word before it can only stand before a place: "near", "at the", "close to"."""
        at = first - 1
        while at >= 0 and self.norm(at) in ("the", "la", "le", "l"):
            at -= 1
        word = self.norm(at)
        if word == "to":
            return self.norm(at - 1) in (
                "close",
                "next",
                "nearest",
                "closest",
                "closer",
                "near",
            )
        return word in NEAR_WORDS or (word not in AT_WORDS and is_at(word))

    def is_capital(self, first: int, last: int) -> bool:
        """Say whether the words begin with capitals, as names do."""
        return all(self.text[w.start].isupper() for w in self.words[first:last])

    def is_stray(self, i: int, before: int | None = None) -> bool:
        """Say whether a word stands right beside some others and is no ordinary one: a part of a name?

        Args:
            i: the word.
            before: the word whose signs in front part the two (default: this one).
        """
        word = self.norm(i)
        return bool(word) and not (
            self.before(i if before is None else before)
            or word in ORDINARY
            or is_filler(word)
            or self.is_unit(i)
            or word in AND
            or is_at(word)
            or self.number(i) is not None
            or is_ordinal(word)
            or type_of(word)
            or direction_of(word)
            or self.is_of_city(i)
            or (before is None and direction_meant(word))
        )

    def is_unit(self, i: int) -> bool:
        """Say whether a unit is told here: "apt 4", also misspelt before a number ("unti 12")."""
        word = self.norm(i)
        if word in UNIT_WORDS or self.number(i + 1) is None:
            return word in UNIT_WORDS
        return len(word) >= 3 and word not in ORDINARY and _is_nearly(word, ("unit", "suite"))

    def is_of_city(self, i: int) -> bool:
        """Say whether a word belongs to the city's name, to one of its parts or to another municipality."""
        return _is_one_of(self.norm(i), self._of_city)

    def is_beside(self, first: int) -> bool:
        """Say whether the words before put it beside what follows: "in front of", "across from"."""
        return any(self.norm(first - n) in BESIDE for n in (1, 2, 3))


def _taken_apart(words: Iterable[Word], is_street: Callable[[str], bool]) -> Iterator[Word]:
    """Take "kingandspadina" apart."""
    for word in words:
        at = _joined_at(word.norm, is_street) if word.end - word.start == len(word.norm) else 0
        if not at:
            yield word
            continue
        start = word.start
        yield Word(word.norm[:at], start, start + at, word.before)
        yield Word("and", start + at, start + at + 3)
        yield Word(word.norm[at + 3 :], start + at + 3, word.end)


def _joined_at(word: str, is_street: Callable[[str], bool]) -> int:
    """Return where "and" stands between two streets in one word, or 0."""
    if len(word) < 9 or is_street(word):
        return 0
    ands = (found.start() for found in re.finditer("and", word))
    return next((n for n in ands if is_street(word[:n]) and is_street(word[n + 3 :])), 0)


@lru_cache(maxsize=10_000)
def is_filler(word: str) -> bool:
    """Say whether a word only stands around a location, misspelt ("naer") or not."""
    if word in FILLER or _POSTAL.fullmatch(word):
        return True
    return 3 <= len(word) <= 8 and word not in ORDINARY and _is_nearly(word, _LONG_FILLER)


@lru_cache(maxsize=10_000)
def is_at(word: str) -> bool:
    """Say whether a word puts what follows somewhere, misspelt or not."""
    if word in AT_WORDS:
        return True
    return 3 <= len(word) <= 5 and word not in ORDINARY and _is_nearly(word, _LONG_AT)


@lru_cache(maxsize=10_000)
def _is_one_of(word: str, names: frozenset[str]) -> bool:
    """Say whether a word is one of some names, misspelt or not."""
    if word in names:
        return True
    return len(word) >= 6 and any(OSA.distance(word, n, score_cutoff=1) <= 1 for n in names)


def _is_nearly(word: str, others: Sequence[str]) -> bool:
    return any(OSA.distance(word, o, score_cutoff=1) <= 1 for o in others)
