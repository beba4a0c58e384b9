"""Residents say whether an answer helped; what was not answered well is kept in groups, and what is right as labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of feedback, groups and labels."""
    _feedback()
    _groups()
    _labels()


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("message_id", sa.String(40), sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("sentence", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_feedback_conversation_id", "feedback", ["conversation_id"])
    op.create_index("ix_feedback_at", "feedback", ["at"])
    tried = sa.text("outcome IN ('answer', 'choices')")
    op.create_index(
        "ix_messages_tried",
        "messages",
        ["created_at"],
        sqlite_where=tried,
        postgresql_where=tried,
    )


def _groups() -> None:
    op.create_table(
        "learning_messages",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("outcome", sa.String(20)),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("group_id", sa.String(40)),
    )
    for column in ("conversation_id", "at", "group_id"):
        op.create_index(f"ix_learning_messages_{column}", "learning_messages", [column])
    op.create_table(
        "learning_groups",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("settled_how", sa.String(12)),
        sa.Column("settled_why", sa.Text),
        sa.Column("settled_by", sa.String(40)),
        sa.Column("settled_at", _MOMENT),
        sa.Column("settled_size", sa.Integer),
    )
    op.create_table(
        "learning_state",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("origin", sa.String(120), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("wanted", sa.String(80), nullable=False),
        sa.Column("service_id", sa.String(80)),
        sa.Column("from_queue", sa.String(80)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(40)),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", _MOMENT),
    )
    op.create_index("ix_labels_state", "labels", ["state", "made_at"])
