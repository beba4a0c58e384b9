"""The addresses of GeoReport v2. The format is the address's ending; every error is a list with a true status."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from services_catalog.packs import City
from triage.errors import TriageError
from triage.kit.addresses import address_of
from triage.kit.edge import Allowance
from triage.kit.limits import ClientLimits
from triage.media.service import digest_of
from triage.open311 import documents
from triage.open311.errors import Refused, not_understood, unknown
from triage.open311.photos import OutsidePhotos
from triage.open311.service import GeoReport, refusal_of
from triage.open311.wire import Document, Format

BASE = "/open311/v2"
# A request with the photos that its sender adds.
REQUEST_BODIES = Allowance(
    re.compile(rf"{BASE}/requests\.\w+"), 32 * 1024 * 1024, seconds=60, is_text=False
)
# Multipart fields that hold photos: ours, and FixMyStreet's numbered ones.
_PHOTO = re.compile(r"media|photo\d*")

Make = Callable[[], Awaitable[Document]]


def open311_routes(
    georeport: GeoReport,
    city: City,
    limits: ClientLimits,
    photos: OutsidePhotos,
    public_url: str,
) -> APIRouter:
    """Return the routes of GeoReport v2.

    Args:
        public_url: the address that the outside knows this server by; empty: as the request says.
    """
    router = APIRouter(prefix=BASE, tags=["open311"])

    async def answer(request: Request, ending: str, make: Make) -> Response:
        is_known = ending in set(Format)
        format = Format(ending) if is_known else Format.XML
        headers: Mapping[str, str] = {}
        try:
            if not is_known:
                raise unknown(
                    f"There is no format {ending!r}: end the address in .xml or .json."
                )
            limits.count("reads", request)
            document, status = await make(), 200
        except Refused as fault:
            document, status = fault.document(), fault.status
        except TriageError as fault:
            refusal, headers = refusal_of(fault), fault.headers
            document, status = refusal.document(), refusal.status
        except HTTPException as fault:
            # What the form's reader says of a body that is none.
            document, status = not_understood(str(fault.detail)).document(), 400
        return Response(
            document.written_as(format), status, headers, media_type=format.content_type
        )

    def this_city(request: Request) -> None:
        georeport.of_this_city(request.query_params.get("jurisdiction_id", "").strip())

    @router.get(
        "/discovery.{format}", **_told("Where GeoReport is found, and in which formats.")
    )
    async def discovery(request: Request, format: str) -> Response:
        async def make() -> Document:
            base = address_of(request, public_url)
            return documents.discovery(
                base + BASE,
                contact=f"City of {city.name}: {city.phone}, {city.website}",
                key_service=f"Ask the City of {city.name} for a key: {city.phone_outside}, {city.website}",
                changed=documents.CHANGED,
            )

        return await answer(request, format, make)

    @router.get("/services.{format}", **_told("What can be reported."))
    async def services(request: Request, format: str) -> Response:
        async def make() -> Document:
            this_city(request)
            return await georeport.services()

        return await answer(request, format, make)

    @router.get("/services/{service_code}.{format}", **_told("A service's own questions."))
    async def definition(request: Request, service_code: str, format: str) -> Response:
        async def make() -> Document:
            this_city(request)
            return await georeport.definition(service_code)

        return await answer(request, format, make)

    @router.post("/requests.{format}", **_told("Send a request.", form=_REQUEST_FORM))
    async def open_request(request: Request, format: str) -> Response:
        async def make() -> Document:
            async with request.form() as form:
                items = form.multi_items()
                fields = [(k, v) for k, v in items if isinstance(v, str)]
                # Nothing of a stranger's is stored before the key is known to be one.
                await georeport.holder(str(form.get("api_key", "")))
                sent = [
                    await v.read()
                    for k, v in items
                    if isinstance(v, UploadFile) and _PHOTO.fullmatch(k)
                ]
            said = [*fields, *(("photo", digest_of(content)) for content in sent)]
            return await georeport.open(said, await photos.keep(sent))

        return await answer(request, format, make)

    @router.get("/requests.{format}", **_told("Requests, the newest first.", query=_FILTERS))
    async def requests(request: Request, format: str) -> Response:
        async def make() -> Document:
            this_city(request)
            return await georeport.requests(request.query_params)

        return await answer(request, format, make)

    @router.get("/requests/{service_request_id}.{format}", **_told("One request."))
    async def one_request(request: Request, service_request_id: str, format: str) -> Response:
        async def make() -> Document:
            this_city(request)
            is_extended = request.query_params.get("extensions", "").lower() == "true"
            return await georeport.request(service_request_id, is_extended=is_extended)

        return await answer(request, format, make)

    @router.get("/tokens/{token}.{format}", **_told("The request that a token stands for."))
    async def token(request: Request, token: str, format: str) -> Response:
        async def make() -> Document:
            this_city(request)
            return await georeport.token(token)

        return await answer(request, format, make)

    @router.get("/servicerequestupdates.{format}", **_told("What happened.", query=_TIMES))
    async def updates(request: Request, format: str) -> Response:
        async def make() -> Document:
            return await georeport.updates(request.query_params)

        return await answer(request, format, make)

    @router.post(
        "/servicerequestupdates.{format}", **_told("Add an update.", form=_UPDATE_FORM)
    )
    async def update(request: Request, format: str) -> Response:
        async def make() -> Document:
            async with request.form() as form:
                fields = [(k, v) for k, v in form.multi_items() if isinstance(v, str)]
            return await georeport.update(fields)

        return await answer(request, format, make)

    return router


# ── how the addresses read in the OpenAPI document ──

_FILTERS = (
    "service_request_id", "service_code", "start_date", "end_date", "status", "page",
    "page_size", "extensions", "updated_after", "updated_before", "bbox",
)  # fmt: skip
_TIMES = ("api_key", "start_date", "end_date")
_REQUEST_FORM = (
    "api_key", "service_code", "lat", "long", "address_string", "address_id", "description",
    "email", "first_name", "last_name", "phone", "media_url",
)  # fmt: skip
_UPDATE_FORM = (
    "api_key", "service_request_id", "update_id", "updated_datetime", "status", "description",
)  # fmt: skip
_WRITTEN: dict[str, Any] = {"application/json": {}, "text/xml": {}}


def _told(
    summary: str, *, query: tuple[str, ...] = (), form: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what a route says of itself in the OpenAPI document: it reads the request itself."""
    names = ("jurisdiction_id", *query) if not form else ()
    extra: dict[str, Any] = {
        "parameters": [
            {"name": n, "in": "query", "required": False, "schema": {"type": "string"}}
            for n in names
        ]
    }
    if form:
        properties = {n: {"type": "string"} for n in ("jurisdiction_id", *form)}
        schema = {"type": "object", "properties": properties}
        extra["requestBody"] = {
            "content": {"application/x-www-form-urlencoded": {"schema": schema}}
        }
    statuses = {
        200: "Done.",
        400: "Something in the request is not valid; the list says what.",
        403: "No valid api_key.",
        404: "There is no such thing here.",
        429: "Too many requests from one address.",
        503: "The database cannot be reached.",
    }
    return {
        "summary": summary,
        "response_class": Response,
        "responses": {s: {"description": d, "content": _WRITTEN} for s, d in statuses.items()},
        "openapi_extra": extra,
    }
