"""How well words fit a street or a name of the tables. Pure."""

from __future__ import annotations

from enum import Enum, auto

from rapidfuzz.distance import OSA

from services_catalog.places.mentions import Mention
from services_catalog.places.names import Named
from services_catalog.places.spelling import plain_words
from services_catalog.places.streets import Candidate

# A park so far from the middle of a neighbourhood of its name is not in it.
HOOD_METRES = 1500.0
# If both bear the very name, they are one so near to each other.
SPOT_METRES = 400.0
# A landmark and a place of its name that lie so near to each other are one.
SAME_GROUNDS_METRES = 800.0


class Confirmed(Enum):
    """What speaks for a misspelt name beside its letters."""

    CORNER = auto()  # it meets the other street
    NUMBER = auto()  # this number of it is known
    LOW_NUMBER = auto()  # so it is, but nearly every street has such a number
    NOT = auto()


# How likely a misspelt name means the street: one error, two in a long name, two. Many streets are not in the
# tables, and their names are often like those that are.
LIKENESS = {
    Confirmed.CORNER: (0.93, 0.88, 0.75),
    Confirmed.NUMBER: (0.93, 0.88, 0.75),
    Confirmed.LOW_NUMBER: (0.92, 0.84, 0.7),
    Confirmed.NOT: (0.8, 0.5, 0.5),
}
LOW_NUMBER = 100


def likeness(candidate: Candidate, confirmed: Confirmed) -> float:
    """Return how well a street fits the words."""
    if not candidate.edits:
        return 1.0
    one, two_of_many, more = LIKENESS[confirmed]
    letters = len("".join(plain_words(candidate.street.name)))
    if candidate.edits == 1:
        is_short = letters < 5 and confirmed in (Confirmed.LOW_NUMBER, Confirmed.NOT)
        return one - (0.15 if is_short else 0)
    return two_of_many if candidate.edits == 2 and letters > 7 else more


def differs(candidate: Candidate) -> bool:
    """Say whether the words give another type or direction than the street has."""
    return candidate.type_differs or candidate.direction_differs


def called_so(mention: Mention) -> list[Named]:
    """Return what has the mentioned name for its own, else what is also called so."""
    said = "".join(plain_words(mention.text))
    ways = (said, said.removeprefix("the"))
    own = [
        n
        for n in mention.named
        if any(OSA.distance(way, name) <= mention.edits for name in n.own for way in ways)
    ]
    called = own or list(mention.named)
    hoods = [n for n in called if n.is_neighbourhood]
    spots = [n for n in called if not n.is_area]
    # "Queen's Park" is the landmark, not the lawn around it of the same name.
    known = [n for n in spots if n.is_known_name]
    spots = known + [
        s
        for s in spots
        if s not in known
        and all(s.point.metres_to(k.point) > SAME_GROUNDS_METRES for k in known)
    ]
    if mention.is_within and hoods:
        return hoods
    if not spots:
        # A neighbourhood and its business area of the same name: the neighbourhood.
        return hoods or called
    # A park and the part of the city around it: the park. "Moore Park", a small park elsewhere and a well-known
    # part of the city: both are asked about.
    far = [
        n
        for n in mention.named
        if n.is_neighbourhood
        and min(n.point.metres_to(s.point) for s in spots)
        > (SPOT_METRES if n in hoods and not known else HOOD_METRES)
    ]
    return spots + far
