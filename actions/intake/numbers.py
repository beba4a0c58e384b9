"""Numbers as people write them: "3", "two", "about a dozen", "twenty-five". Pure."""

from __future__ import annotations

import re

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905 (a list of words reads best as words)
_WORDS = {w: n for n, w in enumerate(_UNITS)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_OTHERS = {"a dozen": 12, "half a dozen": 6, "a couple": 2, "couple": 2, "a pair": 2, "none": 0, "a hundred": 100,
           "a": 1, "an": 1, "half": 0.5}  # fmt: skip
_DIGITS = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?")
_IN_WORDS = re.compile(
    rf"\b({'|'.join(_TENS)})[ -]({'|'.join(_UNITS[1:10])})\b|\b({'|'.join(_WORDS)})\b(?: (hundred))?"
)


def number_said(plain: str) -> float | int | None:
    """Return the number in a text of small letters, or None: there is none, or more than one."""
    digits = {m[0] for m in _DIGITS.finditer(plain)}
    if digits:
        if len(digits) > 1:
            return None
        value = float(digits.pop().replace(",", ""))
        return int(value) if value.is_integer() else value
    found = {_value(m) for m in _IN_WORDS.finditer(plain)}
    if found:
        return found.pop() if len(found) == 1 else None
    short = re.sub(r"^(?:about|around|maybe|only|just|at least|approximately) ", "", plain)
    for phrase, value in _OTHERS.items():
        if re.fullmatch(rf"{phrase}(?: (?!few|lot|bunch)\w+){{0,3}}", short):
            return value
    return None


def _value(found: re.Match[str]) -> int:
    if found[1]:
        return _WORDS[found[1]] + _WORDS[found[2]]
    return _WORDS[found[3]] * (100 if found[4] else 1)
