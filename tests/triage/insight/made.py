"""Conversations and cases as the figures see them, made by hand."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from triage.cases.tables import cases
from triage.conversations.tables import (
    conversations,
    feedback,
    messages,
    unanswered_questions,
)
from triage.handover.tables import handovers
from triage.insight.days import rebuild
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.migrations import migrate

DAY = datetime(2026, 11, 10, 15, tzinfo=UTC)
SECRET = "my number is 416-555-0123 and where is my green bin"


def talk(
    connection: Connection,
    name: str,
    *outcomes: str,
    at: datetime = DAY,
    channel: str = "webchat",
) -> None:
    """Add a conversation with a resident's message and these answers to it."""
    connection.execute(
        insert(conversations).values(
            id=name, token_hash="x", channel=channel, language="en", state="assistant",
            next_seq=len(outcomes) + 2, created_at=at,
        )
    )  # fmt: skip
    question = {
        "conversation_id": name, "seq": 1, "id": f"{name}-1", "sender": "resident", "text": SECRET, "created_at": at,
    }  # fmt: skip
    connection.execute(insert(messages).values(**question))
    for seq, outcome in enumerate(outcomes, 2):
        connection.execute(
            insert(messages).values(
                conversation_id=name, seq=seq, id=f"{name}-{seq}", sender="assistant", text="Put it out on Tuesday.",
                outcome=outcome, service_id="pothole" if outcome == "answer" else None, confidence=0.98,
                in_reply_to=f"{name}-1", created_at=at,
            )
        )  # fmt: skip


def opened(connection: Connection, name: str, conversation: str, **changes: object) -> None:
    values = {
        "id": name, "reference": f"AAA-BBB-{name}", "key": name, "service_id": "pothole", "service_name": "Pothole",
        "division": "Transportation Services", "queue": "roads", "priority": "normal", "status": "received",
        "channel": "webchat", "conversation_id": conversation, "questions": [], "answers": {}, "description": SECRET,
        "approximate": False, "opened_at": DAY, "updated_at": DAY, "followers": 0, "next_event": 1,
    } | changes  # fmt: skip
    connection.execute(insert(cases).values(**values))


def some_of_everything(c: Connection) -> None:
    """Add a few of all that is counted."""
    for n in range(5):
        talk(c, f"answered{n}", "small_talk", "answer", at=DAY + timedelta(minutes=7 * n))
    talk(c, "texted", "choices", at=DAY - timedelta(days=2), channel="sms")
    talk(c, "unanswered", "not_found")
    c.execute(
        insert(unanswered_questions).values(
            message_id="unanswered-1",
            conversation_id="unanswered",
            outcome="not_found",
            matches=[],
            asked_at=DAY,
        )
    )
    talk(c, "person", "handoff")
    c.execute(
        insert(handovers).values(
            id="h1", conversation_id="person", reason="asked", asked_at=DAY, seen_seq=1
        )
    )
    talk(c, "report", "intake", "case_opened")
    opened(c, "001", "report", due_at=DAY + timedelta(days=2))
    c.execute(
        insert(feedback).values(
            message_id="answered0-3", conversation_id="answered0", helpful=True, at=DAY
        )
    )


def with_figures(url: str) -> None:
    """Put a few of all that is counted into a line's database, and count it."""
    database = Database(url)
    migrate(database.engine)
    with database.engine.begin() as connection:
        some_of_everything(connection)
    counting = rebuild(database, ZoneInfo("America/Toronto"), SystemClock())
    with ThreadPoolExecutor(
        1
    ) as apart:  # a browser's test has a loop of its own in this thread
        apart.submit(asyncio.run, counting).result()
    database.close()
