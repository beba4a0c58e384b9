"""What staff said about routing by moving cases on: kept so that it can be learned where cases belong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from triage.cases.case import Case
from triage.cases.tables import case_labels


def add(
    connection: Connection,
    case: Case,
    seq: int,
    to_queue: str,
    decision: Mapping[str, Any],
    member_id: str,
    now: datetime,
) -> None:
    """Keep that a case went from its queue to another.

    Args:
        seq: of the event that says so.
        decision: how it had been routed.
    """
    connection.execute(
        insert(case_labels),
        {
            "case_id": case.id,
            "seq": seq,
            "service_id": case.service_id,
            "from_queue": case.queue,
            "to_queue": to_queue,
            "rule": decision.get("rule"),
            "inputs": decision.get("inputs", {}),
            "member_id": member_id,
            "at": now,
        },
    )
