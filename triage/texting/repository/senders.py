"""Who writes. Whoever changes what belongs to a sender holds the sender's row first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from triage.kit.db import insert_once
from triage.texting.tables import senders, texts

_BY_MARK = select(senders).where(senders.c.mark == bindparam("wanted"))
# Not FOR UPDATE: whoever changes a text twice in one transaction has PostgreSQL look whether its sender is there, and would
# wait for us, who may wait for that text.
_LOCK = (
    select(senders).where(senders.c.id == bindparam("wanted")).with_for_update(key_share=True)
)
_LOCK_BY_CONVERSATION = (
    select(senders)
    .where(senders.c.conversation_id == bindparam("wanted"))
    .with_for_update(key_share=True)
)
# What is to be set comes with the call.
_SET = update(senders).where(senders.c.id == bindparam("wanted"))


def sender_by_mark(connection: Connection, mark: str) -> Row[Any] | None:
    """Return the sender with this mark."""
    return connection.execute(_BY_MARK, {"wanted": mark}).first()


def add_sender(connection: Connection, **values: Any) -> bool:
    """Add a sender; False if there is one with this mark already, added meanwhile."""
    counts = {"next_text": 1, "heard_text": 1, "same_in_a_row": 0, "in_minute": 0}
    return insert_once(connection, senders, {**counts, **values}, unique="mark")


def lock_sender(connection: Connection, sender_id: str) -> Row[Any]:
    """Return a sender and keep others from changing it until this transaction ends."""
    return connection.execute(_LOCK, {"wanted": sender_id}).one()


def sender_of(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return whose conversation this is now, and keep others from changing the sender."""
    return connection.execute(_LOCK_BY_CONVERSATION, {"wanted": conversation_id}).first()


def moved_on_to(connection: Connection, conversation_id: str) -> str | None:
    """Return the conversation that whoever was told something in this one has now."""
    return connection.execute(
        select(senders.c.conversation_id)
        .join(texts, texts.c.sender_id == senders.c.id)
        .where(texts.c.conversation_id == conversation_id)
        .limit(1)
    ).scalar()


def set_sender(connection: Connection, sender_id: str, **values: Any) -> None:
    """Note something about a sender."""
    connection.execute(_SET, {"wanted": sender_id, **values})


def locked_addresses(
    connection: Connection, after: str, limit: int
) -> Sequence[tuple[str, str]]:
    """Return the ids and encrypted addresses of senders, in the order of their ids."""
    rows = connection.execute(
        select(senders.c.id, senders.c.address)
        .where(senders.c.id > after)
        .order_by(senders.c.id)
        .limit(limit)
    )
    return [(row.id, row.address) for row in rows]
