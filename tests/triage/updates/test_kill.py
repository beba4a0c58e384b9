"""Killing the line's processes at any moment loses no news of a case and tells none twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, create_engine, select

from tests.support.case_moves import Staff
from tests.triage.cases.desk import Desk, import_entries
from tests.triage.killable import KillableLine
from tests.triage.talking import Resident, wait_until
from tests.triage.texting.carrier import CarrierTwin, Phone, text_carrier
from tests.triage.twin import AssistantTwin
from triage.cases.tables import cases
from triage.conversations.tables import messages
from triage.texting.tables import outbox as text_work
from triage.texting.tables import senders, texts
from triage.updates.tables import case_updates, outbox

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("any_database_url", "doors", "workers", "people", "kills"),
    [("sqlite", 1, 0, 8, 2), ("postgresql", 1, 1, 12, 3)],
    indirect=["any_database_url"],
)
def test_no_news_is_lost_and_none_told_twice_however_often_it_is_killed(
    any_database_url: str, tmp_path: Path, doors: int, workers: int, people: int, kills: int
) -> None:
    import_entries(any_database_url)
    rng = random.Random(doors + workers)
    with ExitStack() as stack:
        assistant = stack.enter_context(AssistantTwin())
        carrier = stack.enter_context(text_carrier())
        line = KillableLine(
            stack,
            tmp_path,
            ["door"] * doors + ["worker"] * workers,
            any_database_url,
            assistant.url,
            outage_after_seconds=600,
            quiet_hours="none",
            update_sweep_seconds=0.02,
            jobs=not workers,
            **carrier.settings(),
        )
        door = carrier.calls_back_at = line.urls[0]
        engine = create_engine(any_database_url)
        stack.callback(engine.dispose)
        references = _report(door, carrier, engine, people)

        staff = stack.enter_context(Staff(any_database_url))
        goes_on = threading.Event()
        goes_on.set()
        moving = threading.Thread(target=_move, args=(staff, references, goes_on))
        moving.start()
        stack.callback(moving.join)
        stack.callback(goes_on.clear)
        for _ in range(kills):
            threading.Event().wait(rng.uniform(0.2, 1.5))
            line.kill_one(rng)
        goes_on.clear()
        moving.join()
        wait_until(lambda: not _is_under_way(engine), seconds=120)
        _everything_is_told_once(engine, carrier, people)


def _report(door: str, carrier: CarrierTwin, engine: Engine, people: int) -> list[str]:
    """Have people report, every other one by phone; return their cases' references."""
    references = []
    with httpx.Client(timeout=20, trust_env=False) as client:
        desk = Desk(door, client)
        for number in range(people):
            if number % 2:
                phone = Phone(f"+14165550{100 + number}", carrier, door, client)
                phone.texts("is the library open")
                phone.hears()
                conversation, channel = _newest(engine), "sms"
            else:
                conversation, channel = Resident(door, client).id, "webchat"
            case = desk.opens(key=f"r{number}", conversation_id=conversation, channel=channel)
            references.append(case["reference"])
    return references


def _newest(engine: Engine) -> str:
    with engine.connect() as connection:
        newest = select(senders.c.conversation_id).order_by(senders.c.created_at.desc())
        return str(connection.scalars(newest).first())


def _move(staff: Staff, references: Sequence[str], goes_on: threading.Event) -> None:
    """Delay cases again and again, each time with another reason; in the end resolve each."""
    number = 0
    while goes_on.is_set():
        staff.does(
            {"staff": "delay", "because": f"Reason {number}."},
            references[number % len(references)],
        )
        number += 1
        threading.Event().wait(0.03)
    for reference in references:
        staff.does({"staff": "resolve", "because": "It was filled."}, reference)


def _is_under_way(engine: Engine) -> bool:
    with engine.connect() as connection:
        return any(
            connection.execute(select(queue.table).where(queue.waits())).first()
            for queue in (outbox, text_work)
        )


def _everything_is_told_once(engine: Engine, carrier: CarrierTwin, people: int) -> None:
    with engine.connect() as connection:
        news = connection.execute(select(case_updates)).all()
        said = connection.execute(
            select(messages).where(messages.c.outcome == "case_status")
        ).all()
        sent = connection.execute(select(texts).where(texts.c.message_id.is_not(None))).all()
        ended = connection.execute(select(cases.c.id, cases.c.reference)).all()
    # None is lost, and each message tells news that no other one tells.
    assert {row.result for row in news} <= {"told", "overtaken"}
    assert Counter(m.id for m in said) == Counter(r.message_id for r in news if r.message_id)
    # Everybody heard how it ended, once.
    ends = Counter(m.extra["case"]["reference"] for m in said if "It was filled." in m.text)
    assert ends == Counter(case.reference for case in ended)
    assert len(ends) == people
    # What was delayed was told as often as it was true when it was told.
    reasons = Counter(m.text for m in said)
    assert all(count == 1 for text, count in reasons.items() if "Reason" in text), reasons
    # Over the carrier went each text once, and nothing else.
    told = {m.id for m in said}
    bodies = Counter(t.body for t in sent if t.message_id in told)
    came = Counter(m["body"] for m in carrier.log if m["body"] in bodies)
    assert came == bodies
    assert len(news) > 2 * people, "too little was told: this proves nothing"
