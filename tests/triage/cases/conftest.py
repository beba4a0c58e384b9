"""A desk on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.triage.cases.desk import Desk, import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin


@pytest.fixture
def case_url(any_database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    import_entries(any_database_url)
    with front_door(any_database_url, assistant.url) as url:
        yield url


@pytest.fixture
def desk(case_url: str, client: httpx.Client) -> Desk:
    return Desk(case_url, client)
