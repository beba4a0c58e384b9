"""What differs between two states of an entry: field by field, line by line, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from triage.editing.fields import FIELDS, lines_of

# Two lines that share less are not one line in other words, but one that went and one that came.
ALIKE = 0.5
_WORDS = re.compile(r"\S+\s*")


class How(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of words, and what happened to it."""

    how: How
    text: str


@dataclass(frozen=True)
class Line:
    """A line that differs: all of it gone or new, or some of its words."""

    how: How  # SAME: it stayed, in other words
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class FieldChange:
    """A field that differs."""

    name: str
    label: str
    lines: Sequence[Line]


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[FieldChange]:
    """Return the fields that differ, in the order in which they are edited. None: there is no entry."""
    before, after = before or {}, after or {}
    found = []
    for name, label in FIELDS.items():
        was, now = lines_of(name, before.get(name)), lines_of(name, after.get(name))
        if was != now:
            found.append(FieldChange(name, label, list(_lines(was, now))))
    return found


def _lines(was: Sequence[str], now: Sequence[str]) -> Iterator[Line]:
    for how, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if how != "equal":
            yield from _replaced(list(was[a:b]), list(now[c:d]))


def _replaced(gone: list[str], new: list[str]) -> Iterator[Line]:
    """Pair lines that are alike; the others went or came."""
    for line in new:
        twin = max(gone, key=lambda old: _likeness(old, line), default=None)
        if twin is not None and _likeness(twin, line) >= ALIKE:
            gone.remove(twin)
            yield Line(How.SAME, list(_pieces(twin, line)))
        else:
            yield Line(How.NEW, [Piece(How.NEW, line)])
    for line in gone:
        yield Line(How.GONE, [Piece(How.GONE, line)])


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # Looked at in full only where it can come to something.
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _pieces(was: str, now: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(was), _WORDS.findall(now)
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield Piece(How.SAME, "".join(old[a:b]))
            continue
        if a < b:
            yield Piece(How.GONE, "".join(old[a:b]))
        if c < d:
            yield Piece(How.NEW, "".join(new[c:d]))
