"""Resolve names of places and parts of the city, and postal codes. Pure: tables in, values out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from services_catalog.places.deciding import Deciding
from services_catalog.places.likeness import called_so
from services_catalog.places.mentions import Mention, MentionKind
from services_catalog.places.model import Point, Precision
from services_catalog.places.names import Named
from services_catalog.places.resolved import SURE_OF, Located, OutsideCity, Resolved, Unknown
from services_catalog.places.tables import Gazetteer

# The middles of two areas of one name (a neighbourhood and its shopping street) may be so far apart.
AREA_METRES = 500.0
AREA_LESS = 0.83
# How much each typing error takes away from the name of a place.
EDIT_COST = 0.06
# A postal code is a block or a building, or a long stretch, by how far its known points lie from their middle (metres).
# Its first three characters are a part of the city, which is too wide for a code that the tables do not have.
SURE_OF_CODE = ((150, 0.95), (400, 0.85), (math.inf, 0.7))
SURE_OF_THREE = 0.85
SURE_OF_CODE_BY_THREE = 0.7


class NameResolver:
    """Resolves names and postal codes by the tables of one city."""

    def __init__(self, gazetteer: Gazetteer, deciding: Deciding) -> None:
        self._deciding = deciding
        self._codes = _postal_points(gazetteer)

    def postal_code(self, mention: Mention) -> Resolved:
        """Return the middle of what has a postal code, or of what has its first three characters."""
        code = mention.postal_code
        is_three = len(code) == 3
        written = code if is_three else f"{code[:3]} {code[3:]}"
        known = self._codes.get(code) or self._codes.get(code[:3])
        if known is None:
            if not any(k[0] == code[0] for k in self._codes):
                return OutsideCity(
                    written, "", f"postal codes here do not begin with {code[0]}"
                )
            return Unknown(written, "this postal code is not in the tables")
        middle, many, radius = known
        sure = SURE_OF_THREE if is_three else next(s for r, s in SURE_OF_CODE if radius <= r)
        what = written
        if code not in self._codes:
            sure, what = SURE_OF_CODE_BY_THREE, code[:3]
        reason = f"the middle of {many} known point{'s' if many > 1 else ''} of {what}"
        return self._deciding.located(
            middle, written, MentionKind.POSTAL_CODE, sure, reason, True
        )

    def named(self, mention: Mention) -> Resolved:
        """Return what has a name."""
        spelt = 1 - EDIT_COST * mention.edits
        called = called_so(mention)
        middle = called[0].point
        is_wide = any(
            n.is_area and n.point.metres_to(middle) > AREA_METRES for n in mention.named
        )
        if called[0].is_area and is_wide:
            spelt *= AREA_LESS
        options = [self._of_name(named, mention, spelt) for named in called]
        return self._deciding.decided(options, "there is more than one of that name")

    def _of_name(self, named: Named, mention: Mention, spelt: float) -> Located:
        kind = MentionKind.NEIGHBOURHOOD if named.is_neighbourhood else MentionKind.LANDMARK
        reason = "the middle of the area" if named.is_area else "it is in the tables by name"
        if mention.edits:
            reason = f"read as {named.name}; {reason}"
        label = named.name
        if len(mention.named) > 1 and named.address:
            label = f"{named.name}, {named.address}"
        approximate = named.is_area or mention.is_beside or named.precision is Precision.SITE
        return self._deciding.located(
            named.point, label, kind, SURE_OF[named.precision] * spelt, reason, approximate
        )


def _postal_points(gazetteer: Gazetteer) -> dict[str, tuple[Point, int, float]]:
    """Return the known points of each postal code and of each first three characters: middle, how many, how wide."""
    codes = {c: list(found) for c, found in gazetteer.addresses.postal_codes.items()}
    for place in gazetteer.places:
        if place.postal_code and place.postal_code not in codes:
            codes[place.postal_code] = [place.point]
    points: dict[str, list[Point]] = {}
    for code, found in codes.items():
        key = "".join(code.upper().split())
        points.setdefault(key, []).extend(found)
        points.setdefault(key[:3], []).extend(found)
    return {key: _middle(found) for key, found in points.items()}


def _middle(points: Sequence[Point]) -> tuple[Point, int, float]:
    many = len(points)
    middle = Point(sum(p.lat for p in points) / many, sum(p.long for p in points) / many)
    return middle, many, max(middle.metres_to(p) for p in points)
