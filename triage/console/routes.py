"""What all routes of the console have in common: forms of other sites are refused, and errors are pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import URL
from starlette.exceptions import HTTPException

from triage.console.context import console_of
from triage.console.cookies import is_form_token, token_of
from triage.console.guard import SignInNeeded, session_of
from triage.console.pages import page
from triage.errors import TriageError

log = logging.getLogger(__name__)

_ONLY_READ = frozenset({"GET", "HEAD"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class FormNotOurs(TriageError):
    """A form came without the token of this browser's session."""

    status = 403
    code = "form_not_ours"
    message = (
        "This form is no longer valid, perhaps because you signed in or out elsewhere. Go back, load the page again "
        "and send it once more. Your browser must accept this site's cookie, and the address must begin with https://."
    )


class PageRoute(APIRoute):
    """A route whose errors are pages, and which takes no form that another site made."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                if request.method not in _ONLY_READ:
                    await _only_our_forms(request)
                return await handle(request)
            except SignInNeeded as error:
                return _to_sign_in(request, error)
            except TriageError as error:
                if error.status >= 500:
                    log.error("a page failed", extra={"code": error.code, "cause": str(error)})
                return await error_page(request, error.status, error.words, **error.headers)
            except RequestValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"][1:])
                return await error_page(request, 422, f"{where}: {first['msg']}")
            except HTTPException as error:
                return await error_page(request, error.status_code, str(error.detail))
            except Exception as error:
                # Not hidden: it stands in the log with its trace. Staff get a page and not a line for programs.
                log.exception(
                    "a page failed unexpectedly", extra={"kind": type(error).__name__}
                )
                return await error_page(request, TriageError.status, TriageError.message)

        return answer


def console_router(prefix: str = "") -> APIRouter:
    """Return a router for pages below /staff; none of them stands in the API's document."""
    return APIRouter(prefix=f"/staff{prefix}", route_class=PageRoute, include_in_schema=False)


async def _only_our_forms(request: Request) -> None:
    """Raise `FormNotOurs` unless the token of the browser's cookie came too: in the form, or in htmx's header."""
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(_FORMS):
        # Read here and kept: the endpoint reads the same form again.
        given = str((await request.form()).get("csrf", ""))
    if not is_form_token(given, token_of(request, console_of(request).public_url)):
        raise FormNotOurs


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    """Send the browser to sign in, and from there back to the page that it was on."""
    is_part = "hx-request" in request.headers
    if is_part:
        back = urlsplit(request.headers.get("hx-current-url", "")).path
    else:
        asked = request.url if request.method in _ONLY_READ else None
        # A form is filled in again from the page that it stood on.
        page_at = asked or URL(request.headers.get("referer", ""))
        is_ours = asked is not None or page_at.netloc == request.url.netloc
        back = f"{page_at.path}?{page_at.query}".rstrip("?") if is_ours else ""
    to = (
        f"{error.page}?back={quote(back, safe='/')}"
        if safe_path(back) != "/staff"
        else error.page
    )
    if is_part:
        # htmx follows a redirect itself, and would put the sign-in page in the middle of this one.
        return Response(status_code=401, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)


def safe_path(back: str) -> str:
    """Return a path of the console that somebody asked to be sent to; anything else becomes the first page."""
    is_ours = back.startswith("/staff/") and "\\" not in back and back.isprintable()
    return back if is_ours and not urlsplit(back).netloc else "/staff"


async def error_page(request: Request, status: int, words: str, **headers: str) -> Response:
    """Return the page that tells of an error."""
    if "hx-request" in request.headers:
        response: Response = Response(words, status_code=status, media_type="text/plain")
    else:
        try:
            session = await session_of(request, is_deed=False)
        except TriageError:  # told anyway: the error is about the same database
            session = None
        is_in = session is not None and not session.waits_for_code
        member = session.account.member if session and is_in else None
        response = page(request, member, "error.html", status=status, words=words)
    response.headers.update(headers)
    return response
