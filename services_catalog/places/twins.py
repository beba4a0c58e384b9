"""Streets of which the tables know two: "Elm St" downtown and "Elm St" in Weston. Pure.

A number that is only guessed between two known ones of the one may as well stand on the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services_catalog.places.addresses import AddressBook
from services_catalog.places.clusters import clustered
from services_catalog.places.corners import Corners
from services_catalog.places.model import Point

# Parts of a street that lie more than so many cells apart are not one: about 2.5 km, with corners seen, too.
REACH = 2
# A part with a smaller share of its street's points is most likely wrong points of the tables.
ODD_SHARE = 0.1
# So many metres lie between two numbers that follow each other on one street, at most.
METRES_A_NUMBER = 12.0


@dataclass(frozen=True)
class Part:
    """The points of a street in one part of the city."""

    points: tuple[Point, ...]
    numbers: tuple[int, ...]  # of its address points
    corners: tuple[str, ...]  # the streets that it meets, by their full names
    share: float  # of the street's points

    def metres_to(self, point: Point) -> float:
        """Return how far the nearest of its points is."""
        return min(p.metres_to(point) for p in self.points)


class Twins:
    """The parts of every street."""

    def __init__(self, book: AddressBook, corners: Corners) -> None:
        self._book = book
        self._corners = corners
        self._parts = lru_cache(maxsize=4096)(self._find_parts)

    def others(self, street: str, point: Point, number: int) -> list[Part]:
        """Return the parts of a street of this name that may hold a number beside the one where a point lies."""
        parts = self._parts(street)
        if len(parts) < 2:
            return []
        own = min(parts, key=lambda part: part.metres_to(point))
        return [
            part
            for part in parts
            if part is not own and part.share >= ODD_SHARE and not _follows(part, point, number)
        ]

    def _find_parts(self, street: str) -> tuple[Part, ...]:
        on = self._book.on(street)
        points = [on.point(n) for n in range(len(on.numbers))] if on is not None else []
        numbers = on.numbers.tolist() if on is not None else []
        crossing = self._corners.on(street)
        points += [point for _, point in crossing]
        if not points:
            return ()
        clusters = clustered(
            np.array([p.lat for p in points]), np.array([p.long for p in points]), REACH
        )
        return tuple(
            Part(
                tuple(points[n] for n in rows),
                tuple(numbers[n] for n in rows if n < len(numbers)),
                tuple(crossing[n - len(numbers)][0] for n in rows if n >= len(numbers)),
                len(rows) / len(points),
            )
            for rows in clusters
        )


def _follows(part: Part, point: Point, number: int) -> bool:
    """Say whether a part lies as far along one long street as its numbers say."""
    if not part.numbers:
        return False
    between = min(abs(n - number) for n in part.numbers)
    return part.metres_to(point) <= METRES_A_NUMBER * between
