"""The rows of forwarding: the outbox of cases, and when each endpoint was last asked for news."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from triage.cases.tables import metadata
from triage.kit.db import UtcDateTime
from triage.kit.work import WorkQueue, work_columns

# A row is work until the endpoint has given the case a number, or it is known that it never will.
forwards = Table(
    "forwards",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    # The id of a `forward` in routing.yaml.
    Column("target", String(80), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When a request was first begun that may have arrived: before it is sent again, it is looked for there.
    Column("begun_at", UtcDateTime),
    # What the endpoint answered: its number, or what it gives out until there is one.
    Column("token", String(200)),
    Column("request_id", String(200)),
    # When it was last asked for by its number; when there was nothing more to hear of it.
    Column("looked_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    *work_columns(),
    Index("ix_forwards_due", "done_at", "dead_at", "next_attempt_at"),
    Index("ix_forwards_request", "target", "request_id"),
)
# Each case is a group of its own: they need no order.
outbox = WorkQueue(forwards, key="case_id", group="case_id", position="case_id")

# A row per endpoint, never done: due again whenever it is to be asked for news.
forward_polls = Table(
    "forward_polls",
    metadata,
    Column("target", String(80), primary_key=True),
    # News are known up to here.
    Column("heard_until", UtcDateTime),
    # Whether it has the updates extension; empty: not yet known.
    Column("has_updates", Boolean),
    *work_columns(),
)
polls = WorkQueue(forward_polls, key="target", group="target", position="target")
