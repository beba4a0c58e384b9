"""HTTP to a neighbouring process, on the path of every message: kept connections, whole answers, nothing else.

A general client spends more on a call than the call needs (docs/adr/0019). No redirects, no proxies, no cookies: the
neighbour is ours, and its answers name their length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools


class Unreachable(Exception):
    """No whole answer came: nobody is there, or the connection broke."""


@dataclass(frozen=True)
class Answer:
    """What the neighbour answered."""

    status: int
    body: bytes


class Neighbours:
    """Posts to neighbours, each request over a connection of its own, which is kept for the next.

    Args:
        headers: sent with every request, beside those that HTTP needs.
        connect_seconds: time to reach a neighbour; the time of the whole call is the caller's to limit.
        kept: how many idle connections are kept to one neighbour.
    """

    def __init__(
        self, headers: Mapping[str, str], *, connect_seconds: float, kept: int
    ) -> None:
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._connect_seconds = connect_seconds
        self._kept = kept
        self._idle: dict[str, list[_Connection]] = {}

    async def post(self, base: str, path: str, body: bytes) -> Answer:
        """Post JSON and return the whole answer.

        Raises:
            Unreachable: no whole answer came.
            TimeoutError: the neighbour was not reached in time.
        """
        connection = self._kept_one(base) or await self._new_one(base)
        parts = urlsplit(base)
        head = (
            f"POST {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{self._headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            answer = await connection.ask(head.encode("ascii") + body)
        except BaseException:
            # Cancelled or broken: what still arrives on it must not become the next one's answer.
            connection.close()
            raise
        idle = self._idle.setdefault(base, [])
        if connection.is_open and len(idle) < self._kept:
            idle.append(connection)
        else:
            connection.close()
        return answer

    def close(self) -> None:
        """Let the kept connections go."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    def _kept_one(self, base: str) -> _Connection | None:
        idle = self._idle.get(base)
        while idle:
            # The one used last: those that were not needed for long are closed by the other side.
            connection = idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _new_one(self, base: str) -> _Connection:
        parts = urlsplit(base)
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, connection = await loop.create_connection(
                    _Connection, parts.hostname or "", port, ssl=is_tls or None
                )
        except TimeoutError:
            raise
        except OSError as fault:
            raise Unreachable(str(fault)) from fault
        return connection


class _Connection(asyncio.Protocol):
    """One connection: a request, its answer, then the next."""

    def __init__(self) -> None:
        self.is_open = False
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""

    async def ask(self, request: bytes) -> Answer:
        assert self._transport is not None  # noqa: S101 (create_connection connects before it returns)
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    # ── called by the event loop ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream's; uvloop's own is none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as fault:
            self._lost(fault)
            self.close()

    def eof_received(self) -> None:
        self._lost(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(exc)

    # ── called by the parser ──

    def on_body(self, piece: bytes) -> None:
        self._body += piece

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), self._body)
        self._body = b""
        self.is_open = self.is_open and self._parser.should_keep_alive()
        if self._waiting is None or self._waiting.done():
            # An answer that nobody waits for: whose it is cannot be known any more.
            self.close()
            return
        self._waiting.set_result(answer)

    def _lost(self, fault: Exception | None) -> None:
        self.is_open = False
        if self._waiting is not None and not self._waiting.done():
            broken = Unreachable("the connection broke before the whole answer came")
            broken.__cause__ = fault
            self._waiting.set_exception(broken)
