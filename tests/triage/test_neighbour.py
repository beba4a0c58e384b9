"""The small HTTP client for neighbours, against servers that answer as real ones do, and as broken ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from triage.kit.neighbour import Neighbours, Unreachable

Run = Callable[[Coroutine[Any, Any, None]], None]
Handle = Callable[["Spoken"], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(
    params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def run(request: pytest.FixtureRequest) -> Run:
    """Run on the standard event loop, and on uvicorn's: transports of the two are not alike."""

    def on_its_loop(talk: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(talk)

    return on_its_loop


class Spoken:
    """A server's side of one connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.reader, self.writer, self.number = reader, writer, number

    async def request(self) -> tuple[str, bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
        return head, await self.reader.readexactly(length)


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[tuple[str, list[Spoken]]]:
    """Serve; give the address, and the connections as they come."""
    spoken: list[Spoken] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spoken.append(Spoken(reader, writer, len(spoken)))
        try:
            await handle(spoken[-1])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", spoken
    finally:
        server.close()


def neighbours(**changed: float) -> Neighbours:
    return Neighbours({"X-From": "tests"}, connect_seconds=1, kept=int(changed.get("kept", 4)))


async def answer_all(spoken: Spoken) -> None:
    while True:
        head, body = await spoken.request()
        assert head.startswith("POST /below/there HTTP/1.1\r\nHost: 127.0.0.1:")
        assert "\r\nX-From: tests\r\n" in head
        spoken.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def test_one_connection_serves_one_request_after_the_other(run: Run) -> None:
    async def ask() -> None:
        async with serving(answer_all) as (url, spoken):
            client = neighbours()
            for body in (b"{}", "é".encode(), b"x" * 300_000):
                answer = await client.post(f"{url}/below", "/there", body)
                assert (answer.status, answer.body) == (200, body)
            assert len(spoken) == 1
            client.close()

    run(ask())


def test_requests_at_once_have_connections_of_their_own_and_so_many_are_kept(run: Run) -> None:
    async def ask() -> None:
        async with serving(answer_all) as (url, spoken):
            client = neighbours(kept=2)
            bodies = [str(n).encode() for n in range(5)]
            for connections in (5, 8):
                answers = await asyncio.gather(
                    *(client.post(f"{url}/below", "/there", b) for b in bodies)
                )
                assert [a.body for a in answers] == bodies
                assert len(spoken) == connections
            client.close()

    run(ask())


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", b"ok"),
    ],
)
def test_answers_are_read_whole_in_whatever_pieces_they_come(
    run: Run, said: bytes, body: bytes
) -> None:
    async def in_pieces(spoken: Spoken) -> None:
        await spoken.request()
        for n in range(len(said)):
            spoken.writer.write(said[n : n + 1])
            await spoken.writer.drain()
            await asyncio.sleep(0)
        await spoken.request()

    async def ask() -> None:
        async with serving(in_pieces) as (url, _):
            client = neighbours()
            answer = await client.post(url, "/", b"{}")
            assert (answer.status, answer.body) == (int(said[9:12]), body)
            client.close()

    run(ask())


@pytest.mark.parametrize("closing", [b"Connection: close\r\n", b""])
def test_a_connection_that_the_neighbour_ends_is_not_used_again(
    run: Run, closing: bytes
) -> None:
    async def once(spoken: Spoken) -> None:
        await spoken.request()
        spoken.writer.write(OK.replace(b"\r\n\r\n", b"\r\n" + closing + b"\r\n"))
        await spoken.writer.drain()

    async def ask() -> None:
        async with serving(once) as (url, spoken):
            client = neighbours()
            for _ in range(3):
                assert (await client.post(url, "/", b"{}")).body == b"ok"
                await asyncio.sleep(0.05)  # its end arrives
            assert len(spoken) == 3

    run(ask())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",  # of no length: whether that was all, nobody knows
        b"oh no\r\n\r\n",
    ],
)
def test_half_an_answer_is_none(run: Run, said: bytes) -> None:
    async def half(spoken: Spoken) -> None:
        await spoken.request()
        spoken.writer.write(said)

    async def ask() -> None:
        async with serving(half) as (url, _):
            with pytest.raises(Unreachable):
                await neighbours().post(url, "/", b"{}")

    run(ask())


def test_nobody_there_is_said_so(run: Run) -> None:
    async def ask() -> None:
        async with serving(answer_all) as (url, _):
            pass
        with pytest.raises(Unreachable):
            await neighbours().post(url, "/", b"{}")

    run(ask())


def test_an_answer_that_was_given_up_waiting_for_never_becomes_the_next_ones(run: Run) -> None:
    hurry = asyncio.Event()

    async def late_at_first(spoken: Spoken) -> None:
        _, body = await spoken.request()
        if spoken.number == 0:
            await hurry.wait()
        spoken.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    async def ask() -> None:
        async with serving(late_at_first) as (url, spoken):
            client = neighbours()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await client.post(url, "/", b"first")
            hurry.set()
            assert (await client.post(url, "/", b"second")).body == b"second"
            assert len(spoken) == 2

    run(ask())
