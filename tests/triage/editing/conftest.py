"""A catalogue of a few real entries that maintainers change, on both databases, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from services_catalog import store
from services_catalog.model import Catalogue, ServiceEntry
from services_catalog.packs import City, load_city, read_entries
from tests.support.clock import HandClock
from tests.support.staff import add_member
from triage.editing.draft import Draft
from triage.editing.editing import Editing
from triage.kit.db import Database
from triage.migrations import migrate
from triage.staff.audit import entries as audit_entries
from triage.staff.roles import Member, Role


@cache
def toronto() -> City:
    return load_city("toronto")


@cache
def real_entries() -> Sequence[ServiceEntry]:
    """Entries as the pack has them, without the neighbours that are not among them."""
    entries = {e.id: e for e in read_entries("toronto")}
    chosen = [e for e in entries.values() if e.kind == "information" and not e.request][:2]
    chosen += [e for e in entries.values() if e.kind == "referral"][:1]
    chosen += [entries["pothole"]]
    return [replace(e, related=(), confused_with=()) for e in chosen]


@dataclass
class Shop:
    """Where entries are edited."""

    url: str
    database: Database
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.editing = Editing(self.database, toronto(), self.clock)
        self.publishing = self.editing.publishing
        store.apply(
            self.database.engine,
            "toronto",
            store.Change(real_entries()),
            by="the pack",
            reason="imported",
            origin=store.Origin.PACK,
        )

    @property
    def plain(self) -> str:
        return real_entries()[0].id

    @property
    def other(self) -> str:
        return real_entries()[1].id

    @property
    def referral(self) -> str:
        return real_entries()[2].id

    def adds(self, name: str) -> Member:
        return add_member(self.url, Role.MAINTAINER, name=name)

    def catalogue(self) -> Catalogue:
        return store.load(self.database.engine, "toronto")

    def title(self, entry_id: str) -> str:
        return self.catalogue().by_id[entry_id].title

    def history(self, entry_id: str) -> list[store.PastState]:
        with self.database.engine.connect() as connection:
            return store.history_in(connection, "toronto", entry_id)

    def audited(self) -> list[str]:
        with self.database.engine.connect() as connection:
            return [entry.action for entry in audit_entries(connection)]

    async def writes(self, member: Member, entry_id: str, **values: Any) -> Draft:
        """Begin a draft, or go on with it, and save it with some values changed."""
        draft = await self.editing.begin(member, entry_id)
        content = dict(draft.content or {}) | values
        return await self.editing.save(member, draft.id, draft.version, content)


@pytest.fixture
def shop(any_database_url: str) -> Iterator[Shop]:
    database = Database(any_database_url)
    migrate(database.engine)
    yield Shop(any_database_url, database)
    database.close()


@pytest.fixture
def ana(shop: Shop) -> Member:
    return shop.adds("Ana")


@pytest.fixture
def ben(shop: Shop) -> Member:
    return shop.adds("Ben")
