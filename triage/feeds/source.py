"""The directory that the feeds show: made anew when the catalogue's revision or the pack's places have moved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.formats.directory import Directory
from services_catalog.model import Catalogue
from services_catalog.packs import City, PackError
from services_catalog.places.model import Place
from services_catalog.places.tables import fingerprint_of, places_folder, read_places
from services_catalog.places.types import PlaceTypes
from triage.kit.db import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlacesRead:
    """The pack's places, as they were when the files had this fingerprint."""

    fingerprint: str
    places: Sequence[Place]
    types: PlaceTypes


@dataclass(frozen=True)
class Shown:
    """What the feeds show: the catalogue at one revision, the places, and both in HSDS words."""

    catalogue: Catalogue
    places: PlacesRead
    directory: Directory


class Source:
    """The directory of one city. It is made with the first request that needs it, and kept."""

    def __init__(self, database: Database, city: City) -> None:
        self._database = database
        self._city = city
        self._shown: Shown | None = None
        self._making = asyncio.Lock()

    async def now(self) -> Shown:
        """Return what is to be shown now.

        Raises:
            DatabaseUnavailable: the catalogue cannot be asked.
            PackError: the places could never be read.
        """
        revision = await self._database.read(lambda c: store.revision_in(c, self._city.id))
        async with self._making:
            places = await asyncio.to_thread(self._places)
            shown = self._shown
            if (
                shown is None
                or shown.catalogue.revision < revision
                or shown.places is not places
            ):
                catalogue, modified = await self._database.read(self._catalogue)
                directory = await asyncio.to_thread(
                    Directory, self._city, catalogue, places.places, places.types, modified
                )
                shown = self._shown = Shown(catalogue, places, directory)
            return shown

    def _catalogue(self, connection: Connection) -> tuple[Catalogue, dict[str, datetime]]:
        city = self._city.id
        return store.load_in(connection, city), store.changed_in(connection, city)

    def _places(self) -> PlacesRead:
        known = self._shown.places if self._shown else None
        fingerprint = fingerprint_of(places_folder(self._city.id))
        if known and known.fingerprint == fingerprint:
            return known
        try:
            places, types = read_places(self._city.id)
        except PackError:
            if known is None:
                raise
            log.exception("places not readable; the feeds keep the last good ones")
            return known
        return PlacesRead(fingerprint, places, types)
