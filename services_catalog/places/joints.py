"""What stands between two streets that are named together: "&", "/", "just north of". Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from services_catalog.places.sentence import AND, Sentence
from services_catalog.places.spelling import direction_meant, direction_of

_DASHES = ("/", "-", "\\", "|", "//", "\N{EN DASH}", "\N{EM DASH}")
_STRICT = frozenset({"n", "at", "meets"})
_ALONG = frozenset({"on", "along", "sur"})
_TO = frozenset({"to", "a", "until", "till"})
# How far: "a few doors north of", "2 blocks east of", "just south of".
_HOW_FAR = frozenset(
    """just right a few couple of one two three some slightly several block blocks door doors house houses metres
    meters m steps little bit""".split()  # noqa: SIM905
)
_MOST_HOW_FAR = 5
# "near lawrence on dufferin"
BEFORE_ALONG = frozenset({"of", "by", "near", "at", "de"})
_MOST_BEFORE = 6


class Joining(Enum):
    """How sure it is that a corner is meant."""

    PLAIN = auto()  # "and", "near"
    STRICT = auto()  # "n", "at"
    SIGN = auto()  # "x", "/", "&": hardly anything else
    ALONG = auto()  # "on": only of "north of lawrence on dufferin"
    TO = auto()  # only of "from queen to dundas"
    NOTHING = auto()  # "dundas jane": only of all there is, and of a known corner


@dataclass(frozen=True)
class Joint:
    """What joins two streets."""

    end: int  # the word behind it
    joining: Joining = Joining.PLAIN
    is_beside: bool = False


def joints(s: Sentence, k: int) -> Iterator[Joint]:
    """Yield what the words from one on may be as a joint, the plainest first."""
    word = s.norm(k)
    if s.before(k) in _DASHES:
        yield Joint(k, Joining.SIGN)
    if word in AND:
        is_sign = word == "x" or s.text[s.words[k].start] in "&+@"
        joining = (
            Joining.SIGN if is_sign else Joining.STRICT if word in _STRICT else Joining.PLAIN
        )
        yield Joint(k + 1, joining, word in ("near", "off"))
    if word == "a":
        yield Joint(k + 1)
    before = s.norms(max(0, k - _MOST_BEFORE), k)
    if word in _TO and "from" in before:
        yield Joint(k + 1, Joining.TO)
    if word in _ALONG and not BEFORE_ALONG.isdisjoint(before):
        yield Joint(k + 1, Joining.ALONG, True)
    j = k
    while j < k + _MOST_HOW_FAR and (s.norm(j) in _HOW_FAR or (j > k and s.number(j))):
        j += 1
    for side in (j, j + 1) if s.number(k) else (j,):
        name = s.norm(side)
        if (direction_of(name) or direction_meant(name)) and s.norm(side + 1) in (
            "of",
            "de",
            "du",
        ):
            yield Joint(side + 2, is_beside=True)
    if s.before(k) in ("", ",") and s.is_all(max(0, k - _MOST_BEFORE), k + _MOST_BEFORE):
        yield Joint(k, Joining.NOTHING)
