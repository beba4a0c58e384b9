"""Which phrases a message says, and which it says are not so ("no wires", "not on the road"). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services_catalog.text import normalise

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[,.;:!?]")
_NEGATORS = frozenset(
    """no not never without neither nor none nobody nothing isnt isn't wasnt wasn't arent aren't dont don't doesnt
    doesn't didnt didn't cant can't couldnt couldn't wont won't hasnt hasn't havent haven't aint ain't""".split()  # noqa: SIM905 (a list of words reads best as words)
)
# After these another statement begins, that an earlier "no" says nothing about.
_BREAKS = frozenset(
    (*",.;:!?", "but", "just", "only", "it's", "its", "there's", "theres", "because", "so")
)
# A "no" reaches so many words on: "not on the side of the road".
_REACH = 5
# Of what was not done, or cannot be: "my bin was not picked up at my house", "a wheelchair can't pass". The "no" is about
# the deed, and not about what stands around it.
_DEEDS = frozenset(
    """picked pick collected collect emptied empty taken take came come coming cleared clear cleaned clean plowed ploughed plow
    shovelled shoveled salted removed remove fixed fix repaired repair replaced replace answered answer done pass get go
    through sleep walk breathe use stop stopped drain draining close closing open see""".split()  # noqa: SIM905 (a list of words reads best as words)
)
_AFTER = re.compile(r"(?:is|are|was|were|does|did|has)?(?:not|n't)$")


@dataclass(frozen=True)
class Span:
    """Where a phrase stands in a message, in words."""

    first: int
    last: int
    is_negated: bool

    @property
    def length(self) -> int:
        """How many words it has."""
        return self.last - self.first

    def holds(self, other: Span) -> bool:
        """Say whether the other lies within this one and is shorter."""
        is_within = self.first <= other.first and other.last <= self.last
        return is_within and self.length > other.length


def tokens(text: str) -> list[str]:
    """Return the words and the marks that part clauses, in order."""
    return _TOKEN.findall(normalise(text))


def is_word(token: str) -> bool:
    """Say whether a token is more than a mark."""
    return token[0].isalnum()


def spans(said: Sequence[str], phrases: Mapping[str, Iterable[str]]) -> dict[str, list[Span]]:
    """Return by key where its phrases stand in the tokens of a message; singular and plural are the same.

    The "no" of one of the phrases denies nothing after it: "no heat and mould" has both.
    """
    plain = [_singular(t) for t in said]
    places = {key: _places(plain, of_key) for key, of_key in phrases.items()}
    within = {
        n for of_key in places.values() for first, last in of_key for n in range(first, last)
    }
    left = ["" if n in within and t in _NEGATORS else t for n, t in enumerate(said)]
    return {
        key: [Span(first, last, _is_negated(left, first, last)) for first, last in of_key]
        for key, of_key in places.items()
    }


def _places(plain: Sequence[str], phrases: Iterable[str]) -> list[tuple[int, int]]:
    found = []
    for phrase in phrases:
        wanted = [_singular(t) for t in tokens(phrase) if is_word(t)]
        for first in range(len(plain) - len(wanted) + 1) if wanted else ():
            if plain[first : first + len(wanted)] == wanted:
                found.append((first, first + len(wanted)))
    return found


def _is_negated(said: Sequence[str], first: int, last: int) -> bool:
    for n in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if said[n] in _BREAKS:
            break
        if said[n] in _NEGATORS:
            return not any(t in _DEEDS for t in said[n + 1 : first])
    if any(t in _DEEDS for t in _same_clause(said[last : last + _REACH])):
        return False
    after = said[last : last + 2]
    return any(t in _NEGATORS for t in _same_clause(after)) and _states(after)


def _states(after: Sequence[str]) -> bool:
    """Say whether what follows a phrase denies it: "wires are not", "wires aren't"."""
    joined = "".join(after[:2])
    return bool(_AFTER.match(joined)) or after[0].endswith("n't")


def _same_clause(after: Sequence[str]) -> list[str]:
    kept = []
    for token in after:
        if token in _BREAKS:
            break
        kept.append(token)
    return kept


def _singular(word: str) -> str:
    # "Hasnt" is as good as "hasn't".
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
