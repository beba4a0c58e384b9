"""Entries of the catalogue for staff who answer a resident: the action server's search, over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from triage.kit.neighbour import Neighbours, Unreachable

log = logging.getLogger(__name__)

CONNECT_SECONDS = 1.0
TOTAL_SECONDS = 4.0
LONGEST_SEARCH = 300


@dataclass(frozen=True)
class FoundEntry:
    """An entry with its two texts and where they come from."""

    service_id: str
    title: str
    text: str
    sms: str
    source_url: str
    last_verified: str
    confidence: float

    @property
    def for_page(self) -> str:
        """Return what is said of it on a page, with its source and that source's age."""
        return f"{self.text}\n\nSource: {self.source_url} (last checked {self.last_verified})"

    @property
    def for_text(self) -> str:
        """Return what is said of it by text message, with its source."""
        return f"{self.sms}\n{self.source_url.removeprefix('https://')}"


async def find_entries(actions_url: str, text: str) -> Sequence[FoundEntry] | None:
    """Return the entries that fit best, the best first; None: the search does not answer."""
    # For one call, now and then, by hand: nothing is kept open.
    neighbours = Neighbours({}, connect_seconds=CONNECT_SECONDS, kept=0)
    body = json.dumps({"text": text[:LONGEST_SEARCH]}).encode()
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            answer = await neighbours.post(actions_url.rstrip("/"), "/search", body)
    except (Unreachable, TimeoutError) as fault:
        log.warning(
            "the search of entries does not answer", extra={"kind": type(fault).__name__}
        )
        return None
    finally:
        neighbours.close()
    if answer.status != 200:
        log.warning("the search of entries failed", extra={"status": answer.status})
        return None
    return [FoundEntry(**entry) for entry in json.loads(answer.body)["found"]]
