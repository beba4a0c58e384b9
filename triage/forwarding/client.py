"""HTTP to outside Open311 endpoints, nowhere else: GeoReport v2 in XML, the one format that all of them have.

Every call ends in time, no answer is read beyond a limit, no redirect is followed: the key goes to the address in
the pack and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx

from triage.forwarding.answers import (
    Accepted,
    Found,
    NotReadable,
    Refused,
    Update,
    read_accepted,
    read_refusal,
    read_requests,
    read_updates,
)
from triage.forwarding.targets import Target
from triage.kit.outside import Failed, call, outside_client

T = TypeVar("T")

LARGEST_ANSWER = 5 * 1024 * 1024
TOO_MANY_REQUESTS = 429


class Open311Client:
    """Speaks with outside endpoints. `close()` after use.

    Args:
        seconds: the time for one whole call.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._http = outside_client(seconds, {"Accept": "text/xml"})

    async def send(
        self, target: Target, fields: Sequence[tuple[str, str]]
    ) -> Accepted | Refused:
        """Send a new request.

        Raises:
            Failed: it was not taken, or it is not known whether it was.
        """
        form = urlencode([("api_key", target.api_key), *fields]).encode()
        answer = await self._call("POST", target, "requests.xml", content=form)
        return answer if isinstance(answer, Refused) else _understood(read_accepted, answer)

    async def number_of(self, target: Target, token: str) -> Accepted | Refused:
        """Ask for the number of a request that a token stands for.

        Raises:
            Failed: no answer came.
        """
        answer = await self._call("GET", target, f"tokens/{quote(token, safe='')}.xml")
        return answer if isinstance(answer, Refused) else _understood(read_accepted, answer)

    async def requests_since(
        self, target: Target, service_code: str, start: datetime
    ) -> list[Found] | Refused:
        """Return the requests of a service that were made since then.

        Raises:
            Failed: no answer came.
        """
        query = {"service_code": service_code, "start_date": _written(start)}
        answer = await self._call("GET", target, "requests.xml", query)
        return answer if isinstance(answer, Refused) else _understood(read_requests, answer)

    async def request(self, target: Target, request_id: str) -> Found | Refused | None:
        """Return a request; None: it is not shown there.

        Raises:
            Failed: no answer came.
        """
        answer = await self._call("GET", target, f"requests/{quote(request_id, safe='')}.xml")
        if isinstance(answer, Refused):
            return None if answer.status == httpx.codes.NOT_FOUND else answer
        found = _understood(read_requests, answer)
        return next((f for f in found if f.request_id == request_id), None)

    async def updates(
        self, target: Target, start: datetime, end: datetime
    ) -> list[Update] | Refused:
        """Return what happened between two moments, where the endpoint has the updates extension.

        Raises:
            Failed: no answer came.
        """
        query = {
            "api_key": target.api_key,
            "start_date": _written(start),
            "end_date": _written(end),
        }
        answer = await self._call("GET", target, "servicerequestupdates.xml", query)
        return answer if isinstance(answer, Refused) else _understood(read_updates, answer)

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    async def _call(
        self,
        method: str,
        target: Target,
        path: str,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> bytes | Refused:
        params = dict(query or {})
        if method == "GET" and target.forward.jurisdiction_id:
            params["jurisdiction_id"] = target.forward.jurisdiction_id
        headers = (
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            if content is not None
            else {}
        )
        answer = await call(
            self._http,
            method,
            f"{target.forward.url}/{path}",
            seconds=self._seconds,
            largest=LARGEST_ANSWER,
            params=params,
            content=content,
            headers=headers,
        )
        return _judged(answer.status, answer.content)


def _judged(status: int, body: bytes) -> bytes | Refused:
    if status == TOO_MANY_REQUESTS:
        raise Failed("busy", may_have_arrived=False)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        # It may have been kept before something failed.
        raise Failed(f"status_{status}", may_have_arrived=True)
    if status >= httpx.codes.BAD_REQUEST:
        return read_refusal(status, body)
    if status >= httpx.codes.MULTIPLE_CHOICES:
        return Refused(status, "the address sends us elsewhere, and is not followed")
    return body


def _understood(read: Callable[[bytes], T], body: bytes) -> T:
    try:
        return read(body)
    except NotReadable as fault:
        raise Failed("not_readable", may_have_arrived=True) from fault


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
