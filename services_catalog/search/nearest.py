"""How alike a message is to each entry's examples: the nearest one, and all of them together.

To multiply out every example's vector is mostly walking through memory: 33 MB and a millisecond and a half for Toronto's
21,000 examples, half a gigabyte and 40 ms for 5,000 entries'. So it goes in two passes. The first multiplies out one
vector an entry, the mean of its examples. The second multiplies out the examples of those entries that came
out best in the first pass, and of those whose words fit best. For the others the mean stands for each of their
examples: low, and far from deciding anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# How sharply an example's likeness counts in the sum over an entry's examples.
SHARPNESS = 20.0
# Up to so many examples all are multiplied out: a quarter of a millisecond.
MANY_EXAMPLES = 4_000


def likeliest_of(groups: int) -> int:
    """Return how many groups are multiplied out for their mean; half as many are for their words.

    More cost time and change hardly an outcome; `make evaluate` judges the answers with these numbers.
    """
    return max(64, groups // 40)


class Nearest:
    """The examples' unit vectors in groups, one group an entry.

    Args:
        vectors: one row an example, group after group.
        starts: where each group starts.
        many: with more examples than this, not all are multiplied out.
    """

    def __init__(
        self, vectors: Floats, starts: NDArray[np.intp], *, many: int = MANY_EXAMPLES
    ) -> None:
        self._vectors = vectors
        self._starts = starts
        self._sizes = np.diff(np.append(starts, len(vectors)))
        self._means: Floats | None = None
        self._likeliest = likeliest_of(len(starts))
        self._fitting = self._likeliest // 2
        if len(vectors) > many and len(starts) > self._likeliest + self._fitting:
            sums = np.add.reduceat(vectors, starts, axis=0)
            self._means = (sums / self._sizes[:, None]).astype(np.float32)

    def likeness(self, vector: Floats, by_words: Floats) -> tuple[Floats, Floats]:
        """Return each group's nearest example's likeness, and the logarithm of the sum over all of them.

        Args:
            vector: the message's unit vector.
            by_words: every entry's score for the message's words.
        """
        if self._means is None:
            best, sums = _of_groups(self._vectors @ vector, self._starts)
            return best, _logarithm(sums)
        mean = self._means @ vector
        likely = self._likely(mean, by_words)
        best = mean.copy()
        sums = self._sizes * np.exp(SHARPNESS * (mean - 1))
        best[likely], sums[likely] = _of_groups(*self._multiplied_out(likely, vector))
        return best, _logarithm(sums)

    def _likely(self, mean: Floats, by_words: Floats) -> NDArray[np.intp]:
        likeliest = np.argpartition(mean, -self._likeliest)[-self._likeliest :]
        fitting = np.argpartition(by_words, -self._fitting)[-self._fitting :]
        # The last group always: most often it is that of what no entry covers, whose examples have no common mean.
        return np.unique(np.concatenate([likeliest, fitting, [len(self._starts) - 1]]))

    def _multiplied_out(
        self, groups: NDArray[np.intp], vector: Floats
    ) -> tuple[Floats, NDArray[np.intp]]:
        ends = np.cumsum(self._sizes[groups])
        starts = ends - self._sizes[groups]
        alike = np.empty(ends[-1], np.float32)
        for group, start, end in zip(groups, starts, ends, strict=True):
            first = self._starts[group]
            rows = self._vectors[first : first + end - start]
            np.dot(rows, vector, out=alike[start:end])
        return alike, starts


def _of_groups(alike: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return each group's highest likeness and its sum; `alike` is used up."""
    best = np.maximum.reduceat(alike, starts)
    alike -= 1
    alike *= SHARPNESS
    return best, np.add.reduceat(np.exp(alike, out=alike), starts)


def _logarithm(sums: Floats) -> Floats:
    logarithm: Floats = np.log(sums + 1e-9).astype(np.float32)
    return logarithm
