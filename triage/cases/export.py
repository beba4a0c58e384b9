"""A list of cases as a CSV file that spreadsheets open. What residents wrote cannot act as a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from services_catalog.formats.cells import harmless
from triage.cases.case import Case
from triage.cases.public import is_overdue
from triage.cases.tables import case_contacts

_COLUMNS = (
    "reference",
    "service",
    "division",
    "queue",
    "priority",
    "status",
    "channel",
    "ward",
    "opened",
    "promised by",
    "late",
    "late because",
    "assigned to",
    "resolved",
    "outcome",
    "followers",
)
_OF_PEOPLE = ("address", "latitude", "longitude", "their words", "names", "phones", "emails")


@dataclass(frozen=True)
class Names:
    """What ids are called."""

    queues: Mapping[str, str]
    members: Mapping[str, str]
    zone: ZoneInfo  # in which times are written


@dataclass(frozen=True)
class Reach:
    """How one of a case's people can be reached."""

    name: str | None
    phone: str | None
    email: str | None


def reach_of(connection: Connection, cases: Sequence[Case]) -> Mapping[str, Sequence[Reach]]:
    """Return how the people of cases can be reached, by the case's id."""
    c = case_contacts.c
    found: dict[str, list[Reach]] = {}
    for row in connection.execute(
        select(c.case_id, c.name, c.phone, c.email)
        .where(c.case_id.in_([case.id for case in cases]))
        .order_by(c.follower_id.is_not(None), c.given_at, c.id)
    ):
        found.setdefault(row.case_id, []).append(Reach(row.name, row.phone, row.email))
    return found


def head(*, with_people: bool) -> str:
    """Return the first line."""
    return _written([(*_COLUMNS, *(_OF_PEOPLE if with_people else ()))])


def lines(
    cases: Sequence[Case],
    names: Names,
    now: datetime,
    reach: Mapping[str, Sequence[Reach]] | None,
) -> str:
    """Return a line for each case.

    Args:
        reach: how their people can be reached; None: nothing that is personal.
    """
    return _written(
        [
            [*_facts(case, names, now), *([] if reach is None else _people(case, reach))]
            for case in cases
        ]
    )


def _facts(case: Case, names: Names, now: datetime) -> list[str]:
    def moment(at: datetime | None) -> str:
        return at.astimezone(names.zone).isoformat(sep=" ", timespec="minutes") if at else ""

    return [
        case.reference,
        case.service_name,
        case.division,
        names.queues.get(case.queue, case.queue),
        case.priority,
        case.status.value,
        case.channel,
        case.place.ward or "" if case.place else "",
        moment(case.opened_at),
        moment(case.due_at),
        "yes" if is_overdue(case, now) else "no",
        case.delay_reason or "",
        names.members.get(case.assigned_to or "", ""),
        moment(case.resolved_at),
        case.outcome or "",
        str(case.followers),
    ]


def _people(case: Case, reach: Mapping[str, Sequence[Reach]]) -> list[str]:
    people = reach.get(case.id, ())
    place = case.place
    return [
        place.address if place else "",
        str(place.latitude) if place else "",
        str(place.longitude) if place else "",
        case.description,
        "; ".join(p.name for p in people if p.name),
        "; ".join(p.phone for p in people if p.phone),
        "; ".join(p.email for p in people if p.email),
    ]


def _written(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([[harmless(cell) for cell in row] for row in rows])
    return file.getvalue()
