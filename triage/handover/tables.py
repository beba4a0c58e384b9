"""The rows of handovers: who waits for a person and why, who has taken them, what staff noted.

A conversation has at most one open handover. Its conversation's `state` says who holds it; both are changed together, with
the conversation's row held.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from triage.conversations.tables import conversations, metadata
from triage.kit.db import UtcDateTime

handovers = Table(
    "handovers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey(conversations.c.id), nullable=False),
    Column("reason", String(20), nullable=False),
    # What the assistant had gathered of a report that was under way.
    Column("gathered", JSON(none_as_null=True)),
    Column("asked_at", UtcDateTime, nullable=False),
    # Since when they wait in line; empty: they do not. The place in line goes by `asked_at`.
    Column("waiting_since", UtcDateTime),
    # When they were told that nobody had time yet, and that their words are kept.
    Column("told_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    # What was asked of them last: whether people shall get in touch ("contact"), how ("how"); empty: nothing.
    Column("asks", String(10)),
    # When they agreed that people get in touch.
    Column("contact_wanted_at", UtcDateTime),
    # Who has taken it, and the name that the resident was told.
    Column("holder_id", String(40)),
    Column("holder_name", Text),
    Column("taken_at", UtcDateTime),
    # When it was taken for the first time: so waits are measured.
    Column("first_taken_at", UtcDateTime),
    # Since when the person owes an answer; empty: they do not.
    Column("owed_since", UtcDateTime),
    # The number of the last message that somebody has dealt with: the assistant, or a person who had it before them.
    Column("seen_seq", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_how", String(20)),
)
_IS_OPEN = handovers.c.ended_at.is_(None)
Index(
    "uq_handovers_open",
    handovers.c.conversation_id,
    unique=True,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
Index(
    "ix_handovers_asked",
    handovers.c.asked_at,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
Index("ix_handovers_asked_ever", handovers.c.asked_at)
Index("ix_handovers_first_taken", handovers.c.first_taken_at)
Index("ix_handovers_conversation", handovers.c.conversation_id)

# How to reach those who asked for it. Apart, so that nothing shows them by accident, and they can be erased alone.
handover_contacts = Table(
    "handover_contacts",
    metadata,
    Column("handover_id", ForeignKey("handovers.id"), primary_key=True),
    Column("phone", Text),
    Column("email", Text),
    Column("given_at", UtcDateTime, nullable=False),
)

# What staff write for each other; residents never see it.
handover_notes = Table(
    "handover_notes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey(conversations.c.id), nullable=False, index=True),
    Column("member_id", String(40), nullable=False),
    Column("member_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
