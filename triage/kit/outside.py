"""HTTP to systems outside the house: every call ends in time, and no answer is read beyond a limit.

What a caller must know of a call without an answer is whether it may have been done there all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

CONNECT_SECONDS = 5


class Failed(Exception):
    """No answer that says anything came; to be tried again.

    Args:
        kind: a word for figures and logs.
        may_have_arrived: what was sent may have been taken all the same.
    """

    def __init__(self, kind: str, *, may_have_arrived: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.may_have_arrived = may_have_arrived


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    content: bytes
    headers: Mapping[str, str]


def outside_client(
    seconds: float, headers: Mapping[str, str] | None = None
) -> httpx.AsyncClient:
    """Return a client for calls of so many seconds. It follows no redirect: what it shows goes where it was told to."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        follow_redirects=False,
        trust_env=False,
        # As it is: an answer that unpacks itself could be any size.
        headers={"Accept-Encoding": "identity", **(headers or {})},
    )


async def call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    seconds: float,
    largest: int,
    **request: Any,
) -> Answer:
    """Return the answer to one call, whatever its status.

    Args:
        seconds: the time for all of it.
        largest: how many bytes of the answer are read at most.
        request: as httpx takes it.

    Raises:
        Failed: there was none, or it was too large.
    """
    content = b""
    try:
        async with (
            asyncio.timeout(seconds),
            http.stream(method, url, **request) as response,
        ):
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > largest:
                    raise Failed("too_large", may_have_arrived=True)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
        raise Failed("unreachable", may_have_arrived=False) from fault
    except (TimeoutError, httpx.TimeoutException) as fault:
        raise Failed("timeout", may_have_arrived=True) from fault
    except httpx.HTTPError as fault:
        raise Failed("broken", may_have_arrived=True) from fault
    return Answer(response.status_code, content, response.headers)
