"""The rows of conversations: who talks, what was said, what still waits for an answer."""

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
)

from triage.kit.db import UtcDateTime
from triage.kit.work import WorkQueue, work_columns

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("channel", String(20), nullable=False),
    # The language the assistant speaks here, and the one that was asked for.
    Column("language", String(8), nullable=False),
    Column("language_asked", String(8)),
    Column("state", String(12), nullable=False),
    # What the assistant wants to know with the next message: the place asked about, what it asked for.
    Column("memory", JSON(none_as_null=True)),
    # Of what was said before the message with this number the assistant knows nothing any more: it has started afresh.
    Column("fresh_from", Integer, nullable=False, server_default="0"),
    # The number the next message gets. Whoever moves it holds the conversation's row until commit.
    Column("next_seq", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # For what is counted by day, and of a period.
    Index("ix_conversations_created", "created_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    # The sender's own id for it: the web chat's client_message_id, a carrier's message id.
    Column("client_message_id", String(100)),
    Column("sender", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", String(20)),
    Column("service_id", String(80)),
    Column("revision", Integer),
    Column("confidence", Float),
    Column("source_url", Text),
    Column("last_verified", String(40)),
    # As issued, with the values that stay on this side.
    Column("choices", JSON(none_as_null=True)),
    # What only some messages have: short words for text messages, the choice taken, a location, a photo, places, a case,
    # the kind of danger told of.
    Column("extra", JSON(none_as_null=True)),
    Column("in_reply_to", String(40)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint(
        "conversation_id", "client_message_id", name="uq_messages_client_message_id"
    ),
    Index("ix_messages_created", "created_at"),
)
# What was tried: answers and choices. In just these words, without parameters, a question finds the index below.
WAS_TRIED = messages.c.outcome.in_([literal_column("'answer'"), literal_column("'choices'")])
# For those who look whether what was tried lately was right.
Index(
    "ix_messages_tried",
    messages.c.created_at,
    sqlite_where=WAS_TRIED,
    postgresql_where=WAS_TRIED,
)

inbox = Table(
    "inbox",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # When the resident was told that the answer takes longer.
    Column("told_at", UtcDateTime),
    *work_columns(),
)
_WAITS = inbox.c.done_at.is_(None) & inbox.c.dead_at.is_(None)
Index(
    "ix_inbox_waiting",
    inbox.c.conversation_id,
    inbox.c.seq,
    sqlite_where=_WAITS,
    postgresql_where=_WAITS,
)
# For the count of what was given up lately.
Index(
    "ix_inbox_dead",
    inbox.c.dead_at,
    sqlite_where=inbox.c.dead_at.is_not(None),
    postgresql_where=inbox.c.dead_at.is_not(None),
)

# Questions the catalogue had no answer to. The words stay in the message alone, so that erasing a
# conversation erases them.
unanswered_questions = Table(
    "unanswered_questions",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("matches", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
)

# What residents say of answers: one row an answer, as they said it last.
feedback = Table(
    "feedback",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
    Column("sentence", Text),
    Column("at", UtcDateTime, nullable=False, index=True),
)

inbox_work = WorkQueue(inbox, key="message_id", group="conversation_id", position="seq")
