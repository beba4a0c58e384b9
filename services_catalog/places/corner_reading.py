"""Read corners: "king & spadina", "queen west of bathurst", "on bloor between dufferin and ossington". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services_catalog.places.corners import Corners
from services_catalog.places.joints import BEFORE_ALONG, Joining, Joint, joints
from services_catalog.places.mentions import Found, Mention, MentionKind, StreetWords
from services_catalog.places.sentence import BEYOND, NOT_A_STREET, Sentence
from services_catalog.places.spelling import is_ordinal, type_of
from services_catalog.places.street_reading import PLAIN_TYPES, Reading, StreetReader
from services_catalog.places.unknown_corners import BETWEEN, CORNER_WORDS, UnknownCorners

# A corner that the tables do not have is a worse reading by so many typing errors.
NO_SUCH_CORNER = 2.5


class CornerReader:
    """Reads the corners of one sentence, and streets named alone."""

    def __init__(
        self,
        sentence: Sentence,
        streets: StreetReader,
        corners: Corners,
        city_of: Callable[[int, int], str],
    ) -> None:
        self._sentence = sentence
        self._streets = streets
        self._corners = corners
        self._city_of = city_of
        self._unknown = UnknownCorners(sentence, streets)

    def found(self) -> Iterator[Found]:
        """Yield every corner."""
        for k in range(1, len(self._sentence)):
            for joint in joints(self._sentence, k):
                if corner := self._corner(k, joint):
                    yield corner
                    break

    def streets_alone(self) -> Iterator[Found]:
        """Yield every street that is named without number or cross street."""
        for i in range(len(self._sentence)):
            if street := self._street_alone(i):
                yield street

    def _corner(self, k: int, joint: Joint) -> Found | None:
        # To look for misspelt names between any two words would take long.
        fuzzy = joint.joining is not Joining.NOTHING
        lefts = self._streets.ending_at(k, fuzzy=fuzzy)
        rights = self._streets.at(self._article(joint.end), fuzzy=fuzzy)[:6]
        pairs = sorted(
            ((self._cost(a, b), a, b) for a in lefts for b in rights), key=lambda p: p[0]
        )
        for _, left, right in pairs:
            if between := self._between(left, right):
                return between
            if not self._is_joined(left, right, joint):
                continue
            if self._is_corner(left, right):
                is_known = self._is_known(left, right)
                streets = (left.street, right.street)
                return self._made(left.first, right.end, streets, joint.is_beside, is_known)
        if joint.joining in (Joining.PLAIN, Joining.STRICT, Joining.SIGN):
            unknown = self._unknown.half(k, joint, lefts, rights) or self._unknown.both(
                k, joint
            )
            if unknown:
                one, other = unknown
                streets = (one.street, other.street)
                return self._made(one.first, other.end, streets, joint.is_beside, False)
        return None

    def _article(self, i: int) -> int:
        return i + (self._sentence.norm(i) in ("la", "le", "l"))

    def _is_joined(self, left: Reading, right: Reading, joint: Joint) -> bool:
        """Say whether what stands between two streets joins them here."""
        s = self._sentence
        if joint.joining is Joining.TO:
            return False
        if joint.joining is Joining.ALONG:
            return s.norm(left.first - 1) in BEFORE_ALONG and self._is_known(left, right)
        if joint.joining is Joining.NOTHING:
            is_sure = s.is_all(left.first, right.end) and self._is_known(left, right)
            is_exact = left.is_exact and right.is_exact
            is_name = not type_of(
                s.norm(right.first)
            )  # "lawrence ave" is no corner of Avenue Rd
            return (
                is_sure
                and is_exact
                and is_name
                and not (left.is_ordinary and right.is_ordinary)
            )
        return True

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
        if is_in and self._city_of(
            left.first, left.first
        ):  # "in Markham, just north of Steeles"
            return False
        if left.is_exact and right.is_exact:
            return is_sure or not (left.is_ordinary and right.is_ordinary)
        misspelt = [r for r in (left, right) if not r.is_exact]
        if any(r.is_ordinary and " " not in r.name for r in misspelt):
            return False
        # One that is spelt rightly vouches for the other if the tables have their corner.
        if self._is_known(left, right):
            return is_placed or len(misspelt) == 1
        is_called_so = s.norm(left.first - 1) in CORNER_WORDS
        return is_called_so or s.is_all(left.first, right.end)

    def _between(self, left: Reading, right: Reading) -> Found | None:
        """Return a stretch: "on bloor between dufferin and ossington", the street in front or behind."""
        s = self._sentence
        lead = s.norm(left.first - 1)
        if lead not in (*BETWEEN, "from"):
            return None
        first = left.first - 1
        while s.norm(first - 1) in ("somewhere", "anywhere"):
            first -= 1
        alongs: list[Reading] = []
        if lead != "from" and s.norm(right.end) in ("on", "along", "sur"):
            alongs = self._streets.at(self._article(right.end + 1), fuzzy=True)
        last = alongs[0].end if alongs else right.end
        if not alongs:
            alongs = self._streets.ending_at(first)
            first = alongs[0].first if alongs else first
        if not alongs and s.norm(first - 2) in ("on", "along", "sur"):
            alongs = [u for u in [self._streets.unknown_word(first - 1)] if u]
            first -= bool(alongs)
        if not alongs:
            return None
        if lead == "from" and not all(r.is_exact for r in (alongs[0], left, right)):
            return None  # "in the yard from morning to late at night"
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
            city=self._city_of(first, last),
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
        unknown = self._streets.unknown_at(i)
        if unknown and (
            is_placed or (s.is_all(i, unknown.end) and unknown.street.type in PLAIN_TYPES)
        ):
            return self._alone(unknown, True, False)
        return None

    def _alone(self, reading: Reading, is_plain: bool, is_known: bool) -> Found:
        mention = Mention(
            MentionKind.STREET,
            *self._sentence.span(reading.first, reading.end),
            streets=(reading.street,),
            is_plain=is_plain,
            city=self._city_of(reading.first, reading.end),
        )
        return Found(mention, reading.first, reading.end, is_known)
