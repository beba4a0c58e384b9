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
    direction_meant,
    direction_of,
    type_meant,
    type_of,
)
from services_catalog.places.streets import Candidate, StreetNames, type_key

# "bike path" and "tennis court" are no streets; "Bike Path" may be one.
PLAIN_TYPES = frozenset({"street", "avenue", "road", "drive", "crescent", "boulevard"})
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

    def ending_at(self, k: int) -> list[Reading]:
        """Return how the words right before a word may be read, the least far-fetched first."""
        found = [
            r
            for i in range(max(0, k - MOST_WORDS - 2), k)
            for r in self.at(i, fuzzy=True)
            if r.end == k
        ]
        return sorted(found, key=lambda r: (r.cost, r.first))[:6]

    def unknown_at(self, i: int) -> Reading | None:
        """Return words with a street type behind them that are no street of the tables."""
        s = self._sentence
        for end in range(i, min(i + 3, len(s))):
            word = s.norm(end)
            if word in FILLER and word not in DIRECTIONS:
                return None
            if end > i and s.before(end) not in ("", "-"):
                return None
            if end > i and type_of(word) and not word.endswith("s"):
                if type_of(word) not in PLAIN_TYPES and not s.is_capital(i, end + 1):
                    return None
                after = end + 1
                direction = "" if s.before(after) else direction_of(s.norm(after))
                after += bool(direction)
                words = StreetWords(s.span(i, after)[0], (), type_of(word), direction)
                return Reading(words, i, after, NOT_IN_TABLES, True, False)
            if word in ORDINARY or s.number(end) is not None or type_of(word):
                return None
        return None

    def unknown_word(self, i: int) -> Reading | None:
        """Return one word that may be a street that is not in the tables."""
        s = self._sentence
        word = s.norm(i)
        if word in ORDINARY or word in FILLER or s.number(i) is not None or len(word) < 3:
            return None
        return Reading(StreetWords(s.span(i, i + 1)[0]), i, i + 1, NOT_IN_TABLES, False, False)

    def _read(self, i: int, fuzzy: bool) -> Iterator[Reading]:
        s = self._sentence
        yield from self._from_name(i, i, "", "", fuzzy)
        word = s.norm(i)
        if word in FRENCH_TYPES and i + 1 < len(s):
            j = i + 1
            while s.norm(j) in FRENCH_ARTICLES and j + 1 < len(s):
                j += 1
            # "rue" is said of any street, whatever the city calls it.
            kind = "" if word in ("rue", "ch", "chemin") else type_of(word)
            yield from self._from_name(i, j, kind, "", fuzzy)
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
            if fuzzy and not {"and", "at", "of"} & set(norms):
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
            typed = bool(kind or direction)
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
