"""Address points that their neighbours contradict: a number of one end of a street, placed at the other. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.model import EARTH_METRES

Degrees = NDArray[np.float64]
Numbers = NDArray[np.int32]
# A point is looked at when it is so far from the two numbers below it and the two above it, and so many times
# farther than those lie apart.
FAR_METRES = 700.0
TIMES_THEIR_SPREAD = 1.5
# Points of the street so near to it speak for it when its number fits among theirs.
BESIDE_METRES = 1500.0


@dataclass(frozen=True)
class Outlier:
    """An address point that is not used."""

    street: str
    number: str
    metres: int  # to the nearest of its neighbours by number

    @property
    def says(self) -> str:
        """Return what is wrong."""
        return (
            f"it lies {self.metres:,} m from the numbers before and after it, among others that do not fit: "
            "it is not used. Mend its point or its number."
        )


def outlying(numbers: Numbers, lats: Degrees, longs: Degrees) -> Iterator[tuple[int, int]]:
    """Yield the rows of one street that are in the wrong place, with the metres to their nearest neighbour.

    Two streets of one name are none: the points around such a number fit it, or there are no others around it.

    Args:
        numbers: the house numbers, ascending.
        lats: latitudes in degrees.
        longs: longitudes in degrees.
    """
    count = len(numbers)
    if count < 5:
        return
    north = np.radians(lats) * EARTH_METRES
    east = np.radians(longs) * EARTH_METRES * math.cos(math.radians(float(lats[0])))
    rows = np.arange(1, count - 1)
    # Two below and two above, but one at the ends.
    beside = np.stack(
        [np.maximum(rows - 2, 0), rows - 1, rows + 1, np.minimum(rows + 2, count - 1)]
    )
    to_each = np.hypot(north[beside] - north[rows], east[beside] - east[rows])
    nearest = to_each.min(axis=0)
    apart = np.hypot(
        north[beside][:, None] - north[beside][None], east[beside][:, None] - east[beside][None]
    ).max(axis=(0, 1))
    suspects = (nearest > FAR_METRES) & (nearest > TIMES_THEIR_SPREAD * apart)
    for at in np.flatnonzero(suspects):
        row = int(rows[at])
        around = np.hypot(north - north[row], east - east[row]) < BESIDE_METRES
        around[row] = False
        there = numbers[around]
        if there.size >= 2 and not there.min() <= numbers[row] <= there.max():
            yield row, int(nearest[at])
