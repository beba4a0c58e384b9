"""Where a house number lies on its street: known, between two known ones, or just beyond them.

The tables of a city may hold only some of its addresses. How sure a place between known ones is was measured by
taking each known address out in turn and placing it by the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.addresses import AddressBook, OnStreet
from services_catalog.places.clusters import clustered
from services_catalog.places.model import Point, Precision

# How often a number was within 150 m of its place, when it was placed by the others: by the gap between the two
# known numbers around it (metres), and by how many numbers it lies beyond the last known one.
BETWEEN = ((400, 0.88), (600, 0.78), (800, 0.74), (1000, 0.7), (1200, 0.65), (2000, 0.45))
BEYOND = ((9, 0.84), (24, 0.65), (34, 0.45), (60, 0.2))
# Somewhere along the street.
ROUGHLY = 0.3
# A stretch with fewer of its street's numbers than this share is most likely a wrong point of the table.
ODD_SHARE = 0.1

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
        parts = self._stretches(street)
        placed = []
        for rows in parts:
            is_odd = len(rows) < ODD_SHARE * len(on.numbers)
            found = _placed(on, rows, street, number, suffix)
            if found and not (is_odd and found.how is not How.KNOWN):
                placed.append(found)
        known = [p for p in placed if p.how is How.KNOWN]
        # A number known at an odd point is there: what lies between others of the long street is not asked about.
        return known if known and _is_one_long(parts) else placed

    def roughly(self, street: str, number: int) -> Placed | None:
        """Return about where a number lies that is too far from the known ones around it, or None: it is beyond them."""
        on = self._book.on(street)
        if on is None or not on.numbers[0] <= number <= on.highest.max():
            return None
        nearest = int(np.argmin(np.abs(on.numbers - number)))
        reason = f"{on.written[nearest]} is the nearest known number on {street}"
        return Placed(on.point(nearest), How.BETWEEN, ROUGHLY, reason, True, str(number))

    def many(self, street: str) -> int:
        """Return how many address points of a street are known."""
        on = self._book.on(street)
        return len(on.numbers) if on is not None else 0

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
    return [np.array(rows) for rows in _following(on, clustered(on.lats, on.longs))]


def _is_one_long(parts: Sequence[NDArray[np.int64]]) -> bool:
    """Say whether all but one stretch are odd points."""
    sizes = sorted(len(rows) for rows in parts)
    return all(size < ODD_SHARE * sum(sizes) for size in sizes[:-1])


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
    if not (likely := sure(BETWEEN, gap)):
        return None
    low, high = int(on.highest[a]), int(on.numbers[b])
    share = (number - low) / (high - low)
    point = Point(
        float(on.lats[a] + share * (on.lats[b] - on.lats[a])),
        float(on.longs[a] + share * (on.longs[b] - on.longs[a])),
    )
    reason = (
        f"between {on.written[a]} and {on.written[b]} {street}, which are {round(gap)} m apart"
    )
    return Placed(point, How.BETWEEN, likely, reason, True, str(number))


def _beyond(on: OnStreet, rows: NDArray[np.int64], street: str, number: int) -> Placed | None:
    is_after = number > on.highest[rows].max()
    row = int(rows[np.argmax(on.highest[rows])] if is_after else rows[0])
    known = int(on.highest[row] if is_after else on.numbers[row])
    if not (likely := sure(BEYOND, abs(number - known))):
        return None
    reason = f"{on.written[row]} is the nearest known number on {street}"
    return Placed(on.point(row), How.BEYOND, likely, reason, True, str(number))


def sure(steps: Sequence[tuple[int, float]], how_far: float) -> float:
    """Return how likely it is by the first step that is not passed, or 0 beyond the last."""
    return next((likely for limit, likely in steps if how_far <= limit), 0.0)
