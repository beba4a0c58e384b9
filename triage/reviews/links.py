"""Which addresses entries name, what an answer says about one, and when to look again. Pure: no network, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urldefrag, urlsplit

from services_catalog.model import ServiceEntry

# A server that was away once is no broken link.
TIMES_UNTIL_TOLD = 3
LONGEST_PAUSE = timedelta(days=14)
_GONE = frozenset({404, 410})


class Found(StrEnum):
    """How an address was found to be."""

    OK = "ok"
    MOVED = "moved"  # for good: the entry should name the new address
    GONE = "gone"
    UNREACHABLE = "unreachable"  # no answer, a fault of the server, or it lets no program in


@dataclass(frozen=True)
class Finding:
    """What one look at an address found."""

    found: Found
    status: int | None = None
    moved_to: str = ""


@dataclass(frozen=True)
class Link:
    """An address and how it stands."""

    address: str
    found: Found | None = None
    status: int | None = None
    moved_to: str = ""
    since: datetime | None = None
    times: int = 0
    checked_at: datetime | None = None

    @property
    def is_broken(self) -> bool:
        """Say whether its entry's owner should do something about it."""
        if self.found is Found.UNREACHABLE:
            return self.times >= TIMES_UNTIL_TOLD
        return self.found in (Found.GONE, Found.MOVED)


def addresses_of(entry: ServiceEntry) -> tuple[str, ...]:
    """Return the addresses that an entry names, each once: its page, its form, and the sources of its facts."""
    named = [entry.source_url, entry.contact.online, *(f.source for f in entry.facts)]
    bare = (urldefrag(n.strip()).url for n in named if n)
    return tuple(dict.fromkeys(a for a in bare if _is_page(a)))


def entries_of(entries: Iterable[ServiceEntry]) -> dict[str, list[str]]:
    """Return the ids of the entries that name each address."""
    named: dict[str, list[str]] = {}
    for entry in entries:
        for address in addresses_of(entry):
            named.setdefault(address, []).append(entry.id)
    return named


def finding_of(address: str, statuses: Sequence[int], at: str) -> Finding:
    """Return what the statuses of an address and of what it led to say; `at`: where that ended."""
    last, hops = statuses[-1], statuses[:-1]
    if last in _GONE:
        return Finding(Found.GONE, last)
    if not 200 <= last < 300:
        return Finding(Found.UNREACHABLE, last)
    if hops and set(hops) <= {301, 308} and _bare(address) != _bare(at):
        return Finding(Found.MOVED, hops[0], at)
    return Finding(Found.OK, last)


def after(link: Link, finding: Finding, now: datetime) -> Link:
    """Return how an address stands after a look at it."""
    is_same = link.found is finding.found
    return Link(
        link.address,
        finding.found,
        finding.status,
        finding.moved_to,
        link.since if is_same else now,
        link.times + 1 if is_same else 1,
        now,
    )


def pause_after(link: Link, usual: timedelta) -> timedelta:
    """Return when to look again: what is broken is asked more and more seldom, whoever answers as usual."""
    if link.found in (Found.OK, Found.MOVED):
        return usual
    doubled: timedelta = usual * 2 ** min(max(link.times - TIMES_UNTIL_TOLD, 0), 10)
    return max(usual, min(doubled, LONGEST_PAUSE))


def by_host(addresses: Iterable[str]) -> Mapping[str, list[str]]:
    """Return addresses by the server that is asked for them."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(host_of(address), []).append(address)
    return hosts


def host_of(address: str) -> str:
    """Return the server of an address."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()


def _bare(address: str) -> tuple[str, str, str]:
    """Return an address without what a site changes for all of its pages at once: nobody has to mend that."""
    parts = urlsplit(address)
    return host_of(address).removeprefix("www."), parts.path.rstrip("/"), parts.query


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
