"""The rows of notices: what stands now, everything that was done to them, and the revision that moves with each change."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Index, Integer, MetaData, String, Table

metadata = MetaData()

notice_revisions = Table(
    "notice_revisions",
    metadata,
    Column("city", String(40), primary_key=True),
    Column("revision", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("city", String(40), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),  # in UTC
    Column("notice", JSON, nullable=False),
    Index("ix_notices_by_end", "city", "ends_at"),
)

# Append-only: what a notice was at each of its versions, and who made it that.
notice_history = Table(
    "notice_history",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("did", String(20), nullable=False),
    Column("notice", JSON, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(120), nullable=False),
)
