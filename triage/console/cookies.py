"""The one cookie of the console, and the token that a form must carry to be believed.

Before sign-in the cookie's token is a mere mark of the browser; from sign-in on it is the session's, a new one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response

from triage.kit.ids import new_token

_NAME = "ask311_staff"
# Browsers take a cookie of this name only over HTTPS, for this host alone, and let no other host of the site set it.
_SAFE_NAME = f"__Host-{_NAME}"
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def is_here(request: Request, public_url: str) -> bool:
    """Say whether the line is spoken to on this very machine, where there is no HTTPS and no network to listen on."""
    host = urlsplit(public_url).hostname if public_url else request.url.hostname
    return host in _THIS_MACHINE


def token_of(request: Request, public_url: str) -> str:
    """Return the token that the browser shows; empty: none."""
    return request.cookies.get(_name(request, public_url), "")


def set_token(response: Response, request: Request, public_url: str, token: str) -> None:
    """Give the browser a token, until it is closed. Scripts cannot read it; other sites' forms and frames do not send it."""
    response.set_cookie(
        _name(request, public_url),
        token,
        secure=not is_here(request, public_url),
        httponly=True,
        # Not "strict": links in emails to a case would ask for the password, and the city's own sign-in could not send back.
        samesite="lax",
        path="/",
    )


def token_for_visitor(request: Request, public_url: str) -> str:
    """Return the token of a browser in which nobody is signed in yet, a new one if it has none."""
    return token_of(request, public_url) or new_token()


def form_token(token: str) -> str:
    """Return what a form carries: it can only be made by who knows the cookie, and the cookie not be made from it."""
    made = hmac.digest(token.encode(), b"ask311 staff form", hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def is_form_token(given: str, token: str) -> bool:
    """Say whether a form's token belongs to the browser's cookie."""
    return bool(token) and hmac.compare_digest(given.encode(), form_token(token).encode())


def _name(request: Request, public_url: str) -> str:
    return _NAME if is_here(request, public_url) else _SAFE_NAME
