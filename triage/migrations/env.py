"""Alembic's way in. Runs inside the transaction of the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from services_catalog.tables import metadata as catalogue
from triage.conversations.tables import metadata as conversations

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[catalogue, conversations],
    # SQLite cannot alter a table: alembic makes a new one and copies.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
