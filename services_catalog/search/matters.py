"""What a message is about, before search: courtesies off, several matters parted. Pure; words only.

"Hi there, thanks for yesterday! When is garbage day? Also my street light is out" holds two matters.
"""

from __future__ import annotations

import re

from services_catalog.text import STOP_WORDS, normalise, words

# So many matters of one message are taken up.
MOST_MATTERS = 3
# A matter needs this many telling words to stand by itself.
FEWEST_WORDS = 2

_GREETING = (
    r"(?:hi+|hello+|hey+|hiya|yo|greetings|good (?:morning|afternoon|evening|day|night)|bonjour|salut|"
    r"dear (?:sir|madam|city|311|team|all)[\w /]*|to whom it may concern)(?: there| all| everyone| 311| "
    r"toronto| team| folks| guys)*"
)
_THANKS = (
    r"(?:many thanks|thank you(?: (?:so|very) much)?|thanks(?: (?:so much|a lot|again|in advance|very much))?|"
    r"thx|ty|tks|merci|cheers|much appreciated|please and thank you|have a (?:nice|good|great) (?:day|one|night|evening|"
    r"weekend)|(?:kind |best |warm )?regards|sincerely|bye+|goodbye|see you|lol|ok(?:ay)?|please help(?: me)?|"
    r"can you help(?: me)?|"
    r"i have a (?:quick )?question|quick question|i (?:just )?(?:was wondering|wanted to ask|want to ask))"
)
_LEADING = re.compile(rf"^(?:(?:{_GREETING}|{_THANKS})\b[\s,.!:;-]*)+", re.IGNORECASE)
_TRAILING = re.compile(
    rf"(?:[\s,.!:;-]+(?:{_THANKS}|{_GREETING})\b[\s,.!:;-]*(?:for (?:your|the|any) [\w ]{{1,20}})?)+[\s.!]*$",
    re.IGNORECASE,
)
# Where a second matter may begin.
_BREAK = re.compile(
    r"(?:[.!?;]+\s+|\n+|\s+-\s+)"
    r"|,?\s+(?=(?:and|plus|also|&)\s+(?:also\s+)?(?:how|what|when|where|who|why|which|can|could|is|are|do|does|"
    r"will|should|i (?:also |need|want|would)|my|the|there|a|an)\b)"
    r"|,?\s+(?=(?:also|plus|another thing|second(?:ly)?|and second|by the way|btw|while (?:i have you|you're at it)|"
    r"one more (?:thing|question)|oh and)\b)"
    r"|\s*(?:^|\s)(?:\(?[1-3][.)])\s+",
    re.IGNORECASE,
)
# Where a sentence may go over to another matter, though it mostly does not.
_BARE_AND = re.compile(r",?\s+(?:and|&|\+|plus|also|but)\s+(?:also\s+)?", re.IGNORECASE)
_JOINER = re.compile(
    r"^(?:and|plus|also|then|&|another thing|second(?:ly)?|by the way|btw|one more (?:thing|question)|oh and|"
    r"while (?:i have you|you're at it))\b[\s,:]*(?:also\b)?[\s,]*",
    re.IGNORECASE,
)


def without_courtesies(text: str) -> str:
    """Return the message without a greeting before it and thanks after it; empty if that is all it is."""
    plain = " ".join(text.split())
    plain = _LEADING.sub("", plain)
    return _TRAILING.sub("", plain).strip()


def matters(text: str) -> list[str]:
    """Return the parts of a message that may each be a matter of its own, in order (one if it has one).

    Which of them really are is for the search to say: a part counts only if it finds its own entry.
    """
    plain = without_courtesies(text)
    parts = [_JOINER.sub("", p.strip(" ,")) for p in _BREAK.split(plain) if p and p.strip(" ,")]
    parts = [p for p in (without_courtesies(p) for p in parts) if is_telling(p)]
    return parts or ([plain] if plain else [])


def halves(plain: str) -> list[str]:
    """Return the two parts of a sentence that a bare "and" joins, each telling by itself; none if it has no such two."""
    parts = [p.strip(" ,") for p in _BARE_AND.split(plain)]
    return parts if len(parts) == 2 and all(map(is_telling, parts)) else []


def is_telling(text: str) -> bool:
    """Say whether a text has enough words of its own to be about something."""
    return len({w for w in words(normalise(text)) if w not in STOP_WORDS}) >= FEWEST_WORDS
