"""All questions to, and changes of, the rows of cases. Each runs in the caller's transaction.

Whoever changes a case holds its row first (`hold`): so its events are numbered without gaps or races.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from triage.cases.case import Audience, Case, Event, Happened, Place
from triage.cases.tables import IS_RESOLVED, case_contacts, case_events, case_followers, cases
from triage.cases.words import email_of, phone_of
from triage.cases.workflow import OPEN, Actor, Move, Status
from triage.kit.db import insert_once
from triage.kit.ids import new_id

EARTH_METRES = 6_371_000
METRES_A_DEGREE = math.pi * EARTH_METRES / 180
# A box around a place holds a handful; where it does not, the rest is no help to anybody.
MOST_IN_A_BOX = 500
MOST_OF_A_CONVERSATION = 50

_OPEN = tuple(sorted(s.value for s in OPEN))


@dataclass(frozen=True)
class Near:
    """An open case near a point."""

    case: Case
    metres: float


def add_case(connection: Connection, **values: Any) -> bool:
    """Add a case; False, and nothing added, if there is one with its key."""
    return insert_once(connection, cases, values, unique="key")


def by_key(connection: Connection, key: str) -> Case | None:
    """Return the case that was sent under this key."""
    return _one(connection.execute(select(cases).where(cases.c.key == key)).first())


def by_reference(connection: Connection, reference: str) -> Case | None:
    """Return the case with this reference, as `read_reference` writes it."""
    return _one(connection.execute(select(cases).where(cases.c.reference == reference)).first())


def hold(connection: Connection, reference: str) -> Case | None:
    """Return a case and keep others from changing it until this transaction ends."""
    return _one(
        connection.execute(
            select(cases).where(cases.c.reference == reference).with_for_update()
        ).first()
    )


def of_conversation(connection: Connection, conversation_id: str) -> list[Case]:
    """Return the cases that were opened or joined in a conversation, the newest first."""
    # First, so that both halves of the next question have an index.
    joined = connection.execute(
        select(case_followers.c.case_id).where(
            case_followers.c.conversation_id == conversation_id
        )
    )
    ids = list(joined.scalars())
    rows = connection.execute(
        select(cases)
        .where(or_(cases.c.conversation_id == conversation_id, cases.c.id.in_(ids)))
        .order_by(cases.c.opened_at.desc(), cases.c.id)
        .limit(MOST_OF_A_CONVERSATION)
    )
    return [case_of(row) for row in rows]


def near(
    connection: Connection,
    service_id: str,
    latitude: float,
    longitude: float,
    within: float,
    limit: int,
) -> list[Near]:
    """Return the open cases of a service within so many metres of a point, the nearest first."""
    high = within / METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    rows = connection.execute(
        select(cases)
        .where(
            cases.c.service_id == service_id,
            cases.c.latitude.between(latitude - high, latitude + high),
            cases.c.longitude.between(longitude - wide, longitude + wide),
            cases.c.status.in_(_OPEN),
        )
        .limit(MOST_IN_A_BOX)
    )
    found = [
        Near(case_of(row), metres_between(latitude, longitude, row.latitude, row.longitude))
        for row in rows
    ]
    return sorted(
        (n for n in found if n.metres <= within), key=lambda n: (n.metres, n.case.opened_at)
    )[:limit]


def metres_between(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Return the distance between two points on the earth (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.radians(other_lat - lat) / 2, math.radians(other_long - long) / 2
    h = math.sin(half[0]) ** 2 + math.cos(a) * math.cos(b) * math.sin(half[1]) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(h))


def set_case(connection: Connection, case: Case, **values: Any) -> None:
    """Change a case that is held."""
    connection.execute(update(cases).where(cases.c.id == case.id).values(**values))


def joined_by(
    connection: Connection, of: Iterable[Case], conversation_id: str | None
) -> frozenset[str]:
    """Return the ids of those cases that were joined in a conversation."""
    ids = [c.id for c in of]
    if conversation_id is None or not ids:
        return frozenset()
    return frozenset(
        connection.execute(
            select(case_followers.c.case_id).where(
                case_followers.c.case_id.in_(ids),
                case_followers.c.conversation_id == conversation_id,
            )
        ).scalars()
    )


def add_follower(
    connection: Connection, case: Case, conversation_id: str | None, now: datetime
) -> str:
    """Add somebody to a case that is held; return the follower's id."""
    follower = new_id("fol")
    connection.execute(
        insert(case_followers),
        {
            "id": follower,
            "case_id": case.id,
            "conversation_id": conversation_id,
            "joined_at": now,
        },
    )
    connection.execute(
        update(cases).where(cases.c.id == case.id).values(followers=cases.c.followers + 1)
    )
    return follower


def add_contact(
    connection: Connection, case_id: str, follower_id: str | None, now: datetime, **contact: Any
) -> None:
    """Keep how somebody can be reached, and what they are found by."""
    connection.execute(
        insert(case_contacts),
        {
            "id": new_id("cct"),
            "case_id": case_id,
            "follower_id": follower_id,
            "given_at": now,
            "phone_e164": phone_of(contact.get("phone") or ""),
            "email_folded": email_of(contact.get("email") or ""),
            **contact,
        },
    )


def has_event(connection: Connection, case: Case, key: str) -> bool:
    """Say whether this was done to the case before."""
    found = connection.execute(
        select(case_events.c.seq).where(
            case_events.c.case_id == case.id, case_events.c.key == key
        )
    )
    return found.first() is not None


def has_changed(connection: Connection, case: Case, version: int) -> bool:
    """Say whether something happened to a case since a version of it. Who was told of it is nothing that happened to it."""
    if version == case.version:
        return False
    found = connection.execute(
        select(case_events.c.seq)
        .where(
            case_events.c.case_id == case.id,
            case_events.c.seq >= version,
            case_events.c.kind != Happened.TOLD.value,
        )
        .limit(1)
    )
    return found.first() is not None


def add_events(connection: Connection, case_id: str, events: Sequence[dict[str, Any]]) -> int:
    """Add to the thread of a case that is held; return the number of the first."""
    moved = connection.execute(
        update(cases)
        .where(cases.c.id == case_id)
        .values(next_event=cases.c.next_event + len(events))
        .returning(cases.c.next_event)
    ).scalar_one()
    first: int = moved - len(events)
    connection.execute(
        insert(case_events),
        [
            {
                "case_id": case_id,
                "seq": seq,
                "key": None,
                "member_id": None,
                "text": None,
                "data": {},
                **event,
            }
            for seq, event in enumerate(events, first)
        ],
    )
    return first


def reopened_among(connection: Connection, case_ids: Sequence[str]) -> frozenset[str]:
    """Return which of the cases were opened again after they had been finished."""
    c = case_events.c
    found = select(c.case_id).where(c.case_id.in_(case_ids), c.kind == Move.REOPEN.value)
    return frozenset(connection.execute(found.distinct()).scalars())


def decision(connection: Connection, case: Case) -> dict[str, Any]:
    """Return why a case came to its first queue, as `Decision.as_data` wrote it; empty if nothing says so."""
    found = connection.execute(
        select(case_events.c.data)
        .where(case_events.c.case_id == case.id, case_events.c.kind == Happened.ROUTED.value)
        .order_by(case_events.c.seq)
        .limit(1)
    ).scalar()
    return found or {}


def add_note(
    connection: Connection,
    case: Case,
    kind: str,
    text: str,
    now: datetime,
    *,
    actor: Actor = Actor.SYSTEM,
    key: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Tell staff something on the thread of a case; under a key that was used for this case, nothing is added."""
    held = hold(connection, case.reference)
    if held is None or (key and has_event(connection, held, key)):
        return
    note = {
        "key": key,
        "kind": kind,
        "audience": Audience.STAFF.value,
        "actor": actor.value,
        "text": text,
        "data": data or {},
        "at": now,
    }
    add_events(connection, case.id, [note])


def thread(
    connection: Connection, case: Case, audiences: Iterable[Audience] = tuple(Audience)
) -> list[Event]:
    """Return what happened to a case, in order, as far as these may read it."""
    rows = connection.execute(
        select(case_events)
        .where(
            case_events.c.case_id == case.id,
            case_events.c.audience.in_([a.value for a in audiences]),
        )
        .order_by(case_events.c.seq)
    )
    return [event_of(row) for row in rows]


def resolved_before(connection: Connection, moment: datetime, limit: int) -> list[str]:
    """Return the references of cases that were resolved before then and are not yet closed."""
    return list(
        connection.execute(
            select(cases.c.reference)
            .where(IS_RESOLVED, cases.c.resolved_at < moment)
            .order_by(cases.c.resolved_at)
            .limit(limit)
        ).scalars()
    )


def _one(row: Row[Any] | None) -> Case | None:
    return None if row is None else case_of(row)


def event_of(row: Row[Any]) -> Event:
    """Return a row of events as a value."""
    return Event(
        row.seq,
        row.kind,
        Audience(row.audience),
        row.actor,
        row.text,
        row.data,
        row.at,
        row.member_id,
    )


def case_of(row: Row[Any]) -> Case:
    """Return a row of cases as a value."""
    place = (
        Place(row.latitude, row.longitude, row.address or "", row.ward, row.approximate)
        if row.latitude is not None
        else None
    )
    return Case(
        id=row.id,
        reference=row.reference,
        service_id=row.service_id,
        service_name=row.service_name,
        division=row.division,
        queue=row.queue,
        priority=row.priority,
        status=Status(row.status),
        channel=row.channel,
        conversation_id=row.conversation_id,
        questions=row.questions,
        answers=row.answers,
        description=row.description,
        place=place,
        standard=row.standard,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        resolved_at=row.resolved_at,
        outcome=row.outcome,
        outcome_sentence=row.outcome_sentence,
        delay_reason=row.delay_reason,
        asked=row.asked,
        followers=row.followers,
        assigned_to=row.assigned_to,
        duplicate_of=row.duplicate_of,
        version=row.next_event,
    )
