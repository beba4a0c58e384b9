"""Which questions would get another answer if a draft went out: asked in a process of its own, before it does."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.editing.draft import Draft

log = logging.getLogger(__name__)

TOTAL_SECONDS = 60.0
# What was asked for a draft holds as long as neither it nor the catalogue has moved.
KEPT = 32


@dataclass(frozen=True)
class Difference:
    """A question that would get something else."""

    text: str
    is_protected: bool
    verdict: str  # "better", "worse" or "other"
    before: str
    after: str

    @property
    def is_broken(self) -> bool:
        """Say whether it is one that may not become worse without a reason."""
        return self.is_protected and self.verdict == "worse"


@dataclass(frozen=True)
class Outcome:
    """What a draft would change."""

    asked: int
    differences: Sequence[Difference]
    by_words_alone: bool = False

    @property
    def broken(self) -> list[Difference]:
        """The protected questions that would get something worse."""
        return [one for one in self.differences if one.is_broken]


class Rehearsal:
    """Tries drafts on one city's catalogue.

    Args:
        database_url: goes to the other process by its standard input: it may hold a password.
        cache: the folder of the search's cache; empty: nothing is tried.
    """

    def __init__(self, database_url: str, city: str, cache: str) -> None:
        self._database_url = database_url
        self._city = city
        self._cache = cache
        self._known: OrderedDict[tuple[str, int, int], Outcome] = OrderedDict()

    @property
    def is_on(self) -> bool:
        """Say whether drafts are tried at all."""
        return bool(self._cache)

    async def of(self, draft: Draft, revision: int, more: Sequence[str] = ()) -> Outcome | None:
        """Return what a draft without faults would change; None: it could not be tried.

        Args:
            revision: the catalogue's.
            more: messages to ask beside the protected ones.
        """
        if not self.is_on:
            return None
        key = (draft.id, draft.version, revision)
        if key not in self._known:
            told = await self._ask(draft, more)
            if told is None:
                return None
            differences = [Difference(**one) for one in told.pop("differences")]
            self._known[key] = Outcome(differences=differences, **told)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[key]

    async def _ask(self, draft: Draft, more: Sequence[str]) -> dict[str, Any] | None:
        content: Mapping[str, Any] | None = draft.content
        change = {
            "database": self._database_url,
            "save": [content] if content is not None else [],
            "retire": [] if content is not None else [draft.entry_id],
            "more": list(more),
        }
        command = ["services_catalog.rehearse", "--city", self._city, "--cache", self._cache]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                said, _ = await process.communicate(json.dumps(change).encode())
        except TimeoutError:
            log.warning("a draft could not be tried in time")
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            log.warning("a draft could not be tried", extra={"status": process.returncode})
            return None
        told: dict[str, Any] = json.loads(said)
        return told
