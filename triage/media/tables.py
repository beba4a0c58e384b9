"""The rows of photos: what each is, and whose. The pictures themselves are files."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table

from triage.kit.db import UtcDateTime

metadata = MetaData()

media = Table(
    "media",
    metadata,
    # Also the name of its file.
    Column("id", String(40), primary_key=True),
    Column("content_type", String(40), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    # Of what was sent, before it was cleaned: tells whether it is sent again.
    Column("sent_sha256", String(64), nullable=False),
    Column("conversation_id", String(40)),
    Column("case_id", String(40)),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_media_conversation", "conversation_id"),
    Index("ix_media_case", "case_id"),
)
