"""The rows of text messages: who writes, what came in, what is to be sent. Phone numbers stand in one column alone.

Whoever changes a sender holds the sender's conversation first, if both are changed: so no two transactions wait for
each other in a ring.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from triage.conversations.tables import metadata
from triage.kit.db import UtcDateTime
from triage.kit.work import WorkQueue, work_columns

senders = Table(
    "text_senders",
    metadata,
    Column("id", String(40), primary_key=True),
    # A keyed hash of the address: finds the sender again.
    Column("mark", String(64), nullable=False, unique=True),
    # The address, encrypted.
    Column("address", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    # Which of the city's numbers they wrote to last; replies come from there.
    Column("line", String(40), nullable=False),
    # Empty only while the transaction runs that adds the sender.
    Column("conversation_id", ForeignKey("conversations.id"), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    # They do not want texts, since then.
    Column("opted_out_at", UtcDateTime),
    # What a number stands for in their next text: [[1, "cho_..."], ...].
    Column("options", JSON(none_as_null=True)),
    Column("options_at", UtcDateTime),
    # The parts of a long text that were not sent yet.
    Column("rest", JSON(none_as_null=True)),
    Column("rest_at", UtcDateTime),
    # The number the next text to them gets.
    Column("next_text", Integer, nullable=False),
    # When their share of replies is whole again.
    Column("full_at", UtcDateTime),
    # Whether a machine writes: the mark of the last text, how often it came in a row, how many came since when.
    Column("last_mark", String(64)),
    Column("same_in_a_row", Integer, nullable=False),
    # `next_text` as it was then: a text that followed no reply of ours is nobody's automatic answer.
    Column("heard_text", Integer, nullable=False),
    Column("minute_at", UtcDateTime),
    Column("in_minute", Integer, nullable=False),
    # Nobody answers until then.
    Column("quiet_until", UtcDateTime),
)

# Everything that the carrier handed over, by its own id: so that nothing is taken twice. A message of a conversation that
# it became has this id as its client_message_id.
carrier_messages = Table(
    "carrier_messages",
    metadata,
    Column("sid", String(64), primary_key=True),
    Column("sender_id", ForeignKey("text_senders.id"), nullable=False),
    # What it was taken for (triage.texting.incoming.Taken).
    Column("taken_for", String(20), nullable=False),
    # "webhook", or "log" where it was only found in the carrier's log.
    Column("source", String(12), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_carrier_messages_sender", "sender_id"),
)

# Pictures that came with a text and are to be fetched.
carrier_media = Table(
    "carrier_media",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sid", ForeignKey("carrier_messages.sid"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    *work_columns(),
    UniqueConstraint("sid", "position", name="uq_carrier_media_position"),
    Index("ix_carrier_media_due", "done_at", "dead_at", "next_attempt_at"),
)
media_work = WorkQueue(carrier_media, key="id", group="sid", position="position")

# The outbox.
texts = Table(
    "texts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sender_id", ForeignKey("text_senders.id"), nullable=False),
    # The order in which the sender gets them; what is urgent is below zero.
    Column("number", Integer, nullable=False),
    # What it tells, if it is a message of a conversation.
    Column("conversation_id", String(40)),
    Column("message_id", String(40)),
    Column("body", Text, nullable=False),
    # A safety text, or the last word to somebody who wants no more: no cap holds it up.
    Column("is_urgent", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When sending began whose end is not known: before it is sent again, it is looked for in the carrier's log.
    Column("begun_at", UtcDateTime),
    # How often it was not known whether it had been taken.
    Column("ambiguous", Integer, nullable=False),
    # What the carrier calls it, and what it said last became of it.
    Column("carrier_sid", String(64), unique=True),
    Column("status", String(20)),
    Column("error_code", Integer),
    *work_columns(),
    UniqueConstraint("sender_id", "number", name="uq_texts_number"),
    Index("ix_texts_due", "done_at", "dead_at", "next_attempt_at"),
    Index("ix_texts_conversation", "conversation_id"),
)
_WAITS = texts.c.done_at.is_(None) & texts.c.dead_at.is_(None)
# A number may have a long history; what comes first of what waits is found without it.
Index(
    "ix_texts_waiting",
    texts.c.sender_id,
    texts.c.number,
    sqlite_where=_WAITS,
    postgresql_where=_WAITS,
)
outbox = WorkQueue(texts, key="id", group="sender_id", position="number")

# A row for each of the city's numbers, never done: due again whenever the carrier's log of it is to be read.
log_reads = Table(
    "carrier_log_reads",
    metadata,
    Column("line", String(40), primary_key=True),
    # What came before is known.
    Column("read_until", UtcDateTime, nullable=False),
    *work_columns(),
)
log_work = WorkQueue(log_reads, key="line", group="line", position="line")
