"""A line with conversations whose answers were good or not, over both databases, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert

from tests.triage.cases.town import Town
from triage.conversations.tables import (
    conversations,
    feedback,
    messages,
    unanswered_questions,
)
from triage.learning.learning import Learning


class NoEditing:
    """Nobody edits the catalogue here."""

    def add_wording_in(self, *_: Any) -> int:
        raise AssertionError

    async def start(self, *_: Any, **__: Any) -> object:
        raise AssertionError


class Street(Town):
    """Residents talk here; what they say is kept as the line keeps it."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.learning = Learning(self.database, self.clock, NoEditing(), None, 90)
        self._talks = iter(range(1_000))

    def talk(self, *said: Any, at: datetime | None = None) -> list[str]:
        """Keep a conversation; return the ids of its messages.

        Args:
            said: words of the resident, or (words, extra); an answer as a dictionary of its columns.
        """
        name, at = f"con_{next(self._talks)}", at or self.clock.now()
        rows: list[dict[str, Any]] = []
        for seq, one in enumerate(said, 1):
            row = {
                "conversation_id": name, "seq": seq, "id": f"{name}.{seq}", "created_at": at,
                "text": "", "extra": None, "outcome": None, "service_id": None,
                "confidence": None, "choices": None, "in_reply_to": None,
            }  # fmt: skip
            if isinstance(one, dict):
                asked = [r["id"] for r in rows if r["sender"] == "resident"][-1]
                row |= {"sender": "assistant", "text": "...", "in_reply_to": asked, **one}
            else:
                text, extra = one if isinstance(one, tuple) else (one, None)
                row |= {"sender": "resident", "text": text, "extra": extra}
            rows.append(row)
        with self.database.engine.begin() as c:
            c.execute(
                insert(conversations).values(
                    id=name, token_hash="x", channel="webchat", language="en", state="assistant",
                    next_seq=len(rows) + 1, created_at=at,
                )
            )  # fmt: skip
            c.execute(insert(messages), rows)
            for row in rows:
                if row["outcome"] == "not_found":
                    c.execute(
                        insert(unanswered_questions).values(
                            message_id=row["in_reply_to"], conversation_id=name,
                            outcome="not_found", asked_at=at,
                            matches=[{"service_id": "pothole", "confidence": 0.1}],
                        )
                    )  # fmt: skip
        return [row["id"] for row in rows]

    def judges(self, message_id: str, helpful: bool, sentence: str | None = None) -> None:
        with self.database.engine.begin() as c:
            c.execute(
                insert(feedback).values(
                    message_id=message_id, conversation_id=message_id.partition(".")[0],
                    helpful=helpful, sentence=sentence, at=self.clock.now(),
                )
            )  # fmt: skip


def answer(service: str = "pothole", confidence: float = 0.98) -> dict[str, Any]:
    return {"outcome": "answer", "service_id": service, "confidence": confidence}


def offer(*services: str) -> dict[str, Any]:
    choices: Sequence[dict[str, Any]] = [
        {"choice_id": s, "label": s, "service_id": s} for s in services
    ]
    return {"outcome": "choices", "choices": choices}


NOT_FOUND = {"outcome": "not_found"}
SMALL_TALK = {"outcome": "small_talk"}


@pytest.fixture
def street(any_database_url: str) -> Iterator[Street]:
    street = Street(any_database_url)
    yield street
    street.database.close()
