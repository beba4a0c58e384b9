"""Resolve what a message says about where to a point: how sure, why, and what else may be meant.

Every answer carries its reason. What is not in the city's tables is named as not found; it is never placed
somewhere else. Pure: tables in, values out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from services_catalog.places.areas import Areas
from services_catalog.places.likeness import LOW_NUMBER, Confirmed, called_so, differs, likeness
from services_catalog.places.locations import LocationReader
from services_catalog.places.mentions import Mention, MentionKind, StreetWords
from services_catalog.places.model import Point, Precision
from services_catalog.places.names import Named
from services_catalog.places.resolved import (
    SURE,
    Ambiguous,
    Located,
    OutsideCity,
    Resolved,
    Unknown,
    parted,
)
from services_catalog.places.streets import Candidate
from services_catalog.places.streets_numbers import How, Placed, StreetNumbers
from services_catalog.places.tables import Gazetteer

__all__ = ["SURE", "Ambiguous", "Geocoder", "Located", "OutsideCity", "Resolved", "Unknown"]

# The second reading must be this much less likely than the first, or both are asked about.
RIVAL = 0.82
MOST_OPTIONS = 4
# A street with so small a share of the tables' points of a larger one of its name is so much less likely meant.
SMALL = 0.2
SMALL_LESS = 0.8
# The middles of two areas of one name (a neighbourhood and its shopping street) may be so far apart.
AREA_METRES = 500.0
AREA_LESS = 0.83
# A misspelt street whose number or corner is not known is no more than a guess below this.
GUESS = 0.6
# How much each typing error takes away from the name of a place.
EDIT_COST = 0.06
_SURE_OF = {
    Precision.SURVEYED: 0.99, Precision.ADDRESS: 0.97, Precision.REPORTED: 0.96,
    Precision.NEAR: 0.95, Precision.SITE: 0.93, Precision.AREA: 0.9,
}  # fmt: skip
# Which mention tells most, when a message names several places.
_TELLING = (
    MentionKind.ADDRESS, MentionKind.INTERSECTION, MentionKind.LANDMARK, MentionKind.POSTAL_CODE,
    MentionKind.NEIGHBOURHOOD, MentionKind.OUTSIDE_CITY, MentionKind.STREET, MentionKind.NEAR_ME,
)  # fmt: skip


class Geocoder:
    """Resolves locations by the tables of one gazetteer."""

    def __init__(
        self, gazetteer: Gazetteer, areas: Areas | None = None, elsewhere: Sequence[str] = ()
    ) -> None:
        self._areas = areas or Areas(gazetteer)
        self.reader = LocationReader(gazetteer, elsewhere)
        self._numbers = StreetNumbers(gazetteer.addresses)
        self._corners = self.reader.corners
        self._hoods = gazetteer.neighbourhoods
        self._codes = _postal_points(gazetteer)

    def locate(self, text: str) -> Resolved | None:
        """Return the place that a message names, or None: it names none."""
        mentions = [m for m in self.reader.read(text) if m.kind is not MentionKind.NEAR_ME]
        mentions.sort(key=lambda m: _TELLING.index(m.kind))
        for mention in mentions:
            found = self.resolve(mention, others=[m for m in mentions if m is not mention])
            if not isinstance(found, Unknown) or mention.is_plain:
                return found
        return None

    def resolve(self, mention: Mention, others: Sequence[Mention] = ()) -> Resolved:
        """Return where a mention is.

        Args:
            mention: as read.
            others: what else the message names; a postal code or a neighbourhood decides between two streets.
        """
        if mention.city and mention.kind is not MentionKind.LANDMARK:
            label = (
                mention.text if mention.kind is not MentionKind.OUTSIDE_CITY else mention.city
            )
            return OutsideCity(label, mention.city, f"{mention.city} is another municipality")
        if mention.kind is MentionKind.ADDRESS:
            found = self._address(mention)
        elif mention.kind is MentionKind.INTERSECTION:
            found = self._corner(mention)
        elif mention.kind is MentionKind.STREET:
            found = self._street(mention)
        elif mention.kind is MentionKind.POSTAL_CODE:
            found = self._postal_code(mention)
        elif mention.kind is MentionKind.NEAR_ME:
            found = Unknown(mention.text, "no position was shared")
        else:
            found = self._named(mention)
        if isinstance(found, Ambiguous) and (near := self._hint(others)):
            found = _nearest_option(found, near)
        return found

    def at(self, lat: float, long: float) -> Resolved:
        """Return the place of shared coordinates, in degrees. Exchanged ones are noticed.

        Raises:
            ValueError: they are not on the earth.
        """
        if not (math.isfinite(lat) and math.isfinite(long)):
            raise ValueError("Latitude and longitude must be numbers.")
        for point, reason in (
            (Point(lat, long), "shared position"),
            (Point(long, lat), "shared position, latitude and longitude exchanged"),
        ):
            if abs(point.lat) <= 90 and abs(point.long) <= 180 and self._areas.in_city(point):
                return self._located(point, "your location", MentionKind.NEAR_ME, 0.99, reason)
        if abs(lat) > 90 or abs(long) > 180:
            raise ValueError(
                "Latitude must be from -90 to 90 and longitude from -180 to 180 degrees."
            )
        return OutsideCity("your location", "", "the position lies outside all wards")

    # Addresses

    def _address(self, mention: Mention) -> Resolved:
        street = mention.streets[0]
        number = mention.number or 0
        if not street.candidates:
            return Unknown(street.text, f"{street.text} is not among the known streets")
        options: list[Located] = []
        most = max(self._size(c) for c in street.candidates)
        for candidate in street.candidates:
            # "220 yonge" is Yonge St, not the small Yonge Blvd.
            is_small = not street.type and self._size(candidate) < SMALL * most
            for placed in self._numbers.place(candidate.street.full, number, mention.suffix):
                found = self._numbered(candidate, placed, mention)
                if is_small and placed.how is not How.KNOWN:
                    found = replace(found, confidence=found.confidence * SMALL_LESS)
                options.append(found)
        strict = [
            o
            for o, c in _with_candidate(options, street)
            if not differs(c) and (not c.edits or o.confidence >= GUESS)
        ]
        if strict:
            return self._decided(strict, "the number is on several streets of that name")
        what = f"{number}{mention.suffix} {street.text}"
        if options:
            reason = "this street is not among the known ones, or does not have this number"
            return Unknown(what, reason, tuple(parted(options)[:MOST_OPTIONS]))
        return self._unplaced(mention, what)

    def _size(self, candidate: Candidate) -> int:
        """Return how many addresses and corners of a street are known."""
        full = candidate.street.full
        return self._numbers.many(full) + len(self._corners.on(full))

    def _numbered(self, candidate: Candidate, placed: Placed, mention: Mention) -> Located:
        label = f"{placed.number} {candidate.street.full}"
        confirmed = Confirmed.NOT
        if placed.how is How.KNOWN:
            is_low = (mention.number or 0) < LOW_NUMBER
            confirmed = Confirmed.LOW_NUMBER if is_low else Confirmed.NUMBER
        confidence = placed.sure * likeness(candidate, confirmed)
        reason = placed.reason
        if candidate.edits:
            reason = f"read as {candidate.street.full}; {reason}"
        approximate = placed.approximate or mention.is_beside
        return self._located(
            placed.point, label, MentionKind.ADDRESS, confidence, reason, approximate
        )

    def _unplaced(self, mention: Mention, what: str) -> Resolved:
        names = [c.street.full for c in mention.streets[0].candidates if not differs(c)]
        if not names:
            street = mention.streets[0].candidates[0].street.full
            return Unknown(
                mention.streets[0].text, f"it is not among the known streets; {street} is"
            )
        ends = self._numbers.ends(names[0])
        if ends is None:
            return Unknown(what, f"no house number of {names[0]} is known")
        return Unknown(what, f"the known numbers of {names[0]} go from {ends[0]} to {ends[1]}")

    # Corners and streets

    def _corner(self, mention: Mention) -> Resolved:
        if len(mention.streets) == 3:
            return self._stretch(mention)
        a, b = mention.streets
        for street in (a, b):
            if not street.candidates:
                return Unknown(street.text, f"{street.text} is not among the known streets")
        options = self._corners_of(a, b, mention)
        strict = [o for o, differs in options if not differs]
        if strict:
            return self._decided(strict, "there is more than one such corner")
        what = f"{a.text} and {b.text}"
        return Unknown(
            what,
            "this corner is not among the known ones",
            tuple(o for o, _ in options[:MOST_OPTIONS]),
        )

    def _corners_of(
        self, a: StreetWords, b: StreetWords, mention: Mention
    ) -> list[tuple[Located, bool]]:
        options = []
        for left, right, point, precision in self._corners.among(a.candidates, b.candidates):
            sure = _SURE_OF[precision] * likeness(left, Confirmed.CORNER)
            sure *= likeness(right, Confirmed.CORNER)
            label = f"{left.street.full} and {right.street.full}"
            found = self._located(
                point, label, MentionKind.INTERSECTION, sure,
                "the corner is in the table", mention.is_beside,
            )  # fmt: skip
            options.append((found, differs(left) or differs(right)))
        return sorted(options, key=lambda o: -o[0].confidence)

    def _stretch(self, mention: Mention) -> Resolved:
        """Return the middle between two corners of a street."""
        along, *crossing = mention.streets
        ends = []
        for cross in crossing:
            found = self._corner(replace(mention, streets=(along, cross)))
            if not isinstance(found, Located):
                return found
            ends.append(found)
        point = Point(
            (ends[0].point.lat + ends[1].point.lat) / 2,
            (ends[0].point.long + ends[1].point.long) / 2,
        )
        metres = round(ends[0].point.metres_to(ends[1].point))
        return self._located(
            point,
            f"{ends[0].label.split(' and ')[0]} between {ends[0].label.split(' and ')[1]} and "
            f"{ends[1].label.split(' and ')[1]}",
            MentionKind.INTERSECTION,
            min(e.confidence for e in ends),
            f"the middle between two corners that are {metres} m apart",
            True,
        )

    def _street(self, mention: Mention) -> Resolved:
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
                sure = 0.5 * likeness(candidate, Confirmed.NOT)
                reason = "a street alone is no point"
                options.append(
                    self._located(point, label, MentionKind.STREET, sure, reason, True)
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

    # Areas and names

    def _postal_code(self, mention: Mention) -> Resolved:
        code = mention.postal_code
        known = self._codes.get(code) or self._codes.get(code[:3])
        written = code if len(code) == 3 else f"{code[:3]} {code[3:]}"
        if known is None:
            if not any(k[0] == code[0] for k in self._codes):
                return OutsideCity(
                    written, "", f"postal codes here do not begin with {code[0]}"
                )
            return Unknown(written, "this postal code is not in the tables")
        middle, many = known
        is_full = len(code) == 6 and code in self._codes
        reason = f"the middle of {many} known point{'s' if many > 1 else ''} of {written if is_full else code[:3]}"
        return self._located(
            middle, written, MentionKind.POSTAL_CODE, 0.95 if is_full else 0.85, reason, True
        )

    def _named(self, mention: Mention) -> Resolved:
        spelt = 1 - EDIT_COST * mention.edits
        called = called_so(mention)
        if (
            any(
                n.is_area and n.point.metres_to(called[0].point) > AREA_METRES
                for n in mention.named
            )
            and called[0].is_area
        ):
            spelt *= AREA_LESS
        options = [self._of_name(named, mention, spelt) for named in called]
        return self._decided(options, "there is more than one of that name")

    def _of_name(self, named: Named, mention: Mention, spelt: float) -> Located:
        kind = MentionKind.NEIGHBOURHOOD if named.is_neighbourhood else MentionKind.LANDMARK
        reason = "the middle of the area" if named.is_area else "it is in the tables by name"
        if mention.edits:
            reason = f"read as {named.name}; {reason}"
        label = named.name
        if len(mention.named) > 1 and named.address:
            label = f"{named.name}, {named.address}"
        approximate = named.is_area or mention.is_beside or named.precision is Precision.SITE
        return self._located(
            named.point, label, kind, _SURE_OF[named.precision] * spelt, reason, approximate
        )

    # Deciding

    def _decided(self, options: Iterable[Located], why_asked: str) -> Resolved:
        """Return the likeliest reading, or all that are nearly as likely."""
        apart = parted(options)
        best = apart[0]
        rivals = [o for o in apart if o.confidence >= RIVAL * best.confidence]
        if len(rivals) == 1:
            return best
        return Ambiguous(self._toldapart(rivals[:MOST_OPTIONS]), why_asked)

    def _toldapart(self, options: Sequence[Located]) -> tuple[Located, ...]:
        """Return the options with labels that differ: by the part of the city, else by where it lies."""
        labels = [o.label for o in options]
        told = []
        for option in options:
            label = option.label
            if labels.count(label) > 1 and self._hoods:
                hood = min(self._hoods, key=lambda h: option.point.metres_to(h.point))
                label = f"{label} ({hood.name})"
            told.append(replace(option, label=label))
        again = [o.label for o in told]
        north = max(told, key=lambda o: o.point.lat)
        return tuple(
            replace(o, label=f"{o.label}, the {'northern' if o is north else 'southern'} one")
            if again.count(o.label) > 1
            else o
            for o in told
        )

    def _located(
        self,
        point: Point,
        label: str,
        kind: MentionKind,
        confidence: float,
        reason: str,
        approximate: bool = False,
    ) -> Located:
        ward = self._areas.ward_of(point)
        return Located(point, label, kind, confidence, reason, approximate, ward)

    def _hint(self, others: Sequence[Mention]) -> Point | None:
        for other in others:
            if other.kind in (MentionKind.POSTAL_CODE, MentionKind.NEIGHBOURHOOD):
                found = self.resolve(other)
                if isinstance(found, Located):
                    return found.point
        return None


def _nearest_option(asked: Ambiguous, near: Point) -> Resolved:
    """Return the option that is by far the nearest to where the message says it is, else all of them."""
    metres = sorted((o.point.metres_to(near), n) for n, o in enumerate(asked.options))
    if metres[0][0] <= 5000 and metres[1][0] > 2 * metres[0][0] + 1000:
        return asked.options[metres[0][1]]
    return asked


def _with_candidate(
    options: Sequence[Located], street: StreetWords
) -> list[tuple[Located, Candidate]]:
    by_full = {c.street.full: c for c in street.candidates}
    return [(o, by_full[o.label.split(" ", 1)[1]]) for o in options]


def _postal_points(gazetteer: Gazetteer) -> dict[str, tuple[Point, int]]:
    """Return the middle of the known points of each postal code and of each first three characters."""
    points: dict[str, list[Point]] = {}
    for code, found in gazetteer.addresses.postal_codes.items():
        key = "".join(code.upper().split())
        points.setdefault(key, []).extend(found)
        points.setdefault(key[:3], []).extend(found)
    return {
        key: (
            Point(sum(p.lat for p in ps) / len(ps), sum(p.long for p in ps) / len(ps)),
            len(ps),
        )
        for key, ps in points.items()
    }
