"""A resident at the web chat, for tests: real HTTP to a front door that really runs."""

from __future__ import annotations

import asyncio
import itertools
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn.server

from tests.triage.twin import API_SECRET, SECRET
from triage.app import create_app
from triage.door import Door
from triage.parts import Parts
from triage.safety import look
from triage.serve import Server
from triage.settings import Settings

PATIENCE = 20


class _Hurried:
    """asyncio as uvicorn sees it: it sleeps for a tenth of the time. It looks every 0.1 s whether it shall end, and rests for
    as long when it does: on thousands of lines that is minutes."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 10)


uvicorn.server.asyncio = _Hurried()  # type: ignore[assignment]


def make_settings(database_url: str, rasa_url: str, **changes: Any) -> Settings:
    """Settings of a front door that is impatient, so that tests are quick."""
    given = {
        "database_url": database_url,
        "gateway_secret": SECRET,
        "api_secret": API_SECRET,
        "rasa_urls": (rasa_url,),
        "actions_url": rasa_url,
        "replica": "test:1",
        "retry_first_seconds": 0.05,
        "retry_longest_seconds": 0.2,
        "sweep_seconds": 0.1,
        "poll_seconds": 0.1,
        "rasa_seconds": 5,
        "lease_seconds": 6,
        "model_dir": "no such folder",
        "media_dir": "no such folder",
        "search_cache": "",
    }
    return Settings(**(given | changes))


@contextmanager
def running(app: Door) -> Iterator[str]:
    """Serve the app on a port of its own; give its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = Server(app)
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve([listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        if thread.is_alive():
            loops[0].call_soon_threadsafe(server.handle_exit, signal.SIGTERM, None)
        thread.join(PATIENCE)
        listening.close()
    assert not thread.is_alive(), "the front door did not end"


@contextmanager
def front_door(database_url: str, rasa_url: str, **changes: Any) -> Iterator[str]:
    """Run a whole front door with the real safety screen; give its address."""
    settings = make_settings(database_url, rasa_url, **changes)
    with running(create_app(Parts(settings, look))) as url:
        yield url


def wait_until(is_so: Any, seconds: float = PATIENCE) -> None:
    """Wait until something is so; fail if it never is."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.01)


class Resident:
    """One conversation."""

    def __init__(self, url: str, client: httpx.Client, **body: Any) -> None:
        self._client = client
        self._numbers = itertools.count(1)
        answer = client.post(f"{url}/api/chat/conversations", json=body)
        assert answer.status_code == 201, answer.text
        self.id: str = answer.json()["conversation_id"]
        self.token: str = answer.json()["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.at = f"{url}/api/chat/conversations/{self.id}"

    def sends(self, **message: Any) -> httpx.Response:
        message.setdefault("client_message_id", f"m{next(self._numbers)}")
        return self._client.post(f"{self.at}/messages", json=message, headers=self.headers)

    def says(self, text: str) -> int:
        """Send words; return the number the message got."""
        answer = self.sends(text=text)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["seq"])

    def reads(self, after: int = 0, wait: float = 0) -> dict[str, Any]:
        answer = self._client.get(
            f"{self.at}/messages",
            params={"after": after, "wait": wait},
            headers=self.headers,
            timeout=40,
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def hears(self, after: int = 0, *, is_all: bool = True) -> list[dict[str, Any]]:
        """Return what others said after a message; by default once nothing more is to come."""
        ends = time.monotonic() + PATIENCE
        while True:
            found = self.reads(after, wait=1)
            heard = [m for m in found["messages"] if m["from"] != "resident"]
            if heard and not (is_all and found["pending"]):
                return heard
            assert time.monotonic() < ends, "nothing was answered"
            time.sleep(0.02)
