"""The catalogue's rows: what stands now, what stood before, and the revision that moves with each change."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, Text

metadata = MetaData()

catalogue_revisions = Table(
    "catalogue_revisions",
    metadata,
    Column("city", String(40), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("uncovered", JSON, nullable=False),
)

catalogue_entries = Table(
    "catalogue_entries",
    metadata,
    Column("city", String(40), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("entry", JSON, nullable=False),
)

# Append-only: what every entry was at each revision that touched it; entry is null where it was retired.
catalogue_history = Table(
    "catalogue_history",
    metadata,
    Column("city", String(40), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("entry", JSON(none_as_null=True), nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    # "pack" or "hand": an import of the pack leaves alone what was changed by hand since.
    Column("origin", String(10), nullable=False, server_default="pack"),
)
