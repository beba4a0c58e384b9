"""The processes of a running line, found by what they run; and a resident who talks with it."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

# What stands in the command line of each.
MARKS = {"rasa": "bin/rasa", "actions": "-m actions", "triage": "-m triage"}


@dataclass(frozen=True)
class Line:
    """A running line: where it listens, and where its state is."""

    url: str
    var: Path

    def pid(self, name: str) -> int:
        """Return the process that runs one part, as its supervisor sees it (0: none just now)."""
        supervisor = int((self.var / "supervisord.pid").read_text())
        for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
            try:
                command = (
                    Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
            if MARKS[name] in command:
                return int(child)
        return 0

    def signal(self, name: str, what: signal.Signals) -> None:
        """Send a signal to one part; wait for it to be there first."""
        wait_until(lambda: self.pid(name))
        os.kill(self.pid(name), what)

    def url_of(self, name: str) -> str:
        """Return where one part listens."""
        words = Path(f"/proc/{self.pid(name)}/cmdline").read_bytes().decode().split("\0")
        return f"http://127.0.0.1:{words[words.index('--port') + 1]}"

    def wait_until_search_is_fitted(self) -> None:
        """Wait until the search has its linear model, without which it is less sure."""
        health = f"{self.url_of('actions')}/health"
        wait_until(
            lambda: httpx.get(health, timeout=5, trust_env=False).json().get("search") == "all",
            300,
        )

    def wait_until_ready(self) -> None:
        """Wait until every part answers."""
        wait_until(
            lambda: (
                httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code
                == 200
            ),
            120,
        )


class Resident:
    """Someone who talks with the line as the page does."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=40, trust_env=False)
        started = self._http.post("/api/chat/conversations", json={}).raise_for_status().json()
        self.id: str = started["conversation_id"]
        self._path = f"/api/chat/conversations/{self.id}/messages"
        self._http.headers["Authorization"] = f"Bearer {started['token']}"
        self.seen = 0

    def leaves(self) -> None:
        """Close the connection."""
        self._http.close()

    def says(self, text: str) -> None:
        """Send a message."""
        self._send({"text": text})

    def shares(self, lat: float, long: float) -> None:
        """Share where they are."""
        self._send({"location": {"lat": lat, "long": long}})

    def sends_photo(self, photo: bytes) -> None:
        """Hand in a photo."""
        self._http.post(
            self._path.removesuffix("messages") + "photos",
            data={"client_message_id": str(uuid.uuid4())},
            files={"photo": ("photo.jpg", photo, "image/jpeg")},
        ).raise_for_status()

    def picks(self, choice: Mapping[str, Any]) -> None:
        """Tap a choice."""
        self._send({"choice_id": choice["choice_id"]})

    def hears(self, *, enough: Callable[[list[dict[str, Any]]], bool] | None = None,
              seconds: float = 60) -> list[dict[str, Any]]:  # fmt: skip
        """Return what is said next: all of it, or until `enough` of it is heard."""
        heard: list[dict[str, Any]] = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            page = self._http.get(
                self._path, params={"after": self.seen, "wait": 5}
            ).raise_for_status()
            for message in page.json()["messages"]:
                self.seen = message["seq"]
                if message["from"] != "resident":
                    heard.append(message)
            if enough(heard) if enough else not page.json()["pending"]:
                return heard
        raise AssertionError(
            f"not heard within {seconds} s; heard {[m['text'] for m in heard]}"
        )

    def _send(self, content: dict[str, Any]) -> None:
        body = {"client_message_id": str(uuid.uuid4()), **content}
        self._http.post(self._path, json=body).raise_for_status()


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so; connections refused meanwhile are not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass  # not up yet
        time.sleep(0.1)
    raise AssertionError(f"it was not so within {seconds} s")
