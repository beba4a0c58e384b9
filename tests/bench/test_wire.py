"""The lean connection that measures: what it sends and reads, against Python's own HTTP server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.wire import Wire


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = asked.get("answer", 200)
        said = {"path": self.path, "asked": asked, "token": self.headers.get("Authorization")}
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/events" else 404)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"one", b"two", b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_one_connection_carries_one_call_after_the_other(url: str) -> None:
    wire = Wire(url)
    for number in range(3):
        answer = wire.post(
            "/some/path", {"text": "naïve", "n": number}, {"Authorization": "B x"}
        )
        assert answer == {
            "path": "/some/path",
            "asked": {"text": "naïve", "n": number},
            "token": "B x",
        }
    wire.close()


def test_a_refusal_is_told_by_its_status(url: str) -> None:
    wire = Wire(url)
    with pytest.raises(RuntimeError, match="/x answered 429"):
        wire.post("/x", {"answer": 429})
    assert wire.post("/x", {"n": 1})["asked"] == {"n": 1}
    wire.close()


def test_a_stream_comes_in_pieces_to_its_end(url: str) -> None:
    wire = Wire(url)
    wire.follow("/events", {})
    pieces = []
    while piece := wire.piece():
        pieces.append(piece)
    assert b"".join(pieces) == b"onetwo"
    wire.close()
    other = Wire(url)
    with pytest.raises(RuntimeError, match="/nowhere answered 404"):
        other.follow("/nowhere", {})
    other.close()


def test_a_server_that_hangs_up_is_a_fault(url: str) -> None:
    wire = Wire(url)
    wire._socket.shutdown(2)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        wire.post("/x", {"n": 1})
    wire.close()
