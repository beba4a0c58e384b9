"""Staff have accounts, and what they do is kept: nobody can change or delete an entry of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_MOMENT = sa.DateTime(timezone=True)

_ON_SQLITE = (
    """
    CREATE TRIGGER staff_audit_stays_as_it_is BEFORE UPDATE ON staff_audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER staff_audit_stays BEFORE DELETE ON staff_audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
)
_ON_POSTGRESQL = (
    """
    CREATE FUNCTION staff_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
    """,
    """
    CREATE TRIGGER staff_audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit
    FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_is_append_only()
    """,
)


def upgrade() -> None:
    """Make the tables of staff, and the triggers that keep the trail."""
    op.create_table(
        "staff_members",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("queues", sa.JSON(none_as_null=True)),
        sa.Column("password_hash", sa.Text),
        sa.Column("password_until", _MOMENT),
        sa.Column("code_secret", sa.Text),
        sa.Column("code_since", _MOMENT),
        sa.Column("code_step", sa.Integer),
        sa.Column("outside_id", sa.Text, unique=True),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("signed_in_at", _MOMENT),
        sa.Column("disabled_at", _MOMENT),
    )
    _signing_in()
    _audit()


def _signing_in() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "member_id", sa.String(40), sa.ForeignKey("staff_members.id"), nullable=False
        ),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("proved_at", _MOMENT, nullable=False),
        sa.Column("waits_for_code", sa.Boolean, nullable=False),
    )
    op.create_index("ix_staff_sessions_member", "staff_sessions", ["member_id"])
    op.create_index("ix_staff_sessions_began", "staff_sessions", ["began_at"])
    op.create_table(
        "staff_sign_in_failures",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_staff_sign_in_failures_last", "staff_sign_in_failures", ["last_at"])


def _audit() -> None:
    op.create_table(
        "staff_audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who_id", sa.String(40), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_staff_audit_at", "staff_audit", ["at"])
    for name in ("who_id", "action", "subject"):
        short = name.removesuffix("_id")
        op.create_index(f"ix_staff_audit_{short}", "staff_audit", [name, "seq"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _ON_SQLITE if is_sqlite else _ON_POSTGRESQL:
        op.execute(statement)
