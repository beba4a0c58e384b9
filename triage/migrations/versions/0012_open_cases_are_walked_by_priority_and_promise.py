"""Lists of open cases are walked by priority and promised date, through an index that nothing competes with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the indices of cases anew."""
    for name in ("ix_cases_open", "ix_cases_assigned", "ix_cases_resolved"):
        op.drop_index(name, "cases")
    _index(
        "ix_cases_open",
        ["priority", "due_at", "id", "queue", "status", "assigned_to"],
        "status IN ('in_progress', 'received', 'waiting')",
    )
    _index(
        "ix_cases_open_of_queue",
        ["queue", "priority", "due_at", "id", "status", "assigned_to"],
        "status IN ('in_progress', 'received', 'waiting')",
    )
    _index("ix_cases_assigned", ["assigned_to"], "assigned_to IS NOT NULL")
    _index("ix_cases_resolved", ["resolved_at"], "status = 'resolved'")


def _index(name: str, columns: list[str], only: str) -> None:
    op.create_index(
        name, "cases", columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only)
    )
