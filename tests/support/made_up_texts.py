"""Made-up text messages for counting segments: the same ones each time, from a seed, most of them near a limit.

scripts/segments_golden.py has them counted by another program; tests count them here and compare.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence

SEED = 311
HOW_MANY = 2_400

PLAIN = (
    "the bin on Elm Street was not picked up", "call 311", "a pothole, very deep", "where is the ward office?",
    "Reply 9 for more", "snow (10 cm) at 5:30 am", "toronto.ca/311", "K4M-9RW-2HA", "near 100 Queen St W",
    "$66.55 per unit", "it's \"broken\" again!", "\n", "1 Yes\n2 No", "\r\n", "  ", "¿Que?", "Ñu Ave", "Größe",
    "café", "Ålesund Ärger Öl", "à la rue", "£5 or ¥9", "Δ_ΦΓΛΩΠΨΣΘΞ", "§ 4 ¤ ¡ok",
)  # fmt: skip
EXTENDED = ("[a]", "{b}", "~", "^", "|", "\\", "€", "10 €", "a|b|c", "[[", "\f")
TYPOGRAPHIC = (
    "it\u2019s", "\u201cno\u201d", "\u2013", "\u2014", "\u2026", "\u2022", "\u00a0", "½", "é", "ê", "ç", "œ", "À",
    "Côte-des-Neiges", "Saint-François",
)  # fmt: skip
PICTURES = (
    "😀", "🚧", "👍🏽", "👨‍👩‍👧", "👩‍🚒", "🏳️‍🌈", "🇨🇦", "🇨🇦🇫🇷", "❤️", "☃", "🎉🎉🎉", "✊🏿", "👨‍👩‍👧‍👦",
)  # fmt: skip
OTHER_SCRIPTS = (
    "垃圾什么时候收", "зима", "سلام", "வணக்கம்", "안녕하세요", "e\u0301a\u0308", "Ελλάδα", "\ufb01", "\U0001d4b3",
)  # fmt: skip
MIXES: Sequence[tuple[Sequence[str], ...]] = (
    (PLAIN,),
    (PLAIN,),
    (PLAIN, PLAIN, EXTENDED),
    (PLAIN, EXTENDED),
    (EXTENDED,),
    (EXTENDED, EXTENDED, PLAIN),
    (PLAIN, TYPOGRAPHIC),
    (PLAIN, PLAIN, PICTURES),
    (PICTURES,),
    (OTHER_SCRIPTS, PLAIN),
    (PLAIN, EXTENDED, TYPOGRAPHIC, PICTURES, OTHER_SCRIPTS),
)
# Where the number of segments changes, in units of either encoding.
LIMITS = (67, 70, 134, 153, 160, 201, 268, 306, 335, 459, 612)
LONGEST = 1_600


def made_up_texts() -> list[str]:
    """Return the texts, always the same."""
    chance = random.Random(SEED)
    texts = ["", "a", "\n", "€", "😀", "\r\n"]
    while len(texts) < HOW_MANY:
        texts.append(_text(chance))
    return texts


def digest(texts: Sequence[str]) -> str:
    """Return what tells these texts from others."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _text(chance: random.Random) -> str:
    mix = MIXES[_below(chance, len(MIXES))]
    is_near = chance.random() < 0.85
    wanted = (
        LIMITS[_below(chance, len(LIMITS))] + _below(chance, 9) - 4
        if is_near
        else _below(chance, LONGEST)
    )
    text = ""
    while True:
        pool = mix[_below(chance, len(mix))]
        space = " " if text and chance.random() < 0.6 else ""
        longer = f"{text}{space}{pool[_below(chance, len(pool))]}"
        if _about(longer) > wanted or len(longer) > LONGEST:
            break
        text = longer
    return (text + "x" * (wanted - _about(text)))[:LONGEST]


def _about(text: str) -> int:
    """Return about how long a text is, without asking the counter that is tested with it."""
    return len(text.encode("utf-16-le")) // 2 + sum(text.count(c) for c in "[]{}~^|\\€\f")


def _below(chance: random.Random, number: int) -> int:
    # Not randrange: how it draws may change with Python, random() stays.
    return int(chance.random() * number)
