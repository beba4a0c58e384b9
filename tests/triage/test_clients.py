"""Who a request is counted for: forwarded addresses are believed from trusted proxies only."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection

from triage.kit.limits import client_of

PROXIES = (ip_network("10.0.0.0/8"),)


def connection(peer: str | None, *forwarded: str) -> HTTPConnection:
    return HTTPConnection(
        {
            "type": "http",
            "client": (peer, 1) if peer else None,
            "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
        }
    )


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        # Anybody can write the header.
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        # The client wrote the first address itself; the proxy added the second.
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        # A household has a whole /64.
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", [], "203.0.113.5"),
        (None, [], ""),
    ],
)
def test_a_request_is_counted_for_its_client(
    peer: str | None, forwarded: list[str], client: str
) -> None:
    assert client_of(connection(peer, *forwarded), PROXIES) == client
