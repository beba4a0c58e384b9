"""A linear model over all examples: which entry a message reads like, from its letters, words and meaning.

Fitted from the catalogue's own examples in about a minute (one-against-rest linear support vectors over character
and word TF-IDF and the encoder's vectors). On free descriptions it is right 10 to 20 points more often than
the nearest example alone (docs/search.md), so it is refitted whenever the catalogue changes
(fitting.py).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from services_catalog.files import written_whole
from services_catalog.text import words

log = logging.getLogger(__name__)

# The class of messages that no entry covers.
UNCOVERED = ""

# How much the encoder's vector weighs against the letters and words, and how freely the model may fit;
# both set on the development questions (docs/search.md).
DENSE_WEIGHT = 1.0
REGULARISATION = 0.3
# A catalogue beyond this many entries is searched without the model: its fitting time and size grow with
# the number of entries times the number of examples.
MOST_CLASSES = 1_500
# So many words' letters are remembered, of words up to this length.
MOST_WORDS = 20_000
LONGEST_WORD = 30

Floats = NDArray[np.float32]
# Toronto's weights are 18 million numbers. In memory as in the file: so a model scores the same before and after a restart.
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class LinearModel:
    """Weights from features to classes, ready to score a message."""

    fingerprint: str  # of the examples and settings it was fitted with
    classes: tuple[str, ...]
    _words: TfidfVectorizer
    _letters: TfidfVectorizer
    _weights: Halves  # (features, classes): words, letters, then the encoder's
    _bias: Floats
    _dense: int  # how many of the features, the last ones, are the encoder's
    _letters_of: dict[str, tuple[int, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def scores(self, text: str, vector: Floats | None) -> Floats:
        """Return a margin a class, in the order of `classes`: above 0 reads like it."""
        total = self._bias.copy()
        places, values = self._features(text)
        if len(places):
            total += values @ self._weights[places].astype(np.float32)
        if self._dense and vector is not None:
            total += vector @ self._of_meaning
        return total

    @cached_property
    def _of_meaning(self) -> Floats:
        """The weights of the encoder's numbers: every message needs all of them, so they are kept as they are reckoned with."""
        return DENSE_WEIGHT * self._weights[-self._dense :].astype(np.float32)

    def _features(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Return what the vectorizers make of a text: where its features are, and their values.

        Reckoned here, because `transform` spends most of two milliseconds on checking its own settings.
        """
        places: list[NDArray[np.intp]] = []
        values: list[Floats] = []
        first = 0
        by_letters = (p for word in text.split() for p in self._places_of_letters(word))
        known = self._words.vocabulary_
        by_words = (known[t] for t in _word_pairs(text) if t in known)
        for vectorizer, pieces in ((self._words, by_words), (self._letters, by_letters)):
            counts = Counter(pieces)
            found = np.fromiter(counts, np.intp, len(counts))
            weight = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
            weight = weight * vectorizer.idf_[found]
            places.append(found + first)
            values.append((weight / (np.linalg.norm(weight) or 1)).astype(np.float32))
            first += len(vectorizer.vocabulary_)
        return np.concatenate(places), np.concatenate(values)

    def _places_of_letters(self, word: str) -> tuple[int, ...]:
        """Return where the runs of letters of a word stand. They never cross words, and words come again and again."""
        places = self._letters_of.get(word)
        if places is None:
            known = self._letters.vocabulary_
            places = tuple(known[t] for t in _analyser(self._letters)(word) if t in known)
            if len(word) <= LONGEST_WORD:
                if len(self._letters_of) >= MOST_WORDS:
                    self._letters_of.clear()
                self._letters_of[word] = places
        return places

    def save(self, file: Path) -> None:
        """Write the model to a file, whole.

        Raises:
            OSError: it cannot be written.
        """
        with written_whole(file) as temporary:
            np.savez(
                temporary,
                fingerprint=self.fingerprint,
                classes=json.dumps(self.classes),
                words=json.dumps(self._words.get_feature_names_out().tolist()),
                words_idf=self._words.idf_,
                letters=json.dumps(self._letters.get_feature_names_out().tolist()),
                letters_idf=self._letters.idf_,
                weights=self._weights,
                bias=self._bias,
                dense=self._dense,
            )


def fingerprint(texts: Sequence[str], labels: Sequence[str], encoder: str) -> str:
    """Return what tells a model's training set and settings from any other."""
    settings = [DENSE_WEIGHT, REGULARISATION, encoder]
    known = json.dumps([settings, list(zip(texts, labels, strict=True))], ensure_ascii=False)
    return hashlib.sha256(known.encode()).hexdigest()


def fit(
    texts: Sequence[str], labels: Sequence[str], vectors: Floats | None, encoder: str = ""
) -> LinearModel:
    """Fit the model to labelled examples; `vectors` are the encoder's, a row a text, if there is one."""
    by_word, by_letters = _by_word(), _by_letters()
    parts = [by_word.fit_transform(texts), by_letters.fit_transform(texts)]
    dense = 0
    if vectors is not None:
        dense = vectors.shape[1]
        parts.append(sp.csr_matrix(DENSE_WEIGHT * vectors))
    model = LinearSVC(C=REGULARISATION, random_state=0)
    model.fit(sp.hstack(parts).tocsr(), labels)
    return LinearModel(
        fingerprint(texts, labels, encoder),
        tuple(str(c) for c in model.classes_),
        by_word,
        by_letters,
        np.ascontiguousarray(model.coef_.T.astype(np.float16)),
        model.intercept_.astype(np.float32),
        dense,
    )


def read_model(file: Path, wanted: str | None) -> LinearModel | None:
    """Read a saved model; None when there is none, or it was fitted with anything but `wanted`.

    Args:
        wanted: the fingerprint it must have; None: whichever was fitted last.
    """
    if not file.is_file():
        return None
    try:
        with np.load(file, allow_pickle=False) as saved:
            found = str(saved["fingerprint"])
            if wanted not in (None, found):
                return None
            return LinearModel(
                found,
                tuple(json.loads(str(saved["classes"]))),
                _restored(_by_word, str(saved["words"]), saved["words_idf"]),
                _restored(_by_letters, str(saved["letters"]), saved["letters_idf"]),
                saved["weights"],
                saved["bias"],
                int(saved["dense"]),
            )
    except (OSError, ValueError, KeyError, EOFError) as fault:
        log.warning(
            "saved linear model is not readable and is made anew", extra={"fault": str(fault)}
        )
        return None


@lru_cache(maxsize=8)
def _analyser(vectorizer: TfidfVectorizer) -> Callable[[str], list[str]]:
    analyser: Callable[[str], list[str]] = vectorizer.build_analyzer()
    return analyser


def _by_word(vocabulary: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=_word_pairs, sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary,
        min_df=1 if vocabulary else 2,
    )  # fmt: skip


def _by_letters(vocabulary: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32,
        vocabulary=vocabulary, min_df=1 if vocabulary else 2,
    )  # fmt: skip


def _restored(
    kind: Callable[..., TfidfVectorizer], vocabulary: str, idf: Floats
) -> TfidfVectorizer:
    known = json.loads(vocabulary)
    vectorizer = kind(vocabulary=known)
    vectorizer.vocabulary_ = {term: place for place, term in enumerate(known)}
    vectorizer.idf_ = idf
    return vectorizer


def _word_pairs(text: str) -> list[str]:
    found = words(text)
    return found + [f"{a} {b}" for a, b in pairwise(found)]
