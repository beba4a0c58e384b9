"""The catalogue's entries as cases need them: those that can be reported, and what all are called; read again when the
revision has moved.

Without the search and its index, which are the action server's: an edit of an entry holds for the next report.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.model import Catalogue, ServiceEntry
from triage.kit.db import Database


class Entries:
    """The entries of one city, by id."""

    def __init__(self, database: Database, city: str) -> None:
        self._database = database
        self._city = city
        self._revision = 0
        self._entries: Mapping[str, ServiceEntry] = MappingProxyType({})
        self._titles: Mapping[str, str] = MappingProxyType({})

    async def now(self) -> Mapping[str, ServiceEntry]:
        """Return the entries as they stand now.

        Raises:
            DatabaseUnavailable: the database cannot be asked.
        """
        await self._follow()
        return self._entries

    async def titles(self) -> Mapping[str, str]:
        """Return what every entry is called, by id, also those that cannot be reported.

        Raises:
            DatabaseUnavailable: the database cannot be asked.
        """
        await self._follow()
        return self._titles

    async def _follow(self) -> None:
        read = await self._database.read(self._read)
        # Of two that read at once, the older one changes nothing.
        if read and read.revision >= self._revision:
            self._revision = read.revision
            self._entries = MappingProxyType({e.id: e for e in read.entries if e.requestable})
            self._titles = MappingProxyType({e.id: e.title for e in read.entries})

    def _read(self, connection: Connection) -> Catalogue | None:
        known = self._revision
        if known and store.revision_in(connection, self._city) == known:
            return None
        return store.load_in(connection, self._city)
