"""The rows of links: every address that entries name, and how it was found to be."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

from triage.kit.db import UtcDateTime

metadata = MetaData()

catalogue_links = Table(
    "catalogue_links",
    metadata,
    # SHA-256 of the address: an address can be longer than what a database takes as a key.
    Column("id", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    Column("host", String(255), nullable=False),
    # A name of `Found`; null: not looked at yet.
    Column("found", String(20)),
    Column("status", Integer),
    Column("moved_to", Text),
    # Since when it has been found like this, how many times in a row, and when it is looked at next.
    Column("since", UtcDateTime),
    Column("times", Integer, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("next_at", UtcDateTime, nullable=False, index=True),
)
