"""What cases and what happened to them are called, in words for staff. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.cases.case import Audience, Case, Event, Happened
from triage.cases.words import without_contacts
from triage.cases.workflow import OUTCOMES, Actor, Move, Status
from triage.cases.worklist import Order, Promise
from triage.routing.rules import Priority, Queue

STATUSES: Mapping[str, str] = {
    Status.RECEIVED: "Received",
    Status.IN_PROGRESS: "In progress",
    Status.WAITING: "Waiting for the resident",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
    Status.WITHDRAWN: "Withdrawn",
}
PRIORITIES: Mapping[str, str] = {
    Priority.URGENT: "Urgent",
    Priority.HIGH: "High",
    Priority.NORMAL: "Normal",
}
PROMISES: Mapping[str, str] = {
    Promise.LATE: "Late",
    Promise.TODAY: "Today",
    Promise.WEEK: "Within 7 days",
    Promise.NONE: "No date promised",
}
ORDERS: Mapping[str, str] = {
    Order.PRIORITY: "Urgency",
    Order.PROMISE: "Promised date",
    Order.NEWEST: "Newest",
}
OUTCOME_NAMES: Mapping[str, str] = {
    "done": "Done",
    "no_action_needed": "No action needed",
    "not_found": "Not found",
    "not_the_citys": "Not the City's",
    "duplicate": "Duplicate",
    "cannot_be_done": "Cannot be done",
    "no_access": "No access",
}
CHANNELS: Mapping[str, str] = {
    "webchat": "web chat",
    "web": "web chat",
    "sms": "text message",
    "whatsapp": "WhatsApp",
    "open311": "another system (Open311)",
}
HIDDEN = "Not shown to your role."


@dataclass(frozen=True)
class Line:
    """An event of the thread as staff read it."""

    event: Event
    who: str
    what: str
    text: str | None
    for_residents: bool
    photos: tuple[str, ...]


def lines(
    events: tuple[Event, ...],
    queues: Mapping[str, Queue],
    names: Mapping[str, str],
    *,
    sees_people: bool,
) -> list[Line]:
    """Return the thread in words, the oldest first."""
    return [_line(event, queues, names, sees_people) for event in events]


def _line(
    event: Event, queues: Mapping[str, Queue], names: Mapping[str, str], sees_people: bool
) -> Line:
    said = _SAID.get(event.kind)
    what = said(event.data, queues, names) if said else event.kind.replace("_", " ")
    text = event.text
    if text and not sees_people:
        by_staff = event.actor in (Actor.STAFF, Actor.SYSTEM)
        text = without_contacts(text) if by_staff else HIDDEN
    photos = event.data.get("photos", ()) if sees_people else ()
    return Line(
        event,
        who_did(event, names),
        what,
        text,
        event.audience is Audience.RESIDENT,
        tuple(photos),
    )


def who_did(event: Event, names: Mapping[str, str]) -> str:
    """Return who an event is of."""
    if event.member_id:
        return names.get(event.member_id, "Somebody who is no longer here")
    return {
        Actor.RESIDENT: "The resident",
        Actor.STAFF: "Staff",
        Actor.SYSTEM: "Ask 311",
        Actor.OPEN311: "Another system",
    }.get(Actor(event.actor), event.actor)


def _queue(id: str, queues: Mapping[str, Queue]) -> str:
    return queues[id].name if id in queues else id


_Said = Callable[[Mapping[str, Any], Mapping[str, Queue], Mapping[str, str]], str]


def _plain(words: str) -> _Said:
    return lambda data, queues, names: words


def _opened(data: Mapping[str, Any], *_: object) -> str:
    return f"Reported by {CHANNELS.get(data.get('channel', ''), data.get('channel', ''))}"


def _routed(data: Mapping[str, Any], queues: Mapping[str, Queue], *_: object) -> str:
    return f"Sent to {_queue(data.get('queue', ''), queues)}. {data.get('because', '')}".strip()


def _rerouted(data: Mapping[str, Any], queues: Mapping[str, Queue], *_: object) -> str:
    return (
        f"Moved from {_queue(data['from_queue'], queues)} to {_queue(data['to_queue'], queues)}"
    )


def _assigned(data: Mapping[str, Any], _: object, names: Mapping[str, str]) -> str:
    to = data.get("member")
    return (
        f"Assigned to {names.get(to, 'somebody who is no longer here')}"
        if to
        else "Assigned to nobody"
    )


def _joined(data: Mapping[str, Any], *_: object) -> str:
    if "duplicate" not in data:
        return "Somebody with the same matter follows this case"
    people = data.get("people", 0)
    follow = {0: "nobody new follows", 1: "1 more person follows"}.get(
        people, f"{people} more people follow"
    )
    return f"{data['duplicate']} was joined to this case; {follow} it"


def _resolved(data: Mapping[str, Any], *_: object) -> str:
    return f"Resolved: {OUTCOME_NAMES.get(data.get('outcome', ''), '')}"


_SAID: Mapping[str, _Said] = {
    Happened.OPENED: _opened,
    Happened.ROUTED: _routed,
    Happened.REROUTED: _rerouted,
    Happened.PASSED_ON: lambda data, *_: f"{data.get('division', '')} has it now",
    Happened.ASSIGNED: _assigned,
    Happened.JOINED: _joined,
    Happened.ADDED: _plain("Something was added"),
    Happened.NOTED: _plain("Note"),
    Happened.TOLD: _plain("News for residents"),
    Happened.FORWARDED: _plain("Forwarded to another system"),
    Move.START: _plain("Work started"),
    Move.ASK: _plain("The resident was asked"),
    Move.ANSWER: _plain("Answer"),
    Move.DELAY: _plain("It takes longer"),
    Move.RESOLVE: _resolved,
    Move.REOPEN: _plain("Reopened"),
    Move.CONFIRM: _plain("A resident says that it is fixed"),
    Move.CLOSE: _plain("Closed for good"),
    Move.WITHDRAW: _plain("Withdrawn"),
}


@dataclass(frozen=True)
class Answered:
    """A question of the day, and what was answered."""

    question: str
    answer: str


def answers(case: Case, *, sees_people: bool) -> list[Answered]:
    """Return what was asked and answered. What was written freely is a resident's own words."""
    found = []
    for question in case.questions:
        given = case.answers.get(question["code"])
        if given in (None, "", []):
            continue
        called = {v["key"]: v["name"] for v in question.get("values") or ()}
        each = given if isinstance(given, list) else [given]
        is_free = any(isinstance(one, str) and one not in called for one in each)
        shown = (
            HIDDEN
            if is_free and not sees_people
            else ", ".join(_in_words(o, called) for o in each)
        )
        found.append(Answered(question["description"], shown))
    return found


def _in_words(given: object, called: Mapping[str, str]) -> str:
    if isinstance(given, bool):
        return "Yes" if given else "No"
    return called.get(str(given), str(given))


def outcome_choices() -> list[tuple[str, str, str]]:
    """Return what can come of a case: code, name, meaning. A duplicate is joined to the other case instead."""
    return [
        (o.code, OUTCOME_NAMES[o.code], o.meaning)
        for o in OUTCOMES.values()
        if o.code != "duplicate"
    ]
