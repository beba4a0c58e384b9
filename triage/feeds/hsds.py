"""The addresses of HSDS 3.1: services, organizations, places at which services are found, and the terms they are tagged with.

All filters narrow together. A list shows what belongs to an object alone; `full`, and an object's own address, show it whole.
Source: openreferral/specification, branch 3.1-dev, schema/openapi.json.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from services_catalog.formats.directory import AtLocation, Directory
from services_catalog.formats.values import VERSION, Object, lean
from services_catalog.places.model import Point
from triage.errors import DatabaseUnavailable, TooManyRequests, documented
from triage.feeds.asking import HEADERS, LISTED, Id, List, Moment, Tagged, Tags, moment
from triage.feeds.errors import NothingHere, PostcodeUnknown
from triage.feeds.listing import (
    holds,
    is_since,
)
from triage.feeds.source import Source
from triage.kit.addresses import address_of
from triage.kit.limits import ClientLimits

BASE = "/hsds"
PROFILE = "https://docs.openreferral.org/en/3.1/"
_OF_LISTS = dict(LISTED) | documented(DatabaseUnavailable, TooManyRequests, PostcodeUnknown)
_OF_ONE = documented(DatabaseUnavailable, TooManyRequests, NothingHere)


def hsds_routes(source: Source, limits: ClientLimits, public_url: str) -> APIRouter:
    """Return the routes.

    Args:
        public_url: the address that the outside knows this server by; empty: as the request says.
    """

    async def directory(request: Request) -> Directory:
        limits.count("reads", request)
        return (await source.now()).directory

    router = APIRouter(prefix=BASE, tags=["hsds"])

    @router.get("/", responses=documented(TooManyRequests))
    async def about(request: Request) -> Response:
        """Say which version of HSDS this is, and where it is described."""
        limits.count("reads", request)
        base = address_of(request, public_url)
        told = {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": f"{base}{request.app.openapi_url}",
        }
        return JSONResponse(told, headers=dict(HEADERS))

    @router.get("/services", responses=_OF_LISTS)
    async def services(
        request: Request,
        wanted: List,
        tags: Tagged,
        organization_id: Id = None,
        modified_after: Moment = "",
        minimal: Annotated[bool, Query(description="Ids and times alone.")] = False,
        full: Annotated[bool, Query(description="Each service whole.")] = False,
    ) -> Response:
        """List the services that fit all filters."""
        here, since = await directory(request), moment(modified_after)
        found = [
            one
            for one in here.services.values()
            if _is_service(one, wanted.words, tags, organization_id, since)
        ]
        if minimal:
            return wanted.answer(found, _minimal)
        if full:
            return await asyncio.to_thread(
                wanted.answer, found, lambda one: here.service(str(one["id"])) or one
            )
        return wanted.answer(found, lean)

    @router.get("/services/{id}", responses=_OF_ONE)
    async def service(request: Request, id: str) -> Response:
        """Return a service whole."""
        here = await directory(request)
        return _one(await asyncio.to_thread(here.service, id))

    @router.get("/organizations", responses=_OF_LISTS)
    async def organizations(
        request: Request,
        wanted: List,
        tags: Tagged,
        full: Annotated[bool, Query(description="Each whole.")] = False,
        full_service: Annotated[bool, Query(description="Their services too, whole.")] = False,
    ) -> Response:
        """List those who provide services."""
        here = await directory(request)
        of = _services_by_provider(here)
        found = [
            one
            for one in here.organizations.values()
            if holds(wanted.words, one["name"], one["description"])
            and tags.fit(*of.get(str(one["id"]), ()))
        ]
        if not (full or full_service):
            return wanted.answer(found, lean)
        return await asyncio.to_thread(
            wanted.answer,
            found,
            lambda one: _with_services(here, one, of.get(str(one["id"]), ()), full_service),
        )

    @router.get("/organizations/{id}", responses=_OF_ONE)
    async def organization(request: Request, id: str, full_service: bool = False) -> Response:
        """Return one who provides services, with them."""
        here = await directory(request)
        one = here.organizations.get(id)
        mine = _services_by_provider(here).get(id, ())
        return _one(
            one and await asyncio.to_thread(_with_services, here, one, mine, full_service)
        )

    @router.get("/service_at_locations", responses=_OF_LISTS)
    async def service_at_locations(
        request: Request,
        wanted: List,
        tags: Tagged,
        organization_id: Id = None,
        modified_after: Moment = "",
        full: Annotated[bool, Query(description="Each whole.")] = False,
        postcode: Annotated[str, Query(max_length=10)] = "",
        proximity: Annotated[
            float | None,
            Query(gt=0, le=100_000, description="Metres from the middle of the postal code."),
        ] = None,
    ) -> Response:
        """List the places at which services are found."""
        here, since = await directory(request), moment(modified_after)

        def answer() -> Response:
            is_near = _near(here, postcode, proximity)
            found = [
                at
                for at in here.at_locations.values()
                if holds(wanted.words, at.place.name, at.place.address, at.entry.title)
                and is_near(at)
                and _is_service(here.service_at(at), "", Tags(), organization_id, since)
                and (
                    not tags.are_given or tags.fit(here.service_at(at), here.tags_of(at.place))
                )
            ]
            return wanted.answer(found, here.at_location if full else _lean_at(here))

        return await asyncio.to_thread(answer)

    @router.get("/service_at_locations/{id}", responses=_OF_ONE)
    async def service_at_location(request: Request, id: str) -> Response:
        """Return a service at a location whole."""
        here = await directory(request)
        at = here.at_locations.get(id)
        return _one(here.at_location(at) if at else None)

    @router.get("/taxonomies", responses=_OF_LISTS)
    async def taxonomies(request: Request, wanted: List) -> Response:
        """List the sets of terms."""
        here = await directory(request)
        found = [t for t in here.taxonomies.values() if holds(wanted.words, *t.values())]
        return wanted.answer(found, lean)

    @router.get("/taxonomies/{id}", responses=_OF_ONE)
    async def taxonomy(request: Request, id: str) -> Response:
        """Return a set of terms."""
        here = await directory(request)
        return _one(here.taxonomies.get(id))

    @router.get("/taxonomy_terms", responses=_OF_LISTS)
    async def taxonomy_terms(
        request: Request,
        wanted: List,
        taxonomy_id: Id = None,
        top_only: Annotated[bool, Query(description="Terms without a parent: all.")] = False,
        parent_id: Id = None,
    ) -> Response:
        """List the terms; none stands below another."""
        here = await directory(request)
        found = [
            t
            for t in here.taxonomy_terms.values()
            if holds(wanted.words, t["name"], t["description"], t["code"])
            and taxonomy_id in (None, "", t["taxonomy_id"])
            and not parent_id
        ]
        return wanted.answer(found, lean)

    @router.get("/taxonomy_terms/{id}", responses=_OF_ONE)
    async def taxonomy_term(request: Request, id: str) -> Response:
        """Return a term."""
        here = await directory(request)
        return _one(here.taxonomy_terms.get(id))

    return router


def _one(whole: Object | None) -> Response:
    if not whole:
        raise NothingHere
    return JSONResponse(whole, headers=dict(HEADERS))


def _is_service(
    one: Object,
    words: str,
    tags: Tags,
    organization_id: str | None,
    since: datetime | None,
) -> bool:
    texts = (one["name"], one.get("alternate_name"), one["description"])
    return (
        holds(words, *texts)
        and tags.fit(one)
        and organization_id in (None, "", one["organization_id"])
        and (since is None or is_since(one.get("last_modified"), since))
    )


def _minimal(one: Object) -> Object:
    return {k: one[k] for k in ("id", "last_modified") if k in one}


def _services_by_provider(here: Directory) -> Mapping[str, Sequence[Object]]:
    found: dict[str, list[Object]] = {}
    for one in here.services.values():
        found.setdefault(str(one["organization_id"]), []).append(one)
    return found


def _with_services(
    here: Directory, one: Object, services: Sequence[Object], is_full: bool
) -> Object:
    """Return an organization with its services: their ids and names, or whole."""
    shown: list[Any] = [
        here.service(str(s["id"])) if is_full else {k: s[k] for k in ("id", "name", "status")}
        for s in services
    ]
    return {**one, "services": shown} if shown else one


def _lean_at(here: Directory) -> Callable[[AtLocation], Object]:
    return lambda at: lean(here.at_location(at))


def _near(
    here: Directory, postcode: str, proximity: float | None
) -> Callable[[AtLocation], bool]:
    """Return what says whether a place is in, or within so many metres of, a postal code; all are where none is given."""
    code = _plain(postcode)
    if not code:
        return lambda _: True
    inside = [
        at for at in here.at_locations.values() if _plain(at.place.postal_code).startswith(code)
    ]
    if not inside:
        raise PostcodeUnknown
    if proximity is None:
        ids = {at.id for at in inside}
        return lambda at: at.id in ids
    middle = Point(
        sum(at.place.point.lat for at in inside) / len(inside),
        sum(at.place.point.long for at in inside) / len(inside),
    )
    return lambda at: at.place.point.metres_to(middle) <= proximity


def _plain(postcode: str) -> str:
    return "".join(postcode.split()).upper()
