"""The addresses of Open311 Inquiry v1. The format is the address's ending; every error is a list with a true status."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from services_catalog.packs import City
from triage.errors import TriageError
from triage.feeds import inquiry
from triage.feeds.asking import HEADERS
from triage.feeds.source import Shown, Source
from triage.kit.addresses import address_of
from triage.kit.limits import ClientLimits
from triage.open311.errors import Refused, unknown
from triage.open311.service import refusal_of
from triage.open311.wire import Document, Format

BASE = "/open311/inquiry/v1"
_WRITTEN: dict[str, Any] = {"application/json": {}, "text/xml": {}}
_TOLD: dict[int | str, dict[str, Any]] = {
    200: {"description": "Done.", "content": _WRITTEN},
    404: {"description": "There is no such thing here.", "content": _WRITTEN},
    429: {"description": "Too many requests from one address.", "content": _WRITTEN},
    503: {"description": "The database cannot be reached.", "content": _WRITTEN},
}


def inquiry_routes(
    source: Source, city: City, limits: ClientLimits, public_url: str
) -> APIRouter:
    """Return the routes.

    Args:
        public_url: the address that the outside knows this server by; empty: as the request says.
    """
    router = APIRouter(prefix=BASE, tags=["open311"])

    async def answer(
        request: Request, ending: str, make: Callable[[Shown], Document]
    ) -> Response:
        is_known = ending in set(Format)
        format = Format(ending) if is_known else Format.XML
        headers = dict(HEADERS)
        try:
            if not is_known:
                raise unknown(
                    f"There is no format {ending!r}: end the address in .xml or .json."
                )
            limits.count("reads", request)
            shown = await source.now()
            document, status = await asyncio.to_thread(make, shown), 200
        except Refused as fault:
            document, status = fault.document(), fault.status
        except TriageError as fault:
            document, status = refusal_of(fault).document(), fault.status
            headers |= fault.headers
        return Response(
            document.written_as(format), status, headers, media_type=format.content_type
        )

    @router.get(
        "/services/{name}.{format}",
        summary="All services, a category's, or one.",
        response_class=Response,
        responses=_TOLD,
    )
    async def services(request: Request, name: str, format: str) -> Response:
        base = address_of(request, public_url)
        return await answer(
            request,
            format,
            lambda shown: inquiry.services(
                shown.catalogue.entries, name, city, f"{base}/services"
            ),
        )

    @router.get(
        "/facilities/{name}.{format}",
        summary="All places, those of a kind, or one.",
        response_class=Response,
        responses=_TOLD,
    )
    async def facilities(request: Request, name: str, format: str) -> Response:
        return await answer(
            request,
            format,
            lambda shown: inquiry.facilities(
                shown.places.places, shown.places.types, name, city
            ),
        )

    return router
