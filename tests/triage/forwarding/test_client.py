"""Calls to an outside endpoint end in time, read no more than they should, and carry the key nowhere else."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.triage.forwarding.town import VARIABLE, routing_to
from triage.forwarding import client as module
from triage.forwarding.answers import Accepted, Refused
from triage.forwarding.client import Open311Client
from triage.forwarding.targets import Target, with_keys
from triage.kit.outside import Failed

FIELDS = [("service_code", "HOLE-12")]
TAKEN = b"<service_requests><request><service_request_id>1</service_request_id></request></service_requests>"


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[Target, list]]:
    """Serve POSTs by `answer`; give the endpoint, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # the client goes away in the middle, which is what is tested

    running = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: running.serve_forever(0.01))
    thread.start()
    url = f"http://127.0.0.1:{running.server_address[1]}/open311/v2"
    try:
        yield with_keys(routing_to(url).forwards, {VARIABLE: "k"})["neighbour"], asked
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def ask(call: Callable[[Open311Client], Awaitable[Any]], seconds: float = 5) -> Any:
    async def run() -> Any:
        client = Open311Client(seconds)
        try:
            return await call(client)
        finally:
            await client.close()

    return asyncio.run(run())


def head(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def test_an_answer_is_read() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        head(handler, 201, Content_Length=str(len(TAKEN)))
        handler.wfile.write(TAKEN)

    with server(answer) as (target, asked):
        assert ask(lambda c: c.send(target, FIELDS)) == Accepted("1")
    assert asked == ["/open311/v2/requests.xml"]


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_ANSWER", 10_000)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        head(handler)
        while True:
            handler.wfile.write(b" " * 1_000)

    with server(answer) as (target, _), pytest.raises(Failed) as fault:
        ask(lambda c: c.send(target, FIELDS))
    assert (fault.value.kind, fault.value.may_have_arrived) == ("too_large", True)


def test_an_answer_that_comes_in_drops_ends_in_time() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        head(handler)
        while True:
            # Each read succeeds; the whole takes too long.
            handler.wfile.write(b" ")
            time.sleep(0.05)

    with server(answer) as (target, _), pytest.raises(Failed) as fault:
        ask(lambda c: c.send(target, FIELDS), seconds=0.5)
    assert (fault.value.kind, fault.value.may_have_arrived) == ("timeout", True)


def test_a_redirect_is_not_followed() -> None:
    with server(lambda handler: head(handler, Content_Length="0")) as (other, other_asked):

        def answer(handler: BaseHTTPRequestHandler) -> None:
            elsewhere = f"{other.forward.url}/requests.xml"
            head(handler, 308, Location=elsewhere, Content_Length="0")

        with server(answer) as (target, _):
            refused = ask(lambda c: c.send(target, FIELDS))
    assert refused == Refused(308, "the address sends us elsewhere, and is not followed")
    assert other_asked == []


def test_nobody_there_is_certainly_not_sent() -> None:
    with server(lambda handler: head(handler)) as (target, _):
        pass
    with pytest.raises(Failed) as fault:
        ask(lambda c: c.send(target, FIELDS))
    assert (fault.value.kind, fault.value.may_have_arrived) == ("unreachable", False)


def test_the_key_is_not_shown_by_accident() -> None:
    with server(lambda handler: head(handler)) as (target, _):
        assert "'k'" not in repr(target)
