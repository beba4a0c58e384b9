"""From a report to the row of its case: the gate, the reference, the queue, the promised date.

Nothing is written here: the rows that come out are written by the service in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services_catalog.definition import (
    Attribute,
    LocationRule,
    ServiceDefinition,
    ServiceStandard,
    StandardUnit,
)
from services_catalog.model import ServiceEntry
from services_catalog.references import new_reference
from triage.cases.case import Case
from triage.cases.completeness import (
    AnotherMatter,
    Answer,
    Incomplete,
    NotTheCitys,
    NotValid,
    check,
)
from triage.cases.deadlines import WorkingDays, due
from triage.cases.errors import AnswerNotValid, CaseIncomplete, NotReportable
from triage.cases.errors import NotTheCitys as NotTheCitysError
from triage.cases.schemas import NewCase
from triage.cases.workflow import Status
from triage.kit.ids import new_id
from triage.routing.pack import Routing
from triage.routing.rules import Decision, Facts, route


@dataclass(frozen=True)
class Opened:
    """A case about to be written: its row, and why it goes where it goes."""

    values: dict[str, Any]
    decision: Decision


def prepare(
    new: NewCase,
    entry: ServiceEntry,
    routing: Routing,
    zone: ZoneInfo,
    working: WorkingDays,
    now: datetime,
) -> Opened:
    """Return the case that a report makes.

    Raises:
        NotReportable, NotTheCitys, AnswerNotValid, CaseIncomplete: it makes none.
    """
    definition = entry.request
    if definition is None:
        raise NotReportable
    answers = _through_the_gate(new, definition)
    place = new.location if definition.location is not LocationRule.NONE else None
    ward = (place.ward if place else None) or ""
    decision = route(
        Facts(entry.id, entry.division, entry.section, ward, answers),
        routing.rules,
        routing.otherwise,
    )
    standard = definition.standard
    values = {
        "id": new_id("cas"),
        "reference": new_reference(),
        "key": new.key,
        "service_id": entry.id,
        "service_name": entry.title,
        # Who has it now. What the entry says of its division is in the decision's inputs.
        "division": routing.queues[decision.queue].division,
        "queue": decision.queue,
        "priority": decision.priority.value,
        "status": Status.RECEIVED.value,
        "channel": new.channel,
        "conversation_id": new.conversation_id,
        "questions": [_as_it_reads(a) for a in definition.attributes],
        "answers": answers,
        "description": new.description,
        "latitude": place.lat if place else None,
        "longitude": place.long if place else None,
        "address": place.address if place else None,
        "ward": place.ward if place else None,
        "approximate": place.approximate if place else False,
        "standard": {"amount": standard.amount, "unit": standard.unit.value}
        if standard
        else None,
        "opened_at": now,
        "updated_at": now,
        "due_at": due(standard, now, zone, working) if standard else None,
        "followers": 0,
        "next_event": 1,
    }
    return Opened(values, decision)


def due_again(
    case: Case, zone: ZoneInfo, working: WorkingDays, now: datetime
) -> datetime | None:
    """Return the promised moment of a case that begins anew, by the standard of the day it was opened."""
    if case.standard is None:
        return None
    standard = ServiceStandard(case.standard["amount"], StandardUnit(case.standard["unit"]))
    return due(standard, now, zone, working)


def _through_the_gate(new: NewCase, definition: ServiceDefinition) -> dict[str, Answer]:
    found = check(
        definition,
        new.answers,
        has_location=new.location is not None,
        has_contact=new.contact is not None and new.contact.can_be_reached,
        photos=len(new.photos),
    )
    match found:
        case Incomplete(missing):
            raise CaseIncomplete(missing)
        case NotValid(attribute, why):
            raise AnswerNotValid(attribute, why)
        case NotTheCitys(attribute, referral):
            raise NotTheCitysError(attribute, referral)
        case AnotherMatter():
            raise NotReportable(found)
    return found.answers


def _as_it_reads(attribute: Attribute) -> dict[str, Any]:
    return {
        "code": attribute.code,
        "description": attribute.description,
        "datatype": attribute.datatype.value,
        "values": [{"key": v.key, "name": v.name} for v in attribute.values],
    }
