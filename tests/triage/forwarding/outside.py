"""An outside Open311 endpoint, for tests: a small HTTP server that keeps what it gets and has moods."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from tests.support.serving import Handler, serving

KEY = "the-key-of-the-test"
LIST = "service_requests"


class Mood(Enum):
    """How one POST is answered."""

    FAILS = auto()  # 500, and nothing is kept
    KEEPS_AND_FAILS = auto()  # 500, but it was kept
    KEEPS_AND_HANGS = auto()
    KEEPS_AND_DROPS = auto()  # the connection breaks
    BUSY = auto()  # 429
    REFUSES = auto()  # 400 with a list of errors
    REDIRECTS = auto()
    BABBLES = auto()  # 200, and no XML
    TOKEN = auto()  # a token, the number later
    BLACKBOX = auto()  # neither
    KEEPS = auto()  # as it should be


class Outside:
    """What the endpoint has, and how it behaves."""

    def __init__(self) -> None:
        self.key = KEY
        self.requests: list[dict[str, Any]] = []
        self.tokens: dict[str, str] = {}
        self.updates: list[dict[str, str]] | None = None  # None: no such extension
        self.moods: deque[Mood] = deque()
        self.choose: Callable[[], Mood] | None = None
        self.posts = 0
        self.asked: list[str] = []  # paths of GET
        self.shows_description = True
        self.shows_list = True
        self.url = ""
        self.released = threading.Event()
        self._lock = threading.Lock()

    def keep(self, fields: list[tuple[str, str]]) -> str:
        with self._lock:
            number = f"SR-{len(self.requests) + 1:05}"
            sent = dict(fields)
            self.requests.append(
                {
                    "service_request_id": number,
                    "status": "open",
                    "status_notes": "",
                    "service_code": sent.get("service_code", ""),
                    "description": sent.get("description", ""),
                    "requested_datetime": now(),
                    "lat": sent.get("lat", ""),
                    "long": sent.get("long", ""),
                    "fields": fields,
                }
            )
            return number

    def close(self, number: str, notes: str) -> None:
        for request in self.requests:
            if request["service_request_id"] == number:
                request |= {"status": "closed", "status_notes": notes}

    def tell(self, number: str, status: str, text: str, update_id: str) -> None:
        assert self.updates is not None
        self.updates.append(
            {
                "update_id": update_id,
                "service_request_id": number,
                "status": status,
                "updated_datetime": now(),
                "description": text,
            }
        )

    def mood(self) -> Mood:
        with self._lock:
            self.posts += 1
            if self.choose:
                return self.choose()
            return self.moods.popleft() if self.moods else Mood.KEEPS


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(root: str, item: str, items: list[dict[str, Any]]) -> bytes:
    told = "".join(
        f"<{item}>"
        + "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in i.items() if k != "fields")
        + f"</{item}>"
        for i in items
    )
    return f'<?xml version="1.0" encoding="utf-8"?><{root}>{told}</{root}>'.encode()


@contextmanager
def outside_endpoint(port: int = 0, state: Outside | None = None) -> Iterator[Outside]:
    """Run one; another of the same state and port is the same one after a restart."""
    outside = state or Outside()
    with serving(_handler(outside), port) as at:
        outside.url = f"http://127.0.0.1:{at}/open311/v2"
        try:
            yield outside
        finally:
            outside.released.set()


def _handler(outside: Outside) -> type[Handler]:
    class Endpoint(Handler):
        def do_POST(self) -> None:
            body = self.body().decode()
            assert self.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
            fields = parse_qsl(body, keep_blank_values=True)
            mood = outside.mood()
            if dict(fields).get("api_key") != outside.key:
                self._refuse(403, "Invalid api_key received")
                return
            match mood:
                case Mood.FAILS:
                    self._send(500, b"oh no")
                    return
                case Mood.BUSY:
                    self._send(429, b"later")
                    return
                case Mood.REFUSES:
                    self._refuse(400, "The <b>place</b> is not ours.")
                    return
                case Mood.REDIRECTS:
                    self._send(307, b"", Location=f"{outside.url}/elsewhere.xml")
                    return
                case Mood.BABBLES:
                    self._send(200, b"<html>Thank you")
                    return
            number = outside.keep(fields)
            match mood:
                case Mood.KEEPS_AND_FAILS:
                    self._send(500, b"oh no")
                case Mood.KEEPS_AND_HANGS:
                    outside.released.wait(20)
                    self.close_connection = True
                case Mood.KEEPS_AND_DROPS:
                    self.drop()
                case Mood.TOKEN:
                    outside.tokens[f"t/{number}"] = ""
                    self._list([{"token": f"t/{number}", "service_notice": "Soon."}])
                case Mood.BLACKBOX:
                    self._list([{"service_notice": "Thank you."}])
                case _:
                    self._list([{"service_request_id": number}])

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            name = parts.path.removeprefix("/open311/v2/").removesuffix(".xml")
            outside.asked.append(name)
            if name == "requests" and outside.shows_list:
                self._list(
                    [
                        self._shown(r)
                        for r in outside.requests
                        if r["service_code"] == query["service_code"]
                        and r["requested_datetime"] >= query["start_date"]
                    ]
                )
            elif name == "servicerequestupdates" and outside.updates is not None:
                assert query["api_key"] == outside.key
                self._send(
                    200,
                    document("service_request_updates", "request_update", outside.updates),
                )
            elif name.startswith("requests/"):
                number = name.removeprefix("requests/")
                found = [r for r in outside.requests if r["service_request_id"] == number]
                if found:
                    self._list([self._shown(r) for r in found])
                else:
                    self._refuse(404, "There is no such request.")
            elif name.startswith("tokens/t%2F"):
                token = name.removeprefix("tokens/").replace("%2F", "/")
                if number := outside.tokens.get(token):
                    self._list([{"service_request_id": number, "token": token}])
                else:
                    self._refuse(404, "Not yet.")
            else:
                self._refuse(404, "There is nothing here.")

        def _shown(self, request: dict[str, Any]) -> dict[str, Any]:
            if outside.shows_description:
                return request
            return {k: v for k, v in request.items() if k != "description"}

        def _list(self, items: list[dict[str, Any]]) -> None:
            self._send(200, document(LIST, "request", items))

        def _refuse(self, status: int, why: str) -> None:
            error = [{"code": status, "description": why}]
            self._send(status, document("errors", "error", error))

        def _send(self, status: int, content: bytes, **headers: str) -> None:
            self.send(status, content, Content_Type="text/xml; charset=utf-8", **headers)

    return Endpoint


def settles(is_so: Callable[[], bool], seconds: float = 1.0) -> bool:
    """Look for a while whether something stays so."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not is_so():
            return False
        time.sleep(0.05)
    return True
