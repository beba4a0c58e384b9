"""The outbox of news: who is to be told what of a case, and what became of it.

Whoever tells holds the case first, then the conversation, then who texts in it: so no two transactions wait for each other
in a ring.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from triage.cases.tables import metadata
from triage.kit.db import UtcDateTime
from triage.kit.work import WorkQueue, work_columns

case_updates = Table(
    "case_updates",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    # Who is told: a follower's id, or the case's for the one who reported it.
    Column("whom", String(40), nullable=False),
    # The order in which they are told.
    Column("number", Integer, nullable=False),
    # What happened (triage.updates.told.News), in order.
    Column("news", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # What became of it (triage.updates.telling.Result).
    Column("result", String(20)),
    # Where it was told, and by which message. One message may tell several rows; the first of them names it.
    Column("conversation_id", String(40)),
    Column("channel", String(20)),
    Column("message_id", String(40), unique=True),
    # Why it did not arrive, though it was sent.
    Column("lost", String(60)),
    *work_columns(),
    UniqueConstraint("whom", "number", name="uq_case_updates_number"),
    Index("ix_case_updates_due", "done_at", "dead_at", "next_attempt_at"),
    Index("ix_case_updates_conversation", "conversation_id"),
)
_WAITS = case_updates.c.done_at.is_(None) & case_updates.c.dead_at.is_(None)
Index(
    "ix_case_updates_waiting",
    case_updates.c.whom,
    case_updates.c.number,
    sqlite_where=_WAITS,
    postgresql_where=_WAITS,
)
outbox = WorkQueue(case_updates, key="id", group="whom", position="number")
