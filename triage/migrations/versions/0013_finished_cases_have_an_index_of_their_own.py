"""Lists of finished cases are walked from the newest on, without passing by those that are open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the index."""
    is_finished = sa.text("status IN ('closed', 'resolved', 'withdrawn')")
    op.create_index(
        "ix_cases_finished",
        "cases",
        ["updated_at", "id", "queue", "status", "priority", "assigned_to", "due_at"],
        sqlite_where=is_finished,
        postgresql_where=is_finished,
    )
