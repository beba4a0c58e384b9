"""A line whose console is looked at: one for each file of tests, with entries to report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import new_sqlite
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin


@pytest.fixture(scope="module")
def assistant() -> Iterator[AssistantTwin]:
    with AssistantTwin() as twin:
        yield twin


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return new_sqlite(tmp_path_factory.mktemp("console"))


@pytest.fixture(scope="module")
def url(database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    import_entries(database_url)
    with front_door(database_url, assistant.url) as url:
        yield url
