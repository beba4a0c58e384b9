"""Words made ready for text messages: typographic characters as plain ones, and long texts in parts. Pure.

`services_catalog.segments` counts; here is what to do about it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

from services_catalog.segments import SEGMENTS_AIMED_AT, clusters, count, outside_gsm7

# Below a part that is not the last.
MORE = "Reply 9 for more"
# A part ends with a sentence or a line if that leaves it at least so full; else with a word.
FULL_ENOUGH = 0.4

# What a keyboard or a word processor makes of plain characters. None of these tells one name from another.
_TYPOGRAPHIC: Mapping[str, str] = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`\u2039\u203a", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2022\u2023\u2043\u2219\u25cf\u25e6\u25aa\u00b7", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
    **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad\u200e\u200f", ""),
    "\u2026": "...", "\u00d7": "x", "\u2192": "->", "\u00bd": "1/2", "\u00bc": "1/4", "\u00be": "3/4", "\u2044": "/",
    "\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n\n",
}  # fmt: skip
# French capitals are also written without their accents, and both ligatures as two letters. The small letters that
# the 7-bit alphabet lacks (ç, ê, î, ô, û, ë, ï) have no such form: they stay.
_ACCEPTED = str.maketrans(
    {
        "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U", "Ÿ": "Y",
        "Œ": "OE", "œ": "oe",
    }
)  # fmt: skip
_BEFORE_SMALL = re.compile(r"Œ(?=[a-zà-ÿ])")
_TYPED = re.compile("|".join(map(re.escape, sorted(_TYPOGRAPHIC, key=len, reverse=True))))
_EDGES = re.compile(r"[ ]+(?=\n)|(?<=\n)[ ]+(?=\n)")
_EMPTY_LINES = re.compile(r"\n{2,}")

_LINE_END = re.compile(r"\n+")
# A question at the end of a part would wait for an answer.
_SENTENCE_END = re.compile(r"(?<=[.!])[\"')]?\s+(?=[\"'(]?[A-Z0-9])")
# "St. Clair Ave W", "No. 5", "J. Smith" and "9 a.m. Monday" go on.
_ABBREVIATED = re.compile(
    r"\b(?:St|Ste|Ave|Blvd|Rd|Dr|Mr|Mrs|Ms|Mt|No|Apt|vs|e\.g|i\.e|[ap]\.m|[A-Z])\.$"
)
# A telephone number or an amount stays in one piece.
_WORD_END = re.compile(r"(?<!\d)\s+|\s+(?!\d)")


def plain(text: str) -> str:
    """Return a text with plain characters for typographic ones, and without empty lines.

    Letters stay as they are; only where it brings the whole text into the 7-bit alphabet are French capitals
    written without accents.
    """
    composed = unicodedata.normalize("NFC", text)
    typed = _TYPED.sub(lambda found: _TYPOGRAPHIC[found[0]], composed)
    typed = _EMPTY_LINES.sub("\n", _EDGES.sub("", typed)).strip()
    bare = _BEFORE_SMALL.sub("Oe", typed).translate(_ACCEPTED)
    return typed if outside_gsm7(bare) else bare


def parts(text: str, *, most: int = SEGMENTS_AIMED_AT, ending: str = MORE) -> tuple[str, ...]:
    """Return a plain text in parts of at most `most` segments each; every part but the last has the ending.

    A part ends with a line or a sentence if it can, else with a word. What stands without a space, as links and most
    telephone numbers do, stays whole unless it alone is longer than a part.
    """
    out = []
    rest = text.strip()
    while count(rest).segments > most:
        head, rest = split(rest, most=most, footer=ending)
        out.append(f"{head}\n{ending}")
    return (*out, rest) if rest else tuple(out)


def split(text: str, *, most: int, footer: str) -> tuple[str, str]:
    """Return as much of a text as fits above a footer, and what is left of it."""
    seen = clusters(text)
    fits = bisect_right(range(1, len(seen) + 1), most, key=lambda n: _with(seen[:n], footer))
    # Not even one fits above such a footer: still one goes, or there would be no end.
    most_characters = list(accumulate(map(len, seen)))[max(fits, 1) - 1]
    if most_characters == len(text):
        return text, ""
    end, begin = _best_end(text, most_characters)
    return text[:end].rstrip(), text[begin:].lstrip()


def _with(seen: list[str], footer: str) -> int:
    return count(f"{''.join(seen)}\n{footer}").segments


def _best_end(text: str, most: int) -> tuple[int, int]:
    """Return where a part ends that has at most so many characters, and where the next begins."""
    whole = [e for e in (*_ends(_LINE_END, text), *_sentence_ends(text)) if e[0] <= most]
    best = max(whole, default=(0, 0))
    if best[0] >= most * FULL_ENOUGH:
        return best
    words = [e for e in _ends(_WORD_END, text) if e[0] <= most]
    return max(words, default=(most, most))


def _sentence_ends(text: str) -> Iterator[tuple[int, int]]:
    for end, begin in _ends(_SENTENCE_END, text):
        if not _ABBREVIATED.search(text[:end]):
            yield end, begin


def _ends(form: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for found in form.finditer(text):
        # A bracket or a quotation mark that closes belongs to what it closes.
        closing = len(found[0]) - len(found[0].lstrip("\"')"))
        if found.start():
            yield found.start() + closing, found.end()
