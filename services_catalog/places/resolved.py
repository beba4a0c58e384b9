"""What a location comes to: a point, a choice of points, another municipality, or words that were not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services_catalog.places.mentions import MentionKind
from services_catalog.places.model import Area, Point, Precision

# From here on a point is stated; below, it is shown to be confirmed. See docs/places.md for how often it is right.
SURE = 0.8
# How sure a corner or a name is that the tables have, by how near its point is.
SURE_OF = {
    Precision.SURVEYED: 0.99, Precision.ADDRESS: 0.97, Precision.REPORTED: 0.96,
    Precision.NEAR: 0.95, Precision.SITE: 0.93, Precision.AREA: 0.9,
}  # fmt: skip
# Two readings whose points lie so near to each other are one.
SAME_METRES = 150.0


@dataclass(frozen=True)
class Located:
    """A point."""

    point: Point
    label: str  # "200 Wellesley St E", "King St W and Spadina Ave"
    kind: MentionKind
    confidence: float  # 0..1
    reason: str
    approximate: bool = False  # interpolated, beside, or the middle of an area
    ward: Area | None = None
    # Latitude and longitude came the wrong way round and were read the other way.
    exchanged: bool = False

    @property
    def is_sure(self) -> bool:
        """Say whether the point may be stated; else it is to be confirmed."""
        return self.confidence >= SURE


@dataclass(frozen=True)
class Ambiguous:
    """Several points that may be meant, the likeliest first."""

    options: tuple[Located, ...]
    reason: str


@dataclass(frozen=True)
class OutsideCity:
    """A place that is not in this city."""

    label: str
    body: str  # the municipality it is in, where known
    reason: str


@dataclass(frozen=True)
class Unknown:
    """Words that are plainly a place and are not in the tables, or say too little.

    Attributes:
        instead: points of nearly that name, to be offered and never to be taken.
    """

    what: str
    reason: str
    instead: tuple[Located, ...] = ()


Resolved = Located | Ambiguous | OutsideCity | Unknown


def parted(options: Iterable[Located]) -> list[Located]:
    """Return the options, the surest first, without those at the place of a surer one."""
    kept: list[Located] = []
    for option in sorted(options, key=lambda o: -o.confidence):
        if all(option.point.metres_to(k.point) > SAME_METRES for k in kept):
            kept.append(option)
    return kept
