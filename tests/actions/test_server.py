import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor
from starlette.testclient import TestClient

from actions.line import Line
from actions.server import create_app
from actions.triage_client import TriageCases
from actions.wiring import executor_for
from services_catalog.places.live import open_where
from tests.support.small_town import ENTRIES, TODAY, TOWN, open_town


@pytest.fixture
def empty_line(tmp_path: Path) -> Iterator[Line]:
    live = open_town(tmp_path, entries=())
    where = open_where("toronto")
    yield Line(live, TOWN, lambda: where, lambda: TODAY)
    live.close()


def call_of(text: str, action: str = "action_answer") -> dict[str, object]:
    latest = {"text": text, "intent": {"name": "ask"}, "metadata": {}}
    return {
        "next_action": action,
        "sender_id": "c1",
        "version": "3.6.21",
        "domain": {},
        "tracker": {"sender_id": "c1", "slots": {}, "events": [], "latest_message": latest},
    }


def test_an_action_call_is_answered_and_the_assistant_told_to_wait(
    line: Line, executor: ActionExecutor
) -> None:
    answer = TestClient(create_app(executor, line)).post(
        "/webhook", json=call_of("when is my garbage day")
    )
    assert answer.status_code == 200
    (reply,) = answer.json()["responses"]
    assert reply["custom"]["service_id"] == "garbage_day"
    assert [e["event"] for e in answer.json()["events"]] == ["followup"]


def test_staff_find_entries_with_their_texts_and_source(
    line: Line, executor: ActionExecutor
) -> None:
    client = TestClient(create_app(executor, line))
    found = client.post("/search", json={"text": "garbage day"}).json()["found"]
    assert found[0]["service_id"] == "garbage_day"
    assert {"title", "text", "sms", "source_url", "last_verified"} <= set(found[0])
    assert client.post("/search", json={"words": "x"}).status_code == 422


def test_nothing_is_found_in_an_empty_catalogue(
    empty_line: Line, executor: ActionExecutor
) -> None:
    answer = TestClient(create_app(executor, empty_line)).post("/search", json={"text": "x"})
    assert answer.status_code == 503


def test_health_tells_the_revision(line: Line, executor: ActionExecutor) -> None:
    health = TestClient(create_app(executor, line)).get("/health")
    assert health.status_code == 200
    assert (health.json()["revision"], health.json()["entries"]) == (1, len(ENTRIES))


def test_health_names_tables_of_places_that_cannot_be_read(
    line: Line, executor: ActionExecutor
) -> None:
    fault = "wards.geojson: the border of 13 cannot be used. Mend it."
    client = TestClient(create_app(executor, replace(line, places_fault=lambda: fault)))
    health = client.get("/health")
    assert health.status_code == 503
    assert (health.json()["status"], health.json()["detail"]) == ("places_not_readable", fault)
    # Questions are answered all the same.
    assert client.post("/webhook", json=call_of("garbage day")).status_code == 200


@pytest.mark.parametrize("text", ["when is my garbage day", "hello, garbage"])
def test_without_a_catalogue_nothing_is_answered_and_nothing_made_up(
    text: str, empty_line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = TriageCases("http://127.0.0.1:9", "a secret for tests only")
    client = TestClient(create_app(executor_for(empty_line, nobody), empty_line))
    with caplog.at_level(logging.ERROR):
        answer = client.post("/webhook", json=call_of(text))
    assert answer.status_code == 500
    assert "responses" not in answer.json()
    assert client.get("/health").status_code == 503
    assert "CatalogueEmpty" in caplog.text
    assert "garbage" not in caplog.text + answer.text


def test_what_is_no_action_call_is_refused(line: Line, executor: ActionExecutor) -> None:
    client = TestClient(create_app(executor, line))
    assert client.post("/webhook", content=b"{").status_code == 422
    assert client.post("/webhook", json={}).status_code == 422
    assert client.post("/webhook", json=call_of("hi", "action_unknown")).status_code == 404
