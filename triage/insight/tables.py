"""The rows of figures: tallies added up by day, and until when. Nobody's facts, and no conversation's name, are in them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from triage.kit.db import UtcDateTime

metadata = MetaData()

day_figures = Table(
    "day_figures",
    metadata,
    # When the day began, by the city's clock.
    Column("day", UtcDateTime, primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("number", Integer, nullable=False),
    # A period's days lie side by side, and nothing else is looked up in another table.
    sqlite_with_rowid=False,
)

# One row: everything that happened before this moment is in the days. Whoever moves it has counted.
figures_counted = Table(
    "figures_counted",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
)
