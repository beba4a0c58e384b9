"""How hard a text reads, as a school grade (Flesch-Kincaid, 1975). An estimate: it counts, it does not read."""

from __future__ import annotations

import re

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


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word.removesuffix("e") if len(word) > 3 else word))
    return max(count, 1)
