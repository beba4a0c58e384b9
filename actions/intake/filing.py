"""Send a report to triage. Nothing but this says that one was sent, and only with its reference in hand."""

from __future__ import annotations

from typing import Any

from actions import replies_intake as say
from actions.intake.going_on import go_on
from actions.intake.joining import contact_of, remembering
from actions.intake.memory import IntakeMemory
from actions.intake.turn import Turn
from actions.names import Wording
from actions.replies import Reply
from actions.triage_client import Case, Refused


class ReportRefused(Exception):
    """Triage refused a report for a reason that no resident can do anything about."""


async def send(turn: Turn) -> list[Reply]:
    """Open the case and say its reference; ask for what is still missing.

    Raises:
        TriageUnavailable: it could not be sent now; the same message may be tried again, and opens one case.
        ReportRefused: it will never be taken as it is.
    """
    result = await turn.cases.open(report_of(turn))
    if isinstance(result, Case):
        return [remembering(turn, say.opened(turn.about, result))]
    return await _refused(turn, result)


def report_of(turn: Turn) -> dict[str, Any]:
    """Return a report as triage takes it."""
    memory, definition = turn.memory, turn.about.definition
    spot = memory.spot
    place = None
    if spot:
        place = {"lat": spot.lat, "long": spot.long, "address": spot.label}
        place |= {"ward": spot.ward or None, "approximate": spot.approximate}
    return {
        "key": f"{memory.id}:case",
        "service_id": turn.about.entry.id,
        "conversation_id": turn.said.conversation_id,
        "channel": turn.said.channel,
        "answers": {
            a.code: memory.answers[a.code]
            for a in definition.attributes
            if a.code in memory.answers and a.applies(memory.answers)
        },
        "location": place,
        "description": memory.words or turn.about.entry.title,
        "contact": contact_of(memory.contact),
        "photos": list(memory.photos),
    }


async def _refused(turn: Turn, refused: Refused) -> list[Reply]:
    if refused.code == "not_the_citys" and refused.attribute in turn.about.definition.by_code:
        attribute = turn.about.definition.by_code[refused.attribute]
        return [say.diverted(turn.about, attribute, refused.referral)]
    if refused.code == "not_reportable":
        return [say.forgotten(Wording.INTAKE_WITHDRAWN)]
    wanted = set(refused.missing) | ({refused.attribute} if refused.attribute else set())
    asked = _asked_anew(turn, wanted)
    if not wanted or asked.memory == turn.memory:
        raise ReportRefused(refused.code)
    return await go_on(asked, say.PHOTOS_GONE if "photos" in wanted else say.ONE_MORE)


def _asked_anew(turn: Turn, wanted: set[str]) -> Turn:
    """Return the turn with what triage wants open again."""
    memory: IntakeMemory = turn.memory
    if "location" in wanted and memory.spot:
        turn = turn.having(spot=None)
    if "contact" in wanted:
        turn = turn.having(contact=None)
    if "photos" in wanted:
        # Photos that no case took are not kept for long.
        turn = turn.having(photos=())
    for code in wanted & set(memory.answers):
        turn = turn.without(code)
    return turn
