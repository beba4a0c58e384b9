"""From an edit of an entry to an answer in its new words, on the running line.

The edit is made as the console will make it: one call of services_catalog.store.apply on the line's database,
from another process. Then its new example is asked over and over until the answer has the new summary.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Engine

from bench.asking import LineClient
from bench.processes import wait_until_idle
from bench.stock import Running
from services_catalog import store
from services_catalog.model import ServiceEntry

CITY = "toronto"
ANSWERS_WITHIN_SECONDS = 60


def edit_and_ask(line: Running, engine: Engine, edits: int) -> list[float]:
    """Edit so many entries, one after the other, and return the seconds that each took to answer.

    Raises:
        RuntimeError: an edit did not answer at all.
    """
    client = LineClient(line.url)
    entries = list(_asked_by_title(client, engine, edits))
    client.close()
    seconds = []
    for number, entry in enumerate(entries, 1):
        # The linear model of the edit before is still being fitted; people do not edit that fast.
        wait_until_idle(line.process)
        # A client of its own: while waiting, the line lets an idle connection go.
        client = LineClient(line.url)
        try:
            seconds.append(_seconds_until_new(client, engine, entry, number))
        finally:
            client.close()
    return seconds


def _asked_by_title(client: LineClient, engine: Engine, number: int) -> Iterator[ServiceEntry]:
    """Yield entries that are answered when their title is asked, from all over the catalogue."""
    entries = store.load(engine, CITY).entries
    found = 0
    for entry in entries[:: max(1, len(entries) // (4 * number))]:
        replies = client.answer_to(entry.title)
        if found < number and replies[0].get("service_id") == entry.id:
            found += 1
            yield entry
    if found < number:
        raise RuntimeError(f"only {found} entries are answered when their title is asked")


def _seconds_until_new(
    client: LineClient, engine: Engine, entry: ServiceEntry, number: int
) -> float:
    new_words = f"This is the wording of edit {number}."
    question = f"{entry.title}: new wording {number}"
    edited = replace(
        entry,
        summary=f"{new_words} {entry.summary}",
        questions=(question, *entry.questions[1:]),
    )
    started = time.perf_counter()
    store.apply(engine, CITY, store.Change(save=[edited]), by="bench", reason="timing an edit")
    while time.perf_counter() - started < ANSWERS_WITHIN_SECONDS:
        if any(new_words in reply["text"] for reply in client.answer_to(question)):
            return time.perf_counter() - started
    raise RuntimeError(f"edit {number} ({entry.id}) did not answer in its new words")
