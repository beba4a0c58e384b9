"""How readings become an answer: the likeliest one, or all that are nearly as likely. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services_catalog.places.areas import Areas
from services_catalog.places.mentions import MentionKind
from services_catalog.places.model import Neighbourhood, Point
from services_catalog.places.resolved import Ambiguous, Located, Resolved, parted

# The second reading must be this much less likely than the first, or both are asked about.
RIVAL = 0.82
MOST_OPTIONS = 4


class Deciding:
    """Makes points of one city, with their wards, and chooses between them."""

    def __init__(self, areas: Areas, hoods: Sequence[Neighbourhood]) -> None:
        self._areas = areas
        self._hoods = hoods

    def located(
        self,
        point: Point,
        label: str,
        kind: MentionKind,
        confidence: float,
        reason: str,
        approximate: bool = False,
        exchanged: bool = False,
    ) -> Located:
        """Return a point with its ward."""
        ward = self._areas.ward_of(point)
        return Located(point, label, kind, confidence, reason, approximate, ward, exchanged)

    def in_city(self, point: Point) -> bool:
        """Say whether a point lies in the city."""
        return self._areas.in_city(point)

    def decided(
        self, options: Iterable[Located], why_asked: str, rival: float = RIVAL
    ) -> Resolved:
        """Return the likeliest reading, or all that are more likely than `rival` of it."""
        apart = parted(options)
        best = apart[0]
        rivals = [o for o in apart if o.confidence >= rival * best.confidence]
        if len(rivals) == 1:
            return best
        return self.asked(rivals, why_asked)

    def asked(self, options: Sequence[Located], why_asked: str) -> Ambiguous:
        """Return the first few options with labels that differ: by the part of the city, else by where it lies."""
        options = options[:MOST_OPTIONS]
        labels = [o.label for o in options]
        told = [
            replace(o, label=f"{o.label} ({self.part_of_city(o.point)})")
            if labels.count(o.label) > 1 and self._hoods
            else o
            for o in options
        ]
        again = [o.label for o in told]
        north = max(told, key=lambda o: o.point.lat)
        return Ambiguous(
            tuple(
                replace(
                    o, label=f"{o.label}, the {'northern' if o is north else 'southern'} one"
                )
                if again.count(o.label) > 1
                else o
                for o in told
            ),
            why_asked,
        )

    def part_of_city(self, point: Point) -> str:
        """Return the neighbourhood whose middle is nearest, or an empty text: the tables have none."""
        near = min(self._hoods, key=lambda h: point.metres_to(h.point), default=None)
        return near.name if near else ""


def nearest_option(asked: Ambiguous, near: Point) -> Resolved:
    """Return the option that is by far the nearest to where the message says it is, else all of them."""
    metres = sorted((o.point.metres_to(near), n) for n, o in enumerate(asked.options))
    if metres[0][0] <= 5000 and metres[1][0] > 2 * metres[0][0] + 1000:
        return asked.options[metres[0][1]]
    return asked
