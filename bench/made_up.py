"""Catalogues of any size, made from a real one without chance: the same size is the same catalogue each time.

The first entries are the real ones as they are. Each further one crosses a real entry with another: its wordings
begin with the words of the one and end with those of the other. So lengths, numbers of wordings and words are
a real catalogue's; the vocabulary does not grow, and neighbours are more alike than in a real catalogue.

Nobody waits for the encoder to read 300,000 made-up wordings: a crossed wording gets the mean of its parents'
vectors. How long a search takes depends on the number of vectors, hardly on what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from services_catalog.model import Catalogue, ServiceEntry
from services_catalog.search.index import examples_of
from services_catalog.search.vectors import Encodes, VectorMemory, Vectors
from services_catalog.text import normalise

# How far the other parent stands from the first, more with each turn through the catalogue.
STRIDE = 53


@dataclass(frozen=True)
class MadeUp:
    """A made-up catalogue; `parents` gives the two real wordings that each crossed one was made of."""

    catalogue: Catalogue
    parents: dict[str, tuple[str, str]]


def make_up(real: Catalogue, size: int) -> MadeUp:
    """Return a catalogue of `size` entries made from a real one (of at least two)."""
    number = len(real.entries)
    parents: dict[str, tuple[str, str]] = {}
    entries = list(real.entries[:size])
    for n in range(number, size):
        turn, place = divmod(n, number)
        other = (place + STRIDE * turn) % number
        if other == place:
            other = (place + 1) % number
        entries.append(_crossed(real.entries[place], real.entries[other], turn, parents))
    return MadeUp(Catalogue(real.city, 1, tuple(entries), real.uncovered), parents)


def crossed(first: str, second: str) -> str:
    """Return the first half of one text's words and the second half of the other's."""
    one, two = first.split(), second.split()
    return " ".join([*one[: (len(one) + 1) // 2], *two[len(two) // 2 :]])


class BlendingEncoder:
    """The real encoder, but for crossed wordings: those get the mean of their parents' vectors."""

    def __init__(
        self, encoder: Encodes, known: VectorMemory, parents: dict[str, tuple[str, str]]
    ) -> None:
        self._encoder = encoder
        self._known = known
        self._parents = {normalise(text): pair for text, pair in parents.items()}

    @property
    def sha256(self) -> str:
        """Identify it; its vectors are never mixed with the real encoder's."""
        return f"{self._encoder.sha256}-blended"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows."""
        if len(texts) == 1 and texts[0] not in self._parents:
            return self._encoder.encode(texts)
        pairs = [self._parents.get(text, (text, text)) for text in texts]
        sums = self._known.vectors([a for a, _ in pairs])
        sums = sums + self._known.vectors([b for _, b in pairs])
        rows: Vectors = (sums / np.linalg.norm(sums, axis=1, keepdims=True)).astype(np.float32)
        return rows


def _crossed(
    one: ServiceEntry, other: ServiceEntry, turn: int, parents: dict[str, tuple[str, str]]
) -> ServiceEntry:
    def cross(first: str, second: str) -> str:
        text = crossed(first, second)
        parents[text] = (first, second)
        return text

    def all_crossed(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
        spare = second or (other.title,)
        pairs = zip_longest(first, (spare[n % len(spare)] for n in range(len(first))))
        return tuple(cross(a, b) for a, b in pairs)

    return replace(
        one,
        id=f"{one.id}_{turn}",
        title=cross(one.title, other.title),
        summary=crossed(one.summary, other.summary),
        also_called=all_crossed(one.also_called, other.also_called),
        questions=all_crossed(one.questions, other.questions),
        confused_with=(),
        related=(),
    )


def wordings(catalogue: Catalogue) -> list[str]:
    """Return everything that the encoder has to have read before the index can be built."""
    return [t for e in catalogue.entries for t in examples_of(e)] + list(catalogue.uncovered)
