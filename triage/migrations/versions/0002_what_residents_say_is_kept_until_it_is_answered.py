"""What residents say is kept until it is answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_WAITS = sa.text("done_at IS NULL AND dead_at IS NULL")
_DEAD = sa.text("dead_at IS NOT NULL")


def upgrade() -> None:
    """Make the tables of conversations, of messages, of work, and of questions without an answer."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("language_asked", sa.String(8)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("next_seq", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column(
            "conversation_id",
            sa.String(40),
            sa.ForeignKey("conversations.id"),
            primary_key=True,
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("client_message_id", sa.String(100)),
        sa.Column("sender", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("service_id", sa.String(80)),
        sa.Column("revision", sa.Integer),
        sa.Column("confidence", sa.Float),
        sa.Column("source_url", sa.Text),
        sa.Column("last_verified", sa.String(40)),
        sa.Column("choices", sa.JSON),
        sa.Column("extra", sa.JSON),
        sa.Column("in_reply_to", sa.String(40)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint(
            "conversation_id", "client_message_id", name="uq_messages_client_message_id"
        ),
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.String(40), sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("told_at", _MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.Column("lease_by", sa.String(160)),
        sa.Column("last_error", sa.Text),
        sa.Column("done_at", _MOMENT),
        sa.Column("dead_at", _MOMENT),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["conversation_id", "seq"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )
    op.create_index(
        "ix_inbox_dead", "inbox", ["dead_at"], sqlite_where=_DEAD, postgresql_where=_DEAD
    )
    op.create_table(
        "unanswered_questions",
        sa.Column("message_id", sa.String(40), sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("matches", sa.JSON, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False, index=True),
    )
