"""What a message says about where, before it is resolved: frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services_catalog.places.names import Named
from services_catalog.places.streets import Candidate


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
        city: the other municipality that it is in.
        called: how the pack calls it, where it is a name elsewhere.
        is_plain: the words can hardly mean anything but a place: not finding it is worth saying.
        is_within: "in": the part of the city is meant, not the park of its name.
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
    called: str = ""
    named: tuple[Named, ...] = ()
    edits: int = 0
    is_plain: bool = True
    is_beside: bool = False
    is_within: bool = False


@dataclass(frozen=True)
class Found:
    """A mention and the words it covers, counted from 0."""

    mention: Mention
    first: int
    last: int
    is_known: bool = True  # the tables have this corner or name
    is_preferred: bool = False  # over another reading of the same words

    def covers(self, other: Found) -> bool:
        """Say whether this is a name that begins with a number, which the other takes for a house number."""
        is_same = self.first <= other.first and other.last <= self.last
        return is_same and other.mention.kind is MentionKind.ADDRESS


def apart(found: Iterable[Found]) -> list[Found]:
    """Return what does not overlap: postal codes and addresses first, then what explains most words."""
    taken: set[int] = set()
    kept = []
    for f in sorted(found, key=_rank):
        if taken.isdisjoint(range(f.first, f.last)):
            taken.update(range(f.first, f.last))
            kept.append(f)
    return sorted(kept, key=lambda f: f.first)


def covered_by(found: Iterable[Found]) -> set[int]:
    """Return the words that are part of something known and spelt rightly."""
    return {
        i
        for f in found
        if f.is_known and not f.mention.edits + sum(s.edits for s in f.mention.streets)
        for i in range(f.first, f.last)
    }


_FIRST = {MentionKind.POSTAL_CODE: 0, MentionKind.ADDRESS: 1}
_SURELY = (MentionKind.INTERSECTION, MentionKind.LANDMARK, MentionKind.NEIGHBOURHOOD)


def _rank(f: Found) -> tuple[int, int, bool, bool, int, int]:
    mention = f.mention
    edits = mention.edits + sum(s.edits for s in mention.streets)
    # Of two that cover the same words: "Junction Gardens" is a neighbourhood, not a street called Junction.
    order = _SURELY.index(mention.kind) if mention.kind in _SURELY else len(_SURELY)
    return (
        _FIRST.get(mention.kind, 2),
        f.first - f.last,
        not f.is_preferred,
        not f.is_known,
        edits,
        order,
    )
