"""What every request passes on its way in, and every answer on its way out. Plain ASGI, nothing buffered
but the bodies of requests, which are small."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.errors import BodyNotText, BodyTooLarge, BodyTooSlow, TriageError, answer_to

LARGEST_BODY = 16 * 1024
BODY_SECONDS = 10


@dataclass(frozen=True)
class Allowance:
    """What the bodies sent to certain addresses may be."""

    path: re.Pattern[str]  # the whole of it
    largest: int  # bytes
    seconds: float = BODY_SECONDS
    is_text: bool = True  # checked to be UTF-8
    too_large: type[TriageError] = BodyTooLarge


_ANYWHERE = Allowance(re.compile(".*", re.DOTALL), LARGEST_BODY)


class SecurityHeaders:
    """Sets what browsers must know about our answers; an answer's own header of that name stands.

    Answers are not stored anywhere on the way, but for files that say how long they may be.
    """

    def __init__(
        self, app: ASGIApp, *, frame_ancestors: Sequence[str], hsts_seconds: int
    ) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": "; ".join(
                (
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self'",
                    "font-src 'self'",
                    "connect-src 'self'",
                    "manifest-src 'self'",
                    "form-action 'self'",
                    "base-uri 'none'",
                    f"frame-ancestors {' '.join(frame_ancestors) or chr(39) + 'none' + chr(39)}",
                )
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
            "Cache-Control": "no-store",
        }
        if hsts_seconds:
            self._headers["Strict-Transport-Security"] = f"max-age={hsts_seconds}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class SmallBodies:
    """Reads a request's body before anybody parses it, as long as it is small, in time and UTF-8.

    The size is counted as it arrives: a chunked body says none, and a header may lie. A few addresses have
    allowances of their own.
    """

    def __init__(self, app: ASGIApp, allowances: Sequence[Allowance] = ()) -> None:
        self._app = app
        self._allowances = (*allowances, _ANYWHERE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        allowance = next(a for a in self._allowances if a.path.fullmatch(scope["path"]))
        try:
            body = await _whole_body(scope, receive, allowance)
        except TriageError as refusal:
            await answer_to(refusal)(scope, receive, send)
            return
        if body is None:  # the client went away
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def _whole_body(scope: Scope, receive: Receive, allowance: Allowance) -> bytes | None:
    said = Headers(scope=scope).get("content-length", "")
    if said.isdecimal() and int(said[:20]) > allowance.largest:
        raise allowance.too_large
    body = bytearray()
    more = True
    try:
        async with asyncio.timeout(allowance.seconds):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > allowance.largest:
                    raise allowance.too_large
    except TimeoutError as fault:
        raise BodyTooSlow from fault
    if allowance.is_text:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as fault:
            raise BodyNotText from fault
    return bytes(body)
