"""The corners of a city: where two streets meet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from services_catalog.places.model import Intersection, Point, Precision
from services_catalog.places.streets import Candidate


class Corners:
    """All corners, by their two streets in either order."""

    def __init__(self, intersections: Iterable[Intersection]) -> None:
        self._of: dict[tuple[str, str], list[tuple[Point, Precision]]] = {}
        self._on: dict[str, list[tuple[str, Point]]] = {}
        for corner in intersections:
            a, b = corner.street_a, corner.street_b
            for one, other in {(a, b), (b, a)}:
                self._of.setdefault((one, other), []).append((corner.point, corner.precision))
                self._on.setdefault(one, []).append((other, corner.point))

    def of(self, street: str, other: str) -> Sequence[tuple[Point, Precision]]:
        """Return where two streets meet; mostly once, seldom twice."""
        return self._of.get((street, other), ())

    def on(self, street: str) -> Sequence[tuple[str, Point]]:
        """Return the known cross streets of a street and where they are."""
        return self._on.get(street, ())

    def among(
        self, left: Iterable[Candidate], right: Sequence[Candidate]
    ) -> Iterator[tuple[Candidate, Candidate, Point, Precision]]:
        """Yield every corner of two streets of which several may be meant."""
        for a in left:
            for b in right:
                for point, precision in self.of(a.street.full, b.street.full):
                    yield a, b, point, precision
