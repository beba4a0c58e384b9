"""What residents say in words of the answer before: that it helped, or that it did not. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from actions.names import Move


class Judged(StrEnum):
    """What was said of an answer."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


# What can be tapped or texted by its number, and what it stands for.
CHOICES: tuple[Mapping[str, Any], ...] = (
    {"label": "That helped", "value": {"judged": Judged.HELPFUL.value}},
    {"label": "That did not help", "value": {"judged": Judged.NOT_HELPFUL.value}},
)
# Texts have no buttons under an answer.
TEXTED = frozenset({"sms", "whatsapp"})

_NOT = r"(?:not|never|\w+n['\u2019]?t|hardly|no)"
_NOT_HELPFUL = re.compile(
    rf"\b{_NOT}\b(?:\W+\w+){{0,2}}?\W+(?:help\w*|useful|work\w*|what i|answer\w*|understand\w*|right|correct|good)\b"
    r"|\bwrong (?:answer|info\w*|page|thing|one)\b|\buseless\b|\bunhelpful\b|\bwaste of\b|\bthanks for nothing\b"
    r"|\b(?:terrible|stupid|awful|bad|frustrat\w+|annoying)\b|\bu suck\b|\byou suck\b|\bwhat a joke\b",
    re.IGNORECASE,
)
_HELPFUL = re.compile(
    r"\b(?:help(?:ed|ful)|useful|answered my question|what i (?:needed|wanted|was looking for)|solved)\b",
    re.IGNORECASE,
)
# Praise of the assistant is praise of what it just said; with thanks it is only polite.
_PRAISE = re.compile(
    r"\b(?:great|good|nice|well done|awesome|excellent|perfect|love|like this|five stars|fast|amazing)\b",
    re.IGNORECASE,
)


def judged(text: str, move: Move) -> Judged | None:
    """Return what a message that was read as thanks or as feedback says of the answer before, if anything."""
    if move not in (Move.THANKS, Move.FEEDBACK):
        return None
    if _NOT_HELPFUL.search(text):
        return Judged.NOT_HELPFUL
    if _HELPFUL.search(text) or (move is Move.FEEDBACK and _PRAISE.search(text)):
        return Judged.HELPFUL
    return None
