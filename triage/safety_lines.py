"""Reads the lines of a table of phrases, and finds them in a message. Pure; the table is safety_rules.py.

    a | b c     one or the other; the words of a phrase stand side by side
    leak*       with any ending
    {CHILD}     one of the phrases of a named list
    a ~ b       both, in either order, with at most six words between
    a > b       both, in this order
    ... a ...   and the sentence so far, or the rest of it
    ! a         marked

A line that begins with a sign goes on with the one above. All phrases of all lines are looked for at once, so that a
message is read once however many lines there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

MOST_BETWEEN = 6
SHORTEST_STEM = 2

Span = tuple[int, int]  # from a word up to, not including, another

_TOKEN = re.compile(r"[a-z0-9'$]+|[.!?]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_NAMED = re.compile(r"\{(\w+)\}")
_GOES_ON = re.compile(r"\n\s*(?=[|~>])")
_QUOTES = str.maketrans("\u2019\u2018`", "'''")
_NONE_GONE: Set[int] = frozenset()


@dataclass(frozen=True)
class Found:
    """A message's words, and where each phrase stands among them."""

    words: Sequence[str]
    places: Mapping[str, Sequence[Span]]
    phrases: frozenset[str]
    lines: frozenset[Line]  # those of whose every side a phrase is there


# Equal to itself alone: two tables may hold a line in the same words.
@dataclass(frozen=True, eq=False)
class Line:
    """One line of a table."""

    sides: tuple[frozenset[str], ...]  # phrases; one of each side must be there
    either_way: bool
    so_far: bool
    rest: bool
    marked: bool

    def spans(self, found: Found, gone: Set[int] = _NONE_GONE) -> list[Span]:
        """Return where the line is found; a phrase with a word that is `gone` does not count."""
        if self not in found.lines:
            return []
        sides = [
            [
                s
                for p in side & found.phrases
                for s in found.places[p]
                if gone.isdisjoint(range(*s))
            ]
            for side in self.sides
        ]
        spans = _in_order(sides)
        if self.either_way:
            spans += _in_order(sides[::-1])
        return [self._widened(span, found.words) for span in spans]

    def _widened(self, span: Span, words: Sequence[str]) -> Span:
        start, end = span
        while self.so_far and start > 0 and not _ends_sentence(words[start - 1]):
            start -= 1
        while self.rest and end < len(words) and not _ends_sentence(words[end]):
            end += 1
        return start, end


class Finder:
    """Finds the phrases of lines."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._by_first: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
        # The side that can be said in the fewest ways is met the least.
        self._by_phrase: dict[str, list[Line]] = defaultdict(list)
        phrases: set[str] = set()
        for line in lines:
            phrases.update(*line.sides)
            for phrase in min(line.sides, key=len):
                self._by_phrase[phrase].append(line)
        for phrase in phrases:
            first, *others = phrase.split()
            self._by_first[first].append((phrase, others))

    def find(self, words: Sequence[str]) -> Found:
        """Return where the phrases stand in a message's words."""
        places: dict[str, list[Span]] = defaultdict(list)
        for start, word in enumerate(words):
            for first in (word, *(f"{word[:n]}*" for n in range(SHORTEST_STEM, len(word) + 1))):
                for phrase, others in self._by_first.get(first, ()):
                    end = start + 1 + len(others)
                    if end <= len(words) and all(map(_fits, words[start + 1 : end], others)):
                        places[phrase].append((start, end))
        phrases = frozenset(places)
        lines = {line for phrase in phrases for line in self._by_phrase.get(phrase, ())}
        there = frozenset(n for n in lines if not any(map(phrases.isdisjoint, n.sides)))
        return Found(words, places, phrases, there)


def read_lines(table: str, lists: Mapping[str, str]) -> tuple[Line, ...]:
    """Return the lines of a table; `lists` are the phrases that it names.

    Raises:
        KeyError: the table names a list that is not there.
    """
    lines = _GOES_ON.sub(" ", table).splitlines()
    return tuple(_line(line.strip(), lists) for line in lines if line.strip())


def words_of(text: str, spellings: Mapping[str, str]) -> list[str]:
    """Return the words and the sentence marks in small letters, spellings mended."""
    low = _STRETCHED.sub(r"\1\1", text.lower().translate(_QUOTES))
    return [w for token in _TOKEN.findall(low) for w in spellings.get(token, token).split()]


def _line(text: str, lists: Mapping[str, str]) -> Line:
    inner = text.removeprefix("! ").removeprefix("... ").removesuffix(" ...")
    between = " ~ " if " ~ " in inner else " > "
    return Line(
        sides=tuple(_phrases(side, lists) for side in inner.split(between)),
        either_way=between == " ~ ",
        so_far=text.startswith("... "),
        rest=text.endswith(" ..."),
        marked=text.startswith("! "),
    )


def _phrases(side: str, lists: Mapping[str, str]) -> frozenset[str]:
    written = _NAMED.sub(lambda m: lists[m[1]], side)
    return frozenset(" ".join(phrase.split()) for phrase in written.split("|"))


def _in_order(sides: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the spans from one of each side to one of the last, each near enough to the next."""
    spans = list(sides[0])
    for side in sides[1:]:
        spans = [
            (start, last)
            for start, end in spans
            for first, last in side
            if end <= first <= end + MOST_BETWEEN
        ]
    return spans


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _ends_sentence(word: str) -> bool:
    return word[0] in ".!?"
