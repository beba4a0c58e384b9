"""What residents report becomes a case; photos are known by their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of cases, of what happens to them, of their people, and of photos."""
    op.create_table(
        "cases",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("reference", sa.String(11), nullable=False, unique=True),
        sa.Column("key", sa.String(120), nullable=False, unique=True),
        sa.Column("service_id", sa.String(80), nullable=False),
        sa.Column("service_name", sa.Text, nullable=False),
        sa.Column("division", sa.Text, nullable=False),
        sa.Column("queue", sa.String(80), nullable=False),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("address", sa.Text),
        sa.Column("ward", sa.String(80)),
        sa.Column("approximate", sa.Boolean, nullable=False),
        sa.Column("standard", sa.JSON),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("resolved_at", _MOMENT),
        sa.Column("outcome", sa.String(20)),
        sa.Column("outcome_sentence", sa.Text),
        sa.Column("delay_reason", sa.Text),
        sa.Column("asked", sa.Text),
        sa.Column("followers", sa.Integer, nullable=False),
        sa.Column("next_event", sa.Integer, nullable=False),
    )
    op.create_index("ix_cases_near", "cases", ["service_id", "latitude", "longitude"])
    op.create_index("ix_cases_opened", "cases", ["opened_at", "id"])
    op.create_index("ix_cases_service_opened", "cases", ["service_id", "opened_at"])
    op.create_index("ix_cases_updated", "cases", ["updated_at", "id"])
    op.create_index("ix_cases_conversation", "cases", ["conversation_id", "opened_at"])
    op.create_index("ix_cases_queue", "cases", ["queue", "status", "due_at"])
    op.create_index("ix_cases_resolved", "cases", ["status", "resolved_at"])
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(120)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("audience", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(20), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("case_id", "key", name="uq_case_events_key"),
    )
    op.create_index("ix_case_events_at", "case_events", ["at"])
    op.create_table(
        "case_followers",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.UniqueConstraint(
            "case_id", "conversation_id", name="uq_case_followers_conversation"
        ),
    )
    op.create_index("ix_case_followers_conversation", "case_followers", ["conversation_id"])
    op.create_table(
        "case_contacts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "case_id", sa.String(40), sa.ForeignKey("cases.id"), nullable=False, index=True
        ),
        sa.Column("follower_id", sa.String(40), sa.ForeignKey("case_followers.id")),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("wants_updates", sa.Boolean, nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("sent_sha256", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(40)),
        sa.Column("case_id", sa.String(40)),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_media_conversation", "media", ["conversation_id"])
    op.create_index("ix_media_case", "media", ["case_id"])
