"""Looks at an address: HEAD, and GET where HEAD says nothing good. Only the status is read, never a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urldefrag, urljoin

import httpx

from triage.kit.outside import outside_client
from triage.reviews.links import Finding, Found, finding_of

SECONDS = 15.0
MOST_HOPS = 5
_LEADS_ON = frozenset({301, 302, 303, 307, 308})


@asynccontextmanager
async def link_client(public_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that says who asks, so that whoever keeps a site can tell it apart, or shut it out."""
    about = f"; +{public_url}" if public_url else ""
    agent = f"Ask311-LinkCheck/1.0 (looks whether pages are still there{about})"
    async with outside_client(SECONDS, {"User-Agent": agent}) as http:
        yield http


async def look_at(http: httpx.AsyncClient, address: str) -> Finding:
    """Return how an address is found to be."""
    try:
        async with asyncio.timeout(2 * SECONDS):
            found = await _follow(http, "HEAD", address)
            # Many servers know only GET, or answer HEAD wrongly.
            return (
                found
                if found.found in (Found.OK, Found.MOVED)
                else await _follow(http, "GET", address)
            )
    # What an address in an entry, or where a server sends, can make httpx raise is more than HTTPError.
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Finding(Found.UNREACHABLE)


async def _follow(http: httpx.AsyncClient, method: str, address: str) -> Finding:
    statuses: list[int] = []
    at = address
    while len(statuses) <= MOST_HOPS:
        async with http.stream(method, at) as answer:
            statuses.append(answer.status_code)
            leads_to = answer.headers.get("location", "")
        if answer.status_code not in _LEADS_ON or not leads_to:
            return finding_of(address, statuses, at)
        at = urldefrag(urljoin(at, leads_to)).url
    return Finding(Found.UNREACHABLE, statuses[-1])
