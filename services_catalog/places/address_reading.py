"""Read house numbers with their streets: "200 wellesley st e apt 4", "unit 5 - 100 queen w". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services_catalog.places.addresses import AddressBook
from services_catalog.places.mentions import Found, Mention, MentionKind
from services_catalog.places.sentence import BEYOND, UNIT_WORDS, Sentence
from services_catalog.places.spelling import is_ordinal
from services_catalog.places.street_reading import Reading, StreetReader

# A street whose known numbers are nowhere near is a worse reading by so many typing errors.
NO_SUCH_NUMBER = 1.5
NEAR_THE_ENDS = 40
# "150-154" is a range of house numbers, "1204-1354" a unit and a number.
WIDEST_RANGE = 40
_NUMBER_WORDS = ("number", "house", "no")


class AddressReader:
    """Reads the addresses of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        streets: StreetReader,
        book: AddressBook,
        city_of: Callable[[int, int], str],
    ) -> None:
        self._sentence = sentence
        self._streets = streets
        self._book = book
        self._city_of = city_of

    def found(self) -> Iterator[Found]:
        """Yield every address."""
        for i in range(len(self._sentence)):
            if address := self._address_at(i) or self._number_behind(i):
                yield address

    def _address_at(self, i: int) -> Found | None:
        s = self._sentence
        for unit, n in self._numbers_at(i):
            number = s.number(n)
            if number is None or not self._is_house_number(n):
                continue
            j, suffix = n + 1, s.norm(n)[len(str(number)) :].strip()
            if s.norm(j) == "on" and s.norm(n - 1) in _NUMBER_WORDS:
                j += 1  # "house number 843 on palmerston ave"
            if range_end := self._range_end(n):
                j, suffix = j + 1, f"-{range_end}"
            found = self._street_behind(i, number, j)
            if found is None:
                continue
            reading, is_plain = found
            unit, last = (unit, reading.end) if unit else self._unit_behind(reading.end)
            mention = Mention(
                MentionKind.ADDRESS,
                *s.span(i, last),
                number=number,
                suffix=suffix,
                unit=unit,
                streets=(reading.street,),
                city=self._city_of(i, last),
                is_plain=is_plain,
                is_beside=s.is_beside(i),
            )
            return Found(mention, i, last)
        return None

    def _numbers_at(self, i: int) -> Iterator[tuple[str, int]]:
        """Yield the unit, if any, and which word is the house number, where one may begin here."""
        s = self._sentence
        if s.norm(i) in UNIT_WORDS or "#" in s.before(i):
            unit = i if "#" in s.before(i) else i + 1
            if s.number(unit + 1) is not None:
                yield s.norm(unit), unit + 1
            elif s.number(unit) is not None and s.norm(i) in ("no", s.norm(unit)):
                yield "", unit  # "no. 70 brookhaven drive", "#24 canning"
            return
        if s.number(i) is None or (s.before(i) == "-" and s.number(i - 1) is not None):
            return
        if s.before(i + 1) == "-" and s.number(i + 1) and not self._range_end(i):
            yield s.norm(i), i + 1
        else:
            yield "", i

    def _is_house_number(self, n: int) -> bool:
        """Say that it is no amount of money and no time of day."""
        before = self._sentence.before(n)
        return "$" not in before and not (
            before.endswith((":", ".")) and self._sentence.number(n - 1) is not None
        )

    def _range_end(self, n: int) -> int:
        """Return the end of a range of house numbers ("150-154"), or 0: "4-200" is a unit and a number."""
        s = self._sentence
        low, high = s.number(n), s.number(n + 1)
        if s.before(n + 1) != "-" or not low or not high:
            return 0
        return high if low < high <= low + WIDEST_RANGE and (high - low) % 2 == 0 else 0

    def _street_behind(self, i: int, number: int, j: int) -> tuple[Reading, bool] | None:
        """Return the street behind a number, and whether that is plainly an address."""
        s = self._sentence
        if j >= len(s) or s.before(j) not in ("", ",", "#"):
            return None
        is_parted = "," in s.before(j) or s.words[j].start == s.words[j - 1].end
        readings = self._streets.at(j, fuzzy=True)
        # By the name alone: a type or a direction that is written counts, whatever the number says.
        fits = {r.name for r in readings if self._has_number(r, number)}
        readings = sorted(
            readings, key=lambda r: r.cost + NO_SUCH_NUMBER * (r.name not in fits)
        )
        for reading in readings[:3]:
            if not reading.is_typed and (
                s.norm(reading.end) in BEYOND or is_ordinal(s.norm(j)) or reading.end - j > 3
            ):
                break
            is_placed = s.is_placed(i) or s.is_all(i, reading.end) or s.is_unit(reading.end)
            if is_parted and not (reading.is_typed or s.is_all(i, reading.end)):
                continue
            if reading.is_typed and (reading.is_exact or not reading.is_ordinary):
                return reading, True
            if reading.is_exact and (is_placed or not reading.is_ordinary):
                is_plain = is_placed and not reading.is_ordinary
                # "61472 The Queensway" has no type.
                is_plain = is_plain or s.norm(j) == "the"
                return reading, is_plain or s.is_all(i, reading.end)
            if not reading.is_ordinary and (is_placed or self._is_end(reading.end)):
                return reading, s.is_all(i, reading.end)
        if s.before(j):
            return None
        if unknown := self._streets.unknown_at(j, numbered=True):
            return unknown, True
        word = s.norm(j)
        if s.is_all(i, j + 1) and len(word) > 4 and not word.endswith("s"):
            unknown = self._streets.unknown_word(j)  # "51 gribblestane"
        return (unknown, True) if unknown else None

    def _number_behind(self, n: int) -> Found | None:
        """Return an address whose number stands behind its street: "monarch park ave 201"."""
        s = self._sentence
        number = s.number(n)
        if number is None or s.before(n) not in ("", ",", "#") or not self._is_end(n + 1):
            return None
        end = n
        while s.norm(end - 1) in ("at", *_NUMBER_WORDS):
            end -= 1
        for reading in self._streets.ending_at(end, fuzzy=False)[:1]:
            i = reading.first
            if not reading.is_typed or s.number(i - 1) is not None:
                return None
            if not self._has_number(reading, number):
                return None
            suffix = s.norm(n)[len(str(number)) :].strip()
            unit, last = self._unit_behind(n + 1)
            mention = Mention(
                MentionKind.ADDRESS,
                *s.span(i, last),
                number=number,
                suffix=suffix,
                unit=unit,
                streets=(reading.street,),
                city=self._city_of(i, last),
                is_beside=s.is_beside(i),
            )
            return Found(mention, i, last)
        return None

    def _has_number(self, reading: Reading, number: int) -> bool:
        """Say whether a street that is meant has known numbers around this one."""
        for c in reading.street.candidates:
            on = self._book.on(c.street.full)
            if on is not None:
                low, high = int(on.numbers[0]), int(on.highest.max())
                if low - NEAR_THE_ENDS <= number <= high + NEAR_THE_ENDS:
                    return True
        return False

    def _is_end(self, end: int) -> bool:
        """Say whether an address may end here: with the message, a comma, a unit."""
        s = self._sentence
        return end >= len(s) or bool(s.before(end)) or s.is_unit(end)

    def _unit_behind(self, end: int) -> tuple[str, int]:
        s = self._sentence
        if s.is_unit(end) and s.norm(end + 1):
            return s.norm(end + 1), end + 2
        if "#" in s.before(end):
            return s.norm(end), end + 1
        return "", end
