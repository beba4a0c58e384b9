"""Words against words: repair what is misspelt, score entries by BM25 over weighted fields (BM25F).

Fields weigh what they tell about the matter: what residents call it most, a fact's wording least.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from services_catalog.model import ServiceEntry
from services_catalog.text import STOP_WORDS, stem, words

# Field weights and length normalisation of BM25F (Robertson and Zaragoza, 2009). Set once by hand on the
# development questions; only their order matters much.
FIELDS: Mapping[str, tuple[float, float]] = {
    # field: (weight, how much its length counts against it, 0 to 1)
    "title": (3.0, 0.3),
    "also_called": (3.0, 0.5),
    "questions": (2.0, 0.6),
    "summary": (0.8, 0.6),
    "facts": (0.5, 0.6),
}
K1 = 1.4

# A word this short is left as it is: "fire", "tree" and "free" are all one letter apart.
SHORTEST_REPAIRED = 5
# Letters that may be wrong: one in five to seven letters, two in longer words.
_LONG_WORD = 8
# A word that sounds like another is a misspelling of it up to so many wrong letters ("lisense"). The catalogue's
# examples hold misspellings too: there, a word is one if its like is so many times as common.
_LETTERS_BY_SOUND = 2
_TIMES_AS_COMMON = 10
_SOFT_C = re.compile(r"c(?=[eiy])")


def fields_of(entry: ServiceEntry) -> dict[str, str]:
    """Return the entry's text by field of `FIELDS`."""
    return {
        "title": entry.title,
        "also_called": " . ".join(entry.also_called),
        "questions": " . ".join(entry.questions),
        "summary": entry.summary,
        "facts": " . ".join(f.text for f in entry.facts),
    }


@dataclass(frozen=True)
class Repair:
    """A word read as another one, because the catalogue and the language do not know it as written."""

    written: str
    read: str


class Speller:
    """Reads a misspelt word as the catalogue's word it most likely is.

    `real_words` are words of the language that are right as they stand although the catalogue lacks them
    ("pizza" is not "piazza"): they are never repaired.
    """

    def __init__(self, vocabulary: Mapping[str, int], real_words: frozenset[str]) -> None:
        self._counts = vocabulary
        self._real = real_words
        self._by_skeleton: dict[str, str] = {}
        self._misspelt: dict[str, str] = {}
        self._candidates: dict[str, list[str]] = {}
        for word in sorted(vocabulary, key=lambda w: (-vocabulary[w], w)):
            if len(word) < SHORTEST_REPAIRED - 1 or not word.isalpha():
                continue
            like = self._by_skeleton.setdefault(skeleton(word), word)
            if word not in real_words and self._is_misspelling(word, like):
                self._misspelt[word] = like
            else:
                self._candidates.setdefault(word[0], []).append(word)
        self._known: dict[str, str | None] = {}

    def read(self, word: str) -> str | None:
        """Return the word that is meant, or None when the word is right or cannot be guessed."""
        if word in self._misspelt:
            return self._misspelt[word]
        if word in self._counts or word in self._real or not word.isalpha():
            return None
        if len(word) < SHORTEST_REPAIRED - 1:
            return None
        if word not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[word] = self._nearest(word)
        return self._known[word]

    def _nearest(self, word: str) -> str | None:
        plain = word.removesuffix("s")
        if plain in self._counts or plain in self._real:
            return None
        allowed = 2 if len(word) >= _LONG_WORD else 1
        # Spellings go wrong least often in the first letter; a swap of the first two is looked at too.
        pool = self._candidates.get(word[0], [])
        if len(word) > 1 and word[1] != word[0]:
            pool = pool + self._candidates.get(word[1], [])
        if len(word) >= SHORTEST_REPAIRED:
            found = process.extract(
                word, pool, scorer=OSA.distance, score_cutoff=allowed, limit=5
            )
            if found:
                best = min(found, key=lambda f: (f[1], -self._counts[f[0]]))
                return str(best[0])
        # Text messages drop vowels ("grbge", "prkng", "collctn"); others write what they hear ("lisense").
        match = self._by_skeleton.get(skeleton(word))
        if match and len(skeleton(word)) >= 4:
            by_sound = OSA.distance(word, match) <= _LETTERS_BY_SOUND
            return match if len(match) > len(word) or by_sound else None
        return None

    def _is_misspelling(self, word: str, like: str) -> bool:
        """Say whether a word of the catalogue is a misspelling of another one that sounds like it ("libary").

        Letters may only be left out or added: with one in another's place it is most often a word of its own
        ("petting", "putting").
        """
        wrong = OSA.distance(word, like)
        return (
            len(word) >= SHORTEST_REPAIRED
            and len(skeleton(word)) >= 4
            and self._counts[like] >= _TIMES_AS_COMMON * self._counts[word]
            and wrong <= _LETTERS_BY_SOUND
            and wrong == abs(len(like) - len(word))
            and word.removesuffix("s") != like
        )


def stems_of(text: str) -> Iterable[str]:
    """Return the telling stems of a text of the catalogue, each once."""
    return _counted(text)[1].keys()


@lru_cache(maxsize=30_000)
def _counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word stands in a text, and each telling stem. Neither may be changed.

    Remembered, because an edit leaves nearly all of a catalogue's texts as they are: most of the time of
    building an index is cutting them into words.
    """
    written = Counter(words(text))
    stems: Counter[str] = Counter()
    for word, count in written.items():
        if word not in STOP_WORDS:
            stems[stem(word)] += count
    return written, stems


def skeleton(word: str) -> str:
    """Return the word's first letter and its consonants, doubled ones once; a soft c is an s."""
    kept = [word[0]]
    for letter in _SOFT_C.sub("s", word[1:]):
        if letter not in "aeiou" and letter != kept[-1]:
            kept.append(letter)
    return "".join(kept)


class LexicalIndex:
    """BM25F over the entries' fields, as one sparse table from term to entry weights."""

    def __init__(self, entries: Sequence[ServiceEntry], real_words: frozenset[str]) -> None:
        self.size = len(entries)
        seen: Counter[str] = Counter()
        tables = self._weighted_counts(entries, seen)
        self.speller = Speller(seen, real_words)
        frequency: Counter[str] = Counter(t for table in tables for t in table)
        self._idf = {
            t: math.log(1 + (self.size - n + 0.5) / (n + 0.5)) for t, n in frequency.items()
        }
        self._unseen = math.log(1 + (self.size + 0.5) / 0.5)
        self._postings = self._posted(tables)

    def _posted(
        self, tables: Sequence[dict[str, float]]
    ) -> dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """Return, for each term, the entries that hold it and what it adds to their scores."""
        if not self._idf:
            return {}
        place = {term: n for n, term in enumerate(self._idf)}
        size = sum(len(table) for table in tables)
        term = np.fromiter((place[t] for table in tables for t in table), np.int32, size)
        weight = np.fromiter((w for table in tables for w in table.values()), float, size)
        entry = np.repeat(np.arange(len(tables), dtype=np.int32), [len(t) for t in tables])
        idf = np.fromiter(self._idf.values(), float, len(self._idf))
        added = (idf[term] * weight * (K1 + 1) / (weight + K1)).astype(np.float32)
        by_term = np.argsort(term, kind="stable")
        ends = np.cumsum(np.bincount(term, minlength=len(place)))[:-1]
        entries = np.split(entry[by_term], ends)
        return dict(
            zip(place, zip(entries, np.split(added[by_term], ends), strict=True), strict=True)
        )

    @staticmethod
    def _weighted_counts(
        entries: Sequence[ServiceEntry], seen: Counter[str]
    ) -> list[dict[str, float]]:
        counts: list[dict[str, Counter[str]]] = []
        lengths: Counter[str] = Counter()
        for entry in entries:
            by_field: dict[str, Counter[str]] = {}
            for name, text in fields_of(entry).items():
                written, by_field[name] = _counted(text)
                seen.update(written)
                lengths[name] += by_field[name].total()
            counts.append(by_field)
        mean = {n: max(lengths[n] / max(len(entries), 1), 1.0) for n in FIELDS}
        tables = []
        for by_field in counts:
            table: dict[str, float] = {}
            for name, (weight, b) in FIELDS.items():
                length = 1 - b + b * by_field[name].total() / mean[name]
                for term, count in by_field[name].items():
                    table[term] = table.get(term, 0.0) + weight * count / length
            tables.append(table)
        return tables

    def repair(self, message_words: Sequence[str]) -> tuple[list[str], list[Repair]]:
        """Return the words with misspelt ones read as the catalogue's, and what was read as what."""
        out, repairs = [], []
        for word in message_words:
            read = None if word in STOP_WORDS else self.speller.read(word)
            out.append(read or word)
            if read:
                repairs.append(Repair(word, read))
        return out, repairs

    def scores(self, query: Iterable[str]) -> NDArray[np.float32]:
        """Return every entry's score for the stems of a message; 0 where no word fits."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in dict.fromkeys(query):
            if term in self._postings:
                numbers, weights = self._postings[term]
                total[numbers] += weights
        return total

    def weight_known(self, query: Iterable[str]) -> float:
        """Return the share of a message's weight (idf) in words that the catalogue knows, 0 to 1."""
        known = total = 0.0
        for term in dict.fromkeys(query):
            idf = self._idf.get(term)
            total += idf if idf is not None else self._unseen
            known += idf or 0.0
        return known / total if total else 0.0

    def best_possible(self, query: Iterable[str]) -> float:
        """Return the score that an entry full of every known word of the message would have."""
        return sum(self._idf.get(t, 0.0) * (K1 + 1) for t in dict.fromkeys(query))
