"""How cases read to a resident after they were opened. Pure: values in, replies out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.names import Outcome, Wording
from actions.replies import PERSON, Reply
from actions.replies_intake import case_on_the_wire, day_in, lower
from actions.triage_client import Case

# Said before the status, where what the resident wrote was added to the report.
TOLD_TO_THEM = "I am sorry to hear that. I added what you wrote to the report."


def case_choice(label: str, do: str, reference: str, **more: Any) -> dict[str, Any]:
    """Return a choice about a case."""
    value = {"move": "case", "do": do, "reference": reference, **more}
    return {"label": label, "service_id": None, "value": value}


def status(case: Case, zone: str, opening: str = "") -> Reply:
    """Tell how a case stands, and what can be done with it."""
    can = {
        "add": case_choice("Add something", "add", case.reference),
        "reopen": case_choice("It is not fixed", "reopen", case.reference),
        "withdraw": case_choice("Take it back", "withdraw", case.reference),
    }
    joined = (
        f" {case.followers} more {'person follows' if case.followers == 1 else 'people follow'} it."
        if case.followers
        else ""
    )
    return Reply(
        Outcome.CASE_STATUS,
        wording=Wording.CASE_STATUS,
        filled_with={
            "opening": f"{opening} " if opening else "",
            "reference": case.reference,
            "what": case.service_name,
            "when": day_in(case.opened_at, zone),
            "told": case.status_text,
            "next": case.next,
            "note": joined,
        },
        service_id=case.service_id,
        case=case_on_the_wire(case),
        choices=[can[c] for c in case.can if c in can],
    )


def which(cases: Sequence[Case], do: str, zone: str, **more: Any) -> Reply:
    """Ask which report is meant."""
    choices = [
        case_choice(
            f"{c.service_name}, {c.reference}, {day_in(c.opened_at, zone)}",
            do,
            c.reference,
            **more,
        )
        for c in cases
    ]
    return Reply(Outcome.CHOICES, wording=Wording.CASE_WHICH, choices=choices)


def fixed(wording: Wording, case: Case | None = None, **filling: str) -> Reply:
    """Say one of the fixed texts about a case."""
    told = (
        {"reference": case.reference, "what": lower(case.service_name), "next": case.next}
        if case
        else {}
    )
    return Reply(
        Outcome.CASE_STATUS,
        wording=wording,
        filled_with={**told, **filling},
        service_id=case.service_id if case else None,
        case=case_on_the_wire(case) if case else None,
    )


def ask_withdraw(case: Case) -> Reply:
    """Ask before a report is taken back."""
    return Reply(
        Outcome.CASE_STATUS,
        wording=Wording.CASE_ASK_WITHDRAW,
        filled_with={"reference": case.reference, "what": lower(case.service_name)},
        service_id=case.service_id,
        case=case_on_the_wire(case),
        choices=[
            case_choice("Yes, take it back", "withdraw_now", case.reference),
            case_choice("No, keep it", "keep", case.reference),
        ],
    )


def unknown(reference: str) -> Reply:
    """Say that there is no report with a reference."""
    return Reply(
        Outcome.CASE_STATUS,
        wording=Wording.CASE_UNKNOWN,
        filled_with={"reference": reference},
        choices=(PERSON,),
    )


def ask_reference() -> Reply:
    """Ask for the reference."""
    return Reply(Outcome.CASE_STATUS, wording=Wording.CASE_ASK_REFERENCE, choices=(PERSON,))
