"""What the City says just now about a place or a service is kept, with who said it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables of notices."""
    op.create_table(
        "notice_revisions",
        sa.Column("city", sa.String(40), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("city", sa.String(40), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice", sa.JSON, nullable=False),
    )
    op.create_index("ix_notices_by_end", "notices", ["city", "ends_at"])
    op.create_table(
        "notice_history",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("did", sa.String(20), nullable=False),
        sa.Column("notice", sa.JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
    )
