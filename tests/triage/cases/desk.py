"""The internal API of cases, for tests: a catalogue in the database, a front door that runs, reports to send."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import httpx

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.model import ServiceEntry
from tests.support.small_town import ENTRIES
from tests.triage.twin import API_SECRET

HERE = {"lat": 43.65, "long": -79.38, "address": "12 Elm St", "ward": "11"}
CONVERSATION = "con_of_the_test"


def import_entries(database_url: str, entries: Iterable[ServiceEntry] = ENTRIES) -> None:
    """Put entries into the catalogue that the front door of tests reads."""
    engine = open_database(database_url)
    store.create_tables(engine)
    store.apply(engine, "toronto", store.Change(tuple(entries)), by="test", reason="test")
    engine.dispose()


class Desk:
    """Speaks with the internal API as the assistant's actions do."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self.at = f"{url}/api/triage"
        self.client = client
        self.headers = {"Authorization": f"Bearer {API_SECRET}"}
        self._numbers = itertools.count(1)

    def asks(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(f"{self.at}{path}", params=params, headers=self.headers)

    def sends(self, path: str, **body: Any) -> httpx.Response:
        body.setdefault("key", f"k{next(self._numbers)}")
        return self.client.post(f"{self.at}{path}", json=body, headers=self.headers)

    def reports(self, **changes: Any) -> httpx.Response:
        """Send a complete report of a pothole, with changes."""
        return self.sends("/cases", **(pothole() | changes))

    def opens(self, **changes: Any) -> dict[str, Any]:
        """Send a complete report of a pothole; return the case that it opened."""
        answer = self.reports(**changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def case(self, reference: str, **params: Any) -> dict[str, Any]:
        answer = self.asks(f"/cases/{reference}", **params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def pothole() -> dict[str, Any]:
    return {
        "service_id": "pothole",
        "conversation_id": CONVERSATION,
        "channel": "webchat",
        "answers": {"size": "large"},
        "location": HERE,
        "description": "PRIVATE-WORDS there is a hole",
        "contact": {"name": "Test Person", "email": "test@example.org", "wants_updates": True},
        "photos": [],
    }
