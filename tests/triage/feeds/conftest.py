"""A front door with Toronto's whole catalogue, for all tests of the feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services_catalog.packs import read_entries
from tests.support.databases import new_sqlite
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin


@pytest.fixture(scope="session")
def feeds(tmp_path_factory: Any) -> Iterator[httpx.Client]:
    database_url = new_sqlite(tmp_path_factory.mktemp("feeds"))
    import_entries(database_url, read_entries("toronto"))
    with (
        AssistantTwin() as assistant,
        front_door(database_url, assistant.url) as url,
        httpx.Client(base_url=url, timeout=60, trust_env=False) as client,
    ):
        yield client
