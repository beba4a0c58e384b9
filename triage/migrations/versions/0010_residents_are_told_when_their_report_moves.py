"""Residents who agreed are told when their report moves: what waits to be told, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the outbox of news."""
    op.create_table(
        "case_updates",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("whom", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("news", sa.JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("result", sa.String(20)),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("channel", sa.String(20)),
        sa.Column("message_id", sa.String(40), unique=True),
        sa.Column("lost", sa.String(60)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.Column("lease_by", sa.String(160)),
        sa.Column("last_error", sa.Text),
        sa.Column("done_at", _MOMENT),
        sa.Column("dead_at", _MOMENT),
        sa.UniqueConstraint("whom", "number", name="uq_case_updates_number"),
    )
    waits = sa.text("done_at IS NULL AND dead_at IS NULL")
    for name, columns, where in (
        ("ix_case_updates_case_id", ["case_id"], None),
        ("ix_case_updates_due", ["done_at", "dead_at", "next_attempt_at"], None),
        ("ix_case_updates_conversation", ["conversation_id"], None),
        ("ix_case_updates_waiting", ["whom", "number"], waits),
    ):
        op.create_index(
            name, "case_updates", columns, sqlite_where=where, postgresql_where=where
        )
