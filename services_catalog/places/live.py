"""The places of a city as this process sees them, read anew by itself when the pack's tables change.

A thread looks at the files' sizes and times every few seconds. What it has read is handed out whole: readers
never wait and never see half of an import. Tables that cannot be read leave the last good ones in place, are told
in the log and by `fault`, and are read again as soon as a file changes.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from services_catalog.packs import CITIES, PackError, load_city
from services_catalog.places.areas import Areas
from services_catalog.places.geocode import Geocoder
from services_catalog.places.nearest import NearestPlaces
from services_catalog.places.schedule import CollectionCalendar, read_calendar
from services_catalog.places.stretches import Stretches
from services_catalog.places.tables import (
    Gazetteer,
    fingerprint_of,
    places_folder,
    read_gazetteer,
)
from services_catalog.places.wishes import WishReader

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class Where:
    """Everything that answers "where" for one state of the tables."""

    gazetteer: Gazetteer
    areas: Areas
    geocoder: Geocoder
    nearest: NearestPlaces
    wishes: WishReader
    calendar: CollectionCalendar
    stretches: Stretches


def open_where(city: str, root: Path = CITIES) -> Where:
    """Read a city's tables and build what answers from them (about three seconds).

    Raises:
        PackError: a table cannot be read; the message names the file and what is wrong there.
    """
    gazetteer = read_gazetteer(city, root)
    areas = Areas(gazetteer)
    geocoder = Geocoder(gazetteer, areas, elsewhere=load_city(city, root).elsewhere)
    calendar = read_calendar(places_folder(city, root))
    return Where(
        gazetteer,
        areas,
        geocoder,
        NearestPlaces(gazetteer),
        WishReader(gazetteer.types),
        calendar,
        Stretches(calendar, geocoder.reader.corners),
    )


class LiveGazetteer:
    """Follows one city's tables. `start()` before use, `close()` after."""

    def __init__(
        self, city: str, root: Path = CITIES, *, look_every: float = LOOK_EVERY_SECONDS
    ) -> None:
        self._city = city
        self._root = root
        self._look_every = look_every
        self._where: Where | None = None
        self._tried = ""
        self._fault = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="gazetteer", daemon=True)

    def start(self) -> None:
        """Read the tables and begin to follow them.

        Raises:
            PackError: a table cannot be read. There is no answering "where" without it.
        """
        self._where = open_where(self._city, self._root)
        self._tried = self._where.gazetteer.fingerprint
        self._thread.start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def now(self) -> Where:
        """Return the newest complete state.

        Raises:
            RuntimeError: `start()` was not called.
        """
        if self._where is None:
            raise RuntimeError("The gazetteer was not started: call start() first.")
        return self._where

    @property
    def fault(self) -> str:
        """What keeps the tables as they are now from being read; empty: nothing, they are what `now()` returns."""
        return self._fault

    def _follow(self) -> None:
        while not self._stop.wait(self._look_every):
            try:
                self._look()
            except PackError as fault:
                # The faults of a table name file and line, never a resident.
                self._failed(str(fault))
            except OSError as fault:
                self._tried = (
                    ""  # what was mended may leave the files' times as they are: try again
                )
                self._failed(f"{type(fault).__name__}: {fault}")
            # The edge of a thread: whatever a file holds, the next one is looked at.
            except Exception as fault:
                log.exception("reading places failed")
                self._failed(f"{type(fault).__name__}: {fault}")

    def _look(self) -> None:
        found = fingerprint_of(places_folder(self._city, self._root))
        if found == self._tried:
            return
        self._tried = found
        self._where = open_where(self._city, self._root)
        self._fault = ""
        log.info("places read anew", extra={"fingerprint": found})

    def _failed(self, fault: str) -> None:
        fault = " ".join(fault.split())  # one line, as the log has them
        if fault != self._fault:
            log.error("places not readable, the last good ones stay: %s", fault)
        self._fault = fault
