"""Clients that ask one message after the other and time each answer: our line's as the page asks, the stock one's bare.

Threads and lean connections (wire.py), so that the clients take little of the processor that both sides need.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bench.wire import Wire

# People write a few messages, and are gone. Both sides get a new conversation after as many.
MESSAGES_A_CONVERSATION = 4


class Client(Protocol):
    """Somebody with a conversation."""

    def ask(self, text: str) -> float:
        """Send a message, read the whole answer to it, and return the seconds between."""

    def close(self) -> None:
        """Leave."""


@dataclass(frozen=True)
class Load:
    """What a number of clients saw together."""

    seconds_each: tuple[float, ...]  # from sending a message to its answer
    seconds: float  # from the first message to the last answer, opening conversations included

    @property
    def a_second(self) -> float:
        """Return the answers a second."""
        return len(self.seconds_each) / self.seconds


def ask_at_once(make: Callable[[], Client], texts: Sequence[str], clients: int) -> Load:
    """Have `clients` clients ask all the texts without pause: each takes the next one as soon as it has its answer.

    Raises:
        RuntimeError: a message was not answered.
    """
    seen: list[float] = []
    faults: list[Exception] = []
    left = iter(texts)

    def one() -> None:
        client = make()
        try:
            for text in left:
                seen.append(client.ask(text))
        except (OSError, ValueError, RuntimeError) as fault:
            faults.append(fault)
        finally:
            client.close()

    threads = [threading.Thread(target=one) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if faults:
        raise RuntimeError(f"not every message was answered: {faults[0]!r}") from faults[0]
    return Load(tuple(seen), seconds)


class StockClient:
    """Asks the stock assistant over its REST channel: the answer comes with the call."""

    def __init__(self, url: str) -> None:
        self._http = Wire(url)
        self._asked = 0
        self._sender = ""

    def ask(self, text: str) -> float:
        if self._asked % MESSAGES_A_CONVERSATION == 0:
            self._sender = uuid.uuid4().hex
        self._asked += 1
        started = time.perf_counter()
        self._http.post("/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        return time.perf_counter() - started

    def close(self) -> None:
        self._http.close()


class LineClient:
    """Asks our line as the page does: messages are handed in, answers come over the event stream."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = Wire(url)
        self._stream: Wire | None = None
        self._lines: list[bytes] = []
        self._begun = b""
        self._asked = 0
        self._path = ""
        self._headers: dict[str, str] = {}
        self._pending = False
        self.seconds = 0.0

    def ask(self, text: str) -> float:
        self.answer_to(text)
        return self.seconds

    def answer_to(self, text: str) -> list[dict[str, Any]]:
        """Send a message and return the replies to it; `seconds` tells how long they took."""
        if self._asked % MESSAGES_A_CONVERSATION == 0:
            self._open()
        self._asked += 1
        started = time.perf_counter()
        body = {"client_message_id": uuid.uuid4().hex, "text": text}
        sent = self._http.post(f"{self._path}/messages", body, self._headers)
        replies = self._replies(sent["seq"])
        self.seconds = time.perf_counter() - started
        return replies

    def close(self) -> None:
        self._http.close()
        if self._stream:
            self._stream.close()

    def _open(self) -> None:
        if self._stream:
            self._stream.close()
        started = self._http.post("/api/chat/conversations", {})
        self._path = f"/api/chat/conversations/{started['conversation_id']}"
        self._headers = {"Authorization": f"Bearer {started['token']}"}
        self._stream = Wire(self._url)
        self._stream.follow(f"{self._path}/events", self._headers)
        self._lines, self._begun = [], b""

    def _replies(self, after: int) -> list[dict[str, Any]]:
        """Read events until there is a reply to message `after` and nothing more is to come."""
        replies: list[dict[str, Any]] = []
        while not replies or self._pending:
            kind, data = self._next_event()
            if kind == "state":
                self._pending = data["pending"]
            elif data["from"] != "resident" and data["seq"] > after:
                if data.get("outcome") == "outage":
                    raise RuntimeError("the line said that it has an outage")
                replies.append(data)
        return replies

    def _next_event(self) -> tuple[str, dict[str, Any]]:
        kind = "message"
        while True:
            line = self._next_line()
            if line.startswith(b"event: "):
                kind = line[7:].decode()
            elif line.startswith(b"data: "):
                return kind, json.loads(line[6:])

    def _next_line(self) -> bytes:
        assert self._stream is not None  # noqa: S101 (opened before anything is asked)
        while not self._lines:
            piece = self._stream.piece()
            if not piece:
                raise RuntimeError("the event stream ended")
            *whole, self._begun = (self._begun + piece).split(b"\n")
            self._lines = whole[::-1]
        return self._lines.pop()
