"""All questions to, and changes of, the rows of handovers. Each runs in the caller's transaction, with the conversation held
where it changes who has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from triage.conversations.schemas import Outcome, Sender
from triage.conversations.tables import conversations, messages
from triage.handover.tables import handover_contacts, handover_notes, handovers
from triage.kit.db import UtcDateTime

_IS_OPEN = handovers.c.ended_at.is_(None)
_WAITS = and_(_IS_OPEN, handovers.c.waiting_since.is_not(None))
_OPEN_OF = select(handovers).where(_IS_OPEN, handovers.c.conversation_id == bindparam("wanted"))


def open_of(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return a conversation's open handover."""
    return connection.execute(_OPEN_OF, {"wanted": conversation_id}).first()


def add(connection: Connection, **values: Any) -> None:
    """Add a handover."""
    connection.execute(insert(handovers).values(**values))


def change(connection: Connection, handover_id: str, **values: Any) -> None:
    """Write some columns of a handover."""
    connection.execute(update(handovers).where(handovers.c.id == handover_id).values(**values))


def claim(
    connection: Connection, handover_id: str, *, member_id: str, name: str, now: datetime
) -> bool:
    """Have a member take a handover that nobody has; False, and nothing changed, if somebody has it or it is over.

    Whoever tries at the same moment compares and swaps in this one statement: one of them wins, on every database.
    """
    taken = connection.execute(
        update(handovers)
        .where(handovers.c.id == handover_id, handovers.c.holder_id.is_(None), _IS_OPEN)
        .values(
            holder_id=member_id,
            holder_name=name,
            taken_at=now,
            first_taken_at=func.coalesce(handovers.c.first_taken_at, literal(now, UtcDateTime)),
            owed_since=now,
            waiting_since=None,
            told_at=None,
            asks=None,
        )
    )
    return taken.rowcount == 1


def place_of(connection: Connection, asked_at: datetime, handover_id: str) -> int:
    """Return which place in line somebody has who asked then."""
    before = connection.execute(
        select(func.count()).where(
            _WAITS,
            or_(
                handovers.c.asked_at < asked_at,
                and_(handovers.c.asked_at == asked_at, handovers.c.id < handover_id),
            ),
        )
    ).scalar_one()
    return int(before) + 1


def waits_lately(connection: Connection, since: datetime, most: int) -> list[timedelta]:
    """Return how long those waited who were taken since then, the latest first."""
    rows = connection.execute(
        select(handovers.c.asked_at, handovers.c.first_taken_at)
        .where(handovers.c.first_taken_at >= since)
        .order_by(handovers.c.first_taken_at.desc())
        .limit(most)
    )
    return [row.first_taken_at - row.asked_at for row in rows]


def longest_waiting_since(connection: Connection) -> datetime | None:
    """Return since when somebody in line has waited; None: nobody is in line."""
    since: datetime | None = connection.execute(
        select(func.min(handovers.c.asked_at)).where(_WAITS)
    ).scalar()
    return since


def standings(connection: Connection) -> dict[str, int]:
    """Return how many conversations wait in line, are held by a person, and are to be contacted."""
    waits = func.count().filter(_WAITS)
    held = func.count().filter(handovers.c.holder_id.is_not(None))
    contact = func.count().filter(
        handovers.c.holder_id.is_(None),
        handovers.c.waiting_since.is_(None),
        handovers.c.contact_wanted_at.is_not(None),
    )
    row = connection.execute(select(waits, held, contact).where(_IS_OPEN)).one()
    return {"waiting": row[0], "held": row[1], "to_contact": row[2]}


def untold(connection: Connection, since: datetime, limit: int) -> Sequence[str]:
    """Return the conversations that wait since before then and were not told that nobody had time yet."""
    return (
        connection.execute(
            select(handovers.c.conversation_id)
            .where(_WAITS, handovers.c.told_at.is_(None), handovers.c.waiting_since <= since)
            .order_by(handovers.c.asked_at)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def silent(connection: Connection, since: datetime, limit: int) -> Sequence[str]:
    """Return the conversations in which a person has owed an answer since before then."""
    return (
        connection.execute(
            select(handovers.c.conversation_id)
            .where(
                _IS_OPEN, handovers.c.holder_id.is_not(None), handovers.c.owed_since <= since
            )
            .order_by(handovers.c.owed_since)
            .limit(limit)
        )
        .scalars()
        .all()
    )


# ── what staff look at ──


def open_ones(connection: Connection) -> Sequence[Row[Any]]:
    """Return all that waits, is held or is to be contacted, the longest first, with its conversation."""
    return connection.execute(
        select(
            handovers,
            conversations.c.state,
            conversations.c.channel,
            conversations.c.next_seq,
        )
        .join(conversations, conversations.c.id == handovers.c.conversation_id)
        .where(
            _IS_OPEN,
            or_(
                handovers.c.waiting_since.is_not(None),
                handovers.c.holder_id.is_not(None),
                handovers.c.contact_wanted_at.is_not(None),
            ),
        )
        .order_by(handovers.c.asked_at, handovers.c.id)
    ).all()


def spoken_of(
    connection: Connection, conversation_ids: Sequence[str]
) -> Sequence[Row[Any, Any, Any]]:
    """Return what the assistant said in conversations about an entry or about danger, the oldest first: whose message it is
    (`conversation_id`), the entry (`service_id`) and the outcome.
    """
    return connection.execute(
        select(messages.c.conversation_id, messages.c.service_id, messages.c.outcome)
        .where(
            messages.c.conversation_id.in_(conversation_ids),
            messages.c.sender == Sender.ASSISTANT.value,
            or_(messages.c.service_id.is_not(None), messages.c.outcome == Outcome.SAFETY.value),
        )
        .order_by(messages.c.conversation_id, messages.c.seq)
    ).all()


def conversation(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """Return a conversation that was ever handed over, with what is remembered of it."""
    handed_over = (
        select(handovers.c.id).where(handovers.c.conversation_id == conversations.c.id).exists()
    )
    return connection.execute(
        select(conversations).where(conversations.c.id == conversation_id, handed_over)
    ).first()


def handovers_of(connection: Connection, conversation_id: str) -> Sequence[Row[Any]]:
    """Return every handover of a conversation, the newest first."""
    return connection.execute(
        select(handovers)
        .where(handovers.c.conversation_id == conversation_id)
        .order_by(handovers.c.asked_at.desc(), handovers.c.id.desc())
    ).all()


def newest_words(connection: Connection, conversation_id: str) -> int:
    """Return the number of the resident's last message."""
    newest = connection.execute(
        select(func.max(messages.c.seq)).where(
            messages.c.conversation_id == conversation_id, messages.c.sender == "resident"
        )
    ).scalar()
    return int(newest or 0)


# ── contacts and notes ──


def keep_contact(connection: Connection, handover_id: str, **values: Any) -> None:
    """Keep how to reach somebody, in place of what they gave before."""
    changed = connection.execute(
        update(handover_contacts)
        .where(handover_contacts.c.handover_id == handover_id)
        .values(**values)
    )
    if not changed.rowcount:
        connection.execute(insert(handover_contacts).values(handover_id=handover_id, **values))


def contact_of(connection: Connection, handover_id: str) -> Row[Any] | None:
    """Return how to reach somebody who asked for it."""
    return connection.execute(
        select(handover_contacts).where(handover_contacts.c.handover_id == handover_id)
    ).first()


def add_note(connection: Connection, **values: Any) -> None:
    """Add what a member of staff writes for the others."""
    connection.execute(insert(handover_notes).values(**values))


def notes_of(connection: Connection, conversation_id: str) -> Sequence[Row[Any]]:
    """Return the notes on a conversation, the oldest first."""
    return connection.execute(
        select(handover_notes)
        .where(handover_notes.c.conversation_id == conversation_id)
        .order_by(handover_notes.c.at, handover_notes.c.id)
    ).all()
