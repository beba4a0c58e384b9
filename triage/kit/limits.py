"""How much one client may ask for. Counted in this process's memory, over a window that moves."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from triage.errors import TooManyRequests

Network = IPv4Network | IPv6Network

# One household or phone usually holds a whole /64 of IPv6 addresses.
_IPV6_SHARE = 64


def client_of(connection: HTTPConnection, trusted: Sequence[Network]) -> str:
    """Return the address that a request is counted for.

    X-Forwarded-For is believed only from a trusted proxy, and read from its end: the last address that is
    not a trusted proxy's own is the client. What stands before it anybody could have written.
    """
    address = connection.client.host if connection.client else ""
    if not _is_in(address, trusted):
        return _share(address)
    told = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed([h.strip() for h in told if h.strip()]):
        if not _is_address(hop):
            break
        address = hop
        if not _is_in(hop, trusted):
            break
    return _share(address)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in n for n in networks)


def _share(address: str) -> str:
    if not _is_address(address):
        return address
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, _IPV6_SHARE), strict=False))


class ClientLimits:
    """So many of each kind of request a minute, for each client by itself."""

    def __init__(self, trusted: Sequence[Network], **per_minute: int) -> None:
        self._trusted = trusted
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {kind: RateLimitItemPerMinute(n) for kind, n in per_minute.items()}

    def count(self, kind: str, connection: HTTPConnection) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the client has had its share; it says when to come back.
        """
        limit, client = self._limits[kind], client_of(connection, self._trusted)
        if self._limiter.hit(limit, kind, client):
            return
        frees_at = self._limiter.get_window_stats(limit, kind, client).reset_time
        raise TooManyRequests(math.ceil(frees_at - time.time()))
