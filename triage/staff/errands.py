"""What is remembered of somebody who was sent to the city's own sign-in, until they come back: nothing here, all in the
`state` that travels along, sealed with the token of their browser's cookie.

So the answer is only believed from the browser that was sent, for a few minutes, and once: the token changes with the
sign-in. Pure but for randomness.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Errand:
    """One way to the city's sign-in and back."""

    state: str
    nonce: str  # the city's answer repeats it
    verifier: str  # proves, when the answer is fetched, that it was asked for here (PKCE)
    back_to: str
    again: bool  # the city shall ask for the password even if they are signed in there
    began_at: datetime


def new_errand(token: str, back_to: str, now: datetime, *, again: bool) -> Errand:
    """Return a new errand for the browser with this token."""
    told: dict[str, str | int | bool] = {
        "salt": secrets.token_urlsafe(16),
        "at": int(now.timestamp()),
        "back": back_to,
        "again": again,
    }
    body = _text(json.dumps(told).encode())
    return _errand(token, body, told)


def errand_of(token: str, state: str, now: datetime) -> Errand | None:
    """Return the errand that a browser comes back from; None: it was not sent, or too long ago."""
    body, _, seal = state.partition(".")
    if not token or not hmac.compare_digest(
        seal.encode(), _made(token, "state", body).encode()
    ):
        return None
    told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    errand = _errand(token, body, told)
    return errand if now < errand.began_at + GOOD_FOR else None


def _errand(token: str, body: str, told: dict[str, str | int | bool]) -> Errand:
    return Errand(
        f"{body}.{_made(token, 'state', body)}",
        _made(token, "nonce", body),
        _made(token, "verifier", body),
        str(told["back"]),
        bool(told["again"]),
        datetime.fromtimestamp(int(told["at"]), UTC),
    )


def _made(token: str, what: str, body: str) -> str:
    return _text(hmac.digest(token.encode(), f"{what}:{body}".encode(), hashlib.sha256))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
