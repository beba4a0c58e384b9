"""Labels that wait: a maintainer approves each, puts it right, or refuses it. Only approved ones are learned from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.context import Here
from triage.console.guard import needs
from triage.console.learning import titles_of
from triage.console.learning_words import SOURCE
from triage.console.pages import page
from triage.console.routes import console_router
from triage.errors import TriageError
from triage.learning.labels import UNCOVERED, Kind, State
from triage.staff.roles import Member, Right

routes = console_router("/learning/labels")

Maintainer = Annotated[Member, needs(Right.EDIT_CATALOGUE)]
_SHOWN = 25
_DONE = {
    "approved": "The label is approved. It is learned from at the next training.",
    "refused": "The label is refused. Nothing is learned from it.",
}
# What a form sends for "no entry covers this": an empty field would mean "as it says".
NO_ENTRY = "-"


class WantedUnknown(TriageError):
    """The label was put right with an entry or a queue that is not there."""

    status = 422
    code = "wanted_unknown"
    message = "What you chose is not there any more. Choose again."


@routes.get("")
async def show_labels(
    request: Request,
    console: Here,
    member: Maintainer,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the labels that wait, the oldest first."""
    labels, counts = await console.parts.learning.waiting_labels(_SHOWN)
    return page(
        request,
        member,
        "learning_labels.html",
        labels=labels,
        counts=counts,
        titles=await titles_of(console),
        queues={queue.id: queue.name for queue in console.parts.routing.queues.values()},
        sources=SOURCE,
        no_entry=NO_ENTRY,
        done=_DONE.get(done, ""),
    )


@routes.post("/{label_id}")
async def decide(
    console: Here,
    member: Maintainer,
    label_id: str,
    kind: Annotated[Kind, Form()],
    decision: Annotated[State, Form()],
    wanted: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Approve or refuse a label."""
    state = State.APPROVED if decision is State.APPROVED else State.REFUSED
    right: str | None = None
    if state is State.APPROVED and wanted:
        right = UNCOVERED if wanted == NO_ENTRY and kind is Kind.QUESTION else wanted
        known = (
            console.parts.routing.queues if kind is Kind.ROUTING else await titles_of(console)
        )
        if right and right not in known:
            raise WantedUnknown
    await console.parts.learning.decide(member, label_id, state, right)
    return RedirectResponse(f"/staff/learning/labels?done={state.value}", status_code=303)
