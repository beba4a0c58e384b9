"""Find what a message says about where: addresses, corners, postal codes, names of places, "near me".

The vocabulary comes from the pack; spaCy's phrase matcher finds it. Words that are no name in the tables are
compared with them only where a location is plausible ("12 ...", "... & spadina", "at ..."), so that "king of
the hill" and "2 adults" stay what they are. Pure: no network, no files.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from services_catalog.places.address_reading import AddressReader
from services_catalog.places.corner_reading import CornerReader
from services_catalog.places.corners import Corners
from services_catalog.places.mentions import (
    Mention,
    MentionKind,
    StreetWords,
    apart,
    covered_by,
)
from services_catalog.places.municipalities import Municipalities
from services_catalog.places.name_reading import NameReader
from services_catalog.places.names import PlaceNames
from services_catalog.places.sentence import NEAR_ME, Sentence
from services_catalog.places.spelling import plain_words
from services_catalog.places.street_reading import StreetReader
from services_catalog.places.streets import StreetNames
from services_catalog.places.tables import Gazetteer

__all__ = ["LocationReader", "Mention", "MentionKind", "StreetWords"]

# More texts than are under way at once in one process: the steps that a message goes through each ask where.
READ_LATELY = 64

_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)")


class LocationReader:
    """Reads places out of messages. Built once for a gazetteer; may be used by several threads."""

    def __init__(self, gazetteer: Gazetteer, elsewhere: Sequence[str] = ()) -> None:
        """Learn the names. `elsewhere`: other municipalities that residents write about."""
        self.streets = StreetNames(gazetteer.streets, gazetteer.street_nicknames)
        self.corners = Corners(gazetteer.intersections)
        self.names = PlaceNames(gazetteer, self.streets.names())
        self._book = gazetteer.addresses
        own = {"".join(n) for n in (*self.names.names(), *self.streets.names())}
        self._away = Municipalities(elsewhere, own)
        towns = (word for town in self.names.towns for word in town)
        self._of_city = frozenset((*plain_words(gazetteer.city), *towns, *self._away.words))
        # spaCy's English without a model: the vocabulary that the phrases are matched in.
        self._vocab = spacy.blank("en").vocab
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        self._learn("NAME", self.names.names())
        self._learn("NEAR_ME", (plain_words(p) for p in NEAR_ME))
        self._learn("TOWN", self.names.towns)
        # The vocabulary forgets residents' words after each message; only one thread at a time may do that.
        self._lock = threading.Lock()
        self._read_lately = lru_cache(READ_LATELY)(self._read)

    def read(self, text: str) -> tuple[Mention, ...]:
        """Return the places that a message names, in the order of the text."""
        return self._read_lately(text)

    def _read(self, text: str) -> tuple[Mention, ...]:
        sentence = Sentence(
            _PHONE.sub(lambda m: "_" * len(m[0]), text), self._of_city, self._is_street
        )
        if not len(sentence):
            return ()

        def city_of(first: int, last: int) -> str:
            return self._away.after(sentence, last) or self._away.before(sentence, first)

        streets = StreetReader(self.streets, sentence)
        addresses = AddressReader(sentence, streets, self._book, city_of)
        corners = CornerReader(sentence, streets, self.corners, city_of)
        names = NameReader(sentence, self.names, self.streets, self._away, city_of)
        found = [
            *names.postal_codes(),
            *addresses.found(),
            *corners.found(),
        ]
        named = list(names.names(self._phrases(sentence)))
        # "401 Richmond" is the building of that name.
        found = [f for f in found if not any(n.covers(f) for n in named)]
        found += [
            *names.cities(),
            *named,
            *names.misspelt(covered_by(found), covered_by(named)),
            *corners.streets_alone(),
        ]
        return tuple(f.mention for f in apart(found))

    def _is_street(self, letters: str) -> bool:
        return bool(self.streets.exact((letters,)))

    def _learn(self, label: str, names: Iterable[tuple[str, ...]]) -> None:
        self._matcher.add(label, [Doc(self._vocab, words=list(n)) for n in names if n])

    def _phrases(self, sentence: Sentence) -> list[tuple[str, int, int]]:
        with self._lock, self._vocab.memory_zone():
            doc = Doc(self._vocab, words=[w.norm or "_" for w in sentence.words])
            return [(self._vocab.strings[label], a, b) for label, a, b in self._matcher(doc)]
