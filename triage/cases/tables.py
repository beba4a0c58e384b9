"""The rows of cases: what was reported, what happened to it, who may be reached, who joined.

A conversation is named without a foreign key: cases also come from elsewhere, and outlive conversations that are erased.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from triage.cases.workflow import OPEN, Status
from triage.kit.db import UtcDateTime

metadata = MetaData()

_OPEN = [f"'{status.value}'" for status in sorted(OPEN)]
_RESOLVED_ONLY = text(f"status = '{Status.RESOLVED.value}'")
_SOMEBODYS = text("assigned_to IS NOT NULL")
_FINISHED = [f"'{status.value}'" for status in sorted(set(Status) - OPEN)]
_FINISHED_ONLY = text(f"status IN ({', '.join(_FINISHED)})")
_OPEN_ONLY = text(f"status IN ({', '.join(_OPEN)})")

cases = Table(
    "cases",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reference", String(11), nullable=False, unique=True),
    # The sender's own name for this report: the same key again is the same case.
    Column("key", String(120), nullable=False, unique=True),
    Column("service_id", String(80), nullable=False),
    Column("service_name", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("queue", String(80), nullable=False),
    Column("priority", String(10), nullable=False),
    Column("status", String(12), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("conversation_id", String(40)),
    Column("questions", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("description", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("address", Text),
    Column("ward", String(80)),
    Column("approximate", Boolean, nullable=False),
    Column("standard", JSON(none_as_null=True)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("outcome_sentence", Text),
    Column("delay_reason", Text),
    Column("asked", Text),
    # Who of the staff is responsible for it: a member's id.
    Column("assigned_to", String(40)),
    # The case that it was joined to as a duplicate: that one's id.
    Column("duplicate_of", String(40), index=True),
    Column("followers", Integer, nullable=False),
    # The number the next event gets. Whoever moves it holds the case's row until commit.
    Column("next_event", Integer, nullable=False),
    # Near by: one service, a strip of latitude; what is left is few.
    Index("ix_cases_near", "service_id", "latitude", "longitude"),
    # Lists: the newest of all, of a service, of a conversation; what changed; what may be closed.
    Index("ix_cases_opened", "opened_at", "id"),
    Index("ix_cases_service_opened", "service_id", "opened_at"),
    Index("ix_cases_updated", "updated_at", "id"),
    Index("ix_cases_due", "due_at"),
    Index("ix_cases_conversation", "conversation_id", "opened_at"),
    # All that a list of open cases looks at, in the order of most lists; and the same by queue: fifty thousand are counted
    # without touching one row. No other index may begin with the status: SQLite would take that for the better one.
    Index(
        "ix_cases_open_of_queue",
        "queue",
        "priority",
        "due_at",
        "id",
        "status",
        "assigned_to",
        sqlite_where=_OPEN_ONLY,
        postgresql_where=_OPEN_ONLY,
    ),
    Index(
        "ix_cases_open",
        "priority",
        "due_at",
        "id",
        "queue",
        "status",
        "assigned_to",
        sqlite_where=_OPEN_ONLY,
        postgresql_where=_OPEN_ONLY,
    ),
    # The same of finished ones, the newest first.
    Index(
        "ix_cases_finished",
        "updated_at",
        "id",
        "queue",
        "status",
        "priority",
        "assigned_to",
        "due_at",
        sqlite_where=_FINISHED_ONLY,
        postgresql_where=_FINISHED_ONLY,
    ),
    Index(
        "ix_cases_assigned",
        "assigned_to",
        sqlite_where=_SOMEBODYS,
        postgresql_where=_SOMEBODYS,
    ),
    Index(
        "ix_cases_resolved",
        "resolved_at",
        sqlite_where=_RESOLVED_ONLY,
        postgresql_where=_RESOLVED_ONLY,
    ),
)

# Which cases are open, finished, resolved. Written out, not with parameters: only so do the databases see that an index of
# such cases will do.
IS_OPEN = cases.c.status.in_([literal_column(status) for status in _OPEN])

IS_FINISHED = cases.c.status.in_([literal_column(status) for status in _FINISHED])
IS_RESOLVED = cases.c.status == literal_column(f"'{Status.RESOLVED.value}'")

# Append-only: how a case stands is what its events made of it.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # As with cases: the same key again does nothing.
    Column("key", String(120)),
    Column("kind", String(20), nullable=False),
    Column("audience", String(12), nullable=False),
    Column("actor", String(20), nullable=False),
    Column("member_id", String(40)),  # who of the staff
    Column("text", Text),
    Column("data", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("case_id", "key", name="uq_case_events_key"),
    Index("ix_case_events_at", "at"),
)

case_followers = Table(
    "case_followers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("conversation_id", String(40)),
    Column("joined_at", UtcDateTime, nullable=False),
    UniqueConstraint("case_id", "conversation_id", name="uq_case_followers_conversation"),
    Index("ix_case_followers_conversation", "conversation_id"),
)

# How to reach the people of a case. Apart from it, so that nothing shows them by accident, and they can be erased alone.
case_contacts = Table(
    "case_contacts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    # Whose; empty: of the one who reported it.
    Column("follower_id", ForeignKey("case_followers.id")),
    Column("name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("wants_updates", Boolean, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    # What they are found by, however they were written (words.py).
    Column("phone_e164", String(20), index=True),
    Column("email_folded", String(254), index=True),
)

# What staff said about routing by moving a case on: from these it can be learned where cases belong.
case_labels = Table(
    "case_labels",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of its event
    Column("service_id", String(80), nullable=False),
    Column("from_queue", String(80), nullable=False),
    Column("to_queue", String(80), nullable=False),
    Column("rule", String(80)),  # that had sent it there, if one had
    Column("inputs", JSON, nullable=False),  # what that rule had looked at
    Column("member_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_case_labels_at", "at"),
)

# By which words a case is found. In this order, so that the newest with a word are read first.
case_words = Table(
    "case_words",
    metadata,
    Column("word", String(40), primary_key=True),
    Column("opened_at", UtcDateTime, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# Lists that a member wants to see again.
case_filters = Table(
    "case_filters",
    metadata,
    Column("member_id", String(40), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("query", Text, nullable=False),  # of the list's address
    Column("saved_at", UtcDateTime, nullable=False),
)
