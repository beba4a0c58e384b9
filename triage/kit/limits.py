"""How much one client may ask for. Counted in this process's memory."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

from triage.errors import TooManyRequests

Network = IPv4Network | IPv6Network

# One household or phone usually holds a whole /64 of IPv6 addresses.
_IPV6_SHARE = 64
_MINUTE = 60.0
_ROUNDING = 1e-6


def client_of(connection: HTTPConnection, trusted: Sequence[Network]) -> str:
    """Return the address that a request is counted for.

    X-Forwarded-For is believed only from a trusted proxy, and read from its end: the last address that is
    not a trusted proxy's own is the client. What stands before it anybody could have written.
    """
    address = connection.client.host if connection.client else ""
    if not trusted or not _is_in(address, trusted):
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


@lru_cache(maxsize=4096)
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
    """So many of each kind of request a minute, for each client by itself.

    As a bucket that is full at first and fills evenly: one number for each client (GCRA), no list of
    what was asked, no thread that tidies up. That is why it is not a library's: those found keep every
    request of the last minute, and cost more than the rest of a message's way in.
    """

    def __init__(self, trusted: Sequence[Network], **per_minute: int) -> None:
        self._trusted = trusted
        self._seconds_each = {kind: _MINUTE / n for kind, n in per_minute.items()}
        # When the bucket of a kind and client will be full again.
        self._full_at: dict[tuple[str, str], float] = {}
        self._tidied_at = time.monotonic()

    def count(self, kind: str, connection: HTTPConnection) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the client has had its share; it says when to come back.
        """
        now = time.monotonic()
        self._tidy(now)
        key = (kind, client_of(connection, self._trusted))
        full_at = max(self._full_at.get(key, now), now) + self._seconds_each[kind]
        if full_at - now > _MINUTE + _ROUNDING:
            raise TooManyRequests(math.ceil(full_at - now - _MINUTE))
        self._full_at[key] = full_at

    def _tidy(self, now: float) -> None:
        if now - self._tidied_at < _MINUTE:
            return
        self._tidied_at = now
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
