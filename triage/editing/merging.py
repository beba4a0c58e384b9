"""A draft put onto what the entry has become: what only one of two maintainers changed is taken from them, and what both
changed is for the second to decide. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]

# Lists whose lines stand for themselves: what either added is there, what either took out is not.
_LINES = frozenset({"questions", "also_called", "related"})
# What a resident is not told in words, and what nobody has to look at again: a wording that was added, a date of checking.
_BESIDE_THE_WORDS = frozenset({"questions", "last_verified", "review_by"})


@dataclass(frozen=True)
class Merged:
    """What comes of both.

    Attributes:
        content: with the draft's own where both changed the same.
        theirs: the names of what somebody else changed.
        both: those of them that the draft changed too, to something else.
    """

    content: dict[str, Any]
    theirs: tuple[str, ...]
    both: tuple[str, ...]

    @property
    def is_beside_the_words(self) -> bool:
        """Say whether nobody needs to look at it: no words changed but the draft's own."""
        return not self.both and set(self.theirs) <= _BESIDE_THE_WORDS


def merged(before: Content, theirs: Content, mine: Content) -> Merged:
    """Put a draft onto a new state of its entry.

    Args:
        before: the state that the draft went out from.
        theirs: the state now.
        mine: the draft.
    """
    content: dict[str, Any] = {}
    changed, both = [], []
    for name in dict.fromkeys([*mine, *theirs, *before]):
        was, there, here = before.get(name), theirs.get(name), mine.get(name)
        if there != was:
            changed.append(name)
        if there in (was, here):
            chosen = here
        elif here == was:
            chosen = there
        elif name in _LINES:
            chosen = _lines(was or (), there or (), here or ())
        else:
            both.append(name)
            chosen = here
        if chosen is not None:
            content[name] = chosen
    return Merged(content, tuple(changed), tuple(both))


def _lines(was: Sequence[str], there: Sequence[str], here: Sequence[str]) -> list[str]:
    taken_out = {line for line in was if line not in there or line not in here}
    return [line for line in dict.fromkeys([*here, *there]) if line not in taken_out]
