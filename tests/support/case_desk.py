"""The desk of a running line, for tests: cases opened by others, and cases as they are stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Engine, select

from triage.cases.tables import case_contacts, case_followers, cases


@dataclass(frozen=True)
class Desk:
    """Where cases are opened by others, and looked at."""

    url: str
    secret: str
    engine: Engine

    def open(self, report: Mapping[str, Any]) -> str:
        """Open a case as another channel does; return its reference."""
        body = {"key": str(uuid.uuid4()), "conversation_id": None, "channel": "phone", "photos": [],
                "contact": None, **report}  # fmt: skip
        answer = httpx.post(
            f"{self.url}/api/triage/cases",
            json=body,
            headers={"Authorization": f"Bearer {self.secret}"},
            timeout=40,
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["reference"])

    def opened_in(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return the cases of a conversation as they are stored, each with its contact, the oldest first."""
        mine = cases.c.conversation_id == conversation_id
        with self.engine.connect() as connection:
            found = connection.execute(select(cases).where(mine).order_by(cases.c.opened_at))
            return [
                dict(row)
                | {
                    "contact": connection.execute(
                        select(case_contacts).where(
                            case_contacts.c.case_id == row["id"],
                            case_contacts.c.follower_id.is_(None),
                        )
                    )
                    .mappings()
                    .first()
                }
                for row in found.mappings()
            ]

    def joined_by(self, conversation_id: str) -> list[str]:
        """Return the references of the cases that a conversation follows."""
        asked = (
            select(cases.c.reference)
            .join(case_followers, case_followers.c.case_id == cases.c.id)
            .where(case_followers.c.conversation_id == conversation_id)
        )
        with self.engine.connect() as connection:
            return list(connection.scalars(asked))
