"""Puts what is said in a texting conversation into the outbox, in the transaction that says it: nothing is lost between.

It is worded here, once: what is sent again later is the same text to the letter, which is how it is found in the
carrier's log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row

from triage.conversations import repository as conversations_repository
from triage.conversations.repository import OnSaid
from triage.conversations.schemas import Outcome, Sender, message_json
from triage.kit.clock import Clock
from triage.texting.incoming import CHANNELS
from triage.texting.repository import outgoing, senders
from triage.texting.wording import worded_turn

# So long stands a number for the choice it was offered for, and goes "9" on with a text.
STANDS_FOR = timedelta(hours=24)
# Of no use later.
_NOT_AGAIN = (Outcome.SMALL_TALK.value, Outcome.OUTAGE.value)

# What a row of `messages` may leave out when it is added.
_EMPTY: Mapping[str, None] = dict.fromkeys(
    (
        "seq", "outcome", "service_id", "revision", "confidence", "source_url", "last_verified", "choices", "extra",
        "in_reply_to",
    )
)  # fmt: skip


def into_texts(clock: Clock) -> OnSaid:
    """Return what is to be called with everything that is said."""

    def put(connection: Connection, held: Row[Any], rows: Sequence[dict[str, Any]]) -> None:
        said = [row for row in rows if row["sender"] != Sender.RESIDENT.value]
        if not said or held.channel not in CHANNELS:
            return
        sender = senders.sender_of(connection, held.id)
        if sender is None:
            return  # they have begun another conversation since; nobody reads this one
        _queue(connection, sender, said, {row["id"] for row in said}, clock.now())

    return put


def say_again(connection: Connection, sender_id: str, now: datetime) -> None:
    """Send what was said last, if it was not sent because they wanted no texts: it may be what is waited for.

    Args:
        sender_id: a sender that is held, and its conversation too, and that wants texts.
    """
    sender = senders.lock_sender(connection, sender_id)
    said = conversations_repository.last_turn(
        connection, sender.conversation_id, since=now - STANDS_FOR, beside=_NOT_AGAIN
    )
    ids = [row.id for row in said]
    wanted = outgoing.never_sent(connection, sender.conversation_id, ids)
    if wanted:
        _queue(connection, sender, [row._asdict() for row in said], wanted, now)


def _queue(
    connection: Connection,
    sender: Row[Any],
    said: Sequence[Mapping[str, Any]],
    wanted: set[str],
    now: datetime,
) -> None:
    """Queue those messages of a turn that are wanted."""
    turn = worded_turn([_shown(row) for row in said])
    is_urgent = any(row.get("outcome") == Outcome.SAFETY.value for row in said)
    ids = [row["id"] for row in said]
    bodies = [b for b in zip(turn.texts, ids, strict=True) if b[1] in wanted]
    changes: dict[str, Any] = {}
    if turn.rest is not None:
        changes |= {"rest": list(turn.rest) or None, "rest_at": now}
    if turn.options is not None:
        changes["options"] = [[o.number, o.choice_id] for o in turn.options] or None
        changes["options_at"] = now
    outgoing.queue(connection, sender, bodies, now, is_urgent=is_urgent, **changes)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = message_json(SimpleNamespace(**{**_EMPTY, **row}))
    short = (row.get("extra") or {}).get("short")
    return shown | {"short": short} if short else shown
