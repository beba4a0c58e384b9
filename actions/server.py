"""The action server: the assistant calls an action here and gets what to say.

    POST /webhook   an action call of Rasa's: 200 with its result, or an error status, never an empty success;
                    "vector" beside it may hold what the words were read as (services_catalog.encoder)
    POST /search    {"text"}: 200 with the entries that fit best, for staff who answer a resident themselves
    GET  /health    200 with the catalogue's revision once there is something to answer from; 503 where there is not,
                    or where it goes on answering from an older catalogue or older places than there are now

Rasa's SDK brings a server too, but that one answers an error with the whole request, resident's words and all,
and calls itself healthy without a catalogue.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.line import CatalogueEmpty, Line
from services_catalog.search.index import Match

log = logging.getLogger(__name__)

# Longer than the assistant keeps an idle connection (bot/kept_connections.py), so that it never calls on one that
# is just being closed.
KEEP_ALIVE_SECONDS = 120
# Staff look at so many entries for one search.
MOST_FOUND = 6


def create_app(executor: ActionExecutor, line: Line) -> Starlette:
    """Return the server's application."""

    async def webhook(request: Request) -> Response:
        try:
            call = await request.json()
            action = call["next_action"]
            line.catalogue.take_over(
                call["tracker"]["latest_message"]["text"] or "", call.get("vector")
            )
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "this is not an action call"}, status_code=422)
        try:
            result = await executor.run(call)
        except ActionNotFoundException:
            return JSONResponse(
                {"error": "unknown action", "action_name": action}, status_code=404
            )
        except ActionExecutionRejection as rejection:
            return JSONResponse(
                {"error": "rejected", "action_name": rejection.action_name}, status_code=400
            )
        # The edge of the house: an action that failed is a 500, and its message, which may quote a
        # resident, stays out of the log.
        except Exception as fault:
            place = traceback.extract_tb(fault.__traceback__)[-1]
            log.error(
                "action failed: %s: %s at %s:%s",
                action,
                type(fault).__name__,
                place.filename,
                place.lineno,
            )
            return JSONResponse(
                {"error": "action failed", "action_name": action}, status_code=500
            )
        if result is None:
            return JSONResponse({"error": "no action named"}, status_code=422)
        return JSONResponse(result.model_dump())

    async def search(request: Request) -> Response:
        try:
            text = str((await request.json())["text"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "this is not a search"}, status_code=422)
        try:
            index = line.now().index
        except CatalogueEmpty as empty:
            return JSONResponse({"error": str(empty)}, status_code=503)
        ranked = await run_in_threadpool(index.rank, text, MOST_FOUND)
        return JSONResponse({"found": [_shown(match) for match in ranked.matches]})

    async def health(_request: Request) -> Response:
        try:
            snapshot = line.now()
        except CatalogueEmpty as empty:
            return JSONResponse({"status": "not_ready", "detail": str(empty)}, status_code=503)
        status, fault = "ok", line.places_fault()
        if not line.catalogue.is_current:
            status = "catalogue_not_readable"
        elif fault:
            status = "places_not_readable"
        body = {
            "status": status,
            "revision": snapshot.catalogue.revision,
            "entries": len(snapshot.catalogue.entries),
            "search": snapshot.index.mode.value,
        }
        if fault:
            body["detail"] = fault
        return JSONResponse(body, status_code=200 if status == "ok" else 503)

    return Starlette(
        routes=[
            Route("/webhook", webhook, methods=["POST"]),
            Route("/search", search, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ]
    )


def _shown(match: Match) -> dict[str, Any]:
    entry = match.entry
    return {
        "service_id": entry.id,
        "title": entry.title,
        "text": entry.summary,
        "sms": entry.sms,
        "source_url": entry.source_url,
        "last_verified": entry.last_verified.isoformat(),
        "confidence": round(match.confidence, 4),
    }
