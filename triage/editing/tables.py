"""The rows of drafts: what a maintainer is writing about one entry, and what becomes of it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text, text

from triage.kit.db import UtcDateTime

metadata = MetaData()

entry_drafts = Table(
    "entry_drafts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("city", String(40), nullable=False),
    Column("entry_id", String(80), nullable=False),
    # The entry's own revision that the draft goes out from; 0: the entry never was.
    Column("base_revision", Integer, nullable=False),
    # The entry as it was written, perhaps not right yet; empty: the entry is to be withdrawn.
    Column("content", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("stands", String(20), nullable=False),
    Column("author_id", String(40), nullable=False),
    Column("author_name", String(120), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    # What a colleague said who sent it back, or the line where it could not be published.
    Column("note", Text, nullable=False),
    Column("note_by", String(120), nullable=False),
    Column("approved_by", String(120)),
    # Why it is published, as the history will say, and who decided that.
    Column("reason", Text, nullable=False),
    Column("decided_by", String(120)),
    Column("publish_at", UtcDateTime),
    # When the earlier text comes back.
    Column("ends_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("published_revision", Integer),
    # Published or dropped: nothing more is done with it, but for its end.
    Column("closed_at", UtcDateTime),
)


def _index_where(name: str, where: str, *columns: str, unique: bool = False) -> None:
    condition = text(where)
    Index(
        name,
        *(entry_drafts.c[column] for column in columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


_index_where(
    "uq_entry_drafts_open", "closed_at IS NULL", "city", "entry_id", "author_id", unique=True
)
Index("ix_entry_drafts_entry", entry_drafts.c.city, entry_drafts.c.entry_id)
_index_where("ix_entry_drafts_publish", "stands = 'scheduled'", "publish_at")
_index_where("ix_entry_drafts_end", "stands = 'published' AND ended_at IS NULL", "ends_at")
