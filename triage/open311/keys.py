"""Keys of those who may send requests and updates over Open311. Only a key's hash is kept.

All SQL about keys is here; each function runs in the caller's transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select, update

from triage.kit.db import UtcDateTime
from triage.kit.ids import hash_of, new_id

metadata = MetaData()

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    # Whose key it is, as staff know them.
    Column("name", String(120), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

_PREFIX = "ask311_"


@dataclass(frozen=True)
class ApiKey:
    """Whoever holds a key."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None


def make_key(connection: Connection, name: str, now: datetime) -> str:
    """Make a key for somebody and return it: this is the only time that it can be seen."""
    key = _PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(api_keys).values(
            id=new_id("key"), name=name, key_hash=hash_of(key), created_at=now, revoked_at=None
        )
    )
    return key


def holder_of(connection: Connection, key: str) -> ApiKey | None:
    """Return whose key it is, or None: it is nobody's, or no longer valid."""
    if not key:
        return None
    row = connection.execute(
        select(api_keys).where(
            api_keys.c.key_hash == hash_of(key), api_keys.c.revoked_at.is_(None)
        )
    ).first()
    return ApiKey(row.id, row.name, row.created_at, row.revoked_at) if row else None


def all_keys(connection: Connection) -> Sequence[ApiKey]:
    """Return every key that was made, the oldest first."""
    rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
    return [ApiKey(r.id, r.name, r.created_at, r.revoked_at) for r in rows]


def revoke(connection: Connection, key_id: str, now: datetime) -> bool:
    """Make a key invalid from now on; say whether there was such a valid key."""
    done = connection.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return done.rowcount == 1
