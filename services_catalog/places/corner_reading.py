"""Read corners: "king & spadina", "queen west of bathurst", "on bloor between dufferin and ossington". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services_catalog.places.corners import Corners
from services_catalog.places.mentions import Found, Mention, MentionKind, StreetWords
from services_catalog.places.sentence import AND, BEYOND, NOT_A_STREET, Sentence
from services_catalog.places.spelling import direction_meant, direction_of, is_ordinal
from services_catalog.places.street_reading import Reading, StreetReader

# A corner that the tables do not have is a worse reading by so many typing errors.
NO_SUCH_CORNER = 2.5
CORNER_WORDS = ("of", "corner", "coin", "de", "intersection", "corners")
_DASHES = ("/", "-", "\\", "|", "//", "\N{EN DASH}", "\N{EM DASH}")


class CornerReader:
    """Reads the corners of one sentence, and streets named alone."""

    def __init__(
        self,
        sentence: Sentence,
        streets: StreetReader,
        corners: Corners,
        city_after: Callable[[int], str],
    ) -> None:
        self._sentence = sentence
        self._streets = streets
        self._corners = corners
        self._city_after = city_after

    def found(self) -> Iterator[Found]:
        """Yield every corner."""
        for k in range(1, len(self._sentence)):
            for skipped, is_beside in self._joints(k):
                if corner := self._corner(k, k + skipped, is_beside):
                    yield corner
                    break

    def streets_alone(self) -> Iterator[Found]:
        """Yield every street that is named without number or cross street."""
        for i in range(len(self._sentence)):
            if street := self._street_alone(i):
                yield street

    def _joints(self, k: int) -> Iterator[tuple[int, bool]]:
        """Yield how many words from here on join two streets, and whether they say "beside"."""
        s = self._sentence
        word = s.norm(k)
        if s.before(k) in _DASHES:
            yield 0, False
        if word in AND or word == "a":
            yield 1, word in ("near", "off")
        j = k + (word in ("just", "right"))
        side = s.norm(j)
        if (direction_of(side) or direction_meant(side)) and s.norm(j + 1) in (
            "of",
            "de",
            "du",
        ):
            yield j + 2 - k, True

    def _corner(self, k: int, j: int, is_beside: bool) -> Found | None:
        lefts, rights = self._streets.ending_at(k), self._streets.at(j, fuzzy=True)[:6]
        pairs = sorted(
            ((self._cost(a, b), a, b) for a in lefts for b in rights), key=lambda p: p[0]
        )
        for _, left, right in pairs:
            if between := self._between(left, right):
                return between
            if self._is_corner(left, right):
                is_known = self._is_known(left, right)
                return self._made(
                    left.first, right.end, (left.street, right.street), is_beside, is_known
                )
        return self._half_known(k, j, lefts, rights, is_beside)

    def _cost(self, left: Reading, right: Reading) -> float:
        missing = 0 if self._is_known(left, right) else NO_SUCH_CORNER
        return left.cost + right.cost + missing

    def _is_known(self, left: Reading, right: Reading) -> bool:
        return any(
            not (a.type_differs or a.direction_differs or b.type_differs or b.direction_differs)
            for a, b, _, _ in self._corners.among(
                left.street.candidates, right.street.candidates
            )
        )

    def _is_corner(self, left: Reading, right: Reading) -> bool:
        """Say whether two streets side by side are meant as a corner."""
        s = self._sentence
        is_placed = s.is_placed(left.first) or s.is_all(left.first, right.end)
        is_sure = is_placed or left.is_typed or right.is_typed
        if s.norm(right.end) in BEYOND and not is_sure:
            return False
        is_in = not left.is_typed and s.norm(left.first - 1) in ("in", "from")
        if is_in and self._city_after(left.first):  # "in Markham, just north of Steeles"
            return False
        if left.is_exact and right.is_exact:
            return is_sure or not (left.is_ordinary and right.is_ordinary)
        misspelt = [r for r in (left, right) if not r.is_exact]
        if any(r.is_ordinary for r in misspelt):
            return False
        # One that is spelt rightly vouches for the other if the tables have their corner.
        if self._is_known(left, right):
            return is_placed or len(misspelt) == 1
        is_called_so = s.norm(left.first - 1) in CORNER_WORDS
        return is_called_so or s.is_all(left.first, right.end)

    def _half_known(
        self,
        k: int,
        j: int,
        lefts: list[Reading],
        rights: list[Reading],
        is_beside: bool,
    ) -> Found | None:
        """Return a corner of a known street with one that is not in the tables."""
        left = next((r for r in lefts if r.is_exact), None)
        right = next((r for r in rights if r.is_exact), None)
        unknown = one = other = None
        if left and not right:
            unknown = self._streets.unknown_at(j) or self._streets.unknown_word(j)
            one, other = left, unknown
        elif right and not left:
            found = [u for i in range(max(0, k - 3), k) if (u := self._streets.unknown_at(i))]
            unknown = next((u for u in found if u.end == k), self._streets.unknown_word(k - 1))
            one, other = unknown, right
        if unknown is None or one is None or other is None:
            return None
        s = self._sentence
        before = s.norm(one.first - 1)
        if not (before in CORNER_WORDS or unknown.is_typed or s.is_all(one.first, other.end)):
            return None
        return self._made(one.first, other.end, (one.street, other.street), is_beside, False)

    def _between(self, left: Reading, right: Reading) -> Found | None:
        """Return a stretch: "on bloor between dufferin and ossington", the street in front or behind."""
        s = self._sentence
        lead = s.norm(left.first - 1)
        if lead not in ("between", "btwn", "btw", "entre", "from"):
            return None
        first = left.first - 1
        alongs: list[Reading] = []
        if lead != "from" and s.norm(right.end) in ("on", "along", "sur"):
            alongs = [a for a in self._streets.at(right.end + 1, fuzzy=True)]
        last = alongs[0].end if alongs else right.end
        if not alongs:
            alongs = self._streets.ending_at(first)
            first = alongs[0].first if alongs else first
        if not alongs:
            return None
        streets = (alongs[0].street, left.street, right.street)
        return self._made(first, last, streets, True, True)

    def _made(
        self,
        first: int,
        last: int,
        streets: tuple[StreetWords, ...],
        is_beside: bool,
        is_known: bool,
    ) -> Found:
        mention = Mention(
            MentionKind.INTERSECTION,
            *self._sentence.span(first, last),
            streets=streets,
            is_beside=is_beside,
            city=self._city_after(last),
        )
        return Found(mention, first, last, is_known)

    def _street_alone(self, i: int) -> Found | None:
        s = self._sentence
        is_placed = s.is_near(i)
        for reading in self._streets.at(i, fuzzy=is_placed)[:1]:
            if s.norm(reading.end) in NOT_A_STREET | BEYOND:
                return None
            if is_ordinal(s.norm(i)) and not reading.street.type:  # "on the 9th floor"
                return None
            is_all = s.is_all(i, reading.end)
            fits = bool(reading.street.candidates) and reading.cost < 1
            if not fits and reading.is_ordinary:  # "the main road" is not Main St
                return None
            if reading.is_exact:
                is_street = (
                    (is_all and (reading.is_typed or not reading.is_ordinary))
                    or (reading.is_typed and (is_placed or not reading.is_ordinary))
                    or (is_placed and not reading.is_ordinary)
                )
            else:
                is_street = is_placed and bool(reading.street.type) and not reading.is_ordinary
            if is_street:
                has_type = bool(reading.street.type) and fits
                return self._alone(reading, reading.is_typed or is_all, has_type)
        if is_placed and (unknown := self._streets.unknown_at(i)):
            return self._alone(unknown, True, False)
        return None

    def _alone(self, reading: Reading, is_plain: bool, is_known: bool) -> Found:
        mention = Mention(
            MentionKind.STREET,
            *self._sentence.span(reading.first, reading.end),
            streets=(reading.street,),
            is_plain=is_plain,
            city=self._city_after(reading.end),
        )
        return Found(mention, reading.first, reading.end, is_known)
