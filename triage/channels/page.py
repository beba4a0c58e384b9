"""The resident page, the chat in the widget's frame, the widget's script, and the files that they need.

Nothing here knows conversations: the page's script speaks with the web chat's endpoints like any other client.
All words are in `templates/texts.<language>.yaml`; all that is the city's own comes from its pack.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services_catalog.packs import City
from triage.conversations.schemas import LONGEST_MESSAGE
from triage.settings import Settings

_FOLDER = Path(__file__).parent
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
# Sites that embed the widget name no version, so a new one must reach them soon.
_SHORTLY = "public, max-age=300"


@dataclass(frozen=True)
class _File:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str

    @classmethod
    def read(cls, path: Path) -> _File:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:16]
        packed = gzip.compress(content, mtime=0)
        return cls(content, packed, _TYPES[path.suffix], f'"{digest}"')

    def answer(self, request: Request, **headers: str) -> Response:
        """Return the file, packed for those who can unpack it; nothing if they have it."""
        headers = {"ETag": self.tag, "Vary": "Accept-Encoding", **headers}
        if request.headers.get("if-none-match", "").removeprefix("W/") == self.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, media_type=self.media_type, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


def content_policy(frame_ancestors: Sequence[str]) -> str:
    """Return the Content-Security-Policy of a page: our own files only, and nothing inline."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(frame_ancestors) or chr(39) + 'none' + chr(39)}",
        )
    )


def router(settings: Settings, city: City) -> APIRouter:
    """Return the routes of a city's page and widget. Its files are read once, here."""
    files = {
        path.name: _File.read(path)
        for path in sorted((_FOLDER / "static").iterdir())
        if path.suffix in _TYPES
    }
    # In the address of every file, so that a browser keeps it until any of them changes.
    version = hashlib.sha256("".join(f.tag for f in files.values()).encode()).hexdigest()[:12]
    pages = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    texts = page_texts("en", city)
    shared = {
        "city": city,
        "texts": texts["page"],
        "chat": texts["chat"],
        "static": f"/static/{version}",
        "longest": LONGEST_MESSAGE,
        # What the script needs to know, as one attribute of the chat.
        "for_script": json.dumps(texts["chat"], ensure_ascii=False),
        "tel": _tel,
    }
    # Only the widget's chat may stand in another site's frame; the page itself need not.
    page = _page(pages, "page.html", shared, frame_ancestors=())
    chat = _page(pages, "chat.html", shared, frame_ancestors=settings.frame_ancestors)

    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def resident_page() -> Response:
        """Show the page with the chat."""
        return page

    @routes.api_route("/chat", methods=["GET", "HEAD"])
    async def chat_in_a_frame() -> Response:
        """Show the chat alone, for the widget's frame."""
        return chat

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

    @routes.api_route("/static/{of_version}/{name}", methods=["GET", "HEAD"])
    async def file(request: Request, of_version: str, name: str) -> Response:
        """Return one of the page's files; an older version's address gets today's."""
        if name not in files:
            raise HTTPException(404)
        keep = _FOR_EVER if of_version == version else _ASK_AGAIN
        return files[name].answer(request, **{"Cache-Control": keep})

    return routes


def page_texts(language: str, city: City) -> dict[str, Any]:
    """Return the page's words in a language, with the city's own names and numbers in them."""
    path = _FOLDER / "templates" / f"texts.{language}.yaml"
    filling = {
        "city": city.name,
        "phone": city.phone,
        "phone_outside": city.phone_outside,
        "hours": city.hours,
    }
    filled: dict[str, Any] = _filled(yaml.safe_load(path.read_text(encoding="utf-8")), filling)
    return filled


def _filled(texts: Any, filling: Mapping[str, str]) -> Any:
    if isinstance(texts, dict):
        return {key: _filled(text, filling) for key, text in texts.items()}
    if isinstance(texts, list):
        return [_filled(text, filling) for text in texts]
    # What is in braces but not the city's is left for the script to fill in.
    return re.sub(r"{(\w+)}", lambda m: filling.get(m[1], m[0]), texts.strip())


def _page(
    pages: Environment, name: str, shared: Mapping[str, Any], frame_ancestors: Sequence[str]
) -> HTMLResponse:
    return HTMLResponse(
        pages.get_template(name).render(shared),
        headers={
            "Content-Security-Policy": content_policy(frame_ancestors),
            # Nothing of a resident's is in it; asking again lets a new version arrive at once.
            "Cache-Control": _ASK_AGAIN,
        },
    )


def _tel(number: str) -> str:
    """Return the tel: address of a number as people write it."""
    digits = re.sub(r"\D", "", number)
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:{digits}"
