"""The rows of learning: redacted words, the groups they fall into, and labels.

Conversations and cases are named without foreign keys: they may be erased, and nothing here keeps them from it.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text

from triage.kit.db import UtcDateTime

metadata = MetaData()

# What residents wrote that was not answered well. The words are redacted before they are kept.
learning_messages = Table(
    "learning_messages",
    metadata,
    # What it is about: the id of the message, or of a case and the event that moved it on.
    Column("id", String(60), primary_key=True),
    Column("conversation_id", String(40), index=True),
    Column("why", String(20), nullable=False),
    Column("text", Text, nullable=False),
    # What the resident said about the answer, redacted too.
    Column("note", Text),
    # What the assistant did: an outcome, and the entries answered, offered or nearest.
    Column("outcome", String(20)),
    Column("services", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("group_id", String(40), index=True),
)

learning_groups = Table(
    "learning_groups",
    metadata,
    Column("id", String(40), primary_key=True),
    # The words that are most like all the others.
    Column("words", Text, nullable=False),
    # How it was settled, if it was; then how many messages it had.
    Column("settled_how", String(12)),
    Column("settled_why", Text),
    Column("settled_by", String(40)),
    Column("settled_at", UtcDateTime),
    Column("settled_size", Integer),
)

# Up to when messages were collected. One row.
learning_state = Table(
    "learning_state",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# What somebody says is right for some words: an entry, or the queue of a report.
labels = Table(
    "labels",
    metadata,
    Column("id", String(40), primary_key=True),
    # Where it is from; the same again is the same label.
    Column("origin", String(120), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("source", String(12), nullable=False),
    Column("text", Text, nullable=False),
    # The entry (empty: no entry covers it), or the queue.
    Column("wanted", String(80), nullable=False),
    # Of a report: its service, and the queue it was moved from.
    Column("service_id", String(80)),
    Column("from_queue", String(80)),
    Column("state", String(10), nullable=False),
    Column("made_by", String(40)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", UtcDateTime),
    Index("ix_labels_state", "state", "made_at"),
)
