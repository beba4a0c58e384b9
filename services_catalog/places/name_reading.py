"""Read names of places, neighbourhoods and other towns, postal codes, and "near me". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from services_catalog.places.mentions import Found, Mention, MentionKind
from services_catalog.places.model import Precision
from services_catalog.places.municipalities import OF_IT, Municipalities
from services_catalog.places.names import GENERIC, Named, PlaceNames, edits_allowed
from services_catalog.places.ordinary import ORDINARY
from services_catalog.places.sentence import FILLER, UNIT_WORDS, Sentence
from services_catalog.places.spelling import direction_of, type_of
from services_catalog.places.streets import StreetNames

_POSTAL = re.compile(r"[a-z]\d[a-z](?:\d[a-z]\d)?")
# No Canadian postal code begins with these, or has D, F, I, O, Q or U further on.
_NO_FIRST_LETTER = "dfioquwz"
_NO_LETTER = re.compile(r"[dfioqu]")
DULL = ORDINARY | GENERIC
MOST_WORDS = 8  # of a misspelt name
_SHORT = 4  # words of a message that can hardly be a sentence


class NameReader:
    """Reads the names and postal codes of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        names: PlaceNames,
        streets: StreetNames,
        away: Municipalities,
        city_of: Callable[[int, int], str],
    ) -> None:
        self._sentence = sentence
        self._names = names
        self._streets = streets
        self._away = away
        self._city_of = city_of

    def postal_codes(self) -> Iterator[Found]:
        """Yield postal codes, whole or their first three characters."""
        s = self._sentence
        for i in range(len(s)):
            code = s.norm(i)
            if not _POSTAL.fullmatch(code) or code[0] in _NO_FIRST_LETTER:
                continue
            if _NO_LETTER.search(code[1:]) or s.norm(i - 1) in UNIT_WORDS:
                continue
            mention = Mention(
                MentionKind.POSTAL_CODE, *s.span(i, i + 1), postal_code=code.upper()
            )
            yield Found(mention, i, i + 1)

    def names(self, phrases: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
        """Yield what the phrase matcher found (label, first word, word behind) where it means a place."""
        s = self._sentence
        for label, first, last in phrases:
            if any(s.before(i) not in ("", "-", "/", ",", ":") for i in range(first + 1, last)):
                continue
            words = tuple(s.norms(first, last))
            if label == "NEAR_ME":
                yield Found(Mention(MentionKind.NEAR_ME, *s.span(first, last)), first, last)
            elif label == "NAME" and s.norm(first - 1) == "in" and self._is_away(first, last):
                continue  # "in Niagara": not the neighbourhood of that name
            elif label == "NAME" and self._is_name(first, last):
                # "the" belongs to it, or "the Kingsway South" would be a street with a direction.
                the = s.norm(first - 1) == "the" and not s.before(first)
                yield self._found(first - the, last, self._names.exact(words), 0)
            elif label == "TOWN" and (s.is_placed(first) or s.is_all(first, last)):
                yield self._found(first, last, (self._town(words),), 0)

    def cities(self) -> Iterator[Found]:
        """Yield other municipalities and what is in them, where the message puts something there."""
        s = self._sentence
        for i in range(len(s)):
            is_in = s.norm(i - 1) in ("in", "dans")
            found = self._away.at(s, i, fuzzy=s.is_all(i, min(i + 2, len(s))) or s.is_near(i))
            if found is None or s.number(i - 1) is not None:
                continue
            away, last = found
            while s.norm(last) in OF_IT and not s.before(last):
                last += 1
            is_all = s.is_all(i, last)
            if self._streets.exact(s.norms(i, last)) and not (
                is_in or is_all or i == 0 or "," in s.before(i) or s.norm(i - 1) == "from"
            ):
                continue  # "on Manitoba" is the street
            is_joined = away.body != away.name and s.norm(i - 1) in ("and", "at")
            # "upper james hamilton"
            is_last = (
                i > 0 and last == len(s) <= _SHORT and not self._streets.exact(s.norms(i, last))
            )
            if away.is_ordinary and not (is_all or (is_in and s.is_capital(i, last))):
                continue
            is_said = is_all or is_joined or is_last
            if not (is_said or s.is_placed(i) or "," in s.before(i)):
                continue
            mention = Mention(
                MentionKind.OUTSIDE_CITY, *s.span(i, last), city=away.body, called=away.name
            )
            yield Found(mention, i, last, is_preferred=is_in or away.body != away.name)

    def misspelt(self, covered: set[int], named_already: set[int]) -> Iterator[Found]:
        """Yield names with typing errors, where a place is said: behind "near", or as all there is.

        Args:
            covered: words that are read as something else.
            named_already: words that are a name; the errors must be in the others ("rosedale heghts school").
        """
        s = self._sentence
        for i in range(len(s)):
            is_placed = s.is_near(i)
            if s.norm(i) in FILLER - {"the"}:
                continue
            if i in covered or s.number(i) is not None:
                continue
            if not is_placed and not s.is_all(i, len(s)):
                continue
            for last in range(min(i + MOST_WORDS, len(s)), i, -1):
                words = s.norms(i, last)
                if covered & set(range(i, last)) or DULL.issuperset(words):
                    continue
                letters = sum(len(s.norm(n)) for n in range(i, last) if n not in named_already)
                if not is_placed and not s.is_all(i, last):
                    continue
                named, edits = self._names.alike(words)
                is_all = s.is_all(i, last)
                if named and edits <= (
                    edits_allowed(letters + 2) if is_all else 1 + (letters > 11)
                ):
                    yield self._found(i, last, named, edits)
                    break

    def _town(self, words: tuple[str, ...]) -> Named:
        name = " ".join(w.capitalize() for w in words)
        point = self._names.towns[words]
        return Named(name, point, Precision.AREA, is_area=True, is_neighbourhood=True)

    def _is_away(self, first: int, last: int) -> bool:
        """Say whether words are the name of something elsewhere."""
        found = self._away.at(self._sentence, first, fuzzy=False)
        return found is not None and found[1] == last

    def _is_name(self, first: int, last: int) -> bool:
        """Say whether a name stands there as a place: "rustic" and "danforth" alone do not."""
        s = self._sentence
        words = s.norms(first, last)
        is_street = bool(self._streets.exact(words))
        side = s.norm(first - 1)
        if len(side) > 1 and direction_of(side) and not s.before(first):
            # "east york civic centre" is not York Civic Centre.
            return all(n.is_neighbourhood for n in self._names.exact(words))
        if is_street and s.number(first - 1) is not None and not s.before(first):
            return False
        if words[0] == "the" and len(words) == 2 and words[1] in ORDINARY:
            # "at the beach" is any beach, "The Beach" is not.
            return (
                s.is_all(first, last)
                or s.is_capital(first + 1, last)
                or s.norm(first - 1) == "in"
            )
        if last - first > 1:
            return True
        while s.norm(last) in OF_IT and not s.before(last):
            last += 1  # "stc mall", "tmu campus"
        if type_of(s.norm(last)) and not s.before(last):
            return False
        if words[0] in ORDINARY:
            return s.is_all(first, last) or s.norm(first - 1) == "in"
        if is_street or len(words[0]) <= 6:
            return s.is_placed(first) or s.is_all(first, last)
        return True

    def _found(self, first: int, last: int, named: tuple[Named, ...], edits: int) -> Found:
        is_neighbourhood = all(n.is_neighbourhood for n in named)
        kind = MentionKind.NEIGHBOURHOOD if is_neighbourhood else MentionKind.LANDMARK
        is_within = self._sentence.norm(first - 1) in ("in", "dans")
        mention = Mention(
            kind,
            *self._sentence.span(first, last),
            is_within=is_within,
            named=named,
            edits=edits,
            is_beside=self._sentence.is_beside(first),
            city=self._city_of(first, last),
        )
        # "in Yonge-Eglinton" is the part of the city, "Yonge-Eglinton" the corner.
        is_preferred = is_within and any(n.is_neighbourhood for n in named)
        return Found(mention, first, last, is_preferred=is_preferred)
