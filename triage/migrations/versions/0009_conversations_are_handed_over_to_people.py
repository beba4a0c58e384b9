"""Conversations are handed over to people: who waits, who has them, how to reach them, what staff note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of handovers; of each conversation note from where on the assistant knows it."""
    op.add_column(
        "conversations", sa.Column("fresh_from", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("gathered", sa.JSON(none_as_null=True)),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("waiting_since", _MOMENT),
        sa.Column("told_at", _MOMENT),
        sa.Column("acknowledged_at", _MOMENT),
        sa.Column("asks", sa.String(10)),
        sa.Column("contact_wanted_at", _MOMENT),
        sa.Column("holder_id", sa.String(40)),
        sa.Column("holder_name", sa.Text),
        sa.Column("taken_at", _MOMENT),
        sa.Column("first_taken_at", _MOMENT),
        sa.Column("owed_since", _MOMENT),
        sa.Column("seen_seq", sa.Integer, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("ended_how", sa.String(20)),
    )
    _index_open("uq_handovers_open", "conversation_id", unique=True)
    _index_open("ix_handovers_asked", "asked_at")
    op.create_index("ix_handovers_first_taken", "handovers", ["first_taken_at"])
    op.create_index("ix_handovers_conversation", "handovers", ["conversation_id"])
    op.create_table(
        "handover_contacts",
        sa.Column(
            "handover_id", sa.String(40), sa.ForeignKey("handovers.id"), primary_key=True
        ),
        sa.Column("phone", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("given_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "handover_notes",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(40), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("member_id", sa.String(40), nullable=False),
        sa.Column("member_name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_handover_notes_conversation_id", "handover_notes", ["conversation_id"])


def _index_open(name: str, column: str, *, unique: bool = False) -> None:
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        name,
        "handovers",
        [column],
        unique=unique,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
