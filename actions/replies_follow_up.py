"""What answers a question about the entry just discussed where no fact was written down for it. Pure.

The whole summary was just read: only what tells of the thing asked for is said once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services_catalog.model import Aspect, Fact, ServiceEntry
from services_catalog.text import STOP_WORDS, terms, words

# What an aspect is called where nothing is known about it. What it is, how and where it is done, a summary says.
CALLED: Mapping[Aspect, str] = {
    Aspect.COST: "the cost",
    Aspect.HOURS: "the hours",
    Aspect.WHO: "who can use this",
    Aspect.DOCUMENTS: "what to bring",
    Aspect.DEADLINE: "the deadline",
    Aspect.TIME: "how long it takes",
    Aspect.RULE: "the rule",
}
# By what a sentence of a summary is known to tell of an aspect.
_TELLS: Mapping[Aspect, re.Pattern[str]] = {
    Aspect.COST: re.compile(r"\$|\bfree\b|\bfees?\b|\bpay for\b|\bcosts?\b", re.I),
    Aspect.HOURS: re.compile(
        r"\d ?(?:a\.m|p\.m)|\bweek(?:day|end)|\b24 hours|\bany hour|\bday (?:and|or) night|\bopens?\b|\bclosed?\b|holiday", re.I
    ),
    Aspect.DOCUMENTS: re.compile(r"\bbrings?\b|\bready\b|\bproof\b|\bIDs?\b"),
    Aspect.DEADLINE: re.compile(
        r"\b(?:within|due|deadline|until|at least|have)\b.*\b(?:\d+|one|two|three) (?:hour|day|week|month|year)s?\b", re.I
    ),
    Aspect.CONTACT: re.compile(r"\b[Cc]all \d|\d{3}-\d{4}|@"),
    Aspect.TIME: re.compile(
        r"\b(?:\d+|one|two|three|four|five|six|ten|few|several)(?: (?:business|working))? (?:minute|hour|day|week|month|year)s?\b"
        r"|\bset time\b|\b(?:same|next) day\b", re.I
    ),
    Aspect.WHO: re.compile(r"\b(?:only|if you (?:are|live|have)|residents?|everyone|anyone|owners?)\b", re.I),
    Aspect.RULE: re.compile(r"\b(?:must|may not|allowed|never|fine[sd]?|by-?law|need a|protected)\b", re.I),
}  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"])")
MOST_FACTS = 2


def sentences_about(summary: str, aspect: Aspect) -> str:
    """Return the sentences of a summary that tell of an aspect; empty: none is known to."""
    pattern = _TELLS.get(aspect)
    if pattern is None:
        return ""
    return " ".join(s for s in _SENTENCE_END.split(summary) if pattern.search(s))


def facts_near(entry: ServiceEntry, matter: str) -> list[Fact]:
    """Return the facts that share words with a question that asks for no aspect, the nearest first."""
    asked = set(terms(w for w in words(matter) if w not in STOP_WORDS))
    shared = [(len(asked & set(terms(words(f.text)))), -n) for n, f in enumerate(entry.facts)]
    return [entry.facts[-n] for count, n in sorted(shared, reverse=True) if count][:MOST_FACTS]
