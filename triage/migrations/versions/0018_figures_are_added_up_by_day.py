"""Figures are added up by day, and what a period is about is found by its moments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables and the indexes. The days are counted by the first pass."""
    op.create_table(
        "day_figures",
        sa.Column("day", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("measure", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figures_counted",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_conversations_created", "conversations", ["created_at"])
    op.create_index("ix_messages_created", "messages", ["created_at"])
    op.create_index("ix_handovers_asked_ever", "handovers", ["asked_at"])
    op.create_index("ix_cases_due", "cases", ["due_at"])
