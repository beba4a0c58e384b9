"""The page of one case: everything about it, and what can be done with it. What its forms do is in case_forms.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from starlette.exceptions import HTTPException

from triage.cases.case import Case
from triage.cases.case_file import CaseFile
from triage.cases.public import is_overdue, next_step, status_text
from triage.cases.workflow import Actor, Move, possible
from triage.console import case_words
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.handover import repository as handovers
from triage.kit.ids import new_id
from triage.staff.roles import Member, Right

routes = console_router("/cases/{reference}")

Reference = Annotated[str, Path(max_length=60)]
Reader = Annotated[Member, needs(Right.SEE_CASES)]

# What was done, as the page says it when one comes back to it.
DONE = {
    "start": "Work has started.",
    "ask": "The question is on its way to the resident.",
    "delay": "The reason is noted, and the resident can read it.",
    "resolve": "The case is resolved.",
    "reopen": "The case is open again.",
    "note": "The note is kept.",
    "assign": "The case has somebody new.",
    "route": "The case is in another queue now.",
    "join": "The case was joined to the other one.",
}


@dataclass(frozen=True)
class Tried:
    """A form that did not work: which, why, at which field (`at`), and what was typed into it."""

    form: str = ""
    fault: str = ""
    at: str = ""
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    # The case's version when the form was opened, if it is another one now.
    seen: int | None = None


@routes.get("")
async def case_page(
    request: Request,
    console: Here,
    member: Reader,
    reference: Reference,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a case."""
    return await show_case(request, console, member, reference, done=DONE.get(done, ""))


@routes.get("/print")
async def print_view(
    request: Request, console: Here, member: Reader, reference: Reference
) -> Response:
    """Show a case to be printed: facts and thread, without anything to press."""
    file = await console.parts.reading.file(member, reference, "print")
    return page(request, member, "case_print.html", **_facts(console, member, file))


@routes.get("/photos/{media_id}")
async def photo(
    console: Here,
    member: Annotated[Member, needs(Right.SEE_PEOPLE)],
    reference: Reference,
    media_id: Annotated[str, Path(max_length=60)],
) -> Response:
    """Return a photo of a case."""
    await console.parts.reading.photo(member, reference, media_id)
    content = await console.parts.photos.read(media_id)
    if content is None:
        raise HTTPException(404, "The file of this photo is not there any more.")
    return Response(content, media_type="image/jpeg")


async def show_case(
    request: Request,
    console: Console,
    member: Member,
    reference: str,
    *,
    done: str = "",
    tried: Tried | None = None,
) -> Response:
    """Return a case's page; after a form that did not work, with what was typed still in it."""
    file = await console.parts.reading.file(member, reference)
    tried = tried or Tried()
    facts = _facts(console, member, file)
    conversation = await _conversation(console, member, file.case)
    return page(
        request,
        member,
        "case_page.html",
        status=tried.status,
        done=done,
        tried=tried,
        new=_since(facts["lines"], tried.seen),
        # One key for the whole page: whichever form is sent, and however often, it is done once.
        key=new_id("frm"),
        may_work=member.may(Right.WORK_CASES),
        moves={m.value for m in _moves(console, file.case)},
        outcomes=case_words.outcome_choices(),
        alternatives=_alternatives(console, file),
        divisions=_queues_by_division(console, file.case),
        map=_map(console, file.case),
        conversation=conversation,
        **facts,
    )


def _facts(console: Console, member: Member, file: CaseFile) -> dict[str, Any]:
    """Return what the page and its print view have in common."""
    parts = console.parts
    case, sees_people = file.case, member.may(Right.SEE_PEOPLE)
    asking = parts.cases.asking()
    return {
        "file": file,
        "case": case,
        "sees_people": sees_people,
        "is_late": is_overdue(case, asking.now),
        "was_reopened": any(event.kind == Move.REOPEN for event in file.events),
        "stands": case_words.STATUSES[case.status],
        "priority": case_words.PRIORITIES.get(case.priority, case.priority),
        "outcome": case_words.OUTCOME_NAMES.get(case.outcome or "", ""),
        "channel": case_words.CHANNELS.get(case.channel, case.channel),
        "told": status_text(case),
        "next": next_step(case, asking),
        "queue": parts.routing.queues.get(case.queue),
        "queues": parts.routing.queues,
        "answers": case_words.answers(case, sees_people=sees_people),
        "lines": case_words.lines(
            file.events, parts.routing.queues, file.names, sees_people=sees_people
        ),
        "hidden": case_words.HIDDEN,
    }


async def _conversation(console: Console, member: Member, case: Case) -> str:
    """Return the conversation that a case comes from, where a member may read it: one that was handed over to people."""
    id = case.conversation_id
    if not (id and member.may(Right.SEE_CONVERSATIONS)):
        return ""
    found = await console.parts.database.read(lambda c: handovers.conversation(c, id))
    return id if found else ""


def _moves(console: Console, case: Case) -> list[Move]:
    asking = console.parts.cases.asking()
    return possible(
        Actor.STAFF,
        case.standing_for(None),
        now=asking.now,
        reopen_within=asking.reopen_within,
    )


def _since(lines: list[case_words.Line], seen: int | None) -> list[case_words.Line]:
    return [] if seen is None else [line for line in lines if line.event.seq >= seen]


def _alternatives(console: Console, file: CaseFile) -> list[dict[str, str]]:
    """Return the queues that later rules would have sent the case to."""
    queues = console.parts.routing.queues
    found: dict[str, dict[str, str]] = {}
    for other in file.decision.get("alternatives", ()):
        id = other["queue"]
        if id in queues and id != file.case.queue:
            found.setdefault(id, {"id": id, "name": queues[id].name, "rule": other["rule"]})
    first = str(file.decision.get("queue", ""))
    if first in queues and first != file.case.queue:
        found.setdefault(
            first, {"id": first, "name": queues[first].name, "rule": "sent here first"}
        )
    return list(found.values())


def _queues_by_division(console: Console, case: Case) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for queue in console.parts.routing.queues.values():
        if queue.id != case.queue:
            found.setdefault(queue.division, []).append(queue)
    return found


def _map(console: Console, case: Case) -> dict[str, Any] | None:
    """Return what the script needs to draw where it is."""
    if case.place is None:
        return None
    settings = console.parts.settings
    return {
        "lat": case.place.latitude,
        "long": case.place.longitude,
        "wards": "/map/wards.geojson",
        "tiles": settings.map_tiles_url,
    }
