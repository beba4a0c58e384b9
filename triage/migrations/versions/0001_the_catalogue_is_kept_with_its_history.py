"""The catalogue is kept with its history.

Where `python -m services_catalog import` came first, it has made these tables already, just so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the catalogue's tables."""
    op.create_table(
        "catalogue_revisions",
        sa.Column("city", sa.String(40), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("uncovered", sa.JSON, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "catalogue_entries",
        sa.Column("city", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("entry", sa.JSON, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "catalogue_history",
        sa.Column("city", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("entry", sa.JSON, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        if_not_exists=True,
    )
