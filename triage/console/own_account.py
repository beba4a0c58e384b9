"""One's own account: password, authenticator app, and where one is signed in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from triage.console.context import Here
from triage.console.guard import Current, address_of, needs
from triage.console.pages import page
from triage.console.routes import console_router, safe_path
from triage.console.sign_in import AskedBack, Back, Field
from triage.errors import TriageError
from triage.staff.errors import CodeRefused, PasswordNotGood, SignInRefused, TooManyFailures
from triage.staff.passwords import SHORTEST
from triage.staff.roles import Member
from triage.staff.sessions import is_proved

routes = console_router("/account")

Anyone = Annotated[Member, needs()]
Proved = Annotated[Member, needs(proved=True)]
Beginner = Annotated[Member, needs(with_given_password=True)]

# What can be told on the page after a change.
_DONE = {
    "password": "Your password is changed. You are signed out everywhere else.",
    "app": "From now on a code of your app is asked for when you sign in.",
    "no-app": "No code is asked for any more.",
}


@routes.get("")
async def account(
    request: Request, console: Here, member: Anyone, session: Current, done: str = Query("")
) -> Response:
    """Show the account."""
    queues = console.parts.routing.queues
    return page(
        request,
        member,
        "account.html",
        account=session.account,
        queues=None if member.queues is None else [queues[q].name for q in sorted(member.queues) if q in queues],
        app_is_possible=console.parts.staff.own.codes.are_possible,
        done=_DONE.get(done, ""),
    )  # fmt: skip


def _with_fault(
    request: Request, member: Member, name: str, error: TriageError | None, **values: Any
) -> Response:
    status, fault = (error.status, error.words) if error else (200, "")
    response = page(request, member, name, status=status, fault=fault, **values)
    response.headers.update(error.headers if error else {})
    return response


@routes.get("/prove")
async def prove_page(
    request: Request, member: Anyone, session: Current, back: AskedBack = ""
) -> Response:
    """Ask for the password once more."""
    return _prove_form(request, member, session, back, None)


def _prove_form(
    request: Request, member: Member, session: Current, back: str, error: TriageError | None
) -> Response:
    return _with_fault(
        request, member, "account_prove.html", error,
        back=safe_path(back), has_password=bool(session.account.password_hash),
    )  # fmt: skip


@routes.post("/prove")
async def prove(
    request: Request,
    console: Here,
    member: Anyone,
    session: Current,
    password: Field = "",
    back: Back = "",
) -> Response:
    """Go on with what asked for the password."""
    try:
        await console.parts.staff.signing_in.prove(session, password, address_of(request))
    except (SignInRefused, TooManyFailures) as error:
        return _prove_form(request, member, session, back, error)
    return RedirectResponse(safe_path(back), status_code=303)


@routes.get("/password")
async def password_page(
    request: Request, console: Here, member: Beginner, session: Current
) -> Response:
    """Show the form for a new password."""
    return _password_form(request, console, member, session, None)


def _password_form(
    request: Request, console: Here, member: Member, session: Current, error: TriageError | None
) -> Response:
    return _with_fault(
        request, member, "account_password.html", error, shortest=SHORTEST,
        is_given=session.account.password_until is not None,
        asks_old=not is_proved(session, console.parts.clock.now()),
    )  # fmt: skip


@routes.post("/password")
async def change_password(
    request: Request,
    console: Here,
    member: Beginner,
    session: Current,
    new: Field = "",
    old: Field = "",
) -> Response:
    """Take a new password from whoever knows the old one."""
    staff = console.parts.staff
    try:
        if not is_proved(session, console.parts.clock.now()):
            await staff.signing_in.prove(session, old, address_of(request))
        await staff.own.change_password(session, new)
    except (SignInRefused, TooManyFailures, PasswordNotGood) as error:
        return _password_form(request, console, member, session, error)
    return RedirectResponse("/staff/account?done=password", status_code=303)


@routes.get("/app")
async def app_page(
    request: Request, console: Here, member: Proved, session: Current
) -> Response:
    """Show the secret that an app is to know."""
    return await _app_form(request, console, member, session, None)


async def _app_form(
    request: Request, console: Here, member: Member, session: Current, error: TriageError | None
) -> Response:
    own = console.parts.staff.own
    if not own.codes.are_possible:
        raise HTTPException(404, "Authenticator apps are not set up at this line.")
    if session.account.has_app:
        raise HTTPException(409, "You have an app already. Remove it first.")
    kept = await own.begin_app(session)
    return _with_fault(
        request, member, "account_app.html", error,
        secret=own.codes.shown(kept), picture=own.codes.picture(kept, member.email),
    )  # fmt: skip


@routes.post("/app")
async def add_app(
    request: Request, console: Here, member: Proved, session: Current, code: Field = ""
) -> Response:
    """Ask for codes from now on, once one was right."""
    try:
        await console.parts.staff.own.finish_app(session, code, address_of(request))
    except (CodeRefused, TooManyFailures) as error:
        return await _app_form(request, console, member, session, error)
    return RedirectResponse("/staff/account?done=app", status_code=303)


@routes.post("/app/remove")
async def remove_app(console: Here, member: Proved, session: Current) -> Response:
    """Ask for codes no more."""
    await console.parts.staff.own.remove_app(session)
    return RedirectResponse("/staff/account?done=no-app", status_code=303)
