"""What those who run the line can see: health by name, versions, figures, the reference, headers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services_catalog import store
from services_catalog.database import open_database
from tests.triage.talking import Resident, front_door, make_settings, running, wait_until
from tests.triage.twin import AssistantTwin, Trouble
from triage.app import create_app
from triage.operations.versions import ENCODER
from triage.parts import Parts


def import_something(database_url: str) -> int:
    engine = open_database(database_url)
    store.create_tables(engine)
    revision = store.apply(engine, "toronto", store.Change(), by="test", reason="test")
    engine.dispose()
    return revision


def test_it_lives_whatever_else_is_away(database_url: str, client: httpx.Client) -> None:
    with front_door(database_url, "http://127.0.0.1:9") as url:
        assert client.get(f"{url}/health/live").json() == {"status": "alive"}


def test_it_is_ready_when_all_that_it_needs_is_well(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    revision = import_something(database_url)
    with front_door(database_url, assistant.url) as url:
        answer = client.get(f"{url}/health/ready")
        assert answer.status_code == 200
        found = answer.json()
        assert found["ready"] is True
        assert found["dependencies"].keys() == {
            "database",
            "assistant",
            "actions",
            "catalogue",
            "updates",
        }
        assert all(d["ok"] for d in found["dependencies"].values())
        assert found["dependencies"]["catalogue"]["revision"] == revision
        assert found["dependencies"]["catalogue"]["encoder"]["ok"] is True


@pytest.mark.parametrize(
    ("away", "settings"),
    [
        ("assistant", {"rasa_urls": ("http://127.0.0.1:9",)}),
        ("actions", {"actions_url": "http://127.0.0.1:9"}),
    ],
)
def test_what_is_away_is_named(
    database_url: str,
    assistant: AssistantTwin,
    client: httpx.Client,
    away: str,
    settings: dict[str, object],
) -> None:
    import_something(database_url)
    with front_door(database_url, assistant.url, **settings) as url:
        answer = client.get(f"{url}/health/ready")
        assert answer.status_code == 503
        states = answer.json()["dependencies"]
        assert [name for name, state in states.items() if not state["ok"]] == [away]
        assert "unreachable" in states[away]["detail"]


def test_what_the_action_server_says_of_itself_is_passed_on(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    import_something(database_url)
    with front_door(database_url, assistant.url) as url:
        assistant.health = (
            503,
            {"status": "places_not_readable", "detail": "wards.geojson: ..."},
        )
        answer = client.get(f"{url}/health/ready")
        assert answer.status_code == 503
        told = answer.json()["dependencies"]["actions"]
        assert told == {"ok": False, "detail": "places_not_readable"}


def test_one_of_several_assistants_is_enough_and_the_missing_one_is_told(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    import_something(database_url)
    urls = (assistant.url, "http://127.0.0.1:9")
    with front_door(database_url, assistant.url, rasa_urls=urls) as url:
        answer = client.get(f"{url}/health/ready")
        assert answer.status_code == 200
        assert answer.json()["dependencies"]["assistant"] == {
            "ok": True,
            "detail": "1 of 2 answer: unreachable",
        }


def test_without_a_catalogue_it_is_not_ready(url: str, client: httpx.Client) -> None:
    answer = client.get(f"{url}/health/ready")
    assert answer.status_code == 503
    assert answer.json()["dependencies"]["catalogue"]["detail"] == "nothing imported yet"


def test_the_version_names_source_catalogue_model_and_encoder(
    database_url: str, assistant: AssistantTwin, client: httpx.Client, tmp_path: Path
) -> None:
    revision = import_something(database_url)
    models = tmp_path / "models"
    models.mkdir()
    (models / "ask311.tar.gz").write_bytes(b"a model")
    with front_door(
        database_url, assistant.url, model_dir=str(models), git_sha="0123abc"
    ) as url:
        told = client.get(f"{url}/version").json()
        assert told["git_sha"] == "0123abc"
        assert told["catalogue"] == {"city": "toronto", "revision": revision}
        assert told["model"] == {
            "name": "ask311.tar.gz",
            "sha256": hashlib.sha256(b"a model").hexdigest(),
        }
        assert told["encoder"]["sha256"] == hashlib.sha256(ENCODER.read_bytes()).hexdigest()
        # A model trained meanwhile is named by its own digest.
        (models / "ask311.tar.gz").write_bytes(b"a newer model")
        told = client.get(f"{url}/version").json()
        assert told["model"]["sha256"] == hashlib.sha256(b"a newer model").hexdigest()


def figure(text: str, name: str) -> float:
    [line] = [line for line in text.splitlines() if line.startswith(name + " ")]
    return float(line.rsplit(" ", 1)[1])


def test_figures_count_what_happens_and_hold_no_residents_data(
    resident: Resident, assistant: AssistantTwin, url: str, client: httpx.Client
) -> None:
    resident.hears(after=resident.says("i smell gas at 12 Elm Street"))
    resident.sends(client_message_id="m1", text="i smell gas at 12 Elm Street")
    assistant.will_answer = lambda _: Trouble.FAILS
    resident.says("bin day")
    wait_until(lambda: len(assistant.asked) > 2)
    text = client.get(f"{url}/metrics").text
    assert figure(text, 'ask311_messages_received_total{channel="webchat"}') == 2
    assert figure(text, "ask311_messages_repeated_total") == 1
    assert figure(text, 'ask311_safety_texts_total{kind="gas"}') == 1
    assert figure(text, 'ask311_replies_total{outcome="answer"}') == 1
    assert figure(text, 'ask311_relay_failures_total{kind="status_503"}') >= 1
    assert figure(text, "ask311_relay_attempts_total") >= 3
    assert figure(text, "ask311_inbox_waiting") == 1
    assert figure(text, "ask311_inbox_oldest_seconds") > 0
    assert figure(text, "ask311_inbox_dead") == 0
    for secret in ("Elm", "bin day", resident.id, resident.token):
        assert secret not in text


@pytest.fixture
def secure_url(database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    with front_door(
        database_url,
        assistant.url,
        frame_ancestors="'self',https://www.example.org",
        allowed_origins="https://www.example.org",
        hsts_seconds=31_536_000,
    ) as url:
        yield url


@pytest.mark.parametrize(
    "path",
    ["/docs", "/docs/reference.css", "/openapi.json", "/health/live", "/version", "/nowhere"],
)
def test_every_answer_has_the_headers_that_protect_it(
    secure_url: str, client: httpx.Client, path: str
) -> None:
    headers = client.get(secure_url + path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'self' https://www.example.org" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in headers
    if not path.endswith(".css"):
        assert headers["cache-control"] == "no-store"


def test_an_error_that_nobody_expected_has_the_shape_and_the_headers_too(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("my secret words")

    app = create_app(Parts(make_settings(database_url, assistant.url), broken))
    with running(app) as url:
        resident = Resident(url, client)
        answer = resident.sends(text="hello")
        assert answer.status_code == 500
        assert answer.json()["error"]["code"] == "internal_error"
        assert "secret" not in answer.text
        assert "content-security-policy" in answer.headers


def test_pages_of_allowed_sites_may_call_and_others_may_not(
    secure_url: str, client: httpx.Client
) -> None:
    at = f"{secure_url}/api/chat/conversations"
    ask = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    allowed = client.options(at, headers=ask | {"Origin": "https://www.example.org"})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://www.example.org"
    other = client.options(at, headers=ask | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    answer = client.post(at, headers={"Origin": "https://www.example.org"})
    assert answer.headers["access-control-allow-origin"] == "https://www.example.org"
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


def test_without_allowed_sites_no_other_site_may_call(url: str, client: httpx.Client) -> None:
    answer = client.post(
        f"{url}/api/chat/conversations", headers={"Origin": "https://www.example.org"}
    )
    assert not [h for h in answer.headers if h.startswith("access-control")]


def test_the_reference_shows_every_call_without_scripts(url: str, client: httpx.Client) -> None:
    page = client.get(f"{url}/docs").text
    for path in client.get(f"{url}/openapi.json").json()["paths"]:
        assert path in page
    assert "<script" not in page
    assert "style=" not in page


def test_readers_who_wait_do_not_hold_up_the_end(
    database_url: str, assistant: AssistantTwin
) -> None:
    import threading

    ended = threading.Event()
    with httpx.Client(trust_env=False, timeout=40) as client:
        with front_door(database_url, assistant.url) as url:
            resident = Resident(url, client)

            def wait() -> None:
                resident.reads(wait=30)
                ended.set()

            thread = threading.Thread(target=wait)
            thread.start()
            resident.reads()
        # The server is gone, so the reader was let go, long before its thirty seconds.
        assert ended.wait(5)
        thread.join()
