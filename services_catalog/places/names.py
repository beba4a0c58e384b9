"""The names of places, landmarks and neighbourhoods, found exactly and with typing errors. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services_catalog.places.model import Landmark, Neighbourhood, Place, Point, Precision
from services_catalog.places.ordinary import ORDINARY
from services_catalog.places.spelling import TYPES, plain_words, type_of
from services_catalog.places.tables import Gazetteer
from services_catalog.places.ways_said import BARE, parts_of, said_like, short

# Kinds of places that nobody names to say where they are.
NAMELESS_TYPES = frozenset(
    {"clothing_drop_box", "drinking_fountain", "dog_fountain", "parking", "public_washroom"}
)
# Names of these words only say what a place is, not which one.
GENERIC = frozenset(
    """the a of at and in for on park parks playground library public branch community centre recreation rec
    school child children childrens care daycare day nursery preschool arena pool rink outdoor indoor station
    church house hall co op cooperative north south east west new toronto city early learning inc infant
    toddler program programme junior senior middle elementary secondary my first little kids""".split()  # noqa: SIM905
)
# Words that are spelt rightly: they stand for themselves.
KNOWN_WORDS = frozenset({*GENERIC, *ORDINARY, *TYPES, "mall", "street", "gardens"})
# More places than these of one name are a chain: the name says not where.
MOST_OF_A_NAME = 3


@dataclass(frozen=True)
class Named:
    """Something with a name and a point."""

    name: str
    point: Point
    precision: Precision
    address: str = ""
    own: frozenset[str] = (
        frozenset()
    )  # its own names, run together, without what others call it
    is_area: bool = False  # a neighbourhood or a business area: its middle stands for all of it
    is_neighbourhood: bool = False
    is_known_name: bool = False  # a landmark's or neighbourhood's: all know it


class PlaceNames:
    """All names of a city by which people say where they are."""

    def __init__(self, gazetteer: Gazetteer, streets: Iterable[tuple[str, ...]]) -> None:
        self._named: dict[tuple[str, ...], list[Named]] = {}
        taken = set(streets)
        entries = list(_entries(gazetteer))
        for names, named in entries:
            for name in names:
                self._add(plain_words(name), named)
        self._add_short(entries, taken)
        full = set(self._named)
        # What others call it must not hide another thing of that very name, nor a street.
        for names, named in entries:
            for name in names:
                ways = [*said_like(plain_words(name))]
                if named.is_area:
                    ways += [p for p in parts_of(name) if not ORDINARY.issuperset(p)]
                for words in ways:
                    if GENERIC.issuperset(words):
                        continue
                    is_street = words in taken or (words[:-1] in taken and type_of(words[-1]))
                    is_street = is_street and not (named.is_known_name and len(words) > 1)
                    if words not in full and not is_street:
                        self._add(words, named)
        self._add_bare(entries, taken)
        self.towns = {
            plain_words(mark.name)[:-2]: mark.point
            for mark in gazetteer.landmarks
            if plain_words(mark.name)[1:][-2:] == ("civic", "centre")
        }
        self._joined: dict[str, tuple[str, ...]] = {"".join(k): k for k in self._named}
        # Some last words ("cc", "ps") are too near to none at all to be misspelt. Errors spare the first letter.
        self._keys: dict[str, list[str]] = {}
        for joined, words in self._joined.items():
            if words[-1] not in ("cc", "ps", "lib", "ttc", "stn"):
                self._keys.setdefault(joined[0], []).append(joined)
        self._alike = lru_cache(maxsize=20_000)(self._find_alike)

    def _add_short(
        self, entries: list[tuple[list[str], Named]], taken: set[tuple[str, ...]]
    ) -> None:
        """Add names without what is added to them, but for those of a chain and those of a street."""
        called_short: dict[tuple[str, ...], list[Named]] = {}
        for names, named in entries:
            for name in (s for n in names for s in short(n)):
                called_short.setdefault(plain_words(name), []).append(named)
        for words, called in called_short.items():
            if words not in taken and len({n.point for n in called}) <= MOST_OF_A_NAME:
                for named in called:
                    self._add(words, named)

    def _add_bare(
        self, entries: list[tuple[list[str], Named]], taken: set[tuple[str, ...]]
    ) -> None:
        """Add names of several words without what kind of place it is, and without initials."""
        for names, named in entries:
            for words in (plain_words(name) for name in names if "/" not in name):
                for tail in BARE:
                    if words[-len(tail) :] != tail:
                        continue
                    bare = words[: -len(tail)]
                    for way in {bare, tuple(w for w in bare if len(w) > 1)}:
                        is_street = way in taken or (way[:-1] in taken and type_of(way[-1]))
                        if len(way) > 1 and way not in self._named and not is_street:
                            self._add(way, named)

    def names(self) -> Iterable[tuple[str, ...]]:
        """Return every name, as words to compare."""
        return self._named.keys()

    def exact(self, words: Sequence[str]) -> tuple[Named, ...]:
        """Return what has exactly this name."""
        return tuple(self._named.get(tuple(words), ()))

    def alike(self, words: Sequence[str]) -> tuple[tuple[Named, ...], int]:
        """Return what has the name that differs by fewest typing errors, and how many those are."""
        return self._alike(tuple(words))

    def _find_alike(self, words: tuple[str, ...]) -> tuple[tuple[Named, ...], int]:
        joined = "".join(words)
        if joined in self._joined:
            return self.exact(self._joined[joined]), 0
        limit = edits_allowed(len(joined))
        if not limit:
            return (), 0
        found = process.extract(
            joined,
            self._keys.get(joined[0], ()),
            scorer=OSA.distance,
            score_cutoff=limit,
            limit=8,
        )
        fit = [(int(f[1]), self._joined[f[0]]) for f in found]
        fit = [(edits, name) for edits, name in fit if is_misspelt(words, name, edits)]
        if not fit:
            return (), 0
        fewest = min(edits for edits, _ in fit)
        best = {n: None for edits, name in fit if edits == fewest for n in self.exact(name)}
        return tuple(best), fewest

    def _add(self, words: tuple[str, ...], named: Named) -> None:
        # "City Hall" is a landmark, "Child Care Centre" is any.
        # So is "New Toronto Library", but no "public library".
        is_own = named.is_known_name or (
            words[-1:] == ("library",) and "".join(words) in named.own
        )
        is_generic = GENERIC.issuperset(words) and not (is_own and len(words) > 1)
        if not words or is_generic or "".join(words).isdigit():
            return
        there = self._named.setdefault(words, [])
        if named not in there:
            there.append(named)


def edits_allowed(letters: int) -> int:
    """Return how many typing errors a name of so many letters may have."""
    if letters < 5:
        return 0
    return 1 if letters < 9 else 2 if letters < 15 else 3


def is_misspelt(said: Sequence[str], name: Sequence[str], edits: int) -> bool:
    """Say whether words are a name with typing errors, not another name: "dufferin mall" is not Dufferin Hill."""
    if len(said) != len(name):
        return edits == 1
    return all(
        a == b
        or (
            a not in KNOWN_WORDS
            and not a.isdigit()
            and OSA.distance(a, b) <= (1 if len(b) < 7 else 2)
        )
        for a, b in zip(said, name, strict=True)
    )


def _entries(gazetteer: Gazetteer) -> Iterator[tuple[list[str], Named]]:
    for hood in gazetteer.neighbourhoods:
        yield [hood.name, *hood.also_called], _of_neighbourhood(hood)
    for mark in gazetteer.landmarks:
        yield [mark.name, *mark.also_called], _of_landmark(mark)
    seen: set[tuple[str, str]] = set()
    for place in gazetteer.places:
        # A park with a rink and a pool stands in the table three times.
        if place.type in NAMELESS_TYPES or (place.name, place.address) in seen:
            continue
        seen.add((place.name, place.address))
        yield [place.name], _of_place(place)


def _of_neighbourhood(hood: Neighbourhood) -> Named:
    own = _joined([hood.name])
    return Named(
        hood.name,
        hood.point,
        Precision.AREA,
        own=own,
        is_area=True,
        is_neighbourhood=True,
        is_known_name=True,
    )


def _of_landmark(mark: Landmark) -> Named:
    own = _joined([mark.name, *mark.also_called, *short(mark.name)])
    is_area = mark.precision is Precision.AREA
    return Named(
        mark.name, mark.point, mark.precision, own=own, is_area=is_area, is_known_name=True
    )


def _of_place(place: Place) -> Named:
    precision = Precision.SITE if place.type in ("park", "tennis") else Precision.ADDRESS
    own = _joined([place.name, *short(place.name)])
    return Named(place.name, place.point, precision, place.address, own)


def _joined(names: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(plain_words(name)) for name in names)
