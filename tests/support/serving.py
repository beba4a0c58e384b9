"""A small real server, for as long as a test needs it, and a handler that minds no broken connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers without a word on standard error; the other side may be killed at any time, and often is."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave as two writes: without this the second waits for an acknowledgement.
    disable_nagle_algorithm = True

    def body(self) -> bytes:
        """Return what came with the request."""
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def send(self, status: int, content: bytes, **headers: str) -> None:
        """Answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send_json(self, status: int, content: Any) -> None:
        """Answer in JSON."""
        self.send(status, json.dumps(content).encode(), Content_Type="application/json")

    def drop(self) -> None:
        """Break the connection, without an answer."""
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[int]:
    """Serve on a port of this machine, any free one unless it is given; yield the port."""
    server = Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Server(ThreadingHTTPServer):
    """Serves each connection on a thread of its own."""

    daemon_threads = True
    # Two hundred who call at once, after an outage, are not turned away.
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        pass  # the other side may be killed at any time
