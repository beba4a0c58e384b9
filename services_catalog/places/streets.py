"""The names of a city's streets, found exactly and with typing errors. Pure; the tables come in from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services_catalog.places.model import Street
from services_catalog.places.spelling import direction_of, ordinal, plain_words, type_of

# How many names that are alike are looked at.
_ALIKE = 8


@dataclass(frozen=True)
class Candidate:
    """A street that some words may mean."""

    street: Street
    edits: int = 0  # typing errors that part the name from the words
    type_differs: bool = False  # the words give another type than the street has
    direction_differs: bool = False


class StreetNames:
    """All street names of a city."""

    def __init__(
        self, streets: Iterable[Street], nicknames: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Learn the streets. `nicknames`: a street's name and what people say for it."""
        said: dict[str, set[tuple[str, ...]]] = {}
        for name, nickname in nicknames:
            said.setdefault(name, set()).add(plain_words(nickname))
        self._named: dict[tuple[str, ...], list[Street]] = {}
        self._joined: dict[str, list[Street]] = {}
        self.by_full: dict[str, Street] = {}
        for street in streets:
            self.by_full[street.full] = street
            for words in written_like(street) | said.get(street.name, set()):
                self._named.setdefault(words, []).append(street)
                self._joined.setdefault("".join(words), []).append(street)
        # Fingers slip inside of words: another first letter is another name.
        self._keys: dict[str, list[str]] = {}
        for key in self._joined:
            self._keys.setdefault(key[0], []).append(key)
        self._alike = lru_cache(maxsize=20_000)(self._find_alike)

    def names(self) -> Iterable[tuple[str, ...]]:
        """Return every way a name is written, as words to compare."""
        return self._named.keys()

    def exact(self, words: Sequence[str]) -> tuple[Street, ...]:
        """Return the streets of exactly this name, also where words are run together or apart."""
        return tuple(self._joined.get("".join(words), ()))

    def has_direction(self, words: Sequence[str], direction: str) -> bool:
        """Say whether a street of this name has this direction."""
        return any(s.direction == direction for s in self.exact(words))

    def alike(self, words: Sequence[str]) -> tuple[Candidate, ...]:
        """Return the streets whose names differ by a few typing errors, the nearest first."""
        return self._alike("".join(words))

    def _find_alike(self, joined: str) -> tuple[Candidate, ...]:
        limit = edits_allowed(len(joined))
        if not limit:
            return ()
        found = process.extract(
            joined,
            self._keys.get(joined[0], ()),
            scorer=OSA.distance,
            score_cutoff=limit,
            limit=_ALIKE,
        )
        return tuple(
            Candidate(street, int(edits))
            for key, edits, _ in found
            if len(joined) > 3 or len(key) > 3
            for street in self._joined[key]
        )


def edits_allowed(letters: int) -> int:
    """Return how many typing errors a name of so many letters may have."""
    if letters < 3:
        return 0
    return 1 if letters < 6 else 2 if letters < 10 else 3


def written_like(street: Street) -> set[tuple[str, ...]]:
    """Return the words that a street's name may be written with: "31st", "Esplanade", "W Toronto"."""
    words = plain_words(street.name)
    ways = {words}
    if digits := ordinal(words):
        ways.add((digits,))
    if words[0] == "the" and len(words) > 1:
        ways.add(words[1:])
    if words[0] == "highway":
        ways.add(("hwy", *words[1:]))
    if (direction := direction_of(words[0])) and len(words) > 1:
        ways.add((direction.lower(), *words[1:]))
    return ways


def type_key(street: Street) -> str:
    """Return the street's type as it is compared ("Ave" is "avenue"); empty where it has none."""
    return type_of(plain_words(street.type)[0]) if street.type else ""
