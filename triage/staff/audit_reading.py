"""Reading the audit trail: by who, what, about what and when, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from triage.staff.audit import Entry
from triage.staff.tables import audit

ON_A_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is empty is not asked about."""

    who_id: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None  # only entries with a smaller number: those of the next page


def found(connection: Connection, asked: Asked) -> tuple[Sequence[Entry], int | None]:
    """Return a page of entries, and what the next page is `below`; None: there is none."""
    wanted = select(audit).order_by(audit.c.seq.desc()).limit(ON_A_PAGE + 1)
    for condition in (
        audit.c.who_id == asked.who_id if asked.who_id else None,
        audit.c.action == asked.action if asked.action else None,
        audit.c.subject == asked.subject if asked.subject else None,
        audit.c.at >= asked.since if asked.since else None,
        audit.c.at < asked.until if asked.until else None,
        audit.c.seq < asked.below if asked.below else None,
    ):
        if condition is not None:
            wanted = wanted.where(condition)
    rows = [Entry(**row) for row in connection.execute(wanted).mappings()]
    shown = rows[:ON_A_PAGE]
    return shown, shown[-1].seq if len(rows) > ON_A_PAGE else None
