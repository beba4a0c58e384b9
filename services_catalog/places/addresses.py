"""The address points of a city, kept small: numbers and coordinates as arrays, one group a street.

A city has half a million of them; as objects they would take gigabytes.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services_catalog.places.model import Point, Precision
from services_catalog.places.outliers import Outlier, outlying

_NUMBER = re.compile(r"(\d+)\s*(?:[A-Za-z]|1/2)?(?:\s*-\s*(\d+)\s*[A-Za-z]?)?")
_PRECISIONS = tuple(Precision)


@dataclass(frozen=True)
class AddressPoint:
    """One row: "2A Abbotsford Rd". `low` and `high` differ for a range ("1905-1907")."""

    street: str
    number: str  # as the table writes it: "2A", "1905-1907"
    point: Point
    precision: Precision
    postal_code: str = ""


@dataclass(frozen=True)
class OnStreet:
    """The address points of one street, by number.

    Attributes:
        numbers: the lowest number of each point, ascending.
        highest: the highest number of each point; the same but for ranges.
    """

    numbers: NDArray[np.int32]
    highest: NDArray[np.int32]
    lats: NDArray[np.float64]
    longs: NDArray[np.float64]
    precisions: NDArray[np.uint8]
    written: Sequence[str]

    def point(self, n: int) -> Point:
        """Return where the n-th one is."""
        return Point(float(self.lats[n]), float(self.longs[n]))

    def precision(self, n: int) -> Precision:
        """Return how near its point is."""
        return _PRECISIONS[int(self.precisions[n])]

    def at(self, number: int) -> list[int]:
        """Return the places of the points whose number this is, or whose range holds it."""
        fits = (self.numbers <= number) & (number <= self.highest)
        return [int(n) for n in np.flatnonzero(fits)]


class AddressBook:
    """All address points, by street; and points by postal code, where the table has one."""

    def __init__(self, points: Iterable[AddressPoint]) -> None:
        # A row is forgotten as soon as its values are taken: half a million of them at once take a gigabyte.
        grouped: dict[str, _Columns] = {}
        self.postal_codes: dict[str, list[Point]] = {}
        for point in points:
            grouped.setdefault(point.street, _Columns()).add(point)
            if point.postal_code:
                self.postal_codes.setdefault(point.postal_code, []).append(point.point)
        # Points that are plainly in the wrong place; `services_catalog check` names them.
        self.outliers: list[Outlier] = []
        self._streets = {
            street: self._without_outliers(street, columns.packed())
            for street, columns in grouped.items()
        }
        self._count = sum(len(on.numbers) for on in self._streets.values())

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(self._streets)

    def on(self, street: str) -> OnStreet | None:
        """Return the address points of a street by its full name, or None: it has none."""
        return self._streets.get(street)

    def _without_outliers(self, street: str, on: OnStreet) -> OnStreet:
        wrong = dict(outlying(on.numbers, on.lats, on.longs))
        if not wrong:
            return on
        self.outliers += [Outlier(street, on.written[row], far) for row, far in wrong.items()]
        rows = [row for row in range(len(on.numbers)) if row not in wrong]
        return OnStreet(
            on.numbers[rows],
            on.highest[rows],
            on.lats[rows],
            on.longs[rows],
            on.precisions[rows],
            tuple(on.written[row] for row in rows),
        )

    @property
    def by_street(self) -> Mapping[str, OnStreet]:
        """All streets with address points."""
        return self._streets


def bounds_of(number: str) -> tuple[int, int]:
    """Return the lowest and highest house number that a table's "2A" or "1905-1907" stands for.

    Raises:
        ValueError: it is not a house number.
    """
    match = _NUMBER.fullmatch(number.strip())
    if not match:
        raise ValueError(f"{number!r} is not a house number such as 12, 12A or 12-16")
    low = int(match[1])
    high = int(match[2]) if match[2] else low
    return low, max(low, high)


class _Columns:
    """The address points of one street while they are gathered."""

    def __init__(self) -> None:
        self._low = array("i")
        self._high = array("i")
        self._lat = array("d")
        self._long = array("d")
        self._precision = array("B")
        self._written: list[str] = []

    def add(self, row: AddressPoint) -> None:
        low, high = bounds_of(row.number)
        self._low.append(low)
        self._high.append(high)
        self._lat.append(row.point.lat)
        self._long.append(row.point.long)
        self._precision.append(_PRECISIONS.index(row.precision))
        # Most numbers stand on many streets: one copy of each is enough.
        self._written.append(sys.intern(row.number))

    def packed(self) -> OnStreet:
        """Return the points in the order of their numbers."""
        rows = range(len(self._low))
        order = sorted(rows, key=lambda n: (self._low[n], self._high[n], self._written[n]))
        return OnStreet(
            np.array(self._low, np.int32)[order],
            np.array(self._high, np.int32)[order],
            np.array(self._lat)[order],
            np.array(self._long)[order],
            np.array(self._precision, np.uint8)[order],
            tuple(self._written[n] for n in order),
        )
