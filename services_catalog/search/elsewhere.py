"""Is it about another municipality? "pothole on Main Street in Hamilton" is not this city's. Pure; words only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Streets are called after places: "Markham Road" is here.
_STREET_TYPE = (
    r"(?:st|street|rd|road|ave|avenue|av|blvd|boulevard|dr|drive|cres|crescent|ct|court|lane|ln|way|pl|place|"
    r"terrace|park|square|sq|circle|trail|hwy|highway|pkwy|parkway|station|line|bus|train)"
)
# Words that put what follows somewhere.
_IN = r"(?:in|at|near|of|around|into|within|by|over in|live in|city of|town of|downtown)"


def elsewhere(text: str, places: Sequence[str], here: str) -> str:
    """Return the other place that a message is about, or nothing.

    A message that also names this city is left to search: "I am in Ottawa, how do I reach Toronto?"

    Args:
        text: the resident's words.
        places: names of other places, as the city pack lists them.
        here: this city's own name.
    """
    if not places or re.search(rf"\b{re.escape(here)}\b", text, re.IGNORECASE):
        return ""
    found = _pattern(tuple(places)).search(text)
    if not found:
        return ""
    name = next(n for n in found.groups() if n).lower()
    return next(p for p in places if p.lower() == name)


@lru_cache(maxsize=8)
def _pattern(places: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(p) for p in sorted(places, key=len, reverse=True))
    return re.compile(
        rf"\b{_IN}\s+({names})\b(?!\s+{_STREET_TYPE}\b)|^\W*({names})\b(?!\s+{_STREET_TYPE}\b)"
        rf"|,\s*({names})\W*$",
        re.IGNORECASE,
    )
