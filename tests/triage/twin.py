"""A small real server that speaks the assistant's gateway contract and does what a test tells it to.

It keeps what it was asked. `will_answer` can be exchanged at any time; a failure is one of `Trouble`.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Any

from tests.support.serving import Handler, Server

SECRET = "a secret that only tests know"
API_SECRET = "another secret that only tests know"


class Trouble(Enum):
    """Ways in which the assistant can fail."""

    FAILS = "503"
    EMPTY = "200 without replies"
    NOT_JSON = "200 that is no JSON"
    DROPS = "the connection is cut"
    HANGS = "no answer until released"
    REFUSES = "400"


Answer = list[dict[str, Any]] | Trouble


def says(text: str, outcome: str = "answer", **more: Any) -> list[dict[str, Any]]:
    return [{"custom": {"text": text, "outcome": outcome, **more}}]


def echo(asked: dict[str, Any]) -> Answer:
    return says(f"You said: {asked['text']}", service_id="echo", revision=1)


class AssistantTwin:
    """`with AssistantTwin() as twin:` serves at `twin.url` until the end."""

    def __init__(self, port: int = 0) -> None:
        self.health: tuple[int, dict[str, Any]] = (200, {"status": "ok", "search": "all"})
        self.will_answer: Callable[[dict[str, Any]], Answer] = echo
        self.asked: list[dict[str, Any]] = []
        self.times_asked: Counter[str] = Counter()
        self.released = threading.Event()
        self.at_once = self.most_at_once = 0
        self.of_one_at_once: Counter[str] = Counter()
        self.overlapped = False
        self._counting = threading.Lock()
        self._server = Server(("127.0.0.1", port), self._handler())
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> AssistantTwin:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def texts(self) -> list[str]:
        return [a["text"] for a in self.asked]

    def _began(self, conversation: str) -> None:
        with self._counting:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.of_one_at_once[conversation] += 1
            if self.of_one_at_once[conversation] > 1:
                self.overlapped = True

    def _ended(self, conversation: str) -> None:
        with self._counting:
            self.at_once -= 1
            self.of_one_at_once[conversation] -= 1

    def _handler(twin) -> type[Handler]:
        class Gateway(Handler):
            def do_GET(self) -> None:
                self.send_json(*twin.health)

            def do_POST(self) -> None:
                body = json.loads(self.body())
                if self.headers["authorization"] != f"Bearer {SECRET}":
                    self.send_json(401, {"error": "unauthorized"})
                    return
                twin.asked.append(body)
                twin.times_asked[body["message_id"]] += 1
                twin._began(body["conversation_id"])
                try:
                    answer = twin.will_answer(body)
                    if answer is Trouble.HANGS:
                        twin.released.wait(30)
                finally:
                    twin._ended(body["conversation_id"])
                match answer:
                    case Trouble.FAILS:
                        self.send_json(503, {"error": "actions"})
                    case Trouble.EMPTY:
                        self.send_json(200, {"replies": []})
                    case Trouble.NOT_JSON:
                        self.send(200, b"oh no")
                    case Trouble.REFUSES:
                        self.send_json(400, {"error": "malformed"})
                    case Trouble.DROPS | Trouble.HANGS:
                        self.drop()
                    case replies:
                        self.send_json(200, {"replies": replies})

        return Gateway
