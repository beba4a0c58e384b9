"""The catalogue as this process sees it: an index that follows the database's revision by itself.

A thread asks for the revision four times a second. When it has moved, the new entries are indexed at once, with
the linear model as it was; the model is then fitted anew, by one process for all that share a cache, and
swapped in whole. So an edit answers in its new wording within a second, and readers never wait: `now()`
hands out what is complete.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services_catalog import store
from services_catalog.encoder import Encoder
from services_catalog.model import Catalogue
from services_catalog.search import linear
from services_catalog.search.calibration import Calibration, load_calibration
from services_catalog.search.fitting import Fitting, FittingError
from services_catalog.search.index import SearchIndex, training_set
from services_catalog.search.vectors import VectorMemory

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.25
# After a linear model that could not be fitted or kept, as where a disk is full.
FIT_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class Snapshot:
    """The catalogue at one revision, and the index of just that."""

    catalogue: Catalogue
    index: SearchIndex


class LiveCatalogue:
    """Follows one city's catalogue. `start()` before use, `close()` after.

    Args:
        engine: the database that holds the catalogue.
        encoder: the sentence encoder, or None to go by words and letters alone.
        cache: folder for what takes long to compute (sentence vectors, the linear model), or None.
    """

    def __init__(
        self,
        engine: Engine,
        city: str,
        *,
        encoder: Encoder | None,
        cache: Path | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._engine = engine
        self._city = city
        self._encoder = encoder
        self._calibration = calibration or load_calibration()
        self._vectors = (
            VectorMemory(encoder, cache / f"vectors-{city}.npz" if cache else None)
            if encoder
            else None
        )
        self._fitting = Fitting(
            cache / f"linear-{city}.npz" if cache else None, encoder.sha256 if encoder else ""
        )
        self._model: linear.LinearModel | None = None
        self._real_words = encoder.whole_words() if encoder else frozenset()
        self._snapshot: Snapshot | None = None
        self._failing = False
        self._swapping = threading.Lock()
        self._stop = threading.Event()
        self._model_is_due = threading.Event()
        self._threads = (
            threading.Thread(target=self._follow, name="catalogue", daemon=True),
            threading.Thread(target=self._keep_model_fitted, name="linear model", daemon=True),
        )

    def start(self, *, wait_for_model: bool = False) -> None:
        """Index the catalogue as it stands and begin to follow it.

        Args:
            wait_for_model: fit the linear model before returning, instead of in the background.

        Raises:
            SQLAlchemyError: the database cannot be read.
            OSError, FittingError: the model that is waited for cannot be kept or fitted.
        """
        self._index_anew()
        if wait_for_model:
            self._fit_model(is_waited_for=True)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        self._fitting.close()
        self._model_is_due.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)

    def now(self) -> Snapshot:
        """Return the newest complete state.

        Raises:
            RuntimeError: `start()` was not called.
        """
        if self._snapshot is None:
            raise RuntimeError("The catalogue was not started: call start() first.")
        return self._snapshot

    def take_over(self, text: str, vector: Any) -> None:
        """Take over what another process has read a message as (`Encoder.hand_on`), to save reading it again."""
        if self._encoder:
            self._encoder.take_over(text, vector)

    @property
    def is_current(self) -> bool:
        """Say whether the database could be asked for its revision the last time it was tried."""
        return not self._failing

    def _follow(self) -> None:
        while not self._stop.wait(LOOK_EVERY_SECONDS):
            try:
                if store.revision_of(self._engine, self._city) != self.now().catalogue.revision:
                    self._index_anew()
                self._failing = False
            except (SQLAlchemyError, OSError) as fault:
                # Answers go on from what is known; /health says that it is not current.
                if not self._failing:
                    log.error("catalogue not readable", extra={"fault": type(fault).__name__})
                self._failing = True

    def _keep_model_fitted(self) -> None:
        # A thread of its own: while the model is fitted, further edits go live without it.
        while self._model_is_due.wait() and not self._stop.is_set():
            self._model_is_due.clear()
            try:
                self._fit_model(is_waited_for=False)
            except (FittingError, OSError) as fault:
                # Answers go on with the model as it was.
                log.error("linear model not fitted", extra={"fault": str(fault)})
                self._stop.wait(FIT_AGAIN_SECONDS)
                self._model_is_due.set()

    def _index_anew(self) -> None:
        catalogue = store.load(self._engine, self._city)
        with self._swapping:
            index = SearchIndex(
                catalogue,
                self._calibration,
                vectors=self._vectors,
                real_words=self._real_words,
                linear=self._model,
                like=self._snapshot.index if self._snapshot else None,
            )
            self._snapshot = Snapshot(catalogue, index)
        self._model_is_due.set()
        log.info(
            "catalogue indexed",
            extra={"revision": catalogue.revision, "entries": len(catalogue.entries)},
        )

    def _fit_model(self, *, is_waited_for: bool) -> None:
        if self._is_kept():
            return
        with self._fitting.turn():
            # Whoever had the turn before may have fitted just this.
            if self._is_kept():
                return
            texts, labels = training_set(self.now().catalogue)
            vectors = self._vectors.vectors(texts) if self._vectors else None
            self._put_in_place(
                self._fitting.fitted(texts, labels, vectors, is_waited_for=is_waited_for)
            )

    def _is_kept(self) -> bool:
        """Put the model of the newest entries in place, if somebody has fitted it; say whether none is to be fitted."""
        texts, labels = training_set(self.now().catalogue)
        if not 1 < len(set(labels)) <= linear.MOST_CLASSES:
            return True
        wanted = self._fitting.fingerprint(texts, labels)
        if self._model is None or self._model.fingerprint != wanted:
            self._put_in_place(self._fitting.kept(wanted))
        return self._model is not None and self._model.fingerprint == wanted

    def _put_in_place(self, model: linear.LinearModel | None) -> None:
        if model is None:
            return
        with self._swapping:
            # The catalogue may have moved on meanwhile; the newest entries get the model.
            newest = self.now()
            self._model = model
            self._snapshot = Snapshot(newest.catalogue, newest.index.with_linear(model))
        log.info("linear model in place", extra={"revision": newest.catalogue.revision})
