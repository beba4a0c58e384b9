"""Refusals that are made before GeoReport's routes are reached, told as GeoReport tells them: a list, in the format asked for.

An unknown address, a wrong method and a body that is too large are refused for the whole server in one shape; clients
of Open311 know another.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.open311.errors import Refused
from triage.open311.wire import Format

FIRST_ERROR = 400


class GeoReportErrors:
    """Rewrites this server's own refusals below an address.

    Args:
        base: the address of GeoReport, without a slash at its end.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._below = f"{base}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._below):
            await self._app(scope, receive, send)
            return
        format = Format.JSON if scope["path"].endswith(".json") else Format.XML
        started: Message | None = None
        body = b""

        async def rewrite(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start" and message["status"] >= FIRST_ERROR:
                started = message
            elif started is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send(started, body, format, send)

        await self._app(scope, receive, rewrite)


async def _send(started: Message, body: bytes, format: Format, send: Send) -> None:
    if words := _words(started, body):
        body = Refused(started["status"], words).document().written_as(format)
        headers = MutableHeaders(scope=started)
        headers["content-type"] = format.content_type
        headers["content-length"] = str(len(body))
    await send(started)
    await send({"type": "http.response.body", "body": body})


def _words(started: Message, body: bytes) -> str | None:
    """Return what a refusal says, or None: it is GeoReport's own already."""
    if MutableHeaders(scope=started).get("content-type") != "application/json":
        return None
    told: Any = json.loads(body)
    return str(told["error"]["message"]) if isinstance(told, dict) else None
