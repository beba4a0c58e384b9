"""Reference numbers of cases: short, not to be guessed, easy to say aloud, and a slip in one is found.

A reference is eight random characters and a check character, written in threes: `K4M-9RW-2HX`. The alphabet has no
characters that look or sound alike (0 and O, 1 and I, B and D and P, S and F: of such, at most one is in). The check is
a sum weighted by position modulo 19, a prime: so any one wrong character, and any two neighbours that changed
places, make it wrong. Each has a digit and a letter, so that no word and no telephone number is taken for one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

ALPHABET = "23456789ACFHJKMRWXY"
LENGTH = 9

_VALUES = {c: n for n, c in enumerate(ALPHABET)}
# Of letters and digits alone, in one piece, in threes, or said one by one.
_CHARACTER = f"[{ALPHABET}]"
_BETWEEN = r"[\s.\-\u2010-\u2015]"
_WRITTEN = re.compile(
    rf"(?<!\w)(?=({_CHARACTER}{{3}}{_BETWEEN}{{0,3}}{_CHARACTER}{{3}}{_BETWEEN}{{0,3}}{_CHARACTER}{{3}}"
    rf"|(?:{_CHARACTER}{_BETWEEN}{{0,3}}){{{LENGTH - 1}}}{_CHARACTER})(?!\w))",
    re.IGNORECASE | re.ASCII,
)
_SEPARATORS = re.compile(rf"{_BETWEEN}+")


def new_reference() -> str:
    """Return a new random reference (34 bits)."""
    while True:
        characters = [secrets.choice(ALPHABET) for _ in range(LENGTH - 1)]
        reference = "".join([*characters, _check_of(characters)])
        if _is_mixed(reference):
            return _in_threes(reference)


def read_reference(text: str) -> str | None:
    """Return the reference that `text` is, as we write it; None if it is none or has a slip in it.

    Case, spaces, dots and dashes do not matter.
    """
    characters = _SEPARATORS.sub("", text).upper()
    is_one = (
        len(characters) == LENGTH
        and all(c in _VALUES for c in characters)
        and _is_mixed(characters)
        and _sum(characters) == 0
    )
    return _in_threes(characters) if is_one else None


def find_reference(text: str) -> str | None:
    """Return the first reference in a sentence, as we write it; None if there is none."""
    for found in _WRITTEN.finditer(text):
        if reference := read_reference(found[1]):
            return reference
    return None


def _sum(characters: Sequence[str]) -> int:
    # Weights 1 to 9 differ from each other and from 0 modulo 19, and 19 is prime.
    return sum(n * _VALUES[c] for n, c in enumerate(characters, 1)) % len(ALPHABET)


def _check_of(characters: Sequence[str]) -> str:
    inverse = pow(LENGTH, -1, len(ALPHABET))
    return ALPHABET[-_sum(characters) * inverse % len(ALPHABET)]


def _is_mixed(characters: str) -> bool:
    return any(c.isdigit() for c in characters) and any(c.isalpha() for c in characters)


def _in_threes(characters: str) -> str:
    return "-".join(characters[n : n + 3] for n in range(0, LENGTH, 3))
