"""HTTP to the action server, over connections that are kept: one request, one whole answer, nothing else.

A general client writes head and body apart, and walks through redirects, cookies and encodings that the action
server next door does not have. The twin of triage/kit/neighbour.py (docs/adr/0019).
"""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple
from urllib.parse import urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# An idle connection is let go long before the action server does so (actions/server.py): never is one asked on
# that is just being closed.
KEPT_SECONDS = 30.0


class Unreachable(Exception):
    """Nobody is there, or the connection broke before the whole answer came."""


class NotUnderstood(Exception):
    """What came is no answer, or does not say how long it is."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


class KeptConnections:
    """Posts to one address; each request has a connection of its own, which is kept for the next."""

    def __init__(self, url: str, headers: dict[str, str], connect_seconds: float) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._is_tls else 80)
        lines = {**headers, "Host": parts.netloc, "Content-Type": "application/json"}
        path = parts.path or "/"
        self._head = f"POST {path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in lines.items()
        )
        self._connect_seconds = connect_seconds
        self._idle: list[
            tuple[float, Streams]
        ] = []  # since when; the one used last is the last

    async def post(self, body: bytes) -> Answer:
        """Post JSON and return the whole answer.

        Raises:
            Unreachable: no whole answer came.
            NotUnderstood: what came is no answer.
        """
        reader, writer = self._kept_one() or await self._new_one()
        try:
            writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer, is_kept = await _answer_of(reader)
        except BaseException as fault:
            # Cancelled or broken: what still arrives on it must not become the next one's answer.
            writer.transport.abort()
            if isinstance(fault, OSError | asyncio.IncompleteReadError):
                raise Unreachable from fault
            if isinstance(fault, ValueError | asyncio.LimitOverrunError):
                raise NotUnderstood from fault
            raise
        if is_kept:
            self._idle.append((time.monotonic(), (reader, writer)))
        else:
            writer.transport.abort()
        return answer

    def close(self) -> None:
        """Let the kept connections go."""
        while self._idle:
            _, (_, writer) = self._idle.pop()
            writer.transport.abort()

    def _kept_one(self) -> Streams | None:
        while self._idle:
            since, (reader, writer) = self._idle.pop()
            is_old = time.monotonic() - since > KEPT_SECONDS
            if not (is_old or reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.transport.abort()
        return None

    async def _new_one(self) -> Streams:
        opening = asyncio.open_connection(self._host, self._port, ssl=self._is_tls or None)
        try:
            return await asyncio.wait_for(opening, self._connect_seconds)
        except (OSError, asyncio.TimeoutError) as fault:  # noqa: UP041 (on Python 3.10 it is another class)
            raise Unreachable from fault


async def _answer_of(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """Read an answer; say too whether the connection can be used again.

    Raises:
        ValueError: it is none, or does not say how long it is.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    version, status, *_ = first.split(" ")
    if version != "HTTP/1.1":
        raise ValueError("this is not HTTP/1.1")
    fields = {
        name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    if "content-length" not in fields:
        raise ValueError("an answer of no length")
    body = await reader.readexactly(int(fields["content-length"]))
    return Answer(int(status), body), fields.get("connection", "").lower() != "close"
