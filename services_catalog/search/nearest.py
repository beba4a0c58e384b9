"""How alike a message is to each entry's examples: the nearest one, and all of them together.

To multiply out every example's vector is mostly walking through memory: 33 MB and a millisecond and a half for Toronto's
21,000 examples, half a gigabyte and 40 ms for 5,000 entries'. So beyond some thousands it goes in three passes, each
looking closer at less:

1. one vector an entry, the mean of its examples, along the principal components of all examples only;
2. the examples of those entries that came out best, and of those whose words fit best, along the same components;
3. the nearest of these examples, with all their numbers.

What does not come to a later pass keeps what it got in the last one: low, and far from deciding anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# How sharply an example's likeness counts in the sum over an entry's examples.
SHARPNESS = 20.0
# Up to so many examples all are multiplied out: a quarter of a millisecond.
MANY_EXAMPLES = 4_000
# How many principal components the coarse passes go by, a third of the encoder's numbers, and how many examples are
# multiplied out whole. With these, Toronto's development questions get the same outcomes as when all are.
COMPONENTS = 128
NEAREST_EXAMPLES = 500
# Components are taken from so many examples, evenly spread: more do not move them.
SAMPLE = 10_000


def likeliest_of(groups: int) -> int:
    """Return how many groups come to the second pass for their mean; half as many do for their words.

    More cost time and change hardly an outcome; `make evaluate` judges the answers with these numbers.
    """
    return max(64, groups // 64)


class Nearest:
    """The examples' unit vectors in groups, one group an entry.

    Args:
        vectors: one row an example, group after group.
        starts: where each group starts.
        many: with more examples than this, not all are multiplied out.
        components: how many numbers a vector has in the coarse passes.
        nearest: how many examples come to the last pass.
        directions: the principal components, if they are known: of a catalogue that is nearly the same.
    """

    def __init__(
        self,
        vectors: Floats,
        starts: NDArray[np.intp],
        *,
        many: int = MANY_EXAMPLES,
        components: int = COMPONENTS,
        nearest: int = NEAREST_EXAMPLES,
        directions: Floats | None = None,
    ) -> None:
        self._vectors = vectors
        self._starts = starts
        self._sizes = np.diff(np.append(starts, len(vectors)))
        self._nearest = nearest
        self._likeliest = likeliest_of(len(starts))
        self._fitting = self._likeliest // 2
        self._is_coarse = len(vectors) > many and len(starts) > self._likeliest + self._fitting
        self.directions: Floats | None = None
        if self._is_coarse:
            self.directions = (
                _principal(vectors, components) if directions is None else directions
            )
            self._coarse: Floats = vectors @ self.directions
            sums = np.add.reduceat(self._coarse, starts, axis=0)
            self._means: Floats = (sums / self._sizes[:, None]).astype(np.float32)

    def likeness(self, vector: Floats, by_words: Floats) -> tuple[Floats, Floats]:
        """Return each group's nearest example's likeness, and the logarithm of the sum over all of them.

        Args:
            vector: the message's unit vector.
            by_words: every entry's score for the message's words.
        """
        if self.directions is None:
            best, sums = _of_groups(self._vectors @ vector, self._starts)
            return best, _logarithm(sums)
        short = vector @ self.directions
        mean = self._means @ short
        likely = self._likely(mean, by_words)
        best = mean.copy()
        sums = self._sizes * np.exp(SHARPNESS * (mean - 1))
        best[likely], sums[likely] = _of_groups(*self._multiplied_out(likely, short, vector))
        return best, _logarithm(sums)

    def _likely(self, mean: Floats, by_words: Floats) -> NDArray[np.intp]:
        likeliest = np.argpartition(mean, -self._likeliest)[-self._likeliest :]
        fitting = np.argpartition(by_words, -self._fitting)[-self._fitting :]
        # The last group always: most often it is that of what no entry covers, whose examples have no common mean.
        return np.unique(np.concatenate([likeliest, fitting, [len(self._starts) - 1]]))

    def _multiplied_out(
        self, groups: NDArray[np.intp], short: Floats, vector: Floats
    ) -> tuple[Floats, NDArray[np.intp]]:
        """Return the likeness of these groups' examples, and where each group starts among them."""
        sizes, first = self._sizes[groups], self._starts[groups]
        ends = np.cumsum(sizes)
        starts = ends - sizes
        alike = np.empty(ends[-1], np.float32)
        for row, start, end in zip(first.tolist(), starts.tolist(), ends.tolist(), strict=True):
            np.dot(self._coarse[row : row + end - start], short, out=alike[start:end])
        near = np.arange(len(alike))
        if len(alike) > self._nearest:
            near = np.argpartition(alike, -self._nearest)[-self._nearest :]
        rows = near + np.repeat(first - starts, sizes)[near]
        alike[near] = self._vectors[rows] @ vector
        return alike, starts


def _principal(vectors: Floats, components: int) -> Floats:
    """Return the directions, as columns, along which the vectors' dot products are kept best."""
    sample = vectors[:: max(1, len(vectors) // SAMPLE)]
    _, directions = np.linalg.eigh(sample.T @ sample)  # the largest come last
    return np.ascontiguousarray(directions[:, -components:])


def _of_groups(alike: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return each group's highest likeness and its sum; `alike` is used up."""
    best = np.maximum.reduceat(alike, starts)
    alike -= 1
    alike *= SHARPNESS
    return best, np.add.reduceat(np.exp(alike, out=alike), starts)


def _logarithm(sums: Floats) -> Floats:
    logarithm: Floats = np.log(sums + 1e-9).astype(np.float32)
    return logarithm
