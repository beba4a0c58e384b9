"""The resident page, the chat in the widget's frame, the widget's script, and the files that they need: among
them the outlines of the wards, for the map beside a list of places.

Nothing here knows conversations: the page's script speaks with the web chat's endpoints like any other client.
All words are in `templates/texts.<language>.yaml`; all that is the city's own comes from its pack.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Template

from services_catalog.packs import City, pack_folder
from triage.channels.files import ASK_AGAIN, FileSet, StaticFile, templates_in
from triage.conversations.schemas import LONGEST_MESSAGE
from triage.kit.text import tel
from triage.media.pictures import LARGEST_BYTES, LONGEST_SIDE
from triage.notices.service import Notices, Shown
from triage.settings import Settings

_FOLDER = Path(__file__).parent
# Sites that embed the widget name no version, so a new one must reach them soon.
_SHORTLY = "public, max-age=300"


class _Outlines:
    """The ward outlines of a pack; read again when an import has put others in their place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, StaticFile] | None = None

    def file(self) -> StaticFile | None:
        """Return the outlines as they are now; None if the pack has none."""
        try:
            changed = self._path.stat().st_mtime_ns
            if self._read is None or self._read[0] != changed:
                self._read = changed, StaticFile.read(self._path)
        except FileNotFoundError:
            return None
        return self._read[1]


class _Page:
    """A page, rendered again when the notices on it are others."""

    def __init__(self, template: Template, shared: Mapping[str, Any], policy: str) -> None:
        self._template = template
        self._shared = shared
        self._headers = {
            "Content-Security-Policy": policy,
            # Nothing of a resident's is in it; asking again lets a new version arrive at once.
            "Cache-Control": ASK_AGAIN,
        }
        self._rendered = self._with(())

    def answer(self, notices: Sequence[Shown]) -> HTMLResponse:
        """Return it with these notices."""
        if notices != self._rendered[0]:
            self._rendered = self._with(notices)
        return self._rendered[1]

    def _with(self, notices: Sequence[Shown]) -> tuple[Sequence[Shown], HTMLResponse]:
        html = self._template.render(self._shared, notices=notices)
        return notices, HTMLResponse(html, headers=self._headers)


def content_policy(frame_ancestors: Sequence[str], map_tiles_url: str = "") -> str:
    """Return the Content-Security-Policy of a page: our own files only, and nothing inline.

    Residents' photos are fetched with their conversation's token and shown from memory, under blob: addresses.
    Pictures may also come from the map's server, if there is one. Leaflet stops a picture that is no longer
    needed by an empty one in its place, which is a data: address.
    """
    pictures = "'self' blob:"
    if map_tiles_url:
        pictures += f" data: {_host_of(map_tiles_url)}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {pictures}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(frame_ancestors) or chr(39) + 'none' + chr(39)}",
        )
    )


def router(settings: Settings, city: City, notices: Notices) -> APIRouter:
    """Return the routes of a city's page and widget. Its files are read once, here."""
    files = FileSet(_FOLDER / "static")
    pages = templates_in(_FOLDER / "templates")
    texts = page_texts("en", city)
    wards = _Outlines(pack_folder(city.id) / "places" / "wards.geojson")
    shared = {
        "city": city,
        "texts": texts["page"],
        "chat": texts["chat"],
        "static": f"/static/{files.version}",
        "longest": LONGEST_MESSAGE,
        "is_demo": settings.demo,
        # What the script needs to know, as one attribute of the chat.
        "for_script": json.dumps(texts["chat"], ensure_ascii=False),
        "for_photo": json.dumps({"bytes": LARGEST_BYTES, "side": LONGEST_SIDE}),
        "for_map": json.dumps(_for_map(settings, city, wards), ensure_ascii=False),
        "tel": tel,
    }
    # Only the widget's chat may stand in another site's frame; the page itself need not.
    tiles = settings.map_tiles_url
    page = _Page(pages.get_template("page.html"), shared, content_policy((), tiles))
    chat = _Page(
        pages.get_template("chat.html"),
        shared,
        content_policy(settings.frame_ancestors, tiles),
    )

    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def resident_page() -> Response:
        """Show the page with the chat."""
        return page.answer(await notices.for_everybody())

    @routes.api_route("/chat", methods=["GET", "HEAD"])
    async def chat_in_a_frame() -> Response:
        """Show the chat alone, for the widget's frame."""
        return chat.answer(await notices.for_everybody())

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    async def widget(request: Request) -> Response:
        """Return the script that puts the chat on another site's pages."""
        headers = {
            "Cache-Control": _SHORTLY,
            # It is meant for other sites, also for those that isolate themselves.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
        return files["widget.js"].answer(request, **headers)

    @routes.api_route("/map/wards.geojson", methods=["GET", "HEAD"])
    async def ward_outlines(request: Request) -> Response:
        """Return the outlines of the wards, with their numbers and names."""
        file = await asyncio.to_thread(wards.file)
        if file is None:
            raise HTTPException(404)
        return file.answer(request, **{"Cache-Control": ASK_AGAIN})

    @routes.api_route("/static/{of_version}/{name:path}", methods=["GET", "HEAD"])
    async def file(request: Request, of_version: str, name: str) -> Response:
        """Return one of the page's files; an older version's address gets today's."""
        found = files.answer(request, of_version, name)
        if found is None:
            raise HTTPException(404)
        return found

    return routes


def _for_map(settings: Settings, city: City, wards: _Outlines) -> dict[str, str]:
    """Return what the script needs to know to show places."""
    return {
        "wards": "/map/wards.geojson" if wards.file() else "",
        "tiles": settings.map_tiles_url,
        "tiles_attribution": settings.map_attribution,
        "attribution": city.attribution,
    }


def _host_of(tiles_url: str) -> str:
    """Return the source of a map's pictures as a content policy names it."""
    host = re.match(r"https?://[^/]+", tiles_url)
    # The settings let no other address through.
    assert host is not None  # noqa: S101
    return host[0].replace("{s}", "*")


def page_texts(language: str, city: City) -> dict[str, Any]:
    """Return the page's words in a language, with the city's own names and numbers in them."""
    path = _FOLDER / "templates" / f"texts.{language}.yaml"
    filling = {
        "city": city.name,
        "phone": city.phone,
        "phone_outside": city.phone_outside,
        "hours": city.hours,
    }
    filled: dict[str, Any] = _filled(
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), filling
    )
    return filled


def _filled(texts: Any, filling: Mapping[str, str]) -> Any:
    if isinstance(texts, dict):
        return {key: _filled(text, filling) for key, text in texts.items()}
    if isinstance(texts, list):
        return [_filled(text, filling) for text in texts]
    # What is in braces but not the city's is left for the script to fill in.
    return re.sub(r"{(\w+)}", lambda m: filling.get(m[1], m[0]), texts.strip())
