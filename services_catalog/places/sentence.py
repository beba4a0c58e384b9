"""A message cut into words, and what stands around a location in it. Pure.

The words here are English (and some French) that are said about places; the names come from the pack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from services_catalog.places.spelling import Word, cut, direction_meant, direction_of, type_of

# fmt: off
UNIT_WORDS = frozenset("apt apartment unit suite appartement app bureau room rm floor ph penthouse no".split())  # noqa: SIM905
AT_WORDS = frozenset(
    """at near on from by of outside opposite across behind beside around to address is live lives located between
    closest nearest in front corner off along intersection nearby towards toward a au pres sur coin de dans adresse
    location its im am home work""".split()  # noqa: SIM905
)
FILLER = frozenset(
    """i im am my me we live lives living at near on in from by of to the a an is its it this that here hi hello hey
    address location corner intersection close around outside opposite across beside behind front area please thanks
    thank you pls ontario ont canada downtown somewhere stay staying home house work located street our
    place between next for about just right there nearby looking place's
    au coin de la le du des dans pres a j habite je suis sur adresse mon est so and or ok okay yes no um well""".split()  # noqa: SIM905
)
AND = frozenset("and n nd et an adn annd x by at near off with meets crossing cross".split())  # noqa: SIM905
BEYOND = frozenset("streetcar streetcars bus buses car cars route train size mattress bed beds".split())  # noqa: SIM905
NEAR_ME = (
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
NOT_A_STREET = frozenset(
    """cleaning sweeping parking light lights lighting festival party signs sign closure closures
    permit permits cleaned swept trees tree""".split()  # noqa: SIM905
)
BESIDE = frozenset({"front", "behind", "across", "opposite", "beside", "outside"})
_LONG_FILLER = tuple(sorted(w for w in FILLER if len(w) >= 4))
_LONG_AT = ("near", "live", "from", "address")
_POSTAL = re.compile(r"[a-z]\d[a-z](?:\d[a-z]\d)?")
MAX_WORDS = 400  # of a message are read; what comes after is no address


class Sentence:
    """The words of one message, and what is said around some of them."""

    def __init__(self, text: str, of_city: frozenset[str] = frozenset()) -> None:
        """Cut the text. `of_city`: words of the city's own name and of its parts, said behind an address."""
        self.text = text
        self.words: Sequence[Word] = cut(text)[:MAX_WORDS]
        # How many words before each one are about something else than where.
        self._telling = [0]
        for word in self.words:
            self._telling.append(
                self._telling[-1] + (not is_filler(word.norm) and word.norm not in of_city)
            )

    def __len__(self) -> int:
        return len(self.words)

    def norm(self, i: int) -> str:
        """Return a word, or an empty text before the first and behind the last."""
        return self.words[i].norm if 0 <= i < len(self.words) else ""

    def norms(self, first: int, last: int) -> list[str]:
        """Return some words."""
        return [w.norm for w in self.words[first:last]]

    def before(self, i: int) -> str:
        """Return the signs before a word."""
        return self.words[i].before if 0 <= i < len(self.words) else ""

    def number(self, i: int) -> int | None:
        """Return the house number that a word is, or None."""
        return self.words[i].number if 0 <= i < len(self.words) else None

    def span(self, first: int, last: int) -> tuple[str, int, int]:
        """Return the text of some words, and where it begins and ends."""
        start, end = self.words[first].start, self.words[last - 1].end
        return self.text[start:end], start, end

    def is_all(self, first: int, last: int) -> bool:
        """Say whether the message says little else than these words."""
        return self._telling[first] == 0 and self._telling[last] == self._telling[-1]

    def is_placed(self, first: int) -> bool:
        """Say whether a word of place stands before: "at", "near", "my address is"."""
        before = self.norm(first - 1)
        if before in ("the", "la", "le", "l"):
            before = self.norm(first - 2)
        return is_at(before) or (first > 0 and ":" in self.before(first))

    def is_stray(self, i: int, before: int | None = None) -> bool:
        """Say whether a word stands right beside some others and is no ordinary one: a part of a name?

        Args:
            i: the word.
            before: the word whose signs in front part the two (default: this one).
        """
        word = self.norm(i)
        return bool(word) and not (
            self.before(i if before is None else before)
            or word in ORDINARY
            or is_filler(word)
            or word in UNIT_WORDS
            or word in AND
            or is_at(word)
            or self.number(i) is not None
            or type_of(word)
            or direction_of(word)
            or direction_meant(word)
        )

    def is_beside(self, first: int) -> bool:
        """Say whether the words before put it beside what follows: "in front of", "across from"."""
        return any(self.norm(first - n) in BESIDE for n in (1, 2, 3))


@lru_cache(maxsize=10_000)
def is_filler(word: str) -> bool:
    """Say whether a word only stands around a location, misspelt ("naer") or not."""
    if word in FILLER or _POSTAL.fullmatch(word):
        return True
    return 3 <= len(word) <= 8 and word not in ORDINARY and _is_nearly(word, _LONG_FILLER)


@lru_cache(maxsize=10_000)
def is_at(word: str) -> bool:
    """Say whether a word puts what follows somewhere, misspelt or not."""
    if word in AT_WORDS:
        return True
    return 3 <= len(word) <= 5 and word not in ORDINARY and _is_nearly(word, _LONG_AT)


def _is_nearly(word: str, others: Sequence[str]) -> bool:
    return any(OSA.distance(word, o, score_cutoff=1) <= 1 for o in others)
