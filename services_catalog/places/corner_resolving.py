"""Resolve corners, stretches between two corners, and streets that are named alone. Pure: tables in, values out."""

from __future__ import annotations

from dataclasses import replace

from services_catalog.places.corners import Corners
from services_catalog.places.deciding import MOST_OPTIONS, Deciding
from services_catalog.places.likeness import Confirmed, differs, likeness
from services_catalog.places.mentions import Mention, MentionKind, StreetWords
from services_catalog.places.model import Point
from services_catalog.places.resolved import (
    SURE_OF,
    Ambiguous,
    Located,
    Resolved,
    Unknown,
    parted,
)

# A street alone is no point: where it meets another one is a guess.
ALONE = 0.5


class CornerResolver:
    """Resolves corners by the table of one city."""

    def __init__(self, corners: Corners, deciding: Deciding) -> None:
        self._corners = corners
        self._deciding = deciding

    def corner(self, mention: Mention) -> Resolved:
        """Return where two streets meet, or the middle of a stretch between two corners."""
        if len(mention.streets) == 3:
            return self._stretch(mention)
        a, b = mention.streets
        for street in (a, b):
            if not street.candidates:
                return Unknown(street.text, f"{street.text} is not among the known streets")
        options = self._corners_of(a, b, mention)
        strict = [o for o, is_other in options if not is_other]
        if strict:
            return self._deciding.decided(strict, "there is more than one such corner")
        what = f"{a.text} and {b.text}"
        return Unknown(
            what,
            "this corner is not among the known ones",
            tuple(o for o, _ in options[:MOST_OPTIONS]),
        )

    def _corners_of(
        self, a: StreetWords, b: StreetWords, mention: Mention
    ) -> list[tuple[Located, bool]]:
        """Return the corners, the surest first, and whether the streets differ from what was written."""
        options = []
        for left, right, point, precision in self._corners.among(a.candidates, b.candidates):
            sure = SURE_OF[precision] * likeness(left, Confirmed.CORNER)
            sure *= likeness(right, Confirmed.CORNER)
            label = f"{left.street.full} and {right.street.full}"
            found = self._deciding.located(
                point, label, MentionKind.INTERSECTION, sure,
                "the corner is in the table", mention.is_beside,
            )  # fmt: skip
            options.append((found, differs(left) or differs(right)))
        return sorted(options, key=lambda o: -o[0].confidence)

    def _stretch(self, mention: Mention) -> Resolved:
        along, *crossing = mention.streets
        ends = []
        for cross in crossing:
            found = self.corner(replace(mention, streets=(along, cross)))
            if not isinstance(found, Located):
                return found
            ends.append(found)
        point = Point(
            (ends[0].point.lat + ends[1].point.lat) / 2,
            (ends[0].point.long + ends[1].point.long) / 2,
        )
        metres = round(ends[0].point.metres_to(ends[1].point))
        street, first = ends[0].label.split(" and ")
        return self._deciding.located(
            point,
            f"{street} between {first} and {ends[1].label.split(' and ')[1]}",
            MentionKind.INTERSECTION,
            min(e.confidence for e in ends),
            f"the middle between two corners that are {metres} m apart",
            True,
        )

    def street(self, mention: Mention) -> Resolved:
        """Return the corner of a street that has only one; of a longer one, ask where on it."""
        street = mention.streets[0]
        fit = [c for c in street.candidates if not differs(c)]
        if not fit or street.edits:
            like = ", ".join(c.street.full for c in fit[:MOST_OPTIONS])
            reason = f"{street.text} is not among the known streets"
            return Unknown(street.text, f"{reason}; like it are {like}" if like else reason)
        options = []
        for candidate in fit:
            for other, point in self._corners.on(candidate.street.full):
                label = f"{candidate.street.full} and {other}"
                sure = ALONE * likeness(candidate, Confirmed.NOT)
                reason = "a street alone is no point"
                options.append(
                    self._deciding.located(point, label, MentionKind.STREET, sure, reason, True)
                )
        apart = parted(options)
        if len(apart) == 1:
            return apart[0]
        if len(apart) > 1:
            # The busiest cross streets: those with most corners.
            apart.sort(key=lambda o: -len(self._corners.on(o.label.split(" and ")[1])))
            return Ambiguous(
                tuple(apart[:MOST_OPTIONS]),
                f"{street.text} is long: a house number or a cross street is needed",
            )
        return Unknown(street.text, "a house number or a cross street is needed")
