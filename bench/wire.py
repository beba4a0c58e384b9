"""A kept HTTP connection that takes next to no processor time: what clients spend is missing to whom they measure."""

from __future__ import annotations

import json
import socket
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httptools

ANSWER_SECONDS = 30
PIECE = 65_536


class Wire:
    """One connection to a server; one call after the other. httptools reads what comes.

    Raises:
        OSError: the server cannot be reached, ended the connection, or says nothing for `ANSWER_SECONDS`.
    """

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._host = place.netloc
        self._socket = socket.create_connection(
            (place.hostname, place.port or 80), ANSWER_SECONDS
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: deque[bytes] = deque()
        self._has_headers = self._is_whole = False

    def post(self, path: str, content: Any, headers: Mapping[str, str] | None = None) -> Any:
        """Send JSON and return the JSON that is answered.

        Raises:
            RuntimeError: the status is none of success.
        """
        self._send("POST", path, json.dumps(content).encode(), headers)
        while not self._is_whole:
            self._receive()
        answer = b"".join(self._pieces)
        self._must_be_success(path)
        return json.loads(answer)

    def follow(self, path: str, headers: Mapping[str, str]) -> None:
        """Ask for a stream, whose pieces `piece` returns.

        Raises:
            RuntimeError: the status is none of success.
        """
        self._send("GET", path, b"", headers)
        while not self._has_headers:
            self._receive()
        self._must_be_success(path)

    def piece(self) -> bytes:
        """Return the next piece of the stream, as soon as it is there; empty at the end."""
        while not self._pieces and not self._is_whole:
            self._receive()
        return self._pieces.popleft() if self._pieces else b""

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def on_headers_complete(self) -> None:
        """Hear from the parser that the status is known."""
        self._has_headers = True

    def on_body(self, piece: bytes) -> None:
        """Take a piece from the parser."""
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """Hear from the parser that nothing more comes."""
        self._is_whole = True

    def _send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None
    ) -> None:
        self._pieces.clear()
        self._has_headers = self._is_whole = False
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def _receive(self) -> None:
        received = self._socket.recv(PIECE)
        if not received:
            raise ConnectionResetError("the server ended the connection")
        self._parser.feed_data(received)

    def _must_be_success(self, path: str) -> None:
        status = self._parser.get_status_code()
        if status >= 300:
            raise RuntimeError(f"{path} answered {status}")
