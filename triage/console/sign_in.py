"""Signing in, by password and the code of an app, and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.context import Here, console_of
from triage.console.cookies import set_token
from triage.console.guard import (
    OPEN,
    Current,
    SignInNeeded,
    address_of,
    needs,
    session_of,
)
from triage.console.pages import page
from triage.console.routes import console_router, safe_path
from triage.errors import TriageError
from triage.kit.ids import new_token
from triage.staff.demo import DEMO_PASSWORD, demo_members
from triage.staff.errors import CodeRefused, SignInRefused, TooManyFailures
from triage.staff.repository import Session
from triage.staff.roles import Member

routes = console_router()

LONGEST = 300
Field = Annotated[str, Form(max_length=LONGEST)]
Back = Annotated[str, Form(max_length=2_000)]
AskedBack = Annotated[str, Query(max_length=2_000)]


@routes.get("/sign-in", dependencies=[OPEN])
async def sign_in_page(request: Request, back: AskedBack = "") -> Response:
    """Show the form; whoever is signed in already goes on."""
    session = await session_of(request)
    if session and not session.waits_for_code:
        return RedirectResponse(safe_path(back), status_code=303)
    return form_page(request, back)


def form_page(
    request: Request, back: str, email: str = "", error: TriageError | None = None
) -> Response:
    """Return the sign-in page, with what went wrong if something did."""
    settings = console_of(request).parts.settings
    is_demo = settings.demo
    response = page(
        request,
        None,
        "sign_in.html",
        status=error.status if error else 200,
        back=safe_path(back),
        email=email,
        fault=error.words if error else "",
        demo_members=demo_members() if is_demo else (),
        demo_password=DEMO_PASSWORD,
        city_sign_in=settings.oidc_name if settings.oidc_issuer else "",
    )
    response.headers.update(error.headers if error else {})
    return response


@routes.post("/sign-in", dependencies=[OPEN])
async def sign_in(
    request: Request, console: Here, email: Field = "", password: Field = "", back: Back = ""
) -> Response:
    """Let in who knows the password, with a new token: one that was planted before sign-in is worth nothing after."""
    try:
        token = await console.parts.staff.signing_in.by_password(
            email, password, address_of(request)
        )
    except (SignInRefused, TooManyFailures) as error:
        return form_page(request, back, email, error)
    return let_in(request, token, back)


def let_in(request: Request, token: str, back: str) -> Response:
    """Return the way on for a browser whose session begins."""
    response = RedirectResponse(safe_path(back), status_code=303)
    set_token(response, request, console_of(request).public_url, token)
    return response


async def _half_in(request: Request) -> Session:
    session = await session_of(request)
    if session is None or not session.waits_for_code:
        raise SignInNeeded
    return session


@routes.get("/sign-in/code", dependencies=[OPEN])
async def code_page(request: Request, back: AskedBack = "") -> Response:
    """Ask for the code of the app."""
    await _half_in(request)
    return page(request, None, "sign_in_code.html", back=safe_path(back), fault="")


@routes.post("/sign-in/code", dependencies=[OPEN])
async def sign_in_by_code(
    request: Request, console: Here, code: Field = "", back: Back = ""
) -> Response:
    """Let in who has the app, with a new token."""
    session = await _half_in(request)
    try:
        token = await console.parts.staff.signing_in.by_code(session, code, address_of(request))
    except (CodeRefused, TooManyFailures) as error:
        return page(
            request, None, "sign_in_code.html", status=error.status,
            back=safe_path(back), fault=error.words,
        )  # fmt: skip
    return let_in(request, token, back)


@routes.post("/sign-out")
async def sign_out(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(with_given_password=True)],
    session: Current,
    everywhere: bool = Form(False),
) -> Response:
    """End this browser's session, or every one of the account."""
    await console.parts.staff.signing_in.sign_out(session, everywhere=everywhere)
    response = RedirectResponse("/staff/sign-in", status_code=303)
    set_token(response, request, console.public_url, new_token())
    return response
