"""A worker beside front doors: it answers what waits, does the jobs, and tells its health; residents have no way in."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select, text

from tests.chaos.processes import free_port, is_up
from tests.triage.cases.desk import Desk, import_entries
from tests.triage.forwarding.outside import KEY, outside_endpoint
from tests.triage.forwarding.town import (
    IMPATIENT,
    VARIABLE,
    Records,
    forwarding_door,
    routing_to,
)
from tests.triage.talking import Resident, front_door, make_settings, running, wait_until
from tests.triage.twin import API_SECRET, SECRET, AssistantTwin, Trouble, echo
from triage.app import create_app
from triage.conversations.tables import inbox
from triage.insight.tables import figures_counted
from triage.parts import Parts
from triage.safety import look
from triage.worker import create_worker


@contextmanager
def worker(database_url: str, rasa_url: str, **changes: Any) -> Iterator[str]:
    settings = make_settings(database_url, rasa_url, replica="test:1:worker", **changes)
    with running(create_worker(Parts(settings, look))) as url:
        yield url


def has_counted(database_url: str) -> bool:
    """Whether the figures were counted, which every process does first of all."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        counted = connection.execute(select(figures_counted.c.until)).first()
    engine.dispose()
    return counted is not None


def test_a_worker_answers_what_a_front_door_could_not(
    any_database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    assistant.will_answer = lambda _: Trouble.FAILS
    patient = {"outage_after_seconds": 600}
    with front_door(any_database_url, assistant.url, **patient) as url:
        resident = Resident(url, client)
        resident.says("bin day")
    assistant.will_answer = echo
    with worker(any_database_url, assistant.url, **patient) as at:
        answered = 'ask311_replies_total{outcome="answer"} 1.0'
        wait_until(lambda: answered in client.get(f"{at}/metrics").text)
    # This front door reaches no assistant: it only shows what is there.
    with front_door(any_database_url, "http://127.0.0.1:9", **patient) as url:
        resident.at = f"{url}/api/chat/conversations/{resident.id}"
        assert [m["text"] for m in resident.hears()] == ["You said: bin day"]


def test_a_front_door_that_leaves_the_jobs_forwards_nothing_and_needs_no_key(
    any_database_url: str, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_entries(any_database_url)
    records = Records(any_database_url)
    with outside_endpoint() as outside:
        routing = routing_to(outside.url)
        monkeypatch.delenv(VARIABLE, raising=False)
        with forwarding_door(any_database_url, routing, jobs=False) as url:
            reference = Desk(url, client).opens()["reference"]
            assert records.forward(reference).attempts == 0
            monkeypatch.setenv(VARIABLE, KEY)
            settings = make_settings(any_database_url, "http://127.0.0.1:9", **IMPATIENT)
            with running(create_worker(Parts(settings, look, routing=routing))) as at:
                wait_until(lambda: records.forward(reference).request_id)
                figures = client.get(f"{at}/metrics").text
                assert 'ask311_forwards_total{result="sent",target="neighbour"} 1.0' in figures
        assert len(outside.requests) == 1
    records.close()


def test_residents_have_no_way_in_at_a_worker(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    with worker(database_url, assistant.url) as url:
        for path in ("/", "/chat", "/docs", "/openapi.json", "/open311/v2/services.json"):
            assert client.get(url + path).status_code == 404
        answer = client.post(f"{url}/api/chat/conversations", json={})
        assert answer.status_code == 404
        assert answer.headers["cache-control"] == "no-store"


def test_a_worker_is_ready_while_it_reaches_the_database_even_without_an_assistant(
    postgresql_url: str, client: httpx.Client
) -> None:
    administrator = create_engine(
        postgresql_url.replace(name := postgresql_url.split("/")[3].split("?")[0], "postgres"),
        isolation_level="AUTOCOMMIT",
    )

    def doors_open(is_open: bool) -> None:
        with administrator.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {is_open}'))
            if not is_open:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
                    ),
                    {"n": name},
                )

    with worker(postgresql_url, "http://127.0.0.1:9") as url:
        assert client.get(f"{url}/health/live").json() == {"status": "alive"}
        ready = client.get(f"{url}/health/ready")
        assert ready.status_code == 200
        assert ready.json() == {
            "ready": True,
            "dependencies": {"database": {"ok": True, "detail": ""}},
        }
        # What it does at its start reads the database in pieces; cut off in the middle, the driver complains of it later.
        wait_until(lambda: has_counted(postgresql_url))
        doors_open(False)
        try:
            away = client.get(f"{url}/health/ready")
            assert away.status_code == 503
            assert away.json()["dependencies"]["database"]["detail"] == "unavailable"
        finally:
            doors_open(True)
        wait_until(lambda: client.get(f"{url}/health/ready").status_code == 200)
    administrator.dispose()


@pytest.mark.parametrize("first", ["front door", "worker"])
def test_front_door_and_worker_of_one_name_do_not_free_what_the_other_holds(
    database_url: str, assistant: AssistantTwin, client: httpx.Client, first: str
) -> None:
    settings = make_settings(
        database_url, assistant.url, replica="a", rasa_seconds=60, lease_seconds=61
    )
    doors = [
        create_app(Parts(settings.replica_at(8000), look)),
        create_worker(Parts(settings.worker_at(8001), look)),
    ]
    holder, other = doors if first == "front door" else reversed(doors)
    with front_door(database_url, "http://127.0.0.1:9") as url:
        resident = Resident(url, client)
        resident.says("bin day")
    assistant.will_answer = lambda _: Trouble.HANGS
    engine = create_engine(database_url)
    with running(holder):
        wait_until(lambda: assistant.asked)
        with running(other), engine.connect() as connection:
            # It frees its own when it starts; that is over once it serves.
            assert connection.execute(select(inbox.c.lease_by)).scalar_one() is not None
            assistant.released.set()
    engine.dispose()


@pytest.mark.slow
def test_the_command_runs_a_worker_until_it_is_told_to_stop(
    database_url: str, assistant: AssistantTwin, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        "PATH": "",
        "ASK311_DATABASE_URL": database_url,
        "ASK311_GATEWAY_SECRET": SECRET,
        "ASK311_API_SECRET": API_SECRET,
        "ASK311_MEDIA_DIR": str(tmp_path / "media"),
        "ASK311_RASA_URLS": assistant.url,
    }
    command = [sys.executable, "-m", "triage", "worker", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: is_up(f"http://127.0.0.1:{port}") or process.poll() is not None, 60)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        assert b"Traceback" not in errors
        # As uvicorn ends: cleanly, then by the signal itself.
        assert process.returncode == -signal.SIGTERM
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
