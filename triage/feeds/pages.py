"""The public page of each entry: plain, linkable, printable, found by search engines. It works without scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import yaml
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from services_catalog.packs import City
from triage.channels.files import ASK_AGAIN, FileSet, templates_in
from triage.channels.page import content_policy
from triage.feeds.calendars import CollectionDates, Listed
from triage.feeds.entry_view import linked_data, site_of, view_of
from triage.feeds.listing import holds
from triage.feeds.source import Source
from triage.kit.addresses import address_of
from triage.kit.clock import Clock
from triage.kit.limits import ClientLimits
from triage.kit.text import tel
from triage.notices.service import Notices

_FOLDER = Path(__file__).parent


class PublicPages:
    """Renders the pages of one city's catalogue. Its files are read once, here."""

    def __init__(
        self,
        source: Source,
        city: City,
        clock: Clock,
        public_url: str,
        notices: Notices,
        dates: CollectionDates,
    ) -> None:
        self._source = source
        self._dates = dates
        self._notices = notices
        self._city = city
        self._clock = clock
        self._zone = ZoneInfo(city.timezone)
        self._public_url = public_url
        self.files = FileSet(_FOLDER / "static")
        texts = yaml.load(
            (_FOLDER / "templates/texts.en.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
        )
        self._templates = templates_in(_FOLDER / "templates")
        self._templates.globals |= {
            "city": city,
            "texts": texts,
            "static": f"/services/static/{self.files.version}",
            "tel": tel,
            "site_of": site_of,
            "day": _day,
        }

    def address(self, request: Request, path: str) -> str:
        """Return a page's address as the outside knows it."""
        return address_of(request, self._public_url) + path

    async def listing(self, words: str) -> HTMLResponse:
        """Return the list of the entries that have all of these words."""
        entries = [
            {"id": e.id, "title": e.title, "letter": e.title[0].upper()}
            for e in (await self._source.now()).catalogue.entries
            if holds(words, e.title, e.summary, *e.also_called)
        ]
        entries.sort(key=lambda e: e["title"].casefold())
        return self._page("list.html", entries=entries, words=words)

    async def entry(self, request: Request, id: str) -> HTMLResponse:
        """Return the page of an entry; of one that is not, a page that says so."""
        catalogue = (await self._source.now()).catalogue
        entry = catalogue.by_id.get(id)
        if entry is None:
            return self._page("missing.html", status=404)
        today = self._clock.now().astimezone(self._zone).date()
        view = view_of(entry, catalogue, today)
        address = self.address(request, f"/services/{entry.id}")
        data = json.dumps(linked_data(view, self._city, address), ensure_ascii=False)
        # Nothing that an entry says may end the element that it stands in.
        return self._page(
            "entry.html",
            view=view,
            address=address,
            data=data.replace("<", "\\u003c"),
            notices=await self._notices.about(entry.id),
            calendars=await self._calendars(entry.id),
        )

    async def _calendars(self, service_id: str) -> Sequence[Listed]:
        return await self._dates.listed() if service_id in self._dates.service_ids else ()

    async def sitemap(self, request: Request) -> Response:
        """Return the addresses of all pages, for search engines."""
        entries = (await self._source.now()).catalogue.entries
        paths = ["/", "/services", *(f"/services/{e.id}" for e in entries)]
        lines = "".join(
            f"<url><loc>{escape(self.address(request, path))}</loc></url>" for path in paths
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</urlset>'
        )
        return Response(body, media_type="application/xml")

    def _page(self, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        return HTMLResponse(
            self._templates.get_template(name).render(values),
            status_code=status,
            headers={
                "Content-Security-Policy": content_policy(()),
                # Asking again lets an edit arrive at once.
                "Cache-Control": ASK_AGAIN,
            },
        )


def public_routes(pages: PublicPages, limits: ClientLimits) -> APIRouter:
    """Return the routes of the public pages."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/services", methods=["GET", "HEAD"])
    async def services(
        request: Request, q: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        limits.count("reads", request)
        return await pages.listing(q)

    @router.api_route("/services/{id}", methods=["GET", "HEAD"])
    async def service(request: Request, id: str) -> Response:
        limits.count("reads", request)
        return await pages.entry(request, id)

    @router.api_route("/services/static/{of_version}/{name}", methods=["GET", "HEAD"])
    async def file(request: Request, of_version: str, name: str) -> Response:
        found = pages.files.answer(request, of_version, name)
        if found is None:
            raise HTTPException(404)
        return found

    @router.api_route("/sitemap.xml", methods=["GET", "HEAD"])
    async def sitemap(request: Request) -> Response:
        limits.count("reads", request)
        return await pages.sitemap(request)

    @router.api_route("/robots.txt", methods=["GET", "HEAD"])
    async def robots(request: Request) -> Response:
        told = (
            "User-agent: *\nDisallow: /api/\nDisallow: /staff\n"
            f"Sitemap: {pages.address(request, '/sitemap.xml')}\n"
        )
        return Response(told, media_type="text/plain")

    return router


def _day(day: date) -> str:
    """Return a day as people write it: November 29, 2026."""
    return f"{day:%B} {day.day}, {day.year}"
