"""Rank a catalogue's entries for a message: every signal, one calibrated probability for each entry.

An index is built for one revision of the catalogue and never changes; a new revision gets a new one. The
linear model may be missing (it is fitted in the background) or a little older than the entries; the encoder
may be missing for good. For each of these cases the calibration holds weights of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services_catalog.model import Catalogue, ServiceEntry
from services_catalog.search.calibration import Calibration, Mode, Signals, Weights
from services_catalog.search.lexical import LexicalIndex, Repair, stems_of
from services_catalog.search.linear import UNCOVERED, LinearModel
from services_catalog.search.nearest import Nearest
from services_catalog.search.topics import Topics
from services_catalog.search.vectors import Reads
from services_catalog.text import terms, words

Floats = NDArray[np.float32]

# What an entry has in a signal that says nothing about it.
NOTHING = -12.0
# With so many of its examples the same, a catalogue's principal components are as good as the same: they are most of
# the time that an index takes.
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Match:
    """An entry and the probability that it is what the resident means."""

    entry: ServiceEntry
    confidence: float


@dataclass(frozen=True)
class Ranked:
    """All that search found for one matter, best match first."""

    text: str
    matches: tuple[Match, ...]
    uncovered: float  # the probability that no entry covers the matter
    known: float  # share of the message's weight in words that the catalogue knows, 0 to 1
    repairs: tuple[Repair, ...] = ()


class SearchIndex:
    """Everything needed to rank one revision of a catalogue.

    Args:
        like: the index of a former revision, for what need not be reckoned again where an edit has changed little.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        calibration: Calibration,
        *,
        vectors: Reads | None = None,
        real_words: frozenset[str] = frozenset(),
        linear: LinearModel | None = None,
        like: SearchIndex | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.entries: Sequence[ServiceEntry] = catalogue.entries
        self._calibration = calibration
        self._real_words = real_words
        self._lexical = LexicalIndex(self.entries, real_words)
        self.topics = Topics(self.entries)
        self._vectors = vectors
        self._place = {e.id: n for n, e in enumerate(self.entries)}
        self._place[UNCOVERED] = len(self.entries)
        if vectors is not None:
            texts, self._starts = examples_in_order(catalogue)
            # The examples that the principal components were taken from.
            self._reckoned_from = frozenset(texts)
            directions = None
            if like is not None and like._is_near(self._reckoned_from):
                directions = like._nearest.directions
                self._reckoned_from = like._reckoned_from
            self._nearest: Nearest = Nearest(
                vectors.vectors(texts), self._starts, directions=directions
            )
        self._linear = linear
        self._columns = self._columns_of(linear) if linear else None
        # Words of what is not covered that no entry has: "ward", where there is no entry about wards.
        strange = {t for text in catalogue.uncovered for t in stems_of(text)}
        self._uncovered_terms = {t for t in strange if not self._lexical.weight_known([t])}

    def names_uncovered(self, text: str) -> bool:
        """Say whether a word of it is known from matters that no entry covers, and from no entry."""
        return not self._uncovered_terms.isdisjoint(terms(words(text)))

    @property
    def mode(self) -> Mode:
        """Say which signals this index has."""
        if self._vectors is None:
            return Mode.WORDS if self._linear is None else Mode.WORDS_AND_LINEAR
        return Mode.NEAREST if self._linear is None else Mode.ALL

    @property
    def limits(self) -> Weights:
        """Return the confidences that are enough to answer and to offer choices."""
        return self._calibration.by_mode[self.mode]

    def with_linear(self, linear: LinearModel) -> SearchIndex:
        """Return this index with a linear model, sharing everything else."""
        other = object.__new__(SearchIndex)
        other.__dict__.update(self.__dict__)
        other._linear = linear
        other._columns = other._columns_of(linear)
        return other

    def of(self, catalogue: Catalogue) -> SearchIndex:
        """Return an index of another catalogue, nearly the same, with all that this one goes by.

        The linear model stays as it is, as it does in a running line until it has been fitted anew.
        """
        return SearchIndex(
            catalogue,
            self._calibration,
            vectors=self._vectors,
            real_words=self._real_words,
            linear=self._linear,
            like=self,
        )

    def calibrated(self, calibration: Calibration) -> SearchIndex:
        """Return this index with another calibration, sharing everything else."""
        other = object.__new__(SearchIndex)
        other.__dict__.update(self.__dict__)
        other._calibration = calibration
        return other

    def rank(self, text: str, limit: int = 5) -> Ranked:
        """Return the `limit` best entries for a message, with their probabilities."""
        if not self.entries:
            return Ranked(text, (), 1.0, 0.0)
        signals = self.signals(text)
        chances = self._calibration.chances(self.mode, signals.table)
        order = _best(chances[:-1], limit)
        confidences = self._calibration.confidences(self.mode, signals, chances, order)
        matches = tuple(
            Match(self.entries[n], float(c)) for n, c in zip(order, confidences, strict=True)
        )
        return Ranked(text, matches, float(chances[-1]), signals.known, signals.repairs)

    def signals(self, text: str) -> Signals:
        """Return what every signal says about every entry (see `SIGNALS` in calibration.py)."""
        repaired, repairs = self._lexical.repair(words(text))
        query = terms(repaired)
        size = len(self.entries)
        # What is misspelt is repaired for the encoder and the linear model too.
        read = _with_repairs(text, repairs)
        lexical = self._lexical.scores(query)
        possible = self._lexical.best_possible(query) or 1.0
        share = lexical / possible
        rows = [
            np.append(share, np.float32(0)),
            np.append(share - share.max(initial=0), np.float32(0)),
        ]
        nearest = 0.0
        vector = None
        if self._vectors is not None:
            vector = self._vectors.encode(read)
            best, dense = self._nearest.likeness(vector, lexical)
            if len(best) == size:  # the catalogue has no examples of what it does not cover
                best, dense = np.append(best, 0), np.append(dense, NOTHING)
            nearest = float(best[:size].max())
            rows += [best.astype(np.float32), dense.astype(np.float32)]
        if self._linear is not None and self._columns is not None:
            margins = np.full(size + 1, NOTHING, np.float32)
            margins[self._columns[1]] = self._linear.scores(read, vector)[self._columns[0]]
            # An entry newer than the model is judged by the other signals, as if the model were undecided.
            margins[self._columns[2]] = np.float32(-1)
            rows.append(margins)
        return Signals(
            np.stack(rows),
            self._lexical.weight_known(query),
            nearest,
            float(share.max(initial=0)),
            len(repaired),
            tuple(repairs),
        )

    def _is_near(self, texts: frozenset[str]) -> bool:
        """Say whether an index of these examples may go by the same principal components."""
        known = self._reckoned_from
        return len(texts & known) >= NEARLY_ALL * max(len(texts), len(known))

    def _columns_of(
        self, linear: LinearModel
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Return where the model's classes are, where they go, and which entries it does not know."""
        known = [(k, self._place[c]) for k, c in enumerate(linear.classes) if c in self._place]
        places = {place for _, place in known}
        unknown = [p for p in range(len(self.entries)) if p not in places]
        return (
            np.array([k for k, _ in known], np.intp),
            np.array([p for _, p in known], np.intp),
            np.array(unknown, np.intp),
        )


def _best(chances: Floats, limit: int) -> NDArray[np.intp]:
    """Return the places of the largest values, largest first; of equal ones the earlier first."""
    if limit < len(chances):
        least = np.partition(chances, -limit)[-limit]
        places = np.flatnonzero(chances >= least)
    else:
        places = np.arange(len(chances))
    order: NDArray[np.intp] = places[np.argsort(-chances[places], kind="stable")][:limit]
    return order


def examples_of(entry: ServiceEntry) -> list[str]:
    """Return the wordings that an entry is known by: its title, its other names, its example messages."""
    return [entry.title, *entry.also_called, *entry.questions]


def examples_in_order(catalogue: Catalogue) -> tuple[list[str], NDArray[np.intp]]:
    """Return all examples, entry by entry and the uncovered ones last, and where each group starts."""
    groups = [examples_of(e) for e in catalogue.entries]
    if catalogue.uncovered:
        groups.append(list(catalogue.uncovered))
    starts = np.cumsum([0, *(len(g) for g in groups[:-1])]).astype(np.intp)
    return [text for group in groups for text in group], starts


def training_set(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return all examples with the entry that each belongs to, for the linear model."""
    texts, labels = [], []
    for entry in catalogue.entries:
        examples = examples_of(entry)
        texts += examples
        labels += [entry.id] * len(examples)
    texts += catalogue.uncovered
    labels += [UNCOVERED] * len(catalogue.uncovered)
    return texts, labels


def _with_repairs(text: str, repairs: Sequence[Repair]) -> str:
    if not repairs:
        return text
    read = {r.written: r.read for r in repairs}
    return " ".join(read.get(w, w) for w in words(text))
