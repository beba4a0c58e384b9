"""What is not accepted, and how it is said: one shape, a word for programs, a sentence for people."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.triage.conftest import MakeResident
from tests.triage.talking import Resident, front_door
from tests.triage.twin import AssistantTwin


def told(answer: httpx.Response) -> str:
    """Check the shape of an error; return its code."""
    content = answer.json()
    assert content.keys() == {"error"}
    assert content["error"].keys() == {"code", "message"}
    assert len(content["error"]["message"]) > 10
    return str(content["error"]["code"])


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"client_message_id": "a"},
        {"text": "no id"},
        {"client_message_id": "", "text": "hello"},
        {"client_message_id": "a" * 101, "text": "hello"},
        {"client_message_id": "with space", "text": "hello"},
        {"client_message_id": "a", "text": ""},
        {"client_message_id": "a", "text": " \n\t "},
        {"client_message_id": "a", "text": "\u200b"},
        {"client_message_id": "a", "text": "a\x00b"},
        {"client_message_id": "a", "text": "a\x1b[31mb"},
        {"client_message_id": "a", "text": "a\x7fb"},
        {"client_message_id": "a", "text": "\ud800"},
        {"client_message_id": "a", "text": "x" * 1601},
        {"client_message_id": "a", "text": 5},
        {"client_message_id": "a", "text": "hello", "txet": "hello"},
        {"client_message_id": "a", "text": "hello", "choice_id": "cho_1"},
        {"client_message_id": "a", "choice_id": "never issued"},
        {"client_message_id": "a", "location": {"lat": 91, "long": 0}},
        {"client_message_id": "a", "location": {"lat": float("nan"), "long": 0}},
        {"client_message_id": "a", "location": {"lat": 1}},
        [],
        "text",
        None,
    ],
)
def test_a_message_that_is_none_is_refused_with_a_reason(
    resident: Resident, client: httpx.Client, message: Any
) -> None:
    answer = client.post(
        f"{resident.at}/messages",
        content=json.dumps(message),
        headers=resident.headers | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    told(answer)
    assert resident.reads()["messages"] == []


def test_the_longest_message_is_taken_whole(
    resident: Resident, assistant: AssistantTwin
) -> None:
    text = "é" * 1600
    resident.hears(after=resident.says(text))
    assert assistant.texts() == [text]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b'{"client_message_id": "a", "text": "\xff\xfe"}', 400, "malformed_utf8"),
        ('{"client_message_id": "a", "text": "hi"}'.encode("utf-16"), 400, "malformed_utf8"),
        (b"[" * 16_000, 400, "bad_request"),
        (
            b'{"client_message_id": "a", "text": "' + b"x" * 16_384 + b'"}',
            413,
            "body_too_large",
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    resident: Resident, client: httpx.Client, body: bytes, status: int, code: str
) -> None:
    headers = resident.headers | {"Content-Type": "application/json"}
    answer = client.post(f"{resident.at}/messages", content=body, headers=headers)
    assert (answer.status_code, told(answer)) == (status, code)


def test_a_body_in_chunks_is_counted_as_it_comes(
    resident: Resident, client: httpx.Client
) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 4_096
            yield b"x" * 4_096

    headers = resident.headers | {"Content-Type": "application/json"}
    try:
        answer = client.post(f"{resident.at}/messages", content=endless(), headers=headers)
    except (httpx.WriteError, httpx.RemoteProtocolError):
        # Refused and cut off while it was still being sent.
        assert sent < 4_096_000
        return
    assert (answer.status_code, told(answer)) == (413, "body_too_large")


def test_a_length_that_is_said_to_be_too_large_is_not_even_read(resident: Resident) -> None:
    parts = urlsplit(resident.at)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        head = (
            f"POST {parts.path}/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {resident.token}\r\nContent-Length: 1000000\r\n\r\n"
        )
        connection.sendall(head.encode())
        assert b"413" in connection.recv(100)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}]
)
@pytest.mark.parametrize("path", ["messages", "events"])
def test_without_a_token_nothing_is_read(
    resident: Resident, client: httpx.Client, headers: dict[str, str], path: str
) -> None:
    answer = client.get(f"{resident.at}/{path}", headers=headers)
    assert (answer.status_code, told(answer)) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_another_conversations_token_opens_nothing(
    new_resident: MakeResident, client: httpx.Client
) -> None:
    one, other = new_resident(), new_resident()
    one.headers = other.headers
    sent = one.sends(text="let me in")
    assert (sent.status_code, told(sent)) == (401, "unauthorized")
    for path in ("messages", "events"):
        answer = client.get(f"{one.at}/{path}", headers=other.headers)
        assert (answer.status_code, told(answer)) == (401, "unauthorized")


@pytest.mark.parametrize("name", ["con_nobody", "%00", "x" * 500, "..%2f", "é"])
def test_a_conversation_that_is_not_there_is_not_found(
    url: str, client: httpx.Client, name: str
) -> None:
    headers = {"Authorization": "Bearer anything"}
    at = f"{url}/api/chat/conversations/{name}/messages"
    for answer in (
        client.get(at, headers=headers),
        client.post(at, headers=headers, json={"client_message_id": "a", "text": "hi"}),
    ):
        assert answer.status_code == 404
        told(answer)


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=99999999999", "wait=-1", "wait=nan", "after=1&wait=x"],
)
def test_a_reading_that_makes_no_sense_is_refused(
    resident: Resident, client: httpx.Client, query: str
) -> None:
    answer = client.get(f"{resident.at}/messages?{query}", headers=resident.headers)
    assert (answer.status_code, told(answer)) == (422, "not_valid")


def test_a_last_event_that_never_was_is_refused(
    resident: Resident, client: httpx.Client
) -> None:
    answer = client.get(
        f"{resident.at}/events", headers=resident.headers | {"Last-Event-ID": "one"}
    )
    assert (answer.status_code, told(answer)) == (422, "not_valid")


def test_unknown_addresses_and_methods_are_told_in_the_same_shape(
    url: str, client: httpx.Client
) -> None:
    nowhere = client.get(f"{url}/nowhere")
    assert (nowhere.status_code, told(nowhere)) == (404, "not_found")
    wrong = client.put(f"{url}/api/chat/conversations", json={})
    assert (wrong.status_code, told(wrong)) == (405, "method_not_allowed")


@pytest.mark.parametrize("language", ["de", "EN", 5])
def test_a_language_that_nobody_speaks_is_refused(
    url: str, client: httpx.Client, language: Any
) -> None:
    answer = client.post(f"{url}/api/chat/conversations", json={"language": language})
    assert (answer.status_code, told(answer)) == (422, "not_valid")


def test_a_conversation_starts_with_an_empty_body_too(url: str, client: httpx.Client) -> None:
    assert client.post(f"{url}/api/chat/conversations").status_code == 201


@pytest.mark.parametrize("kind", ["messages", "conversations", "reads"])
def test_whoever_asks_for_too_much_is_told_when_to_come_back(
    database_url: str, assistant: AssistantTwin, client: httpx.Client, kind: str
) -> None:
    with front_door(database_url, assistant.url, **{f"{kind}_per_minute": 3}) as url:
        resident = Resident(url, client)

        def ask() -> httpx.Response:
            if kind == "messages":
                return resident.sends(text="hello")
            if kind == "conversations":
                return client.post(f"{url}/api/chat/conversations")
            return client.get(f"{resident.at}/messages", headers=resident.headers)

        answers = [ask() for _ in range(4)]
        refused = [a for a in answers if a.status_code == 429]
        assert refused
        assert told(refused[-1]) == "too_many_requests"
        assert 1 <= int(refused[-1].headers["retry-after"]) <= 60
        # What was refused was not done.
        if kind == "messages":
            kept = [m for m in resident.reads()["messages"] if m["from"] == "resident"]
            assert len(kept) == 3


def test_no_error_tells_more_than_it_should(resident: Resident, client: httpx.Client) -> None:
    answer = resident.sends(text="my secret \x00")
    assert "my secret" not in answer.text
    assert "Traceback" not in answer.text
