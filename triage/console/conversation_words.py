"""How conversations read to staff. Pure: values in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services_catalog.definition import Attribute
from services_catalog.model import ServiceEntry
from triage.conversations.schemas import Outcome, Sender
from triage.handover.notices import Reason

REASONS: Mapping[str, str] = {
    Reason.ASKED: "Asked for a person",
    Reason.NOT_FOUND: "The assistant found no answer twice",
    Reason.GAVE_UP: "The assistant could not be reached",
}
CHANNELS: Mapping[str, str] = {
    "webchat": "Web chat",
    "sms": "Text message",
    "whatsapp": "WhatsApp",
}
SPEAKERS: Mapping[str, str] = {
    Sender.RESIDENT: "Resident",
    Sender.ASSISTANT: "Assistant",
    Sender.PERSON: "Staff",
    Sender.SYSTEM: "Notice",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.ANSWER: "answered",
    Outcome.CHOICES: "asked which",
    Outcome.NOT_FOUND: "found nothing",
    Outcome.PLACE: "about a place",
    Outcome.INTAKE: "taking a report",
    Outcome.CASE_OPENED: "opened a case",
    Outcome.CASE_STATUS: "told how a case stands",
    Outcome.HANDOFF: "about the line",
    Outcome.SAFETY: "danger",
    Outcome.SMALL_TALK: "small talk",
    Outcome.OUTAGE: "told of a delay",
}
ENDED: Mapping[str, str] = {
    "left": "The resident went on without a person",
    "hand_back": "Handed back to the assistant",
    "close": "Ended by staff",
    "contacted": "The resident was contacted",
}


@dataclass(frozen=True)
class Line:
    """A message as staff read it.

    Attributes:
        by: who spoke, for its look.
        danger: the kind of danger that the words told of.
        understood: what the assistant took it for, in a few words each.
        reference: the case that it tells of.
    """

    seq: int
    by: str
    speaker: str
    at: datetime
    text: str
    is_danger: bool
    danger: str
    photo: str
    shared: str
    offered: str
    understood: str
    reference: str


def lines(said: Sequence[Any], titles: Mapping[str, str]) -> list[Line]:
    """Return messages as staff read them."""
    return [_line(message, message.extra or {}, titles) for message in said]


def _line(m: Any, extra: Mapping[str, Any], titles: Mapping[str, str]) -> Line:
    location = extra.get("location") or {}
    is_resident = m.sender == Sender.RESIDENT
    shared = (
        f"{location['lat']:.5f}, {location['long']:.5f}" if location and is_resident else ""
    )
    understood = []
    if m.sender == Sender.ASSISTANT and m.outcome:
        understood = [
            OUTCOMES.get(m.outcome, m.outcome).capitalize(),
            service_name(m.service_id, titles) if m.service_id else "",
            f"{sure(m.confidence)} sure" if m.confidence is not None else "",
            f"at {location['label']}" if location.get("label") else "",
        ]
    return Line(
        seq=m.seq,
        by=m.sender,
        speaker=extra.get("name") or SPEAKERS.get(m.sender, m.sender),
        at=m.created_at,
        text=m.text,
        is_danger="danger" in extra or m.outcome == Outcome.SAFETY,
        danger=str(extra.get("danger", "")).replace("_", " "),
        photo=str(extra.get("photo", "")),
        shared=shared,
        offered=" · ".join(choice["label"] for choice in m.choices or ()),
        understood=" · ".join(part for part in understood if part),
        reference=str((extra.get("case") or {}).get("reference", "")),
    )


def sure(confidence: float) -> str:
    """Return a confidence in hundredths: "93 %"."""
    return f"{round(confidence * 100)} %"


def said_long(time: timedelta) -> str:
    """Return how long something takes already: "under a minute", "12 min", "3 h 5 min", "2 days"."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{hours // 24} days"


def gathered(
    memory: Mapping[str, Any] | None, entry: ServiceEntry | None
) -> list[tuple[str, str]]:
    """Return what the assistant had gathered of a report, each thing with what it is called."""
    if not memory:
        return []
    facts = [("Report", entry.title if entry else _plain(str(memory.get("service_id", ""))))]
    if memory.get("words"):
        facts.append(("In their words", str(memory["words"])))
    definition = entry.request if entry else None
    for code, answer in (memory.get("answers") or {}).items():
        attribute = definition.by_code.get(code) if definition else None
        facts.append((attribute.description if attribute else code, _answer(attribute, answer)))
    spot = memory.get("spot") or {}
    if spot.get("label"):
        facts.append(("Place", str(spot["label"])))
    contact = memory.get("contact") or {}
    reached = [str(contact[k]) for k in ("name", "phone", "email") if contact.get(k)]
    if reached:
        facts.append(("How to reach them", ", ".join(reached)))
    if memory.get("photos"):
        facts.append(("Photos", str(len(memory["photos"]))))
    return facts


def service_name(service_id: str, titles: Mapping[str, str]) -> str:
    """Return what an entry is called; of one that is not there any more only its id is known."""
    return titles.get(service_id) or _plain(service_id)


def _answer(attribute: Attribute | None, answer: Any) -> str:
    values = answer if isinstance(answer, list) else [answer]
    known = attribute.value_by_key if attribute else {}
    return ", ".join(known[v].name if v in known else str(v) for v in values)


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
