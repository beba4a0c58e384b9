"""A conversation has a memory: the place that was asked about, what the assistant asked for last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give conversations their memory; those under way begin with an empty one."""
    op.add_column("conversations", sa.Column("memory", sa.JSON))
