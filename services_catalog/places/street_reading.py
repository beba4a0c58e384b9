"""Read words as a street: a name, perhaps misspelt, with or without type and direction. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services_catalog.places.mentions import StreetWords
from services_catalog.places.ordinary import ORDINARY
from services_catalog.places.sentence import FILLER, Sentence
from services_catalog.places.spelling import (
    DIRECTIONS,
    FRENCH_ARTICLES,
    FRENCH_TYPES,
    LOOSE_TYPES,
    direction_meant,
    direction_of,
    type_meant,
    type_of,
)
from services_catalog.places.streets import Candidate, StreetNames, type_key

# "bike path" and "tennis court" are no streets; "Bike Path" may be one.
PLAIN_TYPES = frozenset({"street", "avenue", "road", "drive", "crescent", "boulevard"})
# Stand before a street, never inside of a misspelt one.
_NOT_INSIDE = frozenset({"and", "at", "of", "in", "on", "near", "by", "live", "is", "from"})
# Only several streets are called so.
_PLURALS = frozenset("streets sts avenues aves roads rds".split())  # noqa: SIM905
MOST_WORDS = 4  # of a street's name
# How far-fetched a reading is, in typing errors.
DIFFERS = 1.5  # another type or direction than the street has
SLIP = 0.5  # a misspelt type or direction
CUT_OFF = 2.0  # "king" of "king georgs rd": a type stands behind what was not read
A_WORD = 0.1  # a longer reading explains more
STRAY = 1.2  # a word beside it that is explained by nothing
NOT_IN_TABLES = 9.0


@dataclass(frozen=True)
class Reading:
    """Some words read as a street: up to which word, and how far-fetched that is."""

    street: StreetWords
    first: int
    end: int
    cost: float
    is_typed: bool  # a type or a direction stands with it
    is_ordinary: bool  # its name is made of ordinary words
    name: str = ""  # the words of its name alone

    @property
    def is_exact(self) -> bool:
        """Say whether a name of the tables stands there without a typing error."""
        return bool(self.street.candidates) and self.street.edits == 0


class StreetReader:
    """Reads streets in one sentence, each place once."""

    def __init__(self, streets: StreetNames, sentence: Sentence) -> None:
        self._streets = streets
        self._sentence = sentence
        self._at: dict[tuple[int, bool], list[Reading]] = {}

    def at(self, i: int, *, fuzzy: bool) -> list[Reading]:
        """Return how the words from here on may be read, the least far-fetched first."""
        if i >= len(self._sentence):
            return []
        if (i, fuzzy) not in self._at:
            found = sorted(self._read(i, fuzzy), key=lambda r: (r.cost, -r.end))
            self._at[i, fuzzy] = found
        return self._at[i, fuzzy]

    def ending_at(self, k: int, *, fuzzy: bool = True) -> list[Reading]:
        """Return how the words right before a word may be read, the least far-fetched first."""
        found = [
            r
            for i in range(max(0, k - MOST_WORDS - 2), k)
            for r in self.at(i, fuzzy=fuzzy)
            if r.end == k
        ]
        return sorted(found, key=lambda r: (r.cost, r.first))[:6]

    def unknown_at(self, i: int, *, numbered: bool = False) -> Reading | None:
        """Return words with a street type behind them that are no street of the tables.

        Args:
            i: the first of them.
            numbered: a house number stands before them, so that any type is one: "2 zwicklebury lane".
        """
        s = self._sentence
        if french := self._unknown_in_french(i):
            return french
        for end in range(i, min(i + 3, len(s))):
            word = s.norm(end)
            kind = type_of(word)
            if word in FILLER and word not in DIRECTIONS and not kind:
                return None
            if end > i and s.before(end) not in ("", "-"):
                return None
            if end > i and kind and word not in _PLURALS:
                if not (kind in PLAIN_TYPES or numbered or s.is_capital(i, end + 1)):
                    return None
                after = end + 1
                direction = "" if s.before(after) else direction_of(s.norm(after))
                if s.norm(after) == "n" and after + 1 < len(s):
                    direction = ""  # "zorkham st n king" is a corner
                return self._unknown(i, after + bool(direction), kind, direction)
            # "120 north quillmore rd", "41 st plimbury street"
            if end == i and (direction_of(word) or word == "st"):
                continue
            if word in ORDINARY or s.number(end) is not None or kind:
                return None
        return None

    def unknown_word(self, i: int) -> Reading | None:
        """Return one word that may be a street that is not in the tables."""
        s = self._sentence
        word = s.norm(i)
        if word in ORDINARY or word in FILLER or s.number(i) is not None or len(word) < 3:
            return None
        if type_of(word) or s.is_of_city(i):
            return None
        return self._unknown(i, i + 1)

    def _unknown_in_french(self, i: int) -> Reading | None:
        """Return "rue Blomquinville", which is not in the tables."""
        s = self._sentence
        if s.norm(i) not in FRENCH_TYPES or s.before(i + 1):
            return None
        j = i + 1
        while s.norm(j) in FRENCH_ARTICLES:
            j += 1
        if not self.unknown_word(j) or len(s.norm(j)) < 4 or s.norm(i) == "place":
            return None
        return self._unknown(i, j + 1, FRENCH_TYPES[s.norm(i)] or "street")

    def _unknown(self, first: int, end: int, kind: str = "", direction: str = "") -> Reading:
        words = StreetWords(self._sentence.span(first, end)[0], (), kind, direction)
        return Reading(words, first, end, NOT_IN_TABLES, bool(kind), False)

    def _read(self, i: int, fuzzy: bool) -> Iterator[Reading]:
        s = self._sentence
        yield from self._from_name(i, i, "", "", fuzzy)
        word = s.norm(i)
        if word in FRENCH_TYPES and i + 1 < len(s):
            j = i + 1
            while s.norm(j) in FRENCH_ARTICLES and j + 1 < len(s):
                j += 1
            kind = FRENCH_TYPES[word]
            readings = list(self._from_name(i, j, kind, "", fuzzy))
            if word in LOOSE_TYPES and not any(map(_fits, readings)):
                readings = list(self._from_name(i, j, "", "", fuzzy))
            yield from readings
        if len(word) > 1 and direction_of(word) and i + 1 < len(s):
            for reading in self._from_name(i, i + 1, "", direction_of(word), False):
                if all(c.street.direction for c in reading.street.candidates):
                    yield reading  # "east king st", but no "east york rd"

    def _from_name(
        self, first: int, i: int, kind: str, direction: str, fuzzy: bool
    ) -> Iterator[Reading]:
        s = self._sentence
        for end in range(i + 1, min(i + MOST_WORDS, len(s)) + 1):
            if end > i + 1 and s.before(end - 1) not in ("", "-"):
                return
            norms = s.norms(i, end)
            may_be = [Candidate(street) for street in self._streets.exact(norms)]
            if fuzzy and _NOT_INSIDE.isdisjoint(norms):
                may_be += [c for c in self._streets.alike(norms) if c.edits]
            if may_be:
                yield from self._with_rest(first, i, end, kind, direction, may_be, fuzzy)

    def _with_rest(
        self,
        first: int,
        name: int,
        end: int,
        kind: str,
        direction: str,
        may_be: list[Candidate],
        fuzzy: bool,
    ) -> Iterator[Reading]:
        """Yield the name with what may follow it: a type, a direction, both, or neither."""
        s = self._sentence
        is_ordinary = all(n in ORDINARY for n in s.norms(name, end))

        def reading(last: int, slips: float) -> Reading:
            street, cost = self._meant(first, last, kind, direction, may_be)
            typed = bool(kind or direction) or first != name
            words = " ".join(s.norms(name, end))
            return Reading(street, first, last, cost + slips, typed, is_ordinary, words)

        yield reading(end, 0)
        j, slips = end, 0.0
        if not kind and j < len(s) and not s.before(j):
            kind = type_of(s.norm(j))
            if not kind and fuzzy and (kind := type_meant(s.norm(j))):
                slips = SLIP
            if kind:
                j += 1
                yield reading(j, slips)
        if direction or j >= len(s) or s.before(j) not in ("", ","):
            return
        word = s.norm(j)
        if s.norm(j + 1) in ("of", "de"):  # "west of bathurst" is no part of the name
            return
        direction = direction_of(word)
        if not direction and fuzzy and (direction := direction_meant(word)):
            slips += SLIP
        # One letter is a direction only where the street has it: "king n spadina".
        if direction and (
            len(word) > 1 or any(c.street.direction == direction for c in may_be)
        ):
            yield reading(j + 1, slips)

    def _meant(
        self, first: int, end: int, kind: str, direction: str, may_be: list[Candidate]
    ) -> tuple[StreetWords, float]:
        """Return the candidates that fit type and direction best, and how far-fetched they are."""
        s = self._sentence
        checked = [
            replace(
                c,
                type_differs=bool(kind) and type_key(c.street) != kind,
                direction_differs=bool(direction and c.street.direction not in ("", direction)),
            )
            for c in may_be
        ]
        fewest = min(map(_cost, checked))
        # Where a name fits exactly, no other is meant.
        most = fewest + 1 if fewest else 0
        kept = tuple(sorted((c for c in checked if _cost(c) <= most), key=_cost))
        is_cut_off = not kind and end < len(s) and not s.before(end) and type_of(s.norm(end))
        cost = fewest + (CUT_OFF if is_cut_off else 0) - A_WORD * (end - first)
        cost += STRAY * (s.is_stray(end) + s.is_stray(first - 1, before=first))
        text = s.span(first, end)[0]
        return StreetWords(text, kept, kind, direction, min(c.edits for c in kept)), cost


def _cost(candidate: Candidate) -> float:
    differs = candidate.type_differs + candidate.direction_differs
    return candidate.edits + DIFFERS * differs


def _fits(reading: Reading) -> bool:
    """Say whether a street has the type that is written."""
    return not all(c.type_differs for c in reading.street.candidates)
