"""Puts messages that mean the same into groups. Pure: words and their vectors in, groups out.

Two groups become one as long as their messages are, on average, alike enough (average linkage, found by chains of nearest
neighbours). The order in which messages come does not matter, and the same messages always fall into the same groups.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from services_catalog.text import normalise, words

Vectors = NDArray[np.float32]
Group = tuple[int, ...]

# How alike two groups are on average to be one, by the encoder's vectors and by letters alone. `python -m
# evaluation.grouping` shows what other limits would do.
ALIKE = 0.5
ALIKE_BY_LETTERS = 0.4
# So many places do the letters of words fall into, by threes.
_PLACES = 1024


def grouped(texts: Sequence[str], vectors: Vectors, alike: float) -> list[Group]:
    """Return the groups as places in `texts`, the largest first, the most typical message of each first.

    Args:
        vectors: one unit vector a text, as rows.
    """
    # In an order that is the texts' own; the same words count as one.
    places: dict[str, list[int]] = {}
    for place in sorted(range(len(texts)), key=lambda n: (normalise(texts[n]), texts[n])):
        places.setdefault(normalise(texts[place]), []).append(place)
    if not places:
        return []
    distinct = list(places.values())
    rows = vectors[[those[0] for those in distinct]]
    found = [_typical_first(members, rows) for members in _merged(rows, alike)]
    groups = [tuple(place for n in members for place in distinct[n]) for members in found]
    # Sorted by what is said, where they are as large: their places are no order of theirs.
    names = {members: normalise(texts[members[0]]) for members in groups}
    return sorted(groups, key=lambda members: (-len(members), names[members]))


def by_letters(texts: Sequence[str]) -> Vectors:
    """Return unit vectors of texts by the letters of their words, for when there is no encoder."""
    counts = np.zeros((len(texts), _PLACES), np.float32)
    for row, text in zip(counts, texts, strict=True):
        for word in words(text):
            padded = f" {word} "
            for at in range(len(padded) - 2):
                row[zlib.crc32(padded[at : at + 3].encode()) % _PLACES] += 1
    # What stands in most messages says little about any.
    seen = (counts > 0).sum(axis=0)
    counts = np.log1p(counts) * np.log(1 + (1 + len(texts)) / (1 + seen)).astype(np.float32)
    lengths = np.linalg.norm(counts, axis=1, keepdims=True)
    vectors: Vectors = (counts / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return vectors


def named(groups: Sequence[Sequence[str]], before: Mapping[str, str]) -> list[str]:
    """Return a name for each group: that of the earlier group with which it shares most messages, or a new one.

    Args:
        groups: the ids of the messages of each, the oldest first.
        before: the names of the groups that messages were in.
    """
    shared: dict[tuple[str, int], int] = {}
    for number, members in enumerate(groups):
        for member in members:
            if name := before.get(member):
                shared[name, number] = shared.get((name, number), 0) + 1
    names: dict[int, str] = {}
    for (name, number), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if number not in names and name not in names.values():
            names[number] = name
    taken = set(before.values()) | set(names.values())
    for number, members in enumerate(groups):
        if number in names:
            continue
        # Two processes that group the same messages give the same names.
        names[number] = next(
            (new for new in map(_name, members) if new not in taken),
            _name("+".join(["parted", *members])),
        )
        taken.add(names[number])
    return [names[number] for number in range(len(groups))]


def _name(message_id: str) -> str:
    digest = zlib.crc32(message_id.encode()) << 32 | zlib.crc32(message_id[::-1].encode())
    return f"grp_{digest:016x}"


def _merged(rows: Vectors, alike: float) -> list[list[int]]:
    """Return the groups of rows, each as sorted row numbers."""
    count = len(rows)
    members: list[list[int]] = [[n] for n in range(count)]
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    whole: list[list[int]] = []
    waiting = list(range(count - 1, -1, -1))
    is_open = [True] * count
    chain: list[int] = []
    while waiting or chain:
        if not chain:
            if not is_open[waiting[-1]]:
                waiting.pop()
                continue
            chain.append(waiting[-1])
        here = chain[-1]
        row = likeness[here]
        nearest = int(row.argmax())
        if row[nearest] < alike:
            # Nothing will ever be nearer: what is merged lies between what it was merged from.
            is_open[here] = False
            whole.append(sorted(members[here]))
            chain.pop()
        elif len(chain) > 1 and row[chain[-2]] >= row[nearest]:
            # Each is the other's nearest.
            chain.pop()
            _merge(likeness, members, is_open, *sorted((here, chain.pop())))
        else:
            chain.append(nearest)
    return whole


def _merge(
    likeness: Vectors, members: list[list[int]], is_open: list[bool], into: int, gone: int
) -> None:
    a, b = len(members[into]), len(members[gone])
    both = (likeness[into] * a + likeness[gone] * b) / (a + b)
    both[[into, gone]] = -np.inf
    likeness[into], likeness[:, into] = both, both
    likeness[gone], likeness[:, gone] = -np.inf, -np.inf
    members[into] += members[gone]
    is_open[gone] = False


def _typical_first(members: Sequence[int], rows: Vectors) -> list[int]:
    """Return row numbers, first those that are most like all the others."""
    own = rows[list(members)]
    likeness = own @ own.sum(axis=0)
    order = sorted(range(len(members)), key=lambda n: (-round(float(likeness[n]), 5), n))
    return [members[n] for n in order]
