"""What anybody with the reference may know of a case, in plain words. No database, no clock, no network here.

No name, no way to reach anybody, no words of the resident's and no address: only how it stands, what happens next, what was
promised, and why that is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from triage.cases.case import Case
from triage.cases.workflow import OUTCOMES, Actor, Move, Status, possible

# What a resident can do, in the words of the API.
_CAN = {Move.WITHDRAW: "withdraw", Move.REOPEN: "reopen", Move.CONFIRM: "confirm"}


@dataclass(frozen=True)
class Asking:
    """Who asks, and when."""

    now: datetime
    zone: ZoneInfo
    reopen_within: timedelta
    conversation_id: str | None = None
    has_joined: bool = False


def public_view(case: Case, asking: Asking) -> dict[str, Any]:
    """Return a case's public facts, ready for JSON."""
    is_late = is_overdue(case, asking.now)
    standing = case.standing_for(asking.conversation_id)
    moves = possible(
        Actor.RESIDENT, standing, now=asking.now, reopen_within=asking.reopen_within
    )
    can = ["add"] if case.status.is_open else []
    return {
        "reference": case.reference,
        "service_id": case.service_id,
        "service_name": case.service_name,
        "status": case.status.value,
        "status_text": status_text(case),
        "next": next_step(case, asking),
        "division": case.division,
        "opened_at": case.opened_at.isoformat(),
        "updated_at": case.updated_at.isoformat(),
        "due": case.due_at.astimezone(asking.zone).isoformat() if case.due_at else None,
        "is_late": is_late,
        "late_reason": late_reason(case) if is_late else None,
        "outcome": {"code": case.outcome, "sentence": case.outcome_sentence}
        if case.outcome
        else None,
        "followers": case.followers,
        "mine": standing.is_reporter or asking.has_joined,
        "can": can + [_CAN[m] for m in moves if m in _CAN],
    }


def is_overdue(case: Case, now: datetime) -> bool:
    """Say whether the promised moment is over and the case still open."""
    return case.status.is_open and case.due_at is not None and now > case.due_at


def status_text(case: Case) -> str:
    """Say how a case stands."""
    if case.outcome:
        return f"{OUTCOMES[case.outcome].told} {case.outcome_sentence or ''}".strip()
    return {
        Status.RECEIVED: f"{case.division} has your report. Work has not started.",
        Status.IN_PROGRESS: f"{case.division} is working on it.",
        Status.WAITING: f"{case.division} needs an answer from you. {case.asked or ''}".strip(),
        Status.WITHDRAWN: "You took this report back.",
        Status.RESOLVED: "This report is finished.",
        Status.CLOSED: "This report is closed.",
    }[case.status]


def next_step(case: Case, asking: Asking) -> str:
    """Say what happens next, and when that was promised."""
    match case.status:
        case Status.WAITING:
            return "Tell us here, and the work goes on."
        case Status.RESOLVED if case.resolved_at:
            until = case.resolved_at + asking.reopen_within
            if asking.now <= until:
                day = in_words(until, asking.now, asking.zone)
                return f"If it is not fixed, tell us by {day} and we will open it again."
            return "If it comes back, please make a new report."
        case Status.RESOLVED | Status.CLOSED:
            return "If it comes back, please make a new report."
        case Status.WITHDRAWN:
            return "Nothing more happens. If it is needed after all, please make a new report."
    if case.due_at is None:
        return "They will look at it. There is no promised date for this service."
    day = in_words(case.due_at, asking.now, asking.zone)
    if is_overdue(case, asking.now):
        return f"It was promised by {day} and is late. {late_reason(case)}"
    what = "look at it" if case.status is Status.RECEIVED else "finish"
    # Said before the day has come, so that nobody has to wait for it to hear why it will not do.
    return f"They aim to {what} by {day}. {case.delay_reason or ''}".strip()


def late_reason(case: Case) -> str:
    """Say why a case is late, as far as anybody has told."""
    if case.delay_reason:
        return case.delay_reason
    if case.status is Status.WAITING:
        return "We are waiting for an answer from you."
    return f"{case.division} has not told us why."


def in_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a day as it is said: the year only where it is not this one; the hour where it is near."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    day = f"{local:%A}, {local:%B} {local.day}"
    return day if local.year == today.year else f"{day}, {local.year}"
