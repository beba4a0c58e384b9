"""All questions to, and changes of, the rows of learning but for labels. Each runs in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from triage.kit.db import insert_once
from triage.learning.collecting import MOST, Candidate, Why
from triage.learning.groups import Group, How, Kept, Settled
from triage.learning.tables import learning_groups, learning_messages, learning_state

_COLLECTED = "collected"


@dataclass(frozen=True)
class Words:
    """A message as it is grouped."""

    id: str
    text: str
    group_id: str | None


def collected_until(connection: Connection) -> datetime | None:
    """Return up to when messages were collected."""
    found: datetime | None = connection.execute(
        select(learning_state.c.at).where(learning_state.c.name == _COLLECTED)
    ).scalar()
    return found


def set_collected(connection: Connection, until: datetime) -> None:
    """Say up to when messages were collected."""
    row = {"name": _COLLECTED, "at": until}
    if not insert_once(connection, learning_state, row, unique="name"):
        connection.execute(
            update(learning_state).where(learning_state.c.name == _COLLECTED).values(at=until)
        )


def keep(connection: Connection, found: Iterable[Candidate]) -> int:
    """Keep messages that were not answered well, each once; return how many are new."""
    new = 0
    for one in found:
        row = {
            "id": one.id,
            "conversation_id": one.conversation_id,
            "why": one.why.value,
            "text": one.text,
            "note": one.note,
            "outcome": one.outcome,
            "services": list(one.services),
            "at": one.at,
        }
        if insert_once(connection, learning_messages, row, unique="id"):
            new += 1
        elif one.why is Why.NOT_HELPFUL:
            # That tells more than why it was kept before.
            connection.execute(
                update(learning_messages)
                .where(learning_messages.c.id == one.id)
                .values(why=one.why.value, note=one.note)
            )
    return new


def to_group(connection: Connection) -> list[Words]:
    """Return the newest messages, the oldest of them first."""
    rows = connection.execute(
        select(learning_messages.c.id, learning_messages.c.text, learning_messages.c.group_id)
        .order_by(learning_messages.c.at.desc(), learning_messages.c.id)
        .limit(MOST)
    ).all()
    return [Words(*row) for row in reversed(rows)]


def put_into_groups(
    connection: Connection, groups: Mapping[str, str], words: Mapping[str, str]
) -> None:
    """Put messages into groups.

    Args:
        groups: the group of each message whose group is another than before.
        words: the most typical words of each group.
    """
    moved: dict[str, list[str]] = defaultdict(list)
    for message_id, group_id in groups.items():
        moved[group_id].append(message_id)
    for group_id, ids in moved.items():
        connection.execute(
            update(learning_messages)
            .where(learning_messages.c.id.in_(ids))
            .values(group_id=group_id)
        )
    known = dict(
        connection.execute(select(learning_groups.c.id, learning_groups.c.words)).all()
    )
    for group_id, said in words.items():
        if group_id not in known:
            row = {"id": group_id, "words": said}
            insert_once(connection, learning_groups, row, unique="id")
        elif known[group_id] != said:
            connection.execute(
                update(learning_groups)
                .where(learning_groups.c.id == group_id)
                .values(words=said)
            )
    _forget_empty(connection)


def groups(connection: Connection, now: datetime) -> list[Group]:
    """Return all groups with their messages."""
    return _groups(connection, now)


def group(connection: Connection, group_id: str, now: datetime) -> Group | None:
    """Return a group with its messages."""
    found = _groups(connection, now, learning_groups.c.id == group_id)
    return found[0] if found else None


def settle(
    connection: Connection,
    group: Group,
    how: How,
    why: str,
    by: str,
    now: datetime,
) -> None:
    """Say that a group is settled as it is now."""
    connection.execute(
        update(learning_groups)
        .where(learning_groups.c.id == group.id)
        .values(
            settled_how=how.value,
            settled_why=why,
            settled_by=by,
            settled_at=now,
            settled_size=len(group.messages),
        )
    )


def forget(connection: Connection, before: datetime) -> int:
    """Delete messages from before then, and groups that have none; return how many messages there were."""
    gone = connection.execute(
        delete(learning_messages).where(learning_messages.c.at < before)
    ).rowcount
    _forget_empty(connection)
    return gone


def recent_questions(connection: Connection, limit: int) -> list[str]:
    """Return what residents asked lately and was not answered well, in redacted words, the newest first."""
    rows = connection.execute(
        select(learning_messages.c.text, func.max(learning_messages.c.at).label("last"))
        .where(learning_messages.c.why != Why.REROUTED.value)
        .group_by(learning_messages.c.text)
        .order_by(func.max(learning_messages.c.at).desc(), learning_messages.c.text)
        .limit(limit)
    )
    return [row.text for row in rows]


def _forget_empty(connection: Connection) -> None:
    has_messages = select(learning_messages.c.group_id).where(
        learning_messages.c.group_id.is_not(None)
    )
    connection.execute(delete(learning_groups).where(learning_groups.c.id.not_in(has_messages)))


def _groups(connection: Connection, now: datetime, *conditions: Any) -> list[Group]:
    kept: Mapping[str, list[Kept]] = defaultdict(list)
    rows = connection.execute(
        select(learning_messages)
        .join(learning_groups, learning_groups.c.id == learning_messages.c.group_id)
        .where(*conditions)
        .order_by(learning_messages.c.at.desc(), learning_messages.c.id)
    )
    for row in rows:
        kept[row.group_id].append(
            Kept(row.id, Why(row.why), row.text, row.note, row.outcome, row.services, row.at)
        )
    found: Sequence[Any] = connection.execute(select(learning_groups).where(*conditions)).all()
    return [Group(row.id, row.words, kept[row.id], _settled(row), now) for row in found]


def _settled(row: Any) -> Settled | None:
    if row.settled_how is None:
        return None
    return Settled(
        How(row.settled_how),
        row.settled_why or "",
        row.settled_by,
        row.settled_at,
        row.settled_size,
    )
