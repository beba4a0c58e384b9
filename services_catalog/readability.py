"""How hard a text reads, as a school grade (Flesch-Kincaid, 1975), and what makes it so. It counts, it does not read."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A sentence of more words than this is hard to hold in mind, as guides to plain language say.
LONG_SENTENCE = 20
# A word of so many syllables raises the grade most.
LONG_WORD = 4

_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)")
_WORD = re.compile(r"[A-Za-z']+")
_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text; 0 for one without words."""
    found = _WORD.findall(text)
    if not found:
        return 0.0
    sentences = max(len([s for s in _SENTENCE.split(text) if s.strip()]), 1)
    syllables = sum(_syllables(w.lower()) for w in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


@dataclass(frozen=True)
class HardParts:
    """What makes a text hard to read.

    Attributes:
        sentences: the long ones, each with its number of words, as they come.
        words: the long ones, the longest first.
    """

    sentences: tuple[tuple[str, int], ...]
    words: tuple[str, ...]


def hard_parts(text: str) -> HardParts:
    """Return the sentences and words that raise a text's grade most."""
    sentences = [s for s in re.split(r"(?<=[.!?:;])\s+", text.strip()) if s]
    counted = [(s, len(_WORD.findall(s))) for s in sentences]
    words = {w.lower(): _syllables(w.lower()) for w in _WORD.findall(text)}
    long_words = sorted(
        (w for w, n in words.items() if n >= LONG_WORD), key=lambda w: (-words[w], w)
    )
    return HardParts(tuple((s, n) for s, n in counted if n > LONG_SENTENCE), tuple(long_words))


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word.removesuffix("e") if len(word) > 3 else word))
    return max(count, 1)
