"""The rows of staff: accounts, sessions, failed attempts, and the audit trail."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from triage.kit.db import UtcDateTime

metadata = MetaData()

members = Table(
    "staff_members",
    metadata,
    Column("id", String(40), primary_key=True),
    # In small letters.
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    # Ids of queues; empty: all.
    Column("queues", JSON(none_as_null=True)),
    # argon2id; empty: they sign in with the city's own sign-in alone.
    Column("password_hash", Text),
    # The password was made by somebody else, and is good for one sign-in until then.
    Column("password_until", UtcDateTime),
    # The secret of their authenticator app, encrypted; it counts once a code of it was shown.
    Column("code_secret", Text),
    Column("code_since", UtcDateTime),
    # The time step of the last code that was taken: none is taken twice.
    Column("code_step", Integer),
    # Who they are at the city's own sign-in: issuer and subject.
    Column("outside_id", Text, unique=True),
    # An account for show: nobody signs in with it where the line is no demonstration.
    Column("is_demo", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("signed_in_at", UtcDateTime),
    Column("disabled_at", UtcDateTime),
)

sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", ForeignKey("staff_members.id"), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    # When they last did something; a page that refreshes itself does not count.
    Column("seen_at", UtcDateTime, nullable=False),
    # When they last showed their password.
    Column("proved_at", UtcDateTime, nullable=False),
    # The password was right, the code of the app is still to come: nothing else can be done with it.
    Column("waits_for_code", Boolean, nullable=False),
    Index("ix_staff_sessions_member", "member_id"),
    Index("ix_staff_sessions_began", "began_at"),
)

# What failed lately: one row for each account and each address. Neither is readable in it.
failures = Table(
    "staff_sign_in_failures",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index("ix_staff_sign_in_failures_last", "last_at"),
)

# Append-only: triggers of the database refuse every change and deletion. Each row carries the hash of the one before it.
# Members are named without a foreign key: what was done stays, whatever becomes of who did it.
audit = Table(
    "staff_audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who_id", String(40), nullable=False),
    Column("who", String(120), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("details", JSON, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_staff_audit_at", "at"),
    Index("ix_staff_audit_who", "who_id", "seq"),
    Index("ix_staff_audit_action", "action", "seq"),
    Index("ix_staff_audit_subject", "subject", "seq"),
)
