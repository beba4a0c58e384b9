"""A linear model over all examples: which entry a message reads like, from its letters, words and meaning.

Fitted from the catalogue's own examples in seconds (one-against-rest linear support vectors over character
and word TF-IDF and the encoder's vectors). On free descriptions it is right 10 to 20 points more often than
the nearest example alone (docs/search.md), so it is refitted whenever the catalogue changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from services_catalog.text import words

# The class of messages that no entry covers.
UNCOVERED = ""

# How much the encoder's vector weighs against the letters and words, and how freely the model may fit;
# both set on the development questions (docs/search.md).
DENSE_WEIGHT = 2.0
REGULARISATION = 0.5


@dataclass(frozen=True)
class LinearModel:
    """Weights from features to classes, ready to score a message."""

    classes: tuple[str, ...]
    _words: TfidfVectorizer
    _letters: TfidfVectorizer
    _weights: NDArray[np.float32]  # (features, classes)
    _bias: NDArray[np.float32]
    _dense: int  # how many of the features, the last ones, are the encoder's

    def scores(self, text: str, vector: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return a margin a class, in the order of `classes`: above 0 reads like it."""
        sparse = sp.hstack([self._words.transform([text]), self._letters.transform([text])]).tocsr()
        total = self._bias.copy()
        if sparse.nnz:
            total += sparse.data.astype(np.float32) @ self._weights[sparse.indices]
        if self._dense and vector is not None:
            total += (DENSE_WEIGHT * vector) @ self._weights[-self._dense :]
        return total


def fit(
    texts: Sequence[str], labels: Sequence[str], vectors: NDArray[np.float32] | None
) -> LinearModel:
    """Fit the model to labelled examples; `vectors` are the encoder's, a row a text, if there is one."""
    by_word = TfidfVectorizer(analyzer=_word_pairs, sublinear_tf=True, dtype=np.float32)
    by_letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
    )
    parts = [by_word.fit_transform(texts), by_letters.fit_transform(texts)]
    dense = 0
    if vectors is not None:
        dense = vectors.shape[1]
        parts.append(sp.csr_matrix(DENSE_WEIGHT * vectors))
    model = LinearSVC(C=REGULARISATION, random_state=0)
    model.fit(sp.hstack(parts).tocsr(), labels)
    return LinearModel(
        tuple(str(c) for c in model.classes_),
        by_word,
        by_letters,
        np.ascontiguousarray(model.coef_.T.astype(np.float32)),
        model.intercept_.astype(np.float32),
        dense,
    )


def _word_pairs(text: str) -> list[str]:
    found = words(text)
    return found + [f"{a} {b}" for a, b in zip(found, found[1:], strict=False)]
