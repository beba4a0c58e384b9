"""When two words that the tables lack, or one of them, are a corner all the same, to be named as not found. Pure."""

from __future__ import annotations

from services_catalog.places.joints import Joining, Joint
from services_catalog.places.sentence import Sentence
from services_catalog.places.street_reading import Reading, StreetReader

CORNER_WORDS = ("of", "corner", "coin", "de", "intersection", "corners", "angle", "langle")
BETWEEN = ("between", "btwn", "btw", "bet", "bw", "entre")
# "corner of", not "rid of".
_CORNER = frozenset({"corner", "coin", "intersection", "corners", "angle", "langle"})
# "traffic signal king & plimbury"
_AT_CORNERS = frozenset({"signal", "signals", "light", "lights", "crosswalk"})
# Shorter words are mostly no street ("mom & dad"), and those in "s" are things ("windows & doors").
LETTERS = 5

Pair = tuple[Reading, Reading]


class UnknownCorners:
    """Reads corners that the tables lack in one sentence."""

    def __init__(self, sentence: Sentence, streets: StreetReader) -> None:
        self._sentence = sentence
        self._streets = streets

    def half(
        self, k: int, joint: Joint, lefts: list[Reading], rights: list[Reading]
    ) -> Pair | None:
        """Return a known street and one that is not in the tables, joined at a word."""
        left = next((r for r in lefts if r.is_exact), None)
        right = next((r for r in rights if r.is_exact), None)
        if left and not right:
            unknown = self._behind(joint.end)
            return (
                (left, unknown)
                if unknown and self._is_half(left, unknown, unknown, joint)
                else None
            )
        if right and not left:
            unknown = self._before(k)
            return (
                (unknown, right)
                if unknown and self._is_half(unknown, right, unknown, joint)
                else None
            )
        return None

    def both(self, k: int, joint: Joint) -> Pair | None:
        """Return two streets that are not in the tables, joined at a word where nothing else can be meant."""
        one, other = self._before(k), self._behind(joint.end)
        if one is None or other is None:
            return None
        s = self._sentence
        before = s.norm(one.first - 1)
        is_all, is_near = s.is_all(one.first, other.end), s.is_near(one.first)
        is_long = self._is_long(one) and self._is_long(other)
        is_capital = s.is_capital(one.first, k) and s.is_capital(joint.end, other.end)
        is_called_so = not _CORNER.isdisjoint((before, s.norm(one.first - 2)))
        is_sign = joint.joining is Joining.SIGN
        is_typed = one.is_typed or other.is_typed
        is_corner = (
            (one.is_typed and other.is_typed)
            or (is_typed and (is_all or is_sign or self._is_placed(one)))
            or (is_long and is_all and (is_near or joint.joining is not Joining.PLAIN))
            or (is_long and is_sign and (self._is_placed(one) or s.norm(k) == "x"))
            or (is_called_so and (is_capital or is_long))
            or (is_capital and ((is_all and is_near) or before in BETWEEN))
        )
        return (one, other) if is_corner else None

    def _is_half(self, one: Reading, other: Reading, unknown: Reading, joint: Joint) -> bool:
        s = self._sentence
        before = s.norm(one.first - 1)
        if before in CORNER_WORDS or before in BETWEEN or unknown.is_typed:
            return True
        if s.is_all(one.first, other.end):
            return True
        if not (self._is_long(unknown) and self._is_placed(one)) or joint.is_beside:
            return False
        if s.norm(joint.end - 1) == "at":  # "noise on dundas at midnight"
            return s.is_capital(unknown.first, unknown.end)
        ends_here = other.end >= len(s) or bool(s.before(other.end))
        return joint.joining is Joining.SIGN or ends_here

    def _is_placed(self, one: Reading) -> bool:
        s = self._sentence
        is_at = s.is_placed(one.first) or s.is_near(one.first)
        return is_at or s.norm(one.first - 1) in _AT_CORNERS

    def _is_long(self, unknown: Reading) -> bool:
        word = self._sentence.norm(unknown.first)
        return unknown.is_typed or (len(word) >= LETTERS and not word.endswith(("s", "ing")))

    def _before(self, k: int) -> Reading | None:
        found = (self._streets.unknown_at(i) for i in range(max(0, k - 3), k))
        typed = next((u for u in found if u and u.end == k), None)
        return typed or self._streets.unknown_word(k - 1)

    def _behind(self, j: int) -> Reading | None:
        return self._streets.unknown_at(j) or self._streets.unknown_word(j)
