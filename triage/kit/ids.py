"""Names and secrets that nobody can guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_id(kind: str) -> str:
    """Return a new opaque id that says what it names: `new_id("msg")` is like `msg_6cAqb...`."""
    return f"{kind}_{secrets.token_urlsafe(15)}"


def new_token() -> str:
    """Return a new 256-bit secret, to be shown once to the one who holds it."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token. Plain SHA-256 will do: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str, kept_hash: str) -> bool:
    """Whether `token` is the one whose hash was kept, without telling by timing how close it came."""
    return hmac.compare_digest(hash_of(token), kept_hash)
