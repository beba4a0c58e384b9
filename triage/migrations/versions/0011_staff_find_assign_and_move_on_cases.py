"""Staff work on cases: who is responsible, what they learned about routing, by what a case is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from triage.cases.words import email_of, phone_of, search_words

revision = "0011"
down_revision = "0010"

_MOMENT = sa.DateTime(timezone=True)
_AT_ONCE = 1_000


def upgrade() -> None:
    """Make the tables, columns and indices of the case desk, and fill in what cases are found by."""
    op.add_column("cases", sa.Column("assigned_to", sa.String(40)))
    op.add_column("cases", sa.Column("duplicate_of", sa.String(40)))
    op.create_index("ix_cases_duplicate_of", "cases", ["duplicate_of"])
    op.create_index("ix_cases_assigned", "cases", ["assigned_to", "status"])
    op.drop_index("ix_cases_queue", "cases")
    is_open = sa.text("status IN ('in_progress', 'received', 'waiting')")
    op.create_index(
        "ix_cases_open",
        "cases",
        ["queue", "priority", "due_at", "id", "status", "assigned_to"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.add_column("case_events", sa.Column("member_id", sa.String(40)))
    op.add_column("case_contacts", sa.Column("phone_e164", sa.String(20)))
    op.add_column("case_contacts", sa.Column("email_folded", sa.String(254)))
    op.create_index("ix_case_contacts_phone_e164", "case_contacts", ["phone_e164"])
    op.create_index("ix_case_contacts_email_folded", "case_contacts", ["email_folded"])
    op.create_table(
        "case_labels",
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("service_id", sa.String(80), nullable=False),
        sa.Column("from_queue", sa.String(80), nullable=False),
        sa.Column("to_queue", sa.String(80), nullable=False),
        sa.Column("rule", sa.String(80)),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("member_id", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_case_labels_at", "case_labels", ["at"])
    op.create_table(
        "case_words",
        sa.Column("word", sa.String(40), primary_key=True),
        sa.Column("opened_at", _MOMENT, primary_key=True),
        sa.Column(
            "case_id", sa.String(40), sa.ForeignKey("cases.id"), primary_key=True, index=True
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_filters",
        sa.Column("member_id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
    )
    _words_of_cases()
    _forms_of_contacts()


def _words_of_cases() -> None:
    connection = op.get_bind()
    cases, events, words = _table("cases"), _table("case_events"), _table("case_words")
    told: dict[str, list[str]] = {}
    for row in connection.execute(
        sa.select(events.c.case_id, events.c.text).where(
            events.c.kind.in_(("added", "answer")), events.c.text.is_not(None)
        )
    ):
        told.setdefault(row.case_id, []).append(row.text)
    found = connection.execute(
        sa.select(
            cases.c.id,
            cases.c.opened_at,
            cases.c.service_name,
            cases.c.description,
            cases.c.address,
        )
    ).all()
    _insert(
        words,
        (
            {"word": word, "opened_at": row.opened_at, "case_id": row.id}
            for row in found
            for word in search_words(
                row.service_name, row.description, row.address or "", *told.get(row.id, ())
            )
        ),
    )


def _forms_of_contacts() -> None:
    connection = op.get_bind()
    contacts = _table("case_contacts")
    for row in connection.execute(
        sa.select(contacts.c.id, contacts.c.phone, contacts.c.email)
    ).all():
        connection.execute(
            sa.update(contacts)
            .where(contacts.c.id == row.id)
            .values(
                phone_e164=phone_of(row.phone or ""), email_folded=email_of(row.email or "")
            )
        )


def _insert(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        op.get_bind().execute(sa.insert(table), some)


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
