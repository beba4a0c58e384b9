"""The feeds follow the catalogue and the pack's places by themselves."""

from __future__ import annotations

from dataclasses import replace

import httpx

from services_catalog.model import ServiceEntry
from services_catalog.packs import read_entries
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin


def names(client: httpx.Client) -> list[str]:
    contents = client.get("/hsds/services").json()["contents"]
    return sorted(one["name"] for one in contents)


def test_an_edit_is_seen_in_the_next_answer_and_its_time_with_it(
    any_database_url: str, assistant: AssistantTwin
) -> None:
    one, two = read_entries("toronto")[:2]
    import_entries(any_database_url, [one, two])
    with (
        front_door(any_database_url, assistant.url) as url,
        httpx.Client(base_url=url, timeout=30, trust_env=False) as client,
    ):
        assert names(client) == sorted([one.title, two.title])
        before = client.get("/hsds/services").json()["contents"]
        edited: ServiceEntry = replace(one, title="A new title")
        import_entries(any_database_url, [edited])
        assert names(client) == sorted(["A new title", two.title])
        after = {s["id"]: s for s in client.get("/hsds/services").json()["contents"]}
        # Its id stays; only what was edited has a new time.
        changed = [s["name"] for s in before if after[s["id"]] != s]
        assert changed == [one.title]
        was = next(s for s in before if s["name"] == one.title)
        assert after[was["id"]]["last_modified"] > was["last_modified"]


def test_a_city_without_entries_has_empty_lists(
    any_database_url: str, assistant: AssistantTwin
) -> None:
    with (
        front_door(any_database_url, assistant.url) as url,
        httpx.Client(base_url=url, timeout=30, trust_env=False) as client,
    ):
        told = client.get("/hsds/services").json()
        assert (told["empty"], told["total_items"], told["total_pages"]) == (True, 0, 1)
        assert client.get("/hsds/service_at_locations").json()["empty"]
