"""Reports made while processes are killed: everything that says "sent" has a case, none is lost, none is there twice."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select

from services_catalog.database import open_database
from services_catalog.references import find_reference
from tests.journeys.processes import Line
from triage.cases.tables import case_contacts, case_events, cases

pytestmark = pytest.mark.slow

# A tenth of what is promised, so that it can run at every change; `ASK311_KILL_REPORTS=300` proves the whole.
REPORTS = int(os.environ.get("ASK311_KILL_REPORTS", "30"))
REPORTERS = 4
# Rasa takes longest to come back, so it is killed less often; the front door holds everything.
ROUND = ("triage", "actions", "triage", "rasa", "actions", "triage")
KILLS = ROUND * max(1, REPORTS // 60)
PATIENCE = 180

# Services whose reports stand each for itself, so that none is offered to join another's.
WRITTEN: tuple[Sequence[str], ...] = (
    (
        "my garbage was not picked up yesterday at my house, 300 Coxwell Ave, only mine",
        "anonymous",
        "yes",
    ),
    (
        "saw a coyote walking down the street this morning at kingston rd and midland",
        "416 555 0119",
        "send it",
    ),
)


@dataclass
class Report:
    """One report, as its resident knows it.

    Attributes:
        conversation: the conversation's id.
        texts: what they write, to the last word that sends it.
        said: all messages of the conversation.
    """

    conversation: str
    texts: Sequence[str]
    said: list[dict[str, Any]] = field(default_factory=list)

    @property
    def confirmed(self) -> list[str | None]:
        """The references of what it was told is sent, one for each time."""
        told = [m for m in self.said if m.get("outcome") == "case_opened"]
        return [find_reference(m["text"]) for m in told]


class Reporter:
    """Somebody who makes reports through a front door that may be gone at any moment, and behaves as the page does."""

    def __init__(self, url: str, seed: int) -> None:
        self._http = httpx.Client(base_url=url, timeout=20, trust_env=False)
        self._random = random.Random(seed)
        self.turned_away = 0

    def makes(self, texts: Sequence[str]) -> Report:
        """Make one report, waiting for each answer, in a conversation of its own."""
        started = self._insists("POST", "/api/chat/conversations", json={})
        path = f"/api/chat/conversations/{started['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {started['token']}"}
        report = Report(started["conversation_id"], texts)
        for text in texts:
            # Some tap twice: the last word once more, under an id of its own.
            times = 2 if text == texts[-1] and self._random.random() < 0.2 else 1
            for _ in range(times):
                body = {"client_message_id": str(uuid.uuid4()), "text": text}
                self._insists("POST", path, json=body, headers=headers)
                if self._random.random() < 0.2:
                    # A page that never got the answer sends the same again.
                    self._insists("POST", path, json=body, headers=headers)
            self._reads(report, path, headers)
        return report

    def leaves(self) -> None:
        """Close the connection."""
        self._http.close()

    def _reads(self, report: Report, path: str, headers: Mapping[str, str]) -> None:
        """Read until nothing more is to come."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            after = report.said[-1]["seq"] if report.said else 0
            page = self._insists(
                "GET", path, params={"after": after, "wait": 2}, headers=headers
            )
            report.said += page["messages"]
            if not page["pending"]:
                return
        raise AssertionError("not answered")

    def _insists(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                answer = self._http.request(method, path, **request)
            except httpx.TransportError:
                self.turned_away += 1
                time.sleep(0.1)
                continue
            if answer.status_code < 300:
                return dict(answer.json())
            assert answer.status_code in (429, 503), answer.text
            time.sleep(0.1)
        raise AssertionError("nobody opens")


def kill_all(line: Line, rng: random.Random, over: threading.Event) -> None:
    """Kill one part after another, each at a moment of its own."""
    try:
        for part in KILLS:
            # Whatever is not back yet would never be, if it were killed at once again.
            line.wait_until_ready()
            time.sleep(rng.uniform(0.2, 3))
            line.signal(part, signal.SIGKILL)
    finally:
        over.set()


def report_until(
    over: threading.Event, line: Line, seed: int, count: itertools.count[int]
) -> tuple[list[Report], int]:
    """Make reports until there are enough and nothing is killed any more."""
    reporter = Reporter(line.url, seed)
    made = []
    try:
        while (number := next(count)) < REPORTS or not over.is_set():
            made.append(reporter.makes(WRITTEN[number % len(WRITTEN)]))
    finally:
        reporter.leaves()
    return made, reporter.turned_away


def test_every_report_that_is_said_to_be_sent_is_there_once(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    line.wait_until_ready()
    line.wait_until_search_is_fitted()
    over, count = threading.Event(), itertools.count()
    with ThreadPoolExecutor(REPORTERS + 1) as pool:
        killing = pool.submit(kill_all, line, random.Random(5), over)
        reporting = [
            pool.submit(report_until, over, line, seed, count) for seed in range(REPORTERS)
        ]
        killing.result()
        results = [r.result() for r in reporting]
    reports: list[Report] = [r for made, _ in results for r in made]
    turned_away = sum(times for _, times in results)
    assert len(reports) >= REPORTS
    assert turned_away > 0, "no kill was ever noticed: this proves nothing"

    engine = open_database(f"sqlite:///{line.var}/ask311.db")
    opened = cases_by_conversation(engine)
    confirmed = [(r.conversation, ref) for r in reports for ref in r.confirmed]
    without_case = [c for c in confirmed if c[1] not in opened.get(c[0], ())]
    twice = [r.conversation for r in reports if len(opened.get(r.conversation, ())) > 1]
    lost = [r.conversation for r in reports if not opened.get(r.conversation)]
    untold = [r.conversation for r in reports if not r.confirmed]
    broken = broken_cases(engine, reports)
    engine.dispose()
    with capsys.disabled():
        # Figures of the line, to be seen wherever the tests run.
        print(f"{len(reports)} reports, {len(confirmed)} confirmations, {len(KILLS)} kills")  # noqa: T201
    assert without_case == []
    assert twice == []
    assert lost == []
    assert untold == []
    assert broken == []
    line.wait_until_ready()


def cases_by_conversation(engine: Engine) -> dict[str, list[str]]:
    """Return the references of the cases of each conversation."""
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for conversation, reference in connection.execute(
            select(cases.c.conversation_id, cases.c.reference)
        ):
            found.setdefault(conversation, []).append(reference)
    return found


def broken_cases(engine: Engine, reports: Sequence[Report]) -> list[str]:
    """Return what of the cases is not whole: its first events once each, and the contact where one was given."""
    gives_contact = {r.conversation: any("555" in t for t in r.texts) for r in reports}
    faults = []
    with engine.connect() as connection:
        kinds: dict[str, Counter[str]] = {}
        for case_id, kind in connection.execute(
            select(case_events.c.case_id, case_events.c.kind)
        ):
            kinds.setdefault(case_id, Counter())[kind] += 1
        contacts = Counter(connection.scalars(select(case_contacts.c.case_id)))
        for case_id, conversation in connection.execute(
            select(cases.c.id, cases.c.conversation_id)
        ):
            if conversation not in gives_contact:
                continue
            if (kinds[case_id]["opened"], kinds[case_id]["routed"]) != (1, 1):
                faults.append(f"{case_id}: events {dict(kinds[case_id])}")
            if contacts[case_id] != gives_contact[conversation]:
                faults.append(f"{case_id}: {contacts[case_id]} contacts")
    return faults
