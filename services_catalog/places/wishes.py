"""What a message asks about places: a kind of place somewhere, or more about those just shown. Pure; words only.

"where is the closest daycare that takes toddlers" wishes for a place. "how do i apply for daycare subsidy",
"dirty washroom in the park" and "parking ticket" do not: they are the catalogue's to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from services_catalog.places.types import PlaceType, PlaceTypes
from services_catalog.text import normalise

# How alike a misspelt word must be to what places are called ("libary", "dayare"), of 100; and how long.
ALIKE = 86
SHORTEST_REPAIRED = 7

_LONG_WORD = re.compile(rf"[a-z]{{{SHORTEST_REPAIRED - 1},}}")

_NEAR = re.compile(
    r"\b(?:closest|closer|nearest|nearby|near(?: by)? (?:me|us|my|our|here)|neer me|close ?by|close to (?:me|us|my|our|here)|"
    r"around (?:here|me|us|my|our)|walking distance|how far|in (?:my|our|this) (?:area|neighbou?rhood|vicinity)|"
    r"within \d|by (?:my|our) (?:house|home|place|office|work|school))\b"
)
_WHERE = re.compile(
    r"\b(?:where|wheres|where's|whereabouts|wher|locations? of|address of|directions? to|find|looking for|look for|"
    r"searching for|is there|are there|any|list of|show me|recommend|know of)\b|\b(?:need|want)(?: a| an| some| the)?$|\bwhich$"
)
# Such a kind is only where something else is: "the guys behind the parking lot".
_BESIDE = re.compile(
    r"\b(?:near|by|at|in|inside|behind|beside|from|into|across from|next to|outside|through|with|beside)"
    r"(?: (?:the|a|an|our|my|this|that|your))?$"
)
# "High Park" is a name, and "where we park" no park.
_BEFORE_PARK = re.compile(
    r"(?:^|\b(?:closest|nearest|a|the|any|nice|good|great|big|large|small|quiet|city|public|local|another|other|which|find|"
    r"nearby|neighbou?rhood|every|best|for|my))$"
)
# What makes it another question, whatever else is in it.
_OTHERWISE = re.compile(
    r"\b(?:apply|application|applying|regist\w*|sign (?:up|him|her|my)|enrol\w*|permits?|licen[cs]e[ds]?|licensing|inspect\w*|"
    r"complain\w*|report\w*|broken|broke|dirty|filthy|smell\w*|stinks?|damaged|vandal\w*|graffiti|unsafe|dangerous|noise|noisy|"
    r"tickets?|tag|fined|book(?:ing)?|rent(?:ing|als?)?|reserv\w*|wait ?list\w*|jobs?|hiring|volunteer\w*|how much|cost|costs|"
    r"price|prices|fees?|rules?|allowed|by-?law|card|renew|overdue|lessons?|class(?:es)?|cancel\w*|refund|membership|"
    r"wedding|qualif\w*|eligib\w*|how do i (?:get|pay)|build\w*|install\w*|cut|mow\w*|plow\w*|tree|trees|raccoon|rats?|"
    r"needles?|syringe|overflowing|garbage|litter|staff|worker|teacher|owner|abuse|when (?:do|does|is|are|will)|"
    r"what time|hours|schedule|owns?|pays? for|payments?|tax|in charge|responsible|fence|lifeguard|empty|full|"
    r"lost|left my|stolen|closed|close (?:the|down)|why|zoning|enclosure|plans|documents?|smok\w*|vap\w*|leak\w*|drain|"
    r"toilet paper|replaced|stung|sting|abandoned|dying|dead|alone|flight|safe|adjustment|bill|which (?:side|areas?)|put|"
    r"how (?:to|do i|can i|do you) (?:go|get)|open a|start a|weeds|bags?|kids (?:are|were)|men|guys|people)\b"
)


# Longer messages tell of something; a fragment without a word for where ("daycare m6g") is shorter still.
LONGEST_WISH = 30
LONGEST_FRAGMENT = 8
# So near before a kind, "where" or "any" is about it.
WORDS_BEFORE = 6


@dataclass(frozen=True)
class PlaceWish:
    """A wish for places of a kind.

    Attributes:
        type_id: the kind, a key of the pack's place types.
        filters: ids of the filters that narrow it down, in the pack's order.
        is_sure: the words ask where; else it is one only beside a location ("daycare m6g").
    """

    type_id: str
    filters: tuple[str, ...] = ()
    is_sure: bool = True


class Detail(StrEnum):
    """What is asked about one place."""

    ALL = "all"
    PHONE = "phone"
    ADDRESS = "address"
    HOURS = "hours"
    WEBSITE = "website"
    DISTANCE = "distance"


@dataclass(frozen=True)
class More:
    """The next ones of the list."""


@dataclass(frozen=True)
class About:
    """One of the places shown: its number from 0 (-1: the last; None: the one spoken of), and what of it."""

    number: int | None
    detail: Detail = Detail.ALL


@dataclass(frozen=True)
class Elsewhere:
    """The same kind near another place; the words may name it ("closer to king and bay") or not ("to work")."""


@dataclass(frozen=True)
class Narrow:
    """The same list, with these filters as well."""

    filters: tuple[str, ...]


FollowUp = More | About | Elsewhere | Narrow


class WishReader:
    """Reads wishes for the kinds of places of one pack."""

    def __init__(self, types: PlaceTypes) -> None:
        self._types = types
        self._by_name = {n: t.id for t in types.by_id.values() for n in t.called}
        self._pattern = _any_of(self._by_name)
        self._words = sorted(
            {w for n in self._by_name for w in n.split() if len(w) >= SHORTEST_REPAIRED}
        )
        self._filters = {
            t.id: [(f.id, _any_of(f.words)) for f in t.filters] for t in types.by_id.values()
        }

    def read(self, text: str) -> PlaceWish | None:
        """Return the wish in a message, or None: it asks something else."""
        plain = self._repaired(normalise(text))
        if len(plain.split()) > LONGEST_WISH:
            return None
        named = self._named(plain)
        if named is None:
            return None
        kind, (start, end) = named
        rest = f"{plain[:start]} {plain[end:]}"
        # A word that narrows the list is no other question: "affordable", "accepts fee subsidy".
        if _OTHERWISE.search(self._without_filters(rest, kind)):
            return None
        asks_where = _WHERE.search(" ".join(plain[:start].split()[-WORDS_BEFORE:]))
        is_sure = bool(asks_where or _NEAR.search(plain))
        if not is_sure and len(plain.split()) > LONGEST_FRAGMENT:
            return None
        return PlaceWish(kind.id, self.filters_in(rest, kind), is_sure)

    def filters_in(self, text: str, kind: PlaceType) -> tuple[str, ...]:
        """Return the ids of the filters that the words ask for."""
        plain = normalise(text)
        return tuple(
            name
            for name, pattern in self._filters[kind.id]
            if pattern and pattern.search(plain)
        )

    def follow_up(self, text: str, kind: PlaceType | None) -> FollowUp | None:
        """Return what a message asks about the places just shown, or None: it asks something else."""
        plain = normalise(text).strip(" .!?")
        if _MORE.fullmatch(plain):
            return More()
        if kind and (narrowing := self._narrowing(plain, kind)):
            return Narrow(narrowing)
        if _CLOSER.search(plain):
            return Elsewhere()
        return _about(plain)

    def _named(self, plain: str) -> tuple[PlaceType, tuple[int, int]] | None:
        """Return the kind that is named first as what is looked for, and where; the longest name counts."""
        for found in self._pattern.finditer(plain) if self._pattern else ():
            before = plain[: found.start()].rstrip()
            if _BESIDE.search(before) or (
                found[0] == "park" and not _BEFORE_PARK.search(before)
            ):
                continue
            return self._types.by_id[self._by_name[found[0]]], found.span()
        return None

    def _without_filters(self, rest: str, kind: PlaceType) -> str:
        for _, pattern in self._filters[kind.id]:
            if pattern:
                rest = pattern.sub(" ", rest)
        return rest

    def _narrowing(self, plain: str, kind: PlaceType) -> tuple[str, ...]:
        if _NEAR.search(plain) or len(plain.split()) > 12:
            return ()
        # "For my toddler", "indoor ones": filters, and nothing else that says anything.
        if not _NARROW.match(plain) and not _FILLING.fullmatch(
            self._without_filters(plain, kind)
        ):
            return ()
        return self.filters_in(plain, kind)

    def _repaired(self, plain: str) -> str:
        if self._pattern and self._pattern.search(plain):
            return plain
        return _LONG_WORD.sub(self._repair, plain)

    def _repair(self, word: re.Match[str]) -> str:
        best = process.extractOne(word[0], self._words, scorer=fuzz.ratio, score_cutoff=ALIKE)
        return best[0] if best else word[0]


_MORE = re.compile(
    r"(?:(?:can|could) (?:you|i) )?(?:please )?(?:show|give|see|list|get|tell|send)? ?(?:me )?(?:some |any |a few |all )?"
    r"(?:more|others?|another(?: one)?|next|next ones|the rest|all(?: of them)?|other (?:ones|options|places)|anything else|"
    r"further ones|show all)(?: (?:ones|options|places|please|nearby|near (?:me|here)|results?|of them))*(?: please)?"
)
_NARROW = re.compile(
    r"(?:(?:and|but|ok|okay|hmm|also|what about|how about) )*(?:are |is |do |does |show |list )?(?:there |me )?"
    r"(?:any|anything|ones?|with|that|which|only|just|one|some|i need|i want|must|it (?:needs|has) to|the ones?)\b"
)
_FILLING = re.compile(
    r"(?:\s|,|\b(?:for|my|our|a|an|the|with|that|which|who|is|are|do|does|it|they|these|those|them|there|has|have|takes?|accepts?|only|just|ones?|please|and|or|some|any|"
    r"kids?|child|children|son|daughter|old|in|of|i|we|need|want|but|also|ok|okay|hmm)\b)*"
)
_CLOSER = re.compile(
    r"\b(?:closer to|nearer to|closer|nearer|near (?:my )?(?:work|office|school|home|house)|"
    r"(?:what|how) about (?:near|around|close to|by|in|at)|instead|(?:another|different|other) (?:location|address|place|area|"
    r"neighbou?rhood))\b|^(?:and |or )?(?:near|around|close to)\b"
)
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4,
    "sixth": 5, "6th": 5, "last": -1, "closest": 0, "nearest": 0, "top": 0,
}  # fmt: skip
_CARDINALS = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "six": 5}
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})(?: (?:one|place|option|choice))?\b")
_NUMBER = re.compile(
    rf"(?:(?:the )?(?:number|no\.?|nr\.?|option|choice|#)? ?)(\d|{'|'.join(_CARDINALS)})[.)]?(?: please)?"
)
_DETAILS = (
    (Detail.PHONE, re.compile(r"\b(?:phone|telephone|tel|call|ring|contact)\b|\bnumber\b(?! \d)")),
    (Detail.ADDRESS, re.compile(r"\b(?:address|where|directions?|located|location|how do i get|map|street)\b")),
    (Detail.HOURS, re.compile(r"\b(?:hours?|open|opens|opening|close[sd]?|closing|what time|when)\b")),
    (Detail.WEBSITE, re.compile(r"\b(?:website|web ?site|web ?page|site|link|url|online)\b")),
    (Detail.DISTANCE, re.compile(r"\b(?:how far|distance|how long|walk(?:ing)?)\b")),
    (Detail.ALL, re.compile(r"\b(?:more about|details?|info(?:rmation)?|tell me about|about|more on)\b")),
)  # fmt: skip
# Speaks of a place just shown without its number.
_IT = re.compile(
    r"\b(?:its|it's|it|it is|that one|this one|that place|this place|their|they|them|there)\b"
)
LONGEST_FOLLOW_UP = 10


def _about(plain: str) -> About | None:
    if len(plain.split()) > LONGEST_FOLLOW_UP:
        return None
    detail = next((d for d, pattern in _DETAILS if pattern.search(plain)), None)
    if match := _NUMBER.fullmatch(plain):
        number = int(match[1]) - 1 if match[1].isdigit() else _CARDINALS[match[1]]
        return About(number) if number >= 0 else None
    if match := _ORDINAL.search(plain):
        return About(_ORDINALS[match[1]], detail or Detail.ALL)
    if detail and (_IT.search(plain) or len(plain.split()) <= 3):
        return About(None, detail)
    return None


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(names, key=len, reverse=True)
    if not listed:
        return None
    return re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, listed))})(?!\w)")
