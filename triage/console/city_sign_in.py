"""The way to the city's own sign-in and back, for cities that have one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from triage.console.context import Here
from triage.console.cookies import set_token, token_for_visitor, token_of
from triage.console.guard import OPEN
from triage.console.routes import console_router, safe_path
from triage.console.sign_in import AskedBack, form_page, let_in
from triage.staff.city_sign_in import CitySignIn
from triage.staff.errands import errand_of, new_errand
from triage.staff.errors import CitySignInDown, NoRoleHere, NotBelieved

routes = console_router("/sign-in/city")

_BACK = "/staff/sign-in/city/back"
Brought = Annotated[str, Query(max_length=4_000)]


def _city(console: Here) -> CitySignIn:
    city = console.parts.staff.city_sign_in
    if city is None:
        raise HTTPException(404, "This city has no sign-in of its own here.")
    return city


@routes.get("", dependencies=[OPEN])
async def go(
    request: Request, console: Here, back: AskedBack = "", again: bool = False
) -> Response:
    """Send the browser to the city's sign-in."""
    city = _city(console)
    token = token_for_visitor(request, console.public_url)
    now = console.parts.clock.now()
    errand = new_errand(token, safe_path(back), now, again=again)
    try:
        address = await city.address(errand, console.public_url + _BACK)
    except CitySignInDown as error:
        return form_page(request, back, error=error)
    response = RedirectResponse(address, status_code=303)
    set_token(response, request, console.public_url, token)
    return response


@routes.get("/back", dependencies=[OPEN])
async def come_back(
    request: Request,
    console: Here,
    code: Brought = "",
    state: Brought = "",
    error: Brought = "",
) -> Response:
    """Let in whom the city has let in, with a new token."""
    city = _city(console)
    token = token_of(request, console.public_url)
    errand = errand_of(token, state, console.parts.clock.now())
    if errand is None or error or not code:
        # `error` is theirs, and may say anything: it is not shown.
        return form_page(request, "", error=NotBelieved("refused there" if error else "state"))
    try:
        outside = await city.come_back(errand, code, console.public_url + _BACK)
        role = city.server.role_of(outside.groups)
        new = await console.parts.staff.signing_in.from_outside(outside, role, token)
    except (CitySignInDown, NotBelieved, NoRoleHere) as fault:
        return form_page(request, errand.back_to, error=fault)
    return let_in(request, new, errand.back_to)
