"""Cases of chosen services are forwarded to outside endpoints from an outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of the outbox and of the endpoints' news."""
    op.create_table(
        "forwards",
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("begun_at", _MOMENT),
        sa.Column("token", sa.String(200)),
        sa.Column("request_id", sa.String(200)),
        sa.Column("looked_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        *_work(),
    )
    op.create_index("ix_forwards_due", "forwards", ["done_at", "dead_at", "next_attempt_at"])
    op.create_index("ix_forwards_request", "forwards", ["target", "request_id"])
    op.create_table(
        "forward_polls",
        sa.Column("target", sa.String(80), primary_key=True),
        sa.Column("heard_until", _MOMENT),
        sa.Column("has_updates", sa.Boolean),
        *_work(),
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
