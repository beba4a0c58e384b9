"""The OpenAPI document and the running front door agree, for requests that nobody would think of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
)

from tests.triage.talking import Resident, front_door, make_settings
from tests.triage.test_operations import import_something
from tests.triage.twin import API_SECRET, AssistantTwin
from triage.app import create_app
from triage.parts import Parts
from triage.safety import look

_FOLDER = tempfile.TemporaryDirectory()
_APP = create_app(
    Parts(make_settings(f"sqlite:///{_FOLDER.name}/unused.db", "http://127.0.0.1:9"), look)
)
schema = schemathesis.openapi.from_dict(_APP.openapi())


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, Resident]]:
    folder = tempfile.TemporaryDirectory()
    import_something(f"sqlite:///{folder.name}/x.db")
    with (
        folder,
        AssistantTwin() as assistant,
        front_door(
            f"sqlite:///{folder.name}/x.db",
            assistant.url,
            messages_per_minute=100_000,
            conversations_per_minute=100_000,
            reads_per_minute=100_000,
        ) as url,
        httpx.Client(trust_env=False) as client,
    ):
        yield url, Resident(url, client)


@schema.exclude(path_regex="/events$").parametrize()
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_one_that_the_document_tells_of(
    case: Case, place: tuple[str, Resident]
) -> None:
    url, resident = place
    if "conversation_id" in (case.path_parameters or {}) and "/api/chat/" in case.path:
        case.path_parameters["conversation_id"] = resident.id
        case.headers["Authorization"] = f"Bearer {resident.token}"
    if case.path.startswith("/api/triage"):
        case.headers["Authorization"] = f"Bearer {API_SECRET}"
    query: dict[str, Any] = dict(case.query or {})
    if "wait" in query:
        query["wait"] = 0
        case.query = query
    # Two routes share an address, and the framework's Allow names the methods of the first alone.
    excluded = [ignored_auth, unsupported_method, allow_header_conformance]
    # That a message is exactly one of three things, and readable, is more than a schema can say.
    excluded.append(positive_data_acceptance)
    case.call_and_validate(base_url=url, excluded_checks=excluded, timeout=60)
