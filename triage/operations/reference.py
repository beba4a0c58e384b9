"""/docs: every address that can be called, as a page made here from the OpenAPI document.

Written by ourselves, because the usual pages need scripts from elsewhere that our content policy forbids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

_FOLDER = Path(__file__).parent
_pages = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_METHODS = ("get", "post", "put", "patch", "delete")


def reference_routes(app: FastAPI) -> APIRouter:
    """Return the routes of the reference page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> Response:
        """Show what can be called."""
        document = app.openapi()
        html = _pages.get_template("reference.html").render(
            title=document["info"]["title"],
            version=document["info"]["version"],
            description=document["info"].get("description", ""),
            calls=list(_calls(document)),
            schemas=sorted(document.get("components", {}).get("schemas", {}).items()),
            example=_example,
        )
        return HTMLResponse(html)

    @router.get("/docs/reference.css")
    async def style() -> Response:
        """Return the page's style."""
        return Response(
            (_FOLDER / "reference.css").read_bytes(),
            media_type="text/css; charset=utf-8",
            headers={"Cache-Control": "public, max-age=3600"},
        )

    return router


def _calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            call = item[method]
            body = call.get("requestBody", {}).get("content", {})
            yield {
                "id": call["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": call.get("summary", ""),
                "description": call.get("description", ""),
                "parameters": call.get("parameters", []),
                "needs_token": bool(call.get("security")),
                "body": next((_name(m.get("schema", {})) for m in body.values()), None),
                "responses": [
                    (
                        status,
                        told.get("description", ""),
                        ", ".join(told.get("content", {})),
                        next(
                            (
                                _name(m.get("schema", {}))
                                for m in told.get("content", {}).values()
                            ),
                            None,
                        ),
                    )
                    for status, told in sorted(call["responses"].items())
                ],
            }


def _name(schema: dict[str, Any]) -> str | None:
    """Return the name of the schema that is referred to, if it has one."""
    for part in (schema, *schema.get("anyOf", [])):
        if "$ref" in part:
            return str(part["$ref"]).rsplit("/", 1)[-1]
    return None


def _example(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False)
