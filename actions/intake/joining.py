"""Have a resident join a neighbour's report, and remember what was made or joined in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from actions import replies_intake as say
from actions.intake.memory import Contact
from actions.intake.turn import Turn
from actions.replies import Reply
from actions.triage_client import Case

# The key in a conversation's memory: the references of what was opened or joined in it, the newest first.
CASES = "cases"


async def join(turn: Turn, reference: str) -> Reply | None:
    """Have the resident follow a report; None: it was closed in between.

    Raises:
        TriageUnavailable: it could not be done now; the same message may be tried again, and joins once.
    """
    key = f"{turn.memory.id}:join:{reference}"
    contact = contact_of(turn.memory.contact)
    result = await turn.cases.join(reference, key, turn.said.conversation_id, contact)
    if isinstance(result, Case):
        return remembering(turn, say.joined(turn.about, result))
    return None


def contact_of(contact: Contact | None) -> dict[str, Any] | None:
    """Return how the resident can be reached as triage takes it; None: anonymous, and told nothing."""
    if contact is None or not (contact.reaches or contact.here):
        return None
    given = {k: v for k, v in asdict(contact).items() if v != "" and k != "here"}
    if contact.phone:
        # The one spelling of an extension that is kept.
        given["phone"] = contact.phone.replace(" ext. ", " x")
    return given


def remembering(turn: Turn, reply: Reply) -> Reply:
    """Return a reply that tells of a case, so that the case is known in this conversation from now on."""
    reference = str((reply.case or {})["reference"])
    kept = remembering_case(reference, turn.said.memory.get(CASES) or ())
    return replace(reply, remember={**reply.remember, **kept})


def remembering_case(reference: str, known: Sequence[str]) -> dict[str, Any]:
    """Return what to remember of the cases of a conversation."""
    return {CASES: [reference, *(r for r in known if r != reference)]}
