"""Find what a message says about where: addresses, corners, postal codes, names of places, "near me".

The vocabulary comes from the pack; spaCy's phrase matcher finds it. Words that are no name in the tables are
compared with them only where a location is plausible ("12 ...", "... & spadina", "at ..."), so that "king of
the hill" and "2 adults" stay what they are. Pure: no network, no files.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from services_catalog.places.model import Precision
from services_catalog.places.names import Named, PlaceNames
from services_catalog.places.spelling import (
    FRENCH_ARTICLES,
    FRENCH_TYPES,
    Word,
    cut,
    direction_meant,
    direction_of,
    is_ordinal,
    plain_words,
    type_meant,
    type_of,
)
from services_catalog.places.streets import Candidate, StreetNames, type_key
from services_catalog.places.tables import Gazetteer


class MentionKind(StrEnum):
    """How a message says where."""

    ADDRESS = "address"
    INTERSECTION = "intersection"
    STREET = "street"
    POSTAL_CODE = "postal_code"
    NEIGHBOURHOOD = "neighbourhood"
    LANDMARK = "landmark"
    NEAR_ME = "near_me"
    OUTSIDE_CITY = "outside_city"


@dataclass(frozen=True)
class StreetWords:
    """A street as a message names it."""

    text: str  # the words, for saying that they were not found
    candidates: tuple[
        Candidate, ...
    ] = ()  # which streets they may mean; none: not in the tables
    type: str = ""
    direction: str = ""
    edits: int = 0  # typing errors of the best candidate


@dataclass(frozen=True)
class Mention:
    """One place that a message names, as it is written there.

    Attributes:
        streets: one for an address, two for a corner, three for "on the first between the other two".
        is_plain: the words can hardly mean anything but a place: not finding it is worth saying.
        is_beside: "west of", "in front of": the point is near, not exactly there.
    """

    kind: MentionKind
    text: str
    start: int
    end: int
    number: int | None = None
    suffix: str = ""
    unit: str = ""
    streets: tuple[StreetWords, ...] = ()
    postal_code: str = ""
    city: str = ""
    named: tuple[Named, ...] = ()
    edits: int = 0
    is_plain: bool = True
    is_beside: bool = False


@dataclass(frozen=True)
class _Reading:
    """Some words read as a street: up to which word, and how far-fetched that is."""

    street: StreetWords
    end: int
    cost: float
    is_typed: bool  # a type or a direction stands with it

    @property
    def is_exact(self) -> bool:
        return self.street.edits == 0


@dataclass(frozen=True)
class _Found:
    mention: Mention
    first: int  # words, not letters
    last: int


# fmt: off
_UNIT_WORDS = frozenset("apt apartment unit suite appartement app bureau room rm floor ph penthouse no".split())  # noqa: SIM905
_AT_WORDS = frozenset(
    """at near on from by of outside opposite across behind beside around to address is live lives located between
    closest nearest in front corner off along intersection nearby towards toward a au pres sur coin de dans adresse
    location its im am home work""".split()  # noqa: SIM905
)
_FILLER = frozenset(
    """i im am my me we live lives living at near on in from by of to the a an is its it this that here hi hello hey
    address location corner intersection close around outside opposite across beside behind front area please thanks
    thank you pls toronto ontario ont canada downtown somewhere stay staying home house work located street is's our
    place between next for about just right there nearby looking place's etobicoke scarborough north york east
    au coin de la le du des dans pres a j habite je suis sur adresse mon est so and or ok okay yes no um well""".split()  # noqa: SIM905
)
_AND = frozenset("and n nd et an adn annd x by at near off with meets crossing cross".split())  # noqa: SIM905
_BEYOND = frozenset("streetcar streetcars bus buses car cars route train size mattress bed beds".split())  # noqa: SIM905
_NEAR_ME = (
    "near me", "close to me", "close by", "closeby", "around here", "my location", "where i am", "nearby me", "by me",
    "around me", "near here", "my current location", "from here", "near my house", "near my home", "near my place",
    "near where i am", "pres de moi", "in my area", "where i live", "my area", "from me", "next to me", "to my house",
    "my neighbourhood", "my neighborhood", "nearme", "close to home", "near us", "around my house", "close to my house",
)
# Ordinary words that are also, or nearly, names of streets or parts of the city: alone they are no place.
ORDINARY = frozenset(
    """king kings queen queens church park parks bay spring may hill garden gardens court main market front water mill
    bank union college university centre center green gate lane line walk path way view lake river beach island bridge
    rustic niagara danforth steeles place street road avenue drive square circle trail view school station market
    bond case cedar maple oak pine elm rose jones jack john george james arrow atomic arena august april june summer
    winter fall autumn first second third fourth fifth sixth seventh eighth ninth tenth hunter forest victory
    adult adults kid kids child children baby babies bag bags bin bins box boxes can cans day days week weeks month
    months year years hour hours minute minutes min mins time times people person dog dogs cat cats car cars truck
    trucks tree trees house houses home homes block blocks door doors room rooms floor floors item items piece pieces
    inch inches foot feet metre metres meter meters km mile miles dollar dollars percent noon night nights morning
    evening tonight today tomorrow yesterday am pm old new big small large more less other others same different
    bedroom bedrooms lot lots spot spots pothole potholes mattress mattresses sofa sofas couch couches chair chairs
    table tables tire tires ticket tickets permit permits call calls number numbers size sizes letter letters
    raccoon raccoons rat rats mice skunk skunks bees wasps needle needles light lights pole poles sign signs meter
    of the and or to for in on at by with from off out up down over under my your his her our their this that these
    those a an is are was were be been not no yes it its he she they we you i me him them us who what when where why
    how which if then than so but as all any some each every both few many much most next last week end bus buses
    streetcar step steps stop stops hand hands month man men woman women boy boys girl girls student students guest
    guests family families unit units apartment apartments storey story stories litre litres liter liters pound pounds
    lbs kg ton tons yard yards half quarter dozen hundred thousand million half clock oclock ways lanes cups bottle
    bottles cart carts load loads sheet sheets form forms page pages copy copies photo photos line lines call late
    pay paid cost fee fees fine fines tax taxes bill bills card cards phone email website online open closed close
    near far here there about after before during until since while again still also just only even ever never
    report reported broken dead wild stray lost found free sick hurt loud noise noisy smell dirty clean heat cold hot
    snow ice rain wind storm flood leaf leaves grass weeds garbage trash recycling compost organic organics waste
    litter dump dumped dumping collection pickup pick missed daycare library pool rink arena parkade parking""".split()  # noqa: SIM905
)
# fmt: on
_NOT_A_STREET = frozenset(
    """cleaning sweeping parking light lights lighting festival party signs sign closure closures
    permit permits cleaned swept trees tree""".split()  # noqa: SIM905
)
_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)")
_POSTAL = re.compile(r"[a-z]\d[a-z](?:\d[a-z]\d)?")
# Letters that no Canadian postal code begins with.
_NO_POSTAL_LETTERS = "dfioquwz"
MAX_WORDS = 400  # of a message are read; more are no address


class LocationReader:
    """Reads places out of messages. Built once for a gazetteer; may be used by several threads."""

    def __init__(self, gazetteer: Gazetteer, elsewhere: Sequence[str] = ()) -> None:
        self.streets = StreetNames(gazetteer.streets)
        self.names = PlaceNames(gazetteer, self.streets.names())
        self._cities = {plain_words(city): city for city in elsewhere}
        # spaCy's English without a model: the vocabulary that the phrases are matched in.
        self._nlp = spacy.blank("en")
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._learn("NAME", self.names.names())
        self._learn("NEAR_ME", (plain_words(p) for p in _NEAR_ME))
        self._learn("CITY", self._cities)
        self._learn("TOWN", self.names.towns)
        # A vocabulary forgets residents' words after each message, which only one thread at a time may do.
        self._lock = threading.Lock()

    def read(self, text: str) -> tuple[Mention, ...]:
        """Return the places that a message names, in the order of the text."""
        text = _PHONE.sub(lambda m: "_" * len(m[0]), text)
        words = cut(text)[:MAX_WORDS]
        if not words:
            return ()
        found = list(_Message(self, text, words, self._phrases(words)).found())
        return tuple(f.mention for f in _apart(found))

    def city(self, words: Sequence[str]) -> str:
        """Return the other municipality of this name, or an empty text."""
        return self._cities.get(tuple(words), "")

    def _learn(self, label: str, names: Iterable[tuple[str, ...]]) -> None:
        vocab = self._nlp.vocab
        self._matcher.add(label, [Doc(vocab, words=list(n)) for n in names if n])

    def _phrases(self, words: Sequence[Word]) -> list[tuple[str, int, int]]:
        with self._lock, self._nlp.memory_zone():
            doc = Doc(self._nlp.vocab, words=[w.norm or "_" for w in words])
            strings = self._nlp.vocab.strings
            return [(strings[label], a, b) for label, a, b in self._matcher(doc)]


def _apart(found: list[_Found]) -> list[_Found]:
    """Return what does not overlap: postal codes and addresses first, then what explains most words."""
    rank = {MentionKind.POSTAL_CODE: 0, MentionKind.ADDRESS: 1}
    taken: set[int] = set()
    kept = []
    for f in sorted(
        found,
        key=lambda f: (
            rank.get(f.mention.kind, 2),
            f.first - f.last,
            f.mention.edits + sum(s.edits for s in f.mention.streets),
            list(MentionKind).index(f.mention.kind),
        ),
    ):
        if taken.isdisjoint(range(f.first, f.last)):
            taken.update(range(f.first, f.last))
            kept.append(f)
    return sorted(kept, key=lambda f: f.first)


class _Message:
    """One message while it is read."""

    def __init__(
        self,
        reader: LocationReader,
        text: str,
        words: list[Word],
        phrases: list[tuple[str, int, int]],
    ) -> None:
        self.reader = reader
        self.streets = reader.streets
        self.text = text
        self.words = words
        self.phrases = phrases
        self._readings: dict[tuple[int, bool], list[_Reading]] = {}

    def found(self) -> Iterator[_Found]:
        yield from self._postal_codes()
        addresses = [a for i in range(len(self.words)) if (a := self._address_at(i))]
        yield from addresses
        corners = list(self._corners())
        yield from corners
        named = list(self._phrase_mentions())
        yield from named
        covered = {n for f in (*addresses, *corners, *named) for n in range(f.first, f.last)}
        yield from self._misspelt_names(covered)
        for i in range(len(self.words)):
            if street := self._street_alone(i):
                yield street

    # What stands around some words

    def _norm(self, i: int) -> str:
        return self.words[i].norm if 0 <= i < len(self.words) else ""

    def _is_all(self, first: int, last: int) -> bool:
        """Say whether the message says little else."""
        return all(
            w.norm in _FILLER or (type(w.norm) is str and _POSTAL.fullmatch(w.norm))
            for n, w in enumerate(self.words)
            if not first <= n < last
        )

    def _is_placed(self, first: int) -> bool:
        """Say whether a word of place stands before: "at", "near", "my address is"."""
        before = self._norm(first - 1)
        if before in ("the", "la", "le", "l"):
            before = self._norm(first - 2)
        return before in _AT_WORDS or (first > 0 and ":" in self.words[first].before)

    def _span(self, first: int, last: int) -> tuple[str, int, int]:
        start, end = self.words[first].start, self.words[last - 1].end
        return self.text[start:end], start, end

    def _mention(self, kind: MentionKind, first: int, last: int) -> Mention:
        return Mention(kind, *self._span(first, last))

    # Streets

    def _street_at(self, i: int, *, fuzzy: bool) -> list[_Reading]:
        """Return how the words from here on may be read as a street, the least far-fetched first."""
        key = (i, fuzzy)
        if key not in self._readings:
            found = list(self._read_street(i, fuzzy))
            self._readings[key] = sorted(found, key=lambda r: (r.cost, -r.end))
        return self._readings[key]

    def _read_street(self, i: int, fuzzy: bool) -> Iterator[_Reading]:
        yield from self._read_name(i, i, "", "", fuzzy)
        word = self._norm(i)
        if word in FRENCH_TYPES and i + 1 < len(self.words):
            j = i + 1
            while self._norm(j) in FRENCH_ARTICLES and j + 1 < len(self.words):
                j += 1
            # Whatever the city calls it: "rue" is said of any street.
            kind = "" if word in ("rue", "ch", "chemin") else type_of(word)
            yield from self._read_name(i, j, kind, "", fuzzy)
        if direction_of(word) and len(word) != 1 and i + 1 < len(self.words):
            yield from self._read_name(i, i + 1, "", direction_of(word), False)

    def _read_name(
        self, first: int, i: int, kind: str, direction: str, fuzzy: bool
    ) -> Iterator[_Reading]:
        for end in range(i + 1, min(i + 4, len(self.words)) + 1):
            if end > i + 1 and self.words[end - 1].before not in ("", "-", "'"):
                return
            norms = [w.norm for w in self.words[i:end]]
            exact = [Candidate(s) for s in self.streets.exact(norms)]
            may_be = list(exact)
            if fuzzy and not any(n in ("and", "at", "of") for n in norms):
                may_be += [c for c in self.streets.alike(norms) if c.edits]
            if may_be:
                yield from self._with_rest(first, end, kind, direction, may_be, fuzzy)

    def _with_rest(
        self,
        first: int,
        end: int,
        kind: str,
        direction: str,
        may_be: list[Candidate],
        fuzzy: bool,
    ) -> Iterator[_Reading]:
        """Yield the name with what may follow it: a type, a direction, both, or neither."""
        yield self._reading(first, end, kind, direction, may_be, 0)
        j, slips = end, 0.0
        if not kind and j < len(self.words) and self.words[j].before == "":
            word = self._norm(j)
            if found := type_of(word):
                kind, j = found, j + 1
            elif fuzzy and (found := type_meant(word)):
                kind, j, slips = found, j + 1, 0.5
            if j > end:
                yield self._reading(first, j, kind, direction, may_be, slips)
        if not direction and j < len(self.words) and self.words[j].before in ("", ","):
            word = self._norm(j)
            if self._norm(j + 1) in ("of", "de", "du"):
                return
            found = direction_of(word)
            if not found and fuzzy:
                found, slips = direction_meant(word), slips + 0.5
            if found and (len(word) > 1 or any(c.street.direction == found for c in may_be)):
                yield self._reading(first, j + 1, kind, found, may_be, slips)

    def _reading(
        self,
        first: int,
        end: int,
        kind: str,
        direction: str,
        may_be: list[Candidate],
        slips: float,
    ) -> _Reading:
        checked = [
            replace(
                c,
                type_differs=bool(kind) and type_key(c.street) != kind,
                direction_differs=bool(direction and c.street.direction not in ("", direction)),
            )
            for c in may_be
        ]
        fewest = min(map(_cost, checked))
        kept = tuple(c for c in checked if _cost(c) <= fewest + 1.0)
        following = self._norm(end) if end < len(self.words) else ""
        # "12 king georgs rd" is not King St with something behind it.
        is_cut_off = not kind and type_of(following) and not self.words[end].before
        cost = fewest + slips + (2.0 if is_cut_off else 0.0) - 0.1 * (end - first)
        text = self._span(first, end)[0]
        street = StreetWords(text, kept, kind, direction, min(c.edits for c in kept))
        return _Reading(street, end, cost, bool(kind or direction))

    def _unknown_street(self, i: int) -> _Reading | None:
        """Return words with a street type behind them that are no street of the tables."""
        for end in range(i, min(i + 3, len(self.words))):
            word = self.words[end]
            if end > i and word.before not in ("", "-"):
                return None
            if end > i and type_of(word.norm) and not word.norm.endswith("s"):
                after = end + 1
                direction = ""
                if after < len(self.words) and not self.words[after].before:
                    direction = direction_of(self._norm(after))
                    after += bool(direction)
                text = self._span(i, after)[0]
                return _Reading(
                    StreetWords(text, (), type_of(word.norm), direction), after, 9.0, True
                )
            if word.norm in ORDINARY or word.number is not None or type_of(word.norm):
                return None
        return None

    # Addresses

    def _address_at(self, i: int) -> _Found | None:
        for unit, n in self._numbers_at(i):
            number = self.words[n].number
            before = self.words[n].before
            if (
                number is None
                or "$" in before
                or (before.endswith((":", ".")) and n and self.words[n - 1].number)
            ):
                continue
            j, suffix = n + 1, self.words[n].norm[len(str(number)) :]
            range_end = self._range_end(n)
            if range_end:
                j, suffix = j + 1, f"-{range_end}"
            found = self._address_from(i, n, j)
            if found is None:
                continue
            reading, is_plain = found
            unit, last = (unit, reading.end) if unit else self._unit_after(reading.end)
            mention = replace(
                self._mention(MentionKind.ADDRESS, i, last),
                number=number,
                suffix=suffix.strip(),
                unit=unit,
                streets=(reading.street,),
                city=self._city_after(last),
                is_plain=is_plain,
                is_beside=self._is_beside(i),
            )
            return _Found(mention, i, last)
        return None

    def _numbers_at(self, i: int) -> Iterator[tuple[str, int]]:
        """Yield the unit and the word that is the house number, where one may begin here."""
        words = self.words
        if words[i].norm in _UNIT_WORDS or "#" in words[i].before:
            at = i if "#" in words[i].before else i + 1
            if at + 1 < len(words) and words[at + 1].number is not None:
                yield words[at].norm, at + 1
            return
        if words[i].number is None:
            return
        if i + 1 < len(words) and words[i + 1].before == "-" and words[i + 1].number:
            if not self._range_end(i):
                yield words[i].norm, i + 1
                return
        if i and words[i].before == "-" and words[i - 1].number is not None:
            return
        yield "", i

    def _range_end(self, n: int) -> int:
        """Return the end of a range of house numbers ("150-154"), or 0: "4-200" is a unit and a number."""
        if n + 1 >= len(self.words) or self.words[n + 1].before != "-":
            return 0
        low, high = self.words[n].number, self.words[n + 1].number
        if not low or not high or not low < high <= 2 * low or (high - low) % 2:
            return 0
        return high

    def _address_from(self, i: int, n: int, j: int) -> tuple[_Reading, bool] | None:
        """Return the street behind a number, and whether that is plainly an address."""
        if j >= len(self.words) or self.words[j].before not in ("", ",", "#"):
            return None
        is_placed = self._is_placed(i)
        for reading in self._street_at(j, fuzzy=True)[:1]:
            name = [w.norm for w in self.words[j : reading.end]]
            is_all = self._is_all(i, reading.end)
            if self._norm(reading.end) in _BEYOND and not reading.is_typed:
                break
            if any(is_ordinal(w) for w in name[:1]) and not reading.is_typed:
                break
            is_ordinary = name[0] in ORDINARY
            if reading.is_typed and (reading.is_exact or not is_ordinary):
                return reading, True
            if reading.is_exact and (is_placed or is_all or not is_ordinary):
                return reading, is_placed or is_all
            if not reading.is_exact and (is_placed or is_all) and not is_ordinary:
                return reading, False
        if (unknown := self._unknown_street(j)) and self.words[j].before == "":
            return unknown, True
        return None

    def _unit_after(self, end: int) -> tuple[str, int]:
        j = end
        if j < len(self.words) and self.words[j].norm in _UNIT_WORDS and self._norm(j + 1):
            return self._norm(j + 1), j + 2
        if j < len(self.words) and "#" in self.words[j].before:
            return self._norm(j), j + 1
        return "", end

    def _city_after(self, last: int) -> str:
        j = last + (self._norm(last) in ("in", "a"))
        for length in (3, 2, 1):
            if (
                city := self.reader.city([w.norm for w in self.words[j : j + length]])
            ) and not (type_of(self._norm(j + length))):
                return city
        return ""

    def _is_beside(self, first: int) -> bool:
        before = {self._norm(first - 1), self._norm(first - 2), self._norm(first - 3)}
        return bool(before & {"front", "behind", "across", "opposite", "beside", "outside"})

    # Corners

    def _corners(self) -> Iterator[_Found]:
        for k in range(1, len(self.words)):
            for gap, is_beside in self._connections(k):
                if corner := self._corner(k, k + gap, is_beside):
                    yield corner
                    break

    def _connections(self, k: int) -> Iterator[tuple[int, bool]]:
        """Yield how many words from here on join two streets, and whether they say "beside"."""
        word = self.words[k]
        if word.before in ("/", "-", "–", "—", "\\", "|"):
            yield 0, False
        if word.norm in _AND:
            yield 1, word.norm in ("near", "off")
        if word.norm == "a" and self._norm(k + 1):
            yield 1, False
        j = k + (word.norm in ("just", "right"))
        if direction_of(self._norm(j)) and self._norm(j + 1) in ("of", "de", "du"):
            yield j + 2 - k, True

    def _corner(self, k: int, j: int, is_beside: bool) -> _Found | None:
        if j >= len(self.words):
            return None
        lefts, rights = self._streets_before(k), self._street_at(j, fuzzy=True)
        for first, left in lefts:
            for right in rights[:4]:
                if between := self._between(first, left, k, right):
                    return between
                if self._is_corner(first, left, j, right):
                    return self._corner_found(
                        first, right.end, (left.street, right.street), True, is_beside
                    )
        return self._half_corner(k, j, lefts, rights, is_beside)

    def _streets_before(self, k: int) -> list[tuple[int, _Reading]]:
        """Return the streets that end right before a word, the least far-fetched first."""
        found = [
            (i, r)
            for i in range(max(0, k - 6), k)
            for r in self._street_at(i, fuzzy=True)
            if r.end == k
        ]
        return sorted(found, key=lambda f: (f[1].cost, f[0]))[:4]

    def _is_corner(self, first: int, left: _Reading, j: int, right: _Reading) -> bool:
        is_sure = (
            self._is_placed(first) or left.is_typed or right.is_typed
            or self._is_all(first, right.end)
        )  # fmt: skip
        left_ordinary = self._norm(first) in ORDINARY
        right_ordinary = self._norm(j) in ORDINARY
        if self._norm(right.end) in _BEYOND and not is_sure:
            return False
        if left.is_exact and right.is_exact:
            return is_sure or not (left_ordinary and right_ordinary)
        if (left_ordinary and not left.is_exact) or (right_ordinary and not right.is_exact):
            return False
        return is_sure or left.is_exact or right.is_exact

    def _half_corner(
        self,
        k: int,
        j: int,
        lefts: list[tuple[int, _Reading]],
        rights: list[_Reading],
        is_beside: bool,
    ) -> _Found | None:
        """Return a corner of a known street with one that is not in the tables."""
        left = next(((i, r) for i, r in lefts if r.is_exact), None)
        right = next((r for r in rights if r.is_exact), None)
        if left and not right:
            unknown = self._unknown_street(j) or self._one_word(j)
            if unknown and self._is_worth_saying(left[0], unknown.end, unknown):
                streets = (left[1].street, unknown.street)
                return self._corner_found(left[0], unknown.end, streets, True, is_beside)
        if right and not left:
            for i in range(max(0, k - 3), k):
                unknown = self._unknown_street(i)
                if not unknown and i == k - 1:
                    unknown = self._one_word(i)
                if (
                    unknown
                    and unknown.end == k
                    and self._is_worth_saying(i, right.end, unknown)
                ):
                    streets = (unknown.street, right.street)
                    return self._corner_found(i, right.end, streets, True, is_beside)
        return None

    def _one_word(self, i: int) -> _Reading | None:
        word = self.words[i]
        if (
            word.norm in ORDINARY
            or word.norm in _FILLER
            or word.number is not None
            or len(word.norm) < 3
        ):
            return None
        return _Reading(StreetWords(self._span(i, i + 1)[0]), i + 1, 9.0, False)

    def _is_worth_saying(self, first: int, last: int, unknown: _Reading) -> bool:
        is_corner = self._norm(first - 1) in ("of", "corner", "coin", "de", "intersection")
        return is_corner or unknown.is_typed or self._is_all(first, last)

    def _corner_found(
        self,
        first: int,
        last: int,
        streets: tuple[StreetWords, ...],
        is_plain: bool,
        is_beside: bool,
    ) -> _Found:
        mention = replace(
            self._mention(MentionKind.INTERSECTION, first, last),
            streets=streets,
            is_plain=is_plain,
            is_beside=is_beside,
            city=self._city_after(last),
        )
        return _Found(mention, first, last)

    def _between(self, first: int, left: _Reading, k: int, right: _Reading) -> _Found | None:
        """Return "on bloor between dufferin and ossington", with the street in front or behind."""
        lead = self._norm(first - 1)
        if lead not in ("between", "btwn", "entre", "from", "btw"):
            return None
        if lead != "from" and self._norm(right.end) in ("on", "along", "sur"):
            for along in self._street_at(right.end + 1, fuzzy=True)[:1]:
                streets = (along.street, left.street, right.street)
                return self._corner_found(first - 1, along.end, streets, True, True)
        for start, along in self._streets_before(first - 1)[:1]:
            streets = (along.street, left.street, right.street)
            return self._corner_found(start, right.end, streets, True, True)
        return None

    # A street alone

    def _street_alone(self, i: int) -> _Found | None:
        is_placed = self._is_placed(i)
        for reading in self._street_at(i, fuzzy=is_placed)[:1]:
            is_ordinary = self._norm(i) in ORDINARY
            is_all = self._is_all(i, reading.end)
            if self._norm(reading.end) in _NOT_A_STREET | _BEYOND:
                return None
            if (
                reading.is_exact
                and (
                    (reading.is_typed and not is_ordinary)
                    or is_all
                    or (is_placed and (reading.is_typed or not is_ordinary))
                )
            ) or (
                not reading.is_exact and is_placed and reading.street.type and not is_ordinary
            ):
                mention = replace(
                    self._mention(MentionKind.STREET, i, reading.end),
                    streets=(reading.street,),
                    is_plain=reading.is_typed or is_all,
                    city=self._city_after(reading.end),
                )
                return _Found(mention, i, reading.end)
        if is_placed and (unknown := self._unknown_street(i)):
            mention = replace(
                self._mention(MentionKind.STREET, i, unknown.end), streets=(unknown.street,)
            )
            return _Found(mention, i, unknown.end)
        return None

    # Names

    def _postal_codes(self) -> Iterator[_Found]:
        for i, word in enumerate(self.words):
            code, last = word.norm, i + 1
            if not _POSTAL.fullmatch(code) or code[0] in _NO_POSTAL_LETTERS:
                continue
            # Three characters alone may also be a unit ("b2b", "k9s"): a code unless a number's neighbour.
            if len(code) == 3 and self._norm(i - 1) in _UNIT_WORDS:
                continue
            mention = replace(
                self._mention(MentionKind.POSTAL_CODE, i, last), postal_code=code.upper()
            )
            yield _Found(mention, i, last)

    def _phrase_mentions(self) -> Iterator[_Found]:
        for label, first, last in self.phrases:
            norms = [w.norm for w in self.words[first:last]]
            if any(
                w.before not in ("", "-", "/", ",", "–", ":")
                for w in self.words[first + 1 : last]
            ):
                continue
            if label == "NEAR_ME":
                yield _Found(self._mention(MentionKind.NEAR_ME, first, last), first, last)
            elif label == "CITY" and self._is_city(first, last):
                mention = replace(
                    self._mention(MentionKind.OUTSIDE_CITY, first, last),
                    city=self.reader.city(norms),
                )
                yield _Found(mention, first, last)
            elif label == "NAME" and self._is_name(first, last):
                named = self.reader.names.exact(norms)
                yield self._named_found(first, last, named, 0)
            elif label == "TOWN" and (self._is_placed(first) or self._is_all(first, last)):
                yield self._town_found(first, last)

    def _town_found(self, first: int, last: int) -> _Found:
        words = tuple(w.norm for w in self.words[first:last])
        name = " ".join(w.capitalize() for w in words)
        town = Named(
            name,
            self.reader.names.towns[words],
            Precision.AREA,
            is_area=True,
            is_neighbourhood=True,
        )
        return self._named_found(first, last, (town,), 0)

    def _is_city(self, first: int, last: int) -> bool:
        if type_of(self._norm(last)) and not self.words[last].before:
            return False
        if first and (self.words[first - 1].number is not None):
            return False
        return (
            self._is_placed(first)
            or self._is_all(first, last)
            or "," in self.words[first].before
        )

    def _is_name(self, first: int, last: int) -> bool:
        if first and self.words[first - 1].number is not None and not self.words[first].before:
            # "12 high park": the number says that a street is meant, if there is one.
            if self.streets.exact([w.norm for w in self.words[first:last]]):
                return False
        if last - first > 1:
            return True
        word = self._norm(first)
        if type_of(self._norm(last)) and not self.words[last].before:
            return False
        is_context = self._is_placed(first) or self._is_all(first, last)
        if word in ORDINARY or self.streets.exact([word]):
            return is_context and (
                word not in ORDINARY
                or self._is_all(first, last)
                or self._norm(first - 1) == "in"
            )
        return is_context or len(word) > 6

    def _named_found(
        self, first: int, last: int, named: tuple[Named, ...], edits: int
    ) -> _Found:
        kind = (
            MentionKind.NEIGHBOURHOOD
            if all(n.is_neighbourhood for n in named)
            else MentionKind.LANDMARK
        )
        mention = replace(
            self._mention(kind, first, last),
            named=named,
            edits=edits,
            is_beside=self._is_beside(first),
            city=self._city_after(last),
        )
        return _Found(mention, first, last)

    def _misspelt_names(self, covered: set[int]) -> Iterator[_Found]:
        """Yield names with typing errors, where a place is said: behind "near", or as all there is."""
        for i in range(len(self.words)):
            if i in covered or self.words[i].number is not None:
                continue
            is_placed = self._is_placed(i) or i == 0
            if not is_placed:
                continue
            for last in range(min(i + 6, len(self.words)), i, -1):
                norms = [w.norm for w in self.words[i:last]]
                if covered & set(range(i, last)) or all(n in ORDINARY for n in norms):
                    continue
                if i == 0 and not self._is_all(i, last):
                    continue
                named, edits = self.reader.names.alike(norms)
                if named and edits and not (last - i == 1 and norms[0] in ORDINARY):
                    yield self._named_found(i, last, named, edits)
                    break


def _cost(candidate: Candidate) -> float:
    return candidate.edits + 1.5 * candidate.type_differs + 1.5 * candidate.direction_differs
