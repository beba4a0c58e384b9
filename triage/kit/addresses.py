"""The address that this server is known by, for links that others follow."""

from __future__ import annotations

from fastapi import Request


def address_of(request: Request, public_url: str) -> str:
    """Return it without a slash at its end.

    Args:
        public_url: as it is set; empty: as the request says.
    """
    return (public_url or str(request.base_url)).rstrip("/")
