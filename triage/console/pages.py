"""Renders a page or a part of one for the browser that asked."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from triage.channels.page import content_policy
from triage.console.context import console_of
from triage.console.cookies import form_token, set_token, token_for_visitor, token_of
from triage.staff.roles import Member


def page(
    request: Request, member: Member | None, name: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return a whole page.

    Args:
        member: who looks at it; None: nobody is signed in.
        name: a template that extends base.html. It finds `member`, `csrf`, `console` and what is in `values`.
    """
    console = console_of(request)
    public_url = console.public_url
    token = token_for_visitor(request, public_url)
    ways = console.frame.ways_of(member)
    path = request.url.path
    current = next((w for w in ways if f"{path}/".startswith(f"{w.path}/")), None)
    shared = {
        "member": member,
        "console": console,
        "csrf": form_token(token),
        "ways": ways,
        "current": current,
    }
    response = HTMLResponse(
        console.frame.render(name, **shared, **values),
        status_code=status,
        headers={
            "Content-Security-Policy": content_policy((), console.parts.settings.map_tiles_url),
            "Referrer-Policy": "same-origin",
        },
    )
    if token != token_of(request, public_url):
        set_token(response, request, public_url, token)
    return response


def fragment(request: Request, member: Member, name: str, **values: Any) -> HTMLResponse:
    """Return a part of a page, for htmx to put in its place."""
    console = console_of(request)
    token = token_of(request, console.public_url)
    shared = {"member": member, "console": console, "csrf": form_token(token)}
    return HTMLResponse(console.frame.render(name, **shared, **values))
