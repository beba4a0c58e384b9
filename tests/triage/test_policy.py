"""Rules that hold for the whole of triage, found by walking it."""

from __future__ import annotations

import ast
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

import triage
from tests.triage.talking import Resident, make_settings
from tests.triage.twin import AssistantTwin, Trouble
from triage.app import create_app
from triage.console.routes import PageRoute
from triage.parts import Parts
from triage.safety import look
from triage.settings import Settings, settings_table

FOLDER = Path(triage.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))

# Who may call what: a new route is listed here on purpose, or this test fails.
OPEN = {
    ("POST", "/api/chat/conversations"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/version"),
    ("GET", "/metrics"),
    ("GET", "/docs"),
    ("GET", "/docs/reference.css"),
    *(
        (method, path)
        for method in ("GET", "HEAD")
        for path in (
            "/",
            "/calendar/collection/{area}.ics",
            "/chat",
            "/widget.js",
            "/map/wards.geojson",
            "/robots.txt",
            "/services",
            "/services/{id}",
            "/services/static/{of_version}/{name}",
            "/sitemap.xml",
            "/static/{of_version}/{name:path}",
        )
    ),
}
WITH_THE_CONVERSATIONS_TOKEN = {
    ("POST", "/api/chat/conversations/{conversation_id}/messages"),
    ("GET", "/api/chat/conversations/{conversation_id}/messages"),
    ("POST", "/api/chat/conversations/{conversation_id}/messages/{seq}/feedback"),
    ("GET", "/api/chat/conversations/{conversation_id}/events"),
    ("POST", "/api/chat/conversations/{conversation_id}/photos"),
    ("GET", "/api/chat/conversations/{conversation_id}/photos/{media_id}"),
}
WITH_OUR_OWN_SECRET = {
    ("POST", "/api/triage/cases"),
    ("GET", "/api/triage/cases"),
    ("GET", "/api/triage/cases/{reference}"),
    ("POST", "/api/triage/cases/{reference}/followers"),
    ("POST", "/api/triage/cases/{reference}/messages"),
    ("POST", "/api/triage/cases/{reference}/moves"),
    ("POST", "/api/triage/cases/{reference}/updates"),
    ("GET", "/api/triage/conversations/{conversation_id}/cases"),
}
# tests/triage/texting
WITH_THE_CARRIERS_SIGNATURE = {
    ("POST", "/channels/twilio/messages"),
    ("POST", "/channels/twilio/status"),
}
# Anybody may read; what is sent needs an api_key (tests/triage/open311).
OPEN311 = {
    (method, f"/open311/v2/{path}.{{format}}")
    for method, path in (
        ("GET", "discovery"),
        ("GET", "services"),
        ("GET", "services/{service_code}"),
        ("GET", "requests"),
        ("POST", "requests"),
        ("GET", "requests/{service_request_id}"),
        ("GET", "tokens/{token}"),
        ("GET", "servicerequestupdates"),
        ("POST", "servicerequestupdates"),
    )
}
# Open data.
INQUIRY = {
    ("GET", f"/open311/inquiry/v1/{kind}/{{name}}.{{format}}")
    for kind in ("services", "facilities")
}
FEEDS = INQUIRY | {
    ("GET", f"/hsds/{path}")
    for path in (
        "",
        *(
            f"{kind}{one}"
            for kind in (
                "services",
                "organizations",
                "service_at_locations",
                "taxonomies",
                "taxonomy_terms",
            )
            for one in ("", "/{id}")
        ),
    )
}


def test_every_route_is_listed_with_who_may_call_it(tmp_path: Path) -> None:
    app = create_app(
        Parts(make_settings(f"sqlite:///{tmp_path}/x.db", "http://127.0.0.1:9"), look)
    )
    document = app.openapi()
    found = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    hidden = {
        (method, route.path)
        for included in app.routes
        for route in getattr(included, "original_router", app).routes
        if isinstance(route, APIRoute)
        and not route.include_in_schema
        # Who may go where there: tests/triage/console/test_rights.py.
        and not isinstance(route, PageRoute)
        for method in route.methods
    }
    listed = OPEN | WITH_THE_CONVERSATIONS_TOKEN | WITH_OUR_OWN_SECRET | OPEN311 | FEEDS
    assert found | hidden == listed | WITH_THE_CARRIERS_SIGNATURE
    assert _locked(document, "HTTPBearer") == WITH_THE_CONVERSATIONS_TOKEN
    assert _locked(document, "ApiSecret") == WITH_OUR_OWN_SECRET


def _locked(document: dict[str, Any], by: str) -> set[tuple[str, str]]:
    """Return the calls that need this, and nothing else."""
    return {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method, call in item.items()
        if call.get("security") == [{by: []}]
    }


def _calls_to_log(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "logger", "logging")
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
    ]


# Fields that could carry what a resident said or who they are.
FORBIDDEN = {"text", "token", "words", "body", "message_text", "address", "client", "location"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_logs_are_constant_sentences_with_harmless_fields(source: Path) -> None:
    for call in _calls_to_log(ast.parse(source.read_text(encoding="utf-8"))):
        assert isinstance(call.args[0], ast.Constant), (
            f"line {call.lineno}: not a constant sentence"
        )
        assert len(call.args) == 1, f"line {call.lineno}: say it in extra"
        for keyword in call.keywords:
            if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                names = {k.value for k in keyword.value.keys if isinstance(k, ast.Constant)}
                assert not names & FORBIDDEN, f"line {call.lineno}"


def test_nothing_a_resident_says_is_logged_whatever_goes_wrong(
    url: str, client: httpx.Client, assistant: AssistantTwin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    resident = Resident(url, client)
    troubles = iter([Trouble.FAILS, Trouble.EMPTY, Trouble.NOT_JSON, Trouble.DROPS])

    def moody(asked: dict[str, object]) -> object:
        return next(troubles, None) or [
            {"custom": {"text": "ANSWER-WORDS", "outcome": "answer"}}
        ]

    assistant.will_answer = moody  # type: ignore[assignment]
    resident.hears(after=resident.says("SECRET-WORDS i smell gas"))
    resident.sends(text="SECRET-WORDS \x00")
    resident.sends(client_message_id="m1", text="SECRET-WORDS again")
    resident.sends(location={"lat": 43.123456, "long": -79.123456})
    resident.hears(after=0)
    own = [
        r
        for r in caplog.records
        if r.name.startswith(("triage", "uvicorn", "services_catalog"))
    ]
    assert any(r.getMessage() == "the assistant did not answer" for r in own)
    for record in own:
        written = str(vars(record))
        for secret in ("SECRET-WORDS", "ANSWER-WORDS", resident.token, "43.123456"):
            assert secret not in written


def test_the_process_does_not_load_what_finds_answers() -> None:
    # It stays small: search is the action server's. What recognises danger needs the encoder alone.
    heavy = "{'sklearn', 'scipy', 'rasa_sdk', 'sanic', 'alembic'}"
    needed = "triage.cli, triage.safety, triage.danger_model, services_catalog.encoder"
    code = f"import sys, {needed}; sys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "set()"


def test_importing_reads_no_setting_and_opens_nothing() -> None:
    code = """
import sys
def forbid(event, _):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect"):
        raise RuntimeError(event)
sys.addaudithook(forbid)
import triage.app, triage.cli
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={"PATH": ""})


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description or name == "city", name
        assert f"`ASK311_{name.upper()}`" in settings_table()


def test_every_call_to_another_process_has_a_time_out() -> None:
    for source in SOURCES:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("AsyncClient", "Client")
            ):
                assert "timeout" in {k.arg for k in node.keywords}, f"{source}: {node.lineno}"
