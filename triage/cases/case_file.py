"""All that staff read about one case. Read in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from triage.cases import repository
from triage.cases.case import Case, Event
from triage.cases.repository import Near, case_of
from triage.cases.tables import case_contacts, cases
from triage.media import repository as media
from triage.staff import repository as staff
from triage.staff.roles import Member, Right

NEAR_METRES = 150
MOST_NEAR = 8


@dataclass(frozen=True)
class Person:
    """How somebody of a case can be reached."""

    name: str | None
    email: str | None
    phone: str | None
    wants_updates: bool
    is_reporter: bool


@dataclass(frozen=True)
class CaseFile:
    """A case with everything around it, as far as one member may see it."""

    case: Case
    events: tuple[Event, ...]
    decision: Mapping[str, Any]  # why it came to its first queue
    people: tuple[Person, ...]  # empty for those who may not see people
    photos: tuple[str, ...]  # ids; the same
    near: tuple[
        Near, ...
    ]  # open cases of the same service close by, which may be about the same
    joined: tuple[Case, ...]  # duplicates of this one
    into: Case | None  # what this one is a duplicate of
    names: Mapping[str, str]  # of the staff, by id
    can_have_it: tuple[Member, ...]  # who may be made responsible


def case_file(connection: Connection, member: Member, case: Case) -> CaseFile:
    """Return a case's file for a member who sees its queue."""
    sees_people = member.may(Right.SEE_PEOPLE)
    accounts = staff.all_accounts(connection)
    joined = [c for c in _where(connection, cases.c.duplicate_of == case.id)]
    into = _where(connection, cases.c.id == case.duplicate_of) if case.duplicate_of else []
    return CaseFile(
        case=case,
        events=tuple(repository.thread(connection, case)),
        decision=repository.decision(connection, case),
        people=_people(connection, case) if sees_people else (),
        photos=tuple(p.id for p in media.of_case(connection, case.id)) if sees_people else (),
        near=tuple(n for n in _near(connection, case) if member.sees(n.case.queue)),
        joined=tuple(c for c in joined if member.sees(c.queue)),
        into=next((c for c in into if member.sees(c.queue)), None),
        names={a.member.id: a.member.name for a in accounts},
        can_have_it=tuple(
            a.member
            for a in accounts
            if a.disabled_at is None
            and a.member.may(Right.WORK_CASES)
            and a.member.sees(case.queue)
        ),
    )


def _people(connection: Connection, case: Case) -> tuple[Person, ...]:
    c = case_contacts.c
    rows = connection.execute(
        select(case_contacts)
        .where(c.case_id == case.id)
        .order_by(c.follower_id.is_not(None), c.given_at, c.id)
    )
    return tuple(
        Person(r.name, r.email, r.phone, r.wants_updates, r.follower_id is None) for r in rows
    )


def _near(connection: Connection, case: Case) -> list[Near]:
    if case.place is None or not case.status.is_open:
        return []
    place = case.place
    found = repository.near(
        connection,
        case.service_id,
        place.latitude,
        place.longitude,
        NEAR_METRES,
        MOST_NEAR + 1,
    )
    return [n for n in found if n.case.id != case.id][:MOST_NEAR]


def _where(connection: Connection, condition: Any) -> list[Case]:
    rows = connection.execute(select(cases).where(condition).order_by(cases.c.opened_at))
    return [case_of(row) for row in rows]
