"""How a case reads as an Open311 service request, and an event as an update. Pure.

Private facts never appear: no words of residents, no names, no photos; of a report about a person or a home
(`ServiceDefinition.public` is false) no point, no address and no answers, only the ward.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services_catalog.model import ServiceEntry
from triage.cases.case import Case, Event, Happened
from triage.cases.public import status_text
from triage.cases.workflow import OUTCOMES, Move, Status
from triage.open311.documents import iso

# What may be told of an event, without anybody's words.
_NOTES = {
    Happened.OPENED.value: "The report was received.",
    Happened.ADDED.value: "Something was added to the report.",
    Move.START.value: "Work has started.",
    Move.ASK.value: "The City needs an answer from the resident.",
    Move.ANSWER.value: "The resident has answered.",
    Move.DELAY.value: "It takes longer than promised.",
    Move.RESOLVE.value: "The report is finished.",
    Move.REOPEN.value: "The report was opened again.",
    Move.CONFIRM.value: "A resident says that it is fixed.",
    Move.CLOSE.value: "The report is closed.",
    Move.WITHDRAW.value: "The report was taken back.",
}


def is_public(case: Case, entry: ServiceEntry | None) -> bool:
    """Say whether a case's point and answers may be shown; what the catalogue no longer has is private."""
    return entry is not None and entry.request is not None and entry.request.public


def request_of(
    case: Case,
    entry: ServiceEntry | None,
    *,
    is_extended: bool = False,
    events: Iterable[Event] = (),
) -> dict[str, Any]:
    """Return a case's fields, in the specification's order.

    Args:
        is_extended: add the extensions' fields: ward, and the answers that were chosen from lists.
        events: what happened to it, told as notes where there are any.
    """
    shown = is_public(case, entry)
    place = case.place if shown else None
    told: dict[str, Any] = {
        "service_request_id": case.reference,
        "status": _status(case),
        "status_notes": _status_notes(case),
        "service_name": case.service_name,
        "service_code": case.service_id,
        "description": _description(case) if shown else None,
        "agency_responsible": case.division,
        "service_notice": None,
        "requested_datetime": iso(case.opened_at),
        "updated_datetime": iso(case.updated_at),
        "expected_datetime": iso(case.due_at) if case.due_at else None,
        "address": place.address if place else None,
        "address_id": None,
        "zipcode": None,
        "lat": place.latitude if place else None,
        "long": place.longitude if place else None,
        "media_url": None,
    }
    if is_extended:
        told["extended_attributes"] = {"ward": case.place.ward if case.place else None}
        told["attributes"] = _attributes(case) if shown else []
    if notes := [
        {"datetime": iso(e.at), "type": e.kind, "description": _NOTES[e.kind]}
        for e in events
        if e.kind in _NOTES
    ]:
        told["notes"] = notes
    return told


def update_of(case: Case, event: Event) -> dict[str, Any] | None:
    """Return an event as an update of a request, or None: there is nothing to tell."""
    if event.kind not in _NOTES:
        return None
    return {
        "update_id": f"{case.id}.{event.seq}",
        "service_request_id": case.reference,
        "status": _open_or_closed(Status(event.data.get("to", Status.RECEIVED))),
        "updated_datetime": iso(event.at),
        "description": _NOTES[event.kind],
        "media_url": None,
    }


def _status(case: Case) -> str:
    return _open_or_closed(case.status)


def _open_or_closed(status: Status) -> str:
    return "open" if status.is_open else "closed"


def _status_notes(case: Case) -> str:
    if case.outcome:
        return OUTCOMES[case.outcome].told
    if case.status is Status.WAITING:
        return f"{case.division} waits for an answer."
    return status_text(case) if case.status.is_open else _NOTES[_ENDED[case.status]]


_ENDED = {
    Status.RESOLVED: Move.RESOLVE.value,
    Status.CLOSED: Move.CLOSE.value,
    Status.WITHDRAWN: Move.WITHDRAW.value,
}


def _attributes(case: Case) -> list[dict[str, Any]]:
    """Return the answers that were chosen from a list: what was written freely may name somebody."""
    told = []
    for question in case.questions:
        names = {v["key"]: v["name"] for v in question.get("values") or ()}
        given = case.answers.get(question["code"])
        keys = given if isinstance(given, list) else [given]
        chosen = [{"key": k, "name": names[k]} for k in keys if k in names]
        if chosen:
            told.append(
                {"code": question["code"], "label": question["description"], "values": chosen}
            )
    return told


def _description(case: Case) -> str | None:
    lines = [
        f"{a['label']} {', '.join(v['name'] for v in a['values'])}." for a in _attributes(case)
    ]
    return " ".join(lines) or None
