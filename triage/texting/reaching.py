"""Where somebody is told what nobody asked for just now, phones or not, and whether what was told so by text arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from triage.conversations import repository as conversations_repository
from triage.texting.codes import FAILED
from triage.texting.incoming import CHANNELS, WHATSAPP
from triage.texting.repository import senders
from triage.texting.repository.outgoing import OPTED_OUT
from triage.texting.tables import texts
from triage.updates.notes import Why
from triage.updates.reach import Away, There
from triage.updates.tables import case_updates

# So long after their last message may one write to somebody over WhatsApp in words of one's own.
WHATSAPP_WINDOW = timedelta(hours=24)
MOST_LOST_AT_ONCE = 100


def where_now(connection: Connection, conversation_id: str, now: datetime) -> There | Away:
    """Return where somebody is told now who wrote in a conversation: there, or in a later one of the same phone."""
    held = conversations_repository.hold(connection, conversation_id)
    if held is None:
        return Away(Why.NO_CONVERSATION)
    if held.channel not in CHANNELS:
        return There(held, is_phone=False)
    sender = senders.sender_of(connection, held.id)
    if sender is None:
        found = _moved_on(connection, held)
        if found is None:
            return Away(Why.NO_CONVERSATION)
        held, sender = found
    if sender.opted_out_at is not None:
        return Away(Why.OPTED_OUT)
    if held.channel == WHATSAPP and now - sender.heard_at >= WHATSAPP_WINDOW:
        return Away(Why.WHATSAPP_WINDOW)
    return There(held, is_phone=True)


def _moved_on(connection: Connection, left: Row[Any]) -> tuple[Row[Any], Row[Any]] | None:
    """Return the conversation that the sender of an earlier one has now, and the sender; both are held."""
    now_in = senders.moved_on_to(connection, left.id)
    held = conversations_repository.hold(connection, now_in) if now_in else None
    sender = senders.sender_of(connection, held.id) if held else None
    # Another one may have begun while this waited; they are told there the next time.
    return (held, sender) if held is not None and sender is not None else None


def lost_updates(connection: Connection, since: datetime) -> Sequence[tuple[str, str]]:
    """Return the news told since then by a text that did not arrive, each with why."""
    gone = or_(
        and_(texts.c.dead_at.is_not(None), texts.c.done_at.is_(None)),
        and_(texts.c.done_at.is_not(None), texts.c.status.in_(sorted(FAILED))),
    )
    rows = connection.execute(
        select(case_updates.c.id, texts.c.last_error, texts.c.error_code)
        .join(
            texts,
            and_(
                texts.c.conversation_id == case_updates.c.conversation_id,
                texts.c.message_id == case_updates.c.message_id,
            ),
        )
        .where(case_updates.c.done_at >= since, case_updates.c.lost.is_(None), gone)
        .limit(MOST_LOST_AT_ONCE)
    ).all()
    return [(row.id, _why(row.last_error or "failed", row.error_code)) for row in rows]


def _why(last_error: str, code: int | None) -> str:
    if last_error in (OPTED_OUT, "code_21610"):
        return Why.OPTED_OUT.value
    return f"code_{code}" if code else last_error[:60]
