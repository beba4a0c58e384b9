"""Residents write from their phones: who they are, what came in, what is to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of text messages."""
    _senders()
    _incoming()
    _outgoing()


def _senders() -> None:
    op.create_table(
        "text_senders",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False, unique=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("line", sa.String(40), nullable=False),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), unique=True
        ),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=False),
        sa.Column("opted_out_at", _MOMENT),
        sa.Column("options", sa.JSON(none_as_null=True)),
        sa.Column("options_at", _MOMENT),
        sa.Column("rest", sa.JSON(none_as_null=True)),
        sa.Column("rest_at", _MOMENT),
        sa.Column("next_text", sa.Integer, nullable=False),
        sa.Column("full_at", _MOMENT),
        sa.Column("last_mark", sa.String(64)),
        sa.Column("same_in_a_row", sa.Integer, nullable=False),
        sa.Column("heard_text", sa.Integer, nullable=False),
        sa.Column("minute_at", _MOMENT),
        sa.Column("in_minute", sa.Integer, nullable=False),
        sa.Column("quiet_until", _MOMENT),
    )


def _incoming() -> None:
    op.create_table(
        "carrier_messages",
        sa.Column("sid", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(40), sa.ForeignKey("text_senders.id"), nullable=False),
        sa.Column("taken_for", sa.String(20), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_carrier_messages_sender", "carrier_messages", ["sender_id"])
    op.create_table(
        "carrier_media",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("sid", sa.String(64), sa.ForeignKey("carrier_messages.sid"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        *_work(),
        sa.UniqueConstraint("sid", "position", name="uq_carrier_media_position"),
    )
    op.create_index(
        "ix_carrier_media_due", "carrier_media", ["done_at", "dead_at", "next_attempt_at"]
    )
    op.create_table(
        "carrier_log_reads",
        sa.Column("line", sa.String(40), primary_key=True),
        sa.Column("read_until", _MOMENT, nullable=False),
        *_work(),
    )


def _outgoing() -> None:
    op.create_table(
        "texts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("sender_id", sa.String(40), sa.ForeignKey("text_senders.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("message_id", sa.String(40)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("is_urgent", sa.Boolean, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("begun_at", _MOMENT),
        sa.Column("ambiguous", sa.Integer, nullable=False),
        sa.Column("carrier_sid", sa.String(64), unique=True),
        sa.Column("status", sa.String(20)),
        sa.Column("error_code", sa.Integer),
        *_work(),
        sa.UniqueConstraint("sender_id", "number", name="uq_texts_number"),
    )
    op.create_index("ix_texts_due", "texts", ["done_at", "dead_at", "next_attempt_at"])
    op.create_index("ix_texts_conversation", "texts", ["conversation_id"])
    waits = sa.text("done_at IS NULL AND dead_at IS NULL")
    op.create_index(
        "ix_texts_waiting",
        "texts",
        ["sender_id", "number"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _work() -> Sequence[sa.Column[Any]]:
    return (
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.Column("lease_by", sa.String(160)),
        sa.Column("last_error", sa.Text),
        sa.Column("done_at", _MOMENT),
        sa.Column("dead_at", _MOMENT),
    )
