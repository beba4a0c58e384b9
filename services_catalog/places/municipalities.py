"""Other municipalities, their parts and their well-known places, as residents name them. Pure.

A pack lists them as "Markham", or as "Unionville (Markham)" with the municipality that they are in.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from services_catalog.places.ordinary import ORDINARY
from services_catalog.places.sentence import Sentence
from services_catalog.places.spelling import direction_of, plain_words, type_of

_WITH_BODY = re.compile(r"(.+?)\s*\((.+)\)")
MOST_WORDS = 4
# A name must have so many letters to be recognised with a typing error.
MISSPELT_LETTERS = 6
_BETWEEN = frozenset("in a dans city town of near the".split())  # noqa: SIM905
_LEADING = frozenset("at near on by corner of the intersection just".split())  # noqa: SIM905
# What follows a municipality's name and is in it: "Whitby GO station", "Pickering Town Centre".
OF_IT = frozenset(
    """go station town city centre center mall plaza hall hospital library airport university college terminal
    ontario on canada area region downtown arena village campus building
    ny usa us bc qc""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Away:
    """A name that is not in this city."""

    name: str
    body: str  # the municipality; the name itself where it is one
    is_ordinary: bool  # it is also a word of the language: "Maple"


class Municipalities:
    """All names that a pack lists as being elsewhere."""

    def __init__(self, names: Sequence[str], here: Container[str] = frozenset()) -> None:
        """Learn the names. `here`: this city's own names, run together; none of them is a misspelt other one."""
        self._here = here
        self._named: dict[str, Away] = {}
        words: set[str] = set()
        for listed in names:
            found = _WITH_BODY.fullmatch(listed)
            name, body = (found[1], found[2]) if found else (listed, listed)
            parts = plain_words(name)
            self._named["".join(parts)] = Away(
                name, body, len(parts) == 1 and parts[0] in ORDINARY
            )
            words |= {p for p in parts if len(p) > 3 and p not in ORDINARY}
        self.words = frozenset(words)  # that stand for nothing else beside an address
        self._alike = lru_cache(maxsize=10_000)(self._find_alike)

    def at(self, sentence: Sentence, i: int, *, fuzzy: bool) -> tuple[Away, int] | None:
        """Return the longest name that begins at a word, and the word behind it."""
        for end in range(min(i + MOST_WORDS, len(sentence)), i, -1):
            if any(sentence.before(n) not in ("", "-") for n in range(i + 1, end)):
                continue
            joined = "".join(sentence.norms(i, end))
            away = self._named.get(joined) or (self._alike(joined) if fuzzy else None)
            if away and not (type_of(sentence.norm(end)) and not sentence.before(end)):
                return away, end
        return None

    def after(self, sentence: Sentence, last: int) -> str:
        """Return the municipality that is named right behind a place, or an empty text."""
        # "200 queen st s, kitchener": a direction that no street here has.
        j = last + bool(direction_of(sentence.norm(last)))
        while sentence.norm(j) in _BETWEEN:
            j += 1
        found = self.at(sentence, j, fuzzy=True)
        return found[0].body if found else ""

    def before(self, sentence: Sentence, first: int) -> str:
        """Return the municipality that is named right before a place ("Markham, 20 main st"), or an empty text."""
        end = first
        while end and sentence.norm(end - 1) in _LEADING:
            end -= 1
        for i in range(max(0, end - MOST_WORDS), end):
            found = self.at(sentence, i, fuzzy=False)
            if found and found[1] == end and not found[0].is_ordinary:
                is_said_so = sentence.norm(i - 1) in ("in", "dans")
                is_parted = bool(sentence.before(end))
                return found[0].body if is_said_so or (is_parted and not i) else ""
        return ""

    def _find_alike(self, joined: str) -> Away | None:
        if len(joined) < MISSPELT_LETTERS or joined in ORDINARY or joined in self._here:
            return None
        near = [
            away
            for name, away in self._named.items()
            if name[0] == joined[0] and len(name) >= MISSPELT_LETTERS
            if OSA.distance(name, joined, score_cutoff=2) <= (1 if len(name) < 11 else 2)
        ]
        return near[0] if len(near) == 1 else None
