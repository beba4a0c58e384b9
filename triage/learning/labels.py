"""Labels: what somebody says is right for some words. Only what a maintainer has approved is learned from.

A label for a question names an entry, or says that none covers it. A label for routing names the queue that a report belongs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from triage.errors import TriageError
from triage.kit.db import insert_once
from triage.kit.ids import new_id
from triage.learning.tables import labels

UNCOVERED = ""  # what is wanted where no entry covers it


class Kind(StrEnum):
    """What a label is about."""

    QUESTION = "question"
    ROUTING = "routing"


class Source(StrEnum):
    """Where a label is from."""

    REROUTE = "reroute"  # staff moved a case on
    CORRECTION = "correction"  # somebody said what would have been the answer
    WORDING = "wording"  # words were added to an entry
    SAMPLED = "sampled"  # an answer drawn by lot, for somebody to judge


class State(StrEnum):
    """Whether it is learned from."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class LabelUnknown(TriageError):
    """There is no such label, or it was decided meanwhile."""

    status = 404
    code = "label_unknown"
    message = "This label is not there any more, or somebody else has decided about it."


@dataclass(frozen=True)
class Label:
    """A label as it stands."""

    id: str
    origin: str
    kind: Kind
    source: Source
    text: str
    wanted: str
    service_id: str | None
    from_queue: str | None
    state: State
    made_by: str | None
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None


def add(
    connection: Connection,
    kind: Kind,
    source: Source,
    origin: str,
    text: str,
    wanted: str,
    now: datetime,
    *,
    service_id: str | None = None,
    from_queue: str | None = None,
    made_by: str | None = None,
    approved_by: str | None = None,
) -> bool:
    """Add a label; False, and nothing added, if there is one from the same origin.

    Args:
        text: redacted.
        approved_by: who approves it as they make it; None: it waits for a maintainer.
    """
    return insert_once(
        connection,
        labels,
        {
            "id": new_id("lab"),
            "origin": origin,
            "kind": kind.value,
            "source": source.value,
            "text": text,
            "wanted": wanted,
            "service_id": service_id,
            "from_queue": from_queue,
            "state": (State.APPROVED if approved_by else State.WAITING).value,
            "made_by": made_by or approved_by,
            "made_at": now,
            "decided_by": approved_by,
            "decided_at": now if approved_by else None,
        },
        unique="origin",
    )


def waiting(connection: Connection, limit: int) -> list[Label]:
    """Return labels that nobody has decided about, the oldest first."""
    rows = connection.execute(
        select(labels)
        .where(labels.c.state == State.WAITING.value)
        .order_by(labels.c.made_at, labels.c.id)
        .limit(limit)
    )
    return [_label(row) for row in rows]


def counts(connection: Connection) -> dict[State, int]:
    """Return how many labels there are in each state."""
    rows = connection.execute(select(labels.c.state, func.count()).group_by(labels.c.state))
    found = {State(row[0]): int(row[1]) for row in rows}
    return {state: found.get(state, 0) for state in State}


def decide(
    connection: Connection,
    label_id: str,
    state: State,
    wanted: str | None,
    by: str,
    now: datetime,
) -> Label:
    """Approve or refuse a label that waits; return it as it is now.

    Args:
        wanted: what is right instead; None: what it says.

    Raises:
        LabelUnknown: it does not wait any more.
    """
    values: dict[str, Any] = {"state": state.value, "decided_by": by, "decided_at": now}
    if wanted is not None:
        values["wanted"] = wanted
    decided = connection.execute(
        update(labels)
        .where(labels.c.id == label_id, labels.c.state == State.WAITING.value)
        .values(**values)
        .returning(*labels.c)
    ).first()
    if decided is None:
        raise LabelUnknown
    return _label(decided)


def approved(connection: Connection, kind: Kind) -> Sequence[Label]:
    """Return the labels of a kind that are learned from, in the order of their ids."""
    rows = connection.execute(
        select(labels)
        .where(labels.c.state == State.APPROVED.value, labels.c.kind == kind.value)
        .order_by(labels.c.id)
    )
    return [_label(row) for row in rows]


def forget_undecided(connection: Connection, before: datetime) -> int:
    """Delete what was made before then and was not approved; return how many there were."""
    return connection.execute(
        delete(labels).where(labels.c.state != State.APPROVED.value, labels.c.made_at < before)
    ).rowcount


def exported(label: Label) -> dict[str, Any]:
    """Return a label as a line of a file: a question as the search is fitted on, or where a report belongs."""
    if label.kind is Kind.ROUTING:
        return {
            "id": f"label-{label.id}",
            "kind": "routing",
            "text": label.text,
            "service_id": label.service_id,
            "from_queue": label.from_queue,
            "queue": label.wanted,
        }
    return {
        "id": f"label-{label.id}",
        "kind": "plain" if label.wanted else "uncovered",
        "text": label.text,
        "expect": [label.wanted] if label.wanted else [],
    }


def _label(row: Any) -> Label:
    values = dict(row._mapping)
    return Label(
        **values
        | {
            "kind": Kind(row.kind),
            "source": Source(row.source),
            "state": State(row.state),
        }
    )
