"""Resolve a house number with its street. Pure: tables in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services_catalog.places.addresses import AddressBook
from services_catalog.places.corners import Corners
from services_catalog.places.deciding import MOST_OPTIONS, RIVAL, Deciding
from services_catalog.places.likeness import LOW_NUMBER, Confirmed, differs, likeness
from services_catalog.places.mentions import Mention, MentionKind, StreetWords
from services_catalog.places.resolved import Located, Resolved, Unknown, parted
from services_catalog.places.streets import Candidate
from services_catalog.places.streets_numbers import How, Placed, StreetNumbers
from services_catalog.places.twins import Part, Twins

# The same for streets that share the name that was written: "500 dundas" is E or W, even if one is known exactly.
SAME_NAME_RIVAL = 0.7
# A street with so small a share of the tables' points of a larger one of its name is so much less likely meant.
SMALL = 0.2
SMALL_LESS = 0.6
# A misspelt street whose number or corner is not known is no more than a guess below this: one error and a number
# between two known ones may be shown to be confirmed, more may not.
GUESS = 0.5
# How sure it is that a number is on the other one of two streets of a name.
TWIN = 0.5


@dataclass(frozen=True)
class _Option:
    found: Located
    candidate: Candidate
    is_known: bool

    @property
    def street(self) -> str:
        return self.candidate.street.full

    @property
    def name(self) -> str:
        return self.candidate.street.name


class AddressResolver:
    """Resolves addresses by the tables of one city."""

    def __init__(self, book: AddressBook, corners: Corners, deciding: Deciding) -> None:
        self._numbers = StreetNumbers(book)
        self._twins = Twins(book, corners)
        self._corners = corners
        self._deciding = deciding

    def resolve(self, mention: Mention) -> Resolved:
        """Return where an address is."""
        street = mention.streets[0]
        if not street.candidates:
            return Unknown(street.text, f"{street.text} is not among the known streets")
        options = [
            o
            for c in street.candidates
            if not _lacks_direction(c, street)
            for o in self._options(c, mention)
        ]
        strict = [
            o
            for o in options
            if not differs(o.candidate)
            and (not o.candidate.edits or o.found.confidence >= GUESS)
        ]
        if strict:
            return self._chosen(strict, mention)
        what = f"{mention.number}{mention.suffix} {street.text}"
        if options:
            reason = "this street is not among the known ones, or does not have this number"
            instead = parted(o.found for o in options)[:MOST_OPTIONS]
            return Unknown(what, reason, tuple(instead))
        return self._unplaced(street, what)

    def _options(self, candidate: Candidate, mention: Mention) -> list[_Option]:
        """Return where the number is on one of the streets that may be meant."""
        full = candidate.street.full
        # "220 yonge" is Yonge St, not the small Yonge Blvd.
        is_small = self._is_small(candidate, mention.streets[0])
        options = []
        for placed in self._numbers.place(full, mention.number or 0, mention.suffix):
            is_known = placed.how is How.KNOWN
            less = SMALL_LESS if is_small and not is_known else 1.0
            found = self._numbered(candidate, placed, mention, less)
            options.append(_Option(found, candidate, is_known))
        return options

    def _is_small(self, candidate: Candidate, street: StreetWords) -> bool:
        """Say whether another street of this name, with another type, is the one that is mostly meant."""
        others = [c for c in street.candidates if c.street.type != candidate.street.type]
        most = max(map(self._size, others), default=0)
        return not street.type and self._size(candidate) < SMALL * most

    def _size(self, candidate: Candidate) -> int:
        """Return how many addresses and corners of a street are known."""
        full = candidate.street.full
        return self._numbers.many(full) + len(self._corners.on(full))

    def _numbered(
        self, candidate: Candidate, placed: Placed, mention: Mention, less: float
    ) -> Located:
        label = f"{placed.number} {candidate.street.full}"
        confirmed = Confirmed.NOT
        if placed.how is How.KNOWN:
            is_low = (mention.number or 0) < LOW_NUMBER
            confirmed = Confirmed.LOW_NUMBER if is_low else Confirmed.NUMBER
        confidence = placed.sure * likeness(candidate, confirmed) * less
        reason = placed.reason
        if candidate.edits:
            reason = f"read as {candidate.street.full}; {reason}"
        approximate = placed.approximate or mention.is_beside
        return self._deciding.located(
            placed.point, label, MentionKind.ADDRESS, confidence, reason, approximate
        )

    def _chosen(self, options: Sequence[_Option], mention: Mention) -> Resolved:
        best = max(options, key=lambda o: o.found.confidence)
        likely = [
            o.found
            for o in options
            if o.found.confidence
            >= (SAME_NAME_RIVAL if o.name == best.name else RIVAL) * best.found.confidence
            and not _is_written_out(best, o)
        ]
        apart = parted(likely)
        apart += self._elsewhere(best, options, apart, mention)
        if len(apart) == 1:
            return apart[0]
        return self._deciding.asked(apart, "there are several streets of that name")

    def _elsewhere(
        self,
        best: _Option,
        options: Sequence[_Option],
        likely: Sequence[Located],
        mention: Mention,
    ) -> list[Located]:
        """Return where else a number may be that is not known there: on the street's twin, on others of its name."""
        number, street, full = mention.number or 0, mention.streets[0], best.street
        found = []
        # A number that is known is there; one that is guessed may be on the other street of the name.
        if not best.is_known and not best.candidate.edits:
            found = [
                self._on_part(part, full)
                for part in self._twins.others(full, best.found.point, number)
                if not any(o.point in part.points for o in likely)
            ]
        said = {o.street for o in options if o.found in likely}
        for candidate in street.candidates:
            other = candidate.street
            if other.full in said or differs(candidate) or other.name != best.name:
                continue
            # "500 dundas" may be east or west; "10 elm" is known on Elm St, and not on Elm Ave.
            own = best.candidate.street
            if best.is_known and (other.type != own.type or not own.direction):
                continue
            rough = self._numbers.roughly(other.full, number)
            is_less = self._is_small(candidate, street) or _lacks_direction(candidate, street)
            if rough and not is_less:
                found.append(self._numbered(candidate, rough, mention, 1.0))
        return found

    def _on_part(self, part: Part, full: str) -> Located:
        if part.corners:
            cross = max(part.corners, key=lambda c: len(self._corners.on(c)))
            label = f"{full} near {cross}"
            point = next(p for other, p in self._corners.on(full) if other == cross)
        else:
            point = part.points[0]
            label = f"{full} ({self._deciding.part_of_city(point)})"
        reason = f"there is another {full} in this part of the city"
        return self._deciding.located(point, label, MentionKind.ADDRESS, TWIN, reason, True)

    def _unplaced(self, street: StreetWords, what: str) -> Resolved:
        names = [c.street.full for c in street.candidates if not differs(c)]
        if not names:
            known = street.candidates[0].street.full
            return Unknown(street.text, f"it is not among the known streets; {known} is")
        ends = self._numbers.ends(names[0])
        if ends is None:
            return Unknown(what, f"no house number of {names[0]} is known")
        return Unknown(what, f"the known numbers of {names[0]} go from {ends[0]} to {ends[1]}")


def _is_written_out(best: _Option, other: _Option) -> bool:
    """Say whether the other street has a direction that would have been written: Don Mills Rd is not Don Mills Rd E."""
    own, rival = best.candidate.street, other.candidate.street
    is_same = (own.name, own.type) == (rival.name, rival.type)
    return best.is_known and is_same and not own.direction and bool(rival.direction)


def _lacks_direction(candidate: Candidate, street: StreetWords) -> bool:
    """Say whether another street of the same name has the direction that is written: "8 king st e" is not King St."""
    own = candidate.street
    return (
        bool(street.direction)
        and not own.direction
        and any(
            (c.street.name, c.street.type) == (own.name, own.type)
            and c.street.direction == street.direction
            for c in street.candidates
        )
    )
