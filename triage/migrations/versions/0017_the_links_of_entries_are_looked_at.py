"""Every page that an entry names is looked at now and then, and how it was found is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table of links."""
    op.create_table(
        "catalogue_links",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("found", sa.String(20)),
        sa.Column("status", sa.Integer),
        sa.Column("moved_to", sa.Text),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_catalogue_links_next_at", "catalogue_links", ["next_at"])
