"""Maintainers edit entries at the console, as drafts that are published; an import of the pack leaves that alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Note where each change of the catalogue comes from, all so far from the pack; make the table of drafts."""
    # Where `python -m services_catalog import` came first, it has made it already.
    columns = sa.inspect(op.get_bind()).get_columns("catalogue_history")
    if "origin" not in {column["name"] for column in columns}:
        op.add_column(
            "catalogue_history",
            sa.Column("origin", sa.String(10), nullable=False, server_default="pack"),
        )
    op.create_table(
        "entry_drafts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("city", sa.String(40), nullable=False),
        sa.Column("entry_id", sa.String(80), nullable=False),
        sa.Column("base_revision", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("stands", sa.String(20), nullable=False),
        sa.Column("author_id", sa.String(40), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("note_by", sa.String(120), nullable=False),
        sa.Column("approved_by", sa.String(120)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("publish_at", _MOMENT),
        sa.Column("ends_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("published_revision", sa.Integer),
        sa.Column("closed_at", _MOMENT),
    )
    _index_where(
        "uq_entry_drafts_open", ["city", "entry_id", "author_id"], "closed_at IS NULL", True
    )
    op.create_index("ix_entry_drafts_entry", "entry_drafts", ["city", "entry_id"])
    _index_where("ix_entry_drafts_publish", ["publish_at"], "stands = 'scheduled'")
    _index_where(
        "ix_entry_drafts_end", ["ends_at"], "stands = 'published' AND ended_at IS NULL"
    )


def _index_where(name: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        "entry_drafts",
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
