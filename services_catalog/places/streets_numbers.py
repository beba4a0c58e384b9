"""Where a house number lies on its street: known, between two known ones, or just beyond them.

The tables of a city may hold only some of its addresses. How sure a place between known ones is was measured by
taking each known address out in turn and placing it by the others (`python -m evaluation.locations --left-out`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.addresses import AddressBook, OnStreet
from services_catalog.places.model import EARTH_METRES, Point, Precision

# Address points of one street that are farther apart than about two of these belong to two streets of one name.
CELL_METRES = 1250.0
# Beyond the last known number of a street, numbers are taken to go on so far apart.
METRES_A_NUMBER = 4.0
FARTHEST_BEYOND_METRES = 400.0

_SURE = {
    Precision.SURVEYED: 0.99,
    Precision.ADDRESS: 0.98,
    Precision.REPORTED: 0.97,
    Precision.NEAR: 0.96,
    Precision.SITE: 0.95,
    Precision.AREA: 0.5,
}


class How(StrEnum):
    """How a number was placed."""

    KNOWN = "known"
    BETWEEN = "between"
    BEYOND = "beyond"


@dataclass(frozen=True)
class Placed:
    """Where a number lies on one stretch of a street."""

    point: Point
    how: How
    sure: float  # 0..1
    reason: str
    approximate: bool
    number: str  # as the table writes it, or as it was asked for


class StreetNumbers:
    """The house numbers of every street."""

    def __init__(self, book: AddressBook) -> None:
        self._book = book
        self._stretches = lru_cache(maxsize=4096)(self._find_stretches)

    def place(self, street: str, number: int, suffix: str = "") -> list[Placed]:
        """Return where a number lies: a place for each stretch of this name that may hold it."""
        on = self._book.on(street)
        if on is None:
            return []
        placed = [_placed(on, rows, street, number, suffix) for rows in self._stretches(street)]
        return [p for p in placed if p]

    def ends(self, street: str) -> tuple[int, int] | None:
        """Return the lowest and highest known number of a street, or None: none is known."""
        on = self._book.on(street)
        return (int(on.numbers[0]), int(on.highest.max())) if on is not None else None

    def _find_stretches(self, street: str) -> tuple[NDArray[np.int64], ...]:
        on = self._book.on(street)
        assert on is not None  # noqa: S101 (asked by `place` before)
        return tuple(stretches(on))


def stretches(on: OnStreet) -> list[NDArray[np.int64]]:
    """Return the rows of each stretch: streets of one name in two former towns are two.

    Parts that lie far apart but whose numbers follow each other are one long street.
    """
    north = np.floor(np.radians(on.lats) * EARTH_METRES / CELL_METRES).astype(int)
    east = np.floor(
        np.radians(on.longs) * EARTH_METRES * math.cos(math.radians(float(on.lats[0])))
        / CELL_METRES
    ).astype(int)  # fmt: skip
    cells: dict[tuple[int, int], list[int]] = {}
    for row, cell in enumerate(zip(north.tolist(), east.tolist(), strict=True)):
        cells.setdefault(cell, []).append(row)
    parts: list[list[int]] = []
    left = set(cells)
    while left:
        todo, rows = [left.pop()], []
        while todo:
            cell = todo.pop()
            rows += cells[cell]
            beside = {(cell[0] + a, cell[1] + b) for a in (-1, 0, 1) for b in (-1, 0, 1)} & left
            left -= beside
            todo += beside
        parts.append(sorted(rows))
    return [np.array(rows) for rows in _following(on, parts)]


def _following(on: OnStreet, parts: list[list[int]]) -> list[list[int]]:
    # Rows are in the order of numbers: parts follow each other when their rows do not mix.
    parts.sort()
    joined: list[list[int]] = []
    for rows in parts:
        if joined and on.highest[joined[-1]].max() < on.numbers[rows[0]]:
            joined[-1] = joined[-1] + rows
        else:
            joined.append(rows)
    return joined


def _placed(
    on: OnStreet, rows: NDArray[np.int64], street: str, number: int, suffix: str
) -> Placed | None:
    held = rows[(on.numbers[rows] <= number) & (number <= on.highest[rows])]
    if held.size:
        return _known(on, [int(n) for n in held], street, number, suffix)
    return _between(on, rows, street, number) or _beyond(on, rows, street, number)


def _known(on: OnStreet, rows: Sequence[int], street: str, number: int, suffix: str) -> Placed:
    asked = f"{number}{suffix}".upper()

    def distance(row: int) -> tuple[int, int]:
        written = on.written[row].upper()
        is_range = on.highest[row] > on.numbers[row]
        return (0 if written == asked else 1 if written == str(number) else 3 if is_range else 2,
                int(on.highest[row] - on.numbers[row]))  # fmt: skip

    row = min(rows, key=distance)
    precision = on.precision(row)
    is_wide = on.highest[row] - on.numbers[row] > 40
    reason = f"{on.written[row]} {street} is in the address table"
    if precision is Precision.SITE:
        reason += ", as the middle of its grounds"
    return Placed(
        on.point(row),
        How.KNOWN,
        _SURE[precision] - (0.1 if is_wide else 0),
        reason,
        bool(is_wide) or precision in (Precision.SITE, Precision.AREA),
        str(number) + suffix,
    )


def _between(on: OnStreet, rows: NDArray[np.int64], street: str, number: int) -> Placed | None:
    pairs = []
    # The same side of the street first: even numbers face odd ones.
    for side in (rows[on.numbers[rows] % 2 == number % 2], rows):
        below = side[on.highest[side] < number]
        above = side[on.numbers[side] > number]
        if below.size and above.size:
            pairs.append((int(below[-1]), int(above[0])))
    if not pairs:
        return None
    gaps = [on.point(a).metres_to(on.point(b)) for a, b in pairs]
    best = 0 if gaps[0] <= 1.5 * gaps[-1] else len(pairs) - 1
    (a, b), gap = pairs[best], gaps[best]
    low, high = int(on.highest[a]), int(on.numbers[b])
    share = (number - low) / (high - low)
    point = Point(
        float(on.lats[a] + share * (on.lats[b] - on.lats[a])),
        float(on.longs[a] + share * (on.longs[b] - on.longs[a])),
    )
    reason = (
        f"between {on.written[a]} and {on.written[b]} {street}, which are {round(gap)} m apart"
    )
    return Placed(point, How.BETWEEN, sure_between(gap), reason, True, str(number))


def _beyond(on: OnStreet, rows: NDArray[np.int64], street: str, number: int) -> Placed | None:
    is_after = number > on.highest[rows].max()
    row = int(rows[np.argmax(on.highest[rows])] if is_after else rows[0])
    known = int(on.highest[row] if is_after else on.numbers[row])
    far = abs(number - known) * METRES_A_NUMBER
    if far > FARTHEST_BEYOND_METRES:
        return None
    reason = f"{on.written[row]} is the nearest known number on {street}"
    return Placed(on.point(row), How.BEYOND, sure_beyond(far), reason, True, str(number))


def sure_between(gap_metres: float) -> float:
    """Return how likely a number between two known ones so far apart is placed within 150 m."""
    if gap_metres <= 300:
        return 0.95
    return max(0.3, 0.95 - (gap_metres - 300) / 1000)


def sure_beyond(far_metres: float) -> float:
    """Return how likely a number so far beyond the last known one is within 150 m of it."""
    return max(0.2, 0.85 - far_metres / 400)
