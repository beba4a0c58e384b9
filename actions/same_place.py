"""Whether a message speaks of the place that was named before: "the same address", "near there". Pure; words only."""

from __future__ import annotations

import re

from services_catalog.text import normalise

_SPOT = r"(?:place|address|location|spot|area|neighbou?rhood|corner|intersection|street)"
_SAME = re.compile(
    rf"\bsame {_SPOT}\b|\bsame (?:one|as (?:before|last time))\b|\bas before\b|"
    rf"\b(?:near|at|for|from|around|to|in|of) (?:that|this|my last|the last|the other|the previous) {_SPOT}\b"
)
_THERE = re.compile(
    r"\b(?:near|nearby|nearest to|near to|closer? to|closest to|close by|around|by|beside|next to|not far from|from) "
    r"(?:over )?(?:there|it|that one|this one)\b"
)
_FORGET = re.compile(
    rf"\b(?:forget|delete|erase|remove|don'?t (?:remember|keep|save|store)|stop remembering)\b(?: \w+){{0,2}}? "
    rf"(?:{_SPOT}|where i (?:am|live))\b"
)
_ASKS = re.compile(
    r"\b(?:what|which|when|who|whose|why|how|is|are|was|do|does|did|can|i|i'm|my|we|our)\b"
)
# So few words beside a place ask for nothing new either: "same thing near king and spadina".
LONGEST_AGAIN = 8
# So few words ask for nothing new: "the same address please", "what about near there".
LONGEST_ALONE = 6


def means_same(text: str) -> bool:
    """Say whether the words speak of the place that was named as the resident's own ("the same address")."""
    return bool(_SAME.search(normalise(text)))


def means_there(text: str) -> bool:
    """Say whether the words speak of being near what the talk is of just now ("near there")."""
    return bool(_THERE.search(normalise(text)))


def asks_to_forget(text: str) -> bool:
    """Say whether the words ask to forget where the resident is ("please forget my address")."""
    return is_alone(text) and bool(_FORGET.search(normalise(text)))


def is_same_wish(text: str) -> bool:
    """Say whether a message that names a place wants there what was wanted before ("and at 12 elm st")."""
    return len(text.split()) <= LONGEST_AGAIN and not _ASKS.search(normalise(text))


def is_alone(text: str) -> bool:
    """Say whether the message is hardly more than such words."""
    return len(text.split()) <= LONGEST_ALONE
