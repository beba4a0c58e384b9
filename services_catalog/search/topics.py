"""What a bare word or two may mean, by what entries are called: "garbage", "permits". Pure; words only.

For such a message search knows little more than which entry has the shortest examples. What is called just so is meant
as likely, and what has the word as its head: "Damaged sidewalk" is a sidewalk, "Sidewalk garden" is none. A word that
is no head and stands in many titles all the same is broad: "recreation" alone is neither the centres nor the programs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from services_catalog.model import ServiceEntry
from services_catalog.text import STOP_WORDS, words

# So many words may be a bare topic, and so many choices are offered for one.
MOST_WORDS = 2
MOST_OFFERED = 4
# With so many entries that have it as a head, a word alone says too little for one answer.
TOO_MANY = 4
# And so where it stands in so many titles in any place, unless search is very sure: "gas" alone may not wait.
TOO_MANY_TITLES = 3
SURE_ALL_THE_SAME = 0.95

Topic = tuple[str, ...]

_BRACKETS = re.compile(r"\(.*?\)")
# A title lists what it is about: "Garbage, green bin, recycling and yard waste days".
_LISTED = re.compile(r"[,:;/?]|\b(?:and|or)\b")
# What follows says where or for whom, of all that is listed: "Garbage, litter and bins in a park".
_QUALIFIED = re.compile(
    r"\b(?:on|in|at|of|for|to|from|with|without|near|by|out|onto|under)\b.*"
)
_PLURALS = (
    ("ies", "y"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("sses", "ss"),
    ("ss", "ss"),
    ("s", ""),
)


class Topics:
    """What entries are called."""

    def __init__(self, entries: Iterable[ServiceEntry]) -> None:
        self._just_so: Mapping[Topic, list[str]] = defaultdict(list)
        self._by_head: Mapping[Topic, list[str]] = defaultdict(list)
        self._in_title: Mapping[Topic, list[str]] = defaultdict(list)
        for entry in entries:
            title = _BRACKETS.sub("", entry.title.lower())
            plain, qualified = _QUALIFIED.subn("", title)
            listed = _LISTED.split(plain)
            for topic in _parts(_topic(title)):
                self._in_title[topic].append(entry.id)
            for name in (*listed, *map(str.lower, entry.also_called)):
                self._note(_topic(_QUALIFIED.sub("", name)), entry.id)
            for name in () if qualified else listed:
                called = _topic(name)
                if entry.id not in self._just_so[called]:
                    self._just_so[called].append(entry.id)

    def _note(self, called: Topic, entry_id: str) -> None:
        for number in range(1, min(MOST_WORDS, len(called)) + 1):
            ids = self._by_head[called[-number:]]
            if entry_id not in ids:
                ids.append(entry_id)

    def just_so(self, topic: Topic) -> Sequence[str]:
        """Return the ids of the entries whose title lists just this."""
        return self._just_so.get(topic, ())

    def with_head(self, topic: Topic) -> Sequence[str]:
        """Return the ids of the entries of which some name has this as its head."""
        return self._by_head.get(topic, ())

    def in_title(self, topic: Topic) -> Sequence[str]:
        """Return the ids of the entries whose title has this in any place."""
        return self._in_title.get(topic, ())


def bare_topic(text: str) -> Topic:
    """Return the words of a message that is a bare word or two, each in the singular; none if it says more."""
    return _topic(text) if len(words(text)) <= MOST_WORDS else ()


# An edit leaves nearly all names as they are.
@lru_cache(maxsize=20_000)
def _topic(name: str) -> Topic:
    return tuple(_singular(w) for w in words(name) if w not in STOP_WORDS)


def _parts(called: Topic) -> set[Topic]:
    """Return what may stand alone of a title: each word, and each two side by side."""
    return {
        called[start : start + number]
        for number in range(1, MOST_WORDS + 1)
        for start in range(len(called) - number + 1)
    }


def _singular(word: str) -> str:
    if len(word) > 3:
        for ending, single in _PLURALS:
            if word.endswith(ending):
                return word.removesuffix(ending) + single
    return word
