"""The places of a city as this process sees them, read anew by itself when the pack's tables change.

A thread looks at the files' sizes and times every few seconds. What it has read is handed out whole: readers
never wait and never see half of an import. Tables that cannot be read leave the last good ones in place.
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


def open_where(city: str, root: Path = CITIES) -> Where:
    """Read a city's tables and build what answers from them (about three seconds).

    Raises:
        PackError: a table cannot be read; the message names file and line.
    """
    gazetteer = read_gazetteer(city, root)
    areas = Areas(gazetteer)
    return Where(
        gazetteer,
        areas,
        Geocoder(gazetteer, areas, elsewhere=load_city(city, root).elsewhere),
        NearestPlaces(gazetteer),
        WishReader(gazetteer.types),
        read_calendar(places_folder(city, root)),
    )


class LiveGazetteer:
    """Follows one city's tables. `start()` before use, `close()` after."""

    def __init__(self, city: str, root: Path = CITIES) -> None:
        self._city = city
        self._root = root
        self._where: Where | None = None
        self._tried = ""
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

    def _follow(self) -> None:
        folder = places_folder(self._city, self._root)
        while not self._stop.wait(LOOK_EVERY_SECONDS):
            found = fingerprint_of(folder)
            if found == self._tried:
                continue
            self._tried = found
            try:
                self._where = open_where(self._city, self._root)
                log.info("places read anew", extra={"fingerprint": found})
            except (PackError, OSError) as fault:
                # The faults of a table name file and line, never a resident.
                log.error("places not readable, the last good ones stay: %s", fault)
