"""Try a change of the catalogue in the database before it is made: what residents would be told.

It goes by what search keeps in its cache (vectors, linear model), which a running line has filled; where there is none,
the first time takes a minute. All is loaded with the first question and then kept: about 200 MB for Toronto.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from services_catalog import store
from services_catalog.encoder import Encoder, open_encoder
from services_catalog.packs import load_city
from services_catalog.protected import read_protected
from services_catalog.search import linear
from services_catalog.search.calibration import Calibration, load_calibration
from services_catalog.search.choose import Here
from services_catalog.search.index import SearchIndex
from services_catalog.search.vectors import MessageMemory, VectorMemory
from services_catalog.what_would_change import Changes, Question, Rehearsal, proposed


class Rehearsing:
    """Says what a change would change. Blocking, and used by one thread at a time: others wait.

    Args:
        engine: the database that holds the catalogue.
        cache: the folder that search keeps its vectors and model in (`ASK311_SEARCH_CACHE`), or None.
        encoder: opens the sentence encoder; None from it: by words and letters alone.
    """

    def __init__(
        self,
        engine: Engine,
        city: str,
        *,
        cache: Path | None,
        encoder: Callable[[], Encoder | None] = open_encoder,
        calibration: Calibration | None = None,
    ) -> None:
        self._engine = engine
        self._city = city
        self._cache = cache
        self._open_encoder = encoder
        self._calibration = calibration
        known = load_city(city)
        self._here = Here(known.name, known.elsewhere)
        self.protected: Sequence[Question] = read_protected(city)
        self._encoder: Encoder | None = None
        self._vectors: MessageMemory | None = None
        self._rehearsal: Rehearsal | None = None
        self._one = threading.Lock()

    def what_would_change(self, change: store.Change, more: Sequence[Question] = ()) -> Changes:
        """Return which questions would get something else if a change were made now.

        Args:
            change: as it would be given to `store.apply`.
            more: questions to ask beside the protected ones, such as residents' of the last days, redacted.

        Raises:
            SQLAlchemyError: the catalogue cannot be read.
        """
        with self._one:
            rehearsal = self._at_this_revision()
            then = proposed(
                rehearsal.index.catalogue, change.save, change.retire, change.uncovered
            )
            asked = {q.text: q for q in (*more, *self.protected)}
            return rehearsal.what_would_change(then, list(asked.values()))

    def _at_this_revision(self) -> Rehearsal:
        revision = store.revision_of(self._engine, self._city)
        if self._rehearsal and self._rehearsal.index.catalogue.revision == revision:
            return self._rehearsal
        catalogue = store.load(self._engine, self._city)
        if self._vectors is None and (encoder := self._open_encoder()):
            file = self._cache / f"vectors-{self._city}.npz" if self._cache else None
            self._encoder = encoder
            self._vectors = MessageMemory(VectorMemory(encoder, file, writes=False))
        # Whichever was fitted last: the line goes by it too, until it has fitted the next one.
        model = self._cache / f"linear-{self._city}.npz" if self._cache else None
        index = SearchIndex(
            catalogue,
            self._calibration or load_calibration(),
            vectors=self._vectors,
            real_words=self._encoder.whole_words() if self._encoder else frozenset(),
            linear=linear.read_model(model, None) if model else None,
        )
        self._rehearsal = Rehearsal(index, self._here)
        return self._rehearsal
