"""Points of one street, gathered by where they lie: streets of one name in two former towns are two. Pure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.model import EARTH_METRES

CELL_METRES = 1250.0


def clustered(
    lats: NDArray[np.float64], longs: NDArray[np.float64], reach: int = 1
) -> list[list[int]]:
    """Return the indices of the points of each cluster, each in ascending order.

    Args:
        lats: latitudes in degrees.
        longs: longitudes in degrees.
        reach: how many cells (of 1,250 m) apart two points of one cluster may lie: with 1 they are one at less
            than 1,250 m and two beyond 3,600 m.
    """
    north = np.floor(np.radians(lats) * EARTH_METRES / CELL_METRES).astype(int)
    east = np.floor(
        np.radians(longs) * EARTH_METRES * math.cos(math.radians(float(lats[0]))) / CELL_METRES
    ).astype(int)
    cells: dict[tuple[int, int], list[int]] = {}
    for row, cell in enumerate(zip(north.tolist(), east.tolist(), strict=True)):
        cells.setdefault(cell, []).append(row)
    steps = range(-reach, reach + 1)
    clusters: list[list[int]] = []
    left = set(cells)
    while left:
        todo, rows = [left.pop()], []
        while todo:
            cell = todo.pop()
            rows += cells[cell]
            beside = {(cell[0] + a, cell[1] + b) for a in steps for b in steps} & left
            left -= beside
            todo += beside
        clusters.append(sorted(rows))
    return clusters
