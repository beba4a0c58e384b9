"""What was not answered well, grouped by meaning: a maintainer adds a wording, begins an entry, or sets a group aside."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from services_catalog import store
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.learning_words import TREND, WHY, settled_words
from triage.console.pages import page
from triage.console.routes import console_router
from triage.editing.editing import suggested_id
from triage.editing.errors import DraftAlready, EntryUnknown, NotValid
from triage.errors import TriageError
from triage.learning.groups import Group
from triage.learning.labels import State
from triage.staff.roles import Member, Right

routes = console_router("/learning")

Maintainer = Annotated[Member, needs(Right.EDIT_CATALOGUE)]
LONGEST = 500
Field = Annotated[str, Form(max_length=LONGEST)]
Messages = Annotated[list[str] | None, Form()]
# On one page; who wants more settles some first.
_SHOWN = 50
_EXAMPLES = 3
_DONE = {
    "wording": "The wording is added. The assistant answers by it from now on.",
    "aside": "The group is set aside. It comes back if it grows again.",
    "looked": "New messages are collected and grouped.",
}


class ReasonNeeded(TriageError):
    """A group was set aside without a reason."""

    status = 422
    code = "reason_needed"
    message = "Write why nothing needs to be done."
    field = "reason"


@routes.get("")
async def learning(
    request: Request,
    console: Here,
    member: Maintainer,
    show: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """List the groups that somebody should look at, or those that were settled."""
    settled = show == "settled"
    groups = await console.parts.learning.groups(settled=settled)
    _, counts = await console.parts.learning.waiting_labels(0)
    return page(
        request,
        member,
        "learning.html",
        groups=groups[:_SHOWN],
        more=max(0, len(groups) - _SHOWN),
        settled=settled,
        examples=_EXAMPLES,
        labels_waiting=counts[State.WAITING],
        days=console.parts.settings.learning_days,
        done=_DONE.get(done, ""),
        **_words(await titles_of(console)),
    )


@routes.post("/look")
async def look(console: Here, member: Maintainer) -> Response:
    """Collect and group now, without waiting for the next time."""
    await console.parts.learning.look()
    return RedirectResponse("/staff/learning?done=looked", status_code=303)


@routes.get("/{group_id}")
async def one_group(
    request: Request, console: Here, member: Maintainer, group_id: str
) -> Response:
    """Show a group with its messages and what can be done about it."""
    return await _group_page(request, console, member, group_id)


@routes.post("/{group_id}/wording")
async def add_wording(
    request: Request,
    console: Here,
    member: Maintainer,
    group_id: str,
    entry_id: Field = "",
    wording: Field = "",
    message: Messages = None,
) -> Response:
    """Add a wording to an entry, live at once."""
    try:
        await console.parts.learning.add_wording(
            member, group_id, entry_id, wording, message or ()
        )
    except (EntryUnknown, NotValid) as error:
        field = "entry_id" if isinstance(error, EntryUnknown) else "wording"
        given = {"entry_id": entry_id, "wording": wording, "message": message or []}
        return await _group_page(request, console, member, group_id, error, field, given)
    return RedirectResponse("/staff/learning?done=wording", status_code=303)


@routes.post("/{group_id}/entry")
async def start_entry(
    request: Request,
    console: Here,
    member: Maintainer,
    group_id: str,
    title: Field = "",
    message: Messages = None,
) -> Response:
    """Begin a draft of a new entry, and go there."""
    entry_id = suggested_id(title)
    try:
        await console.parts.learning.start_entry(
            member, group_id, entry_id, title, message or ()
        )
    except (DraftAlready, NotValid) as error:
        given = {"title": title, "message": message or []}
        return await _group_page(request, console, member, group_id, error, "title", given)
    return RedirectResponse(f"/staff/catalogue/{entry_id}/edit", status_code=303)


@routes.post("/{group_id}/aside")
async def set_aside(
    request: Request,
    console: Here,
    member: Maintainer,
    group_id: str,
    reason: Field = "",
    uncovered: Field = "",
    message: Messages = None,
) -> Response:
    """Set a group aside with a reason."""
    reason = " ".join(reason.split())
    if not reason:
        given = {"uncovered": uncovered, "message": message or []}
        error = ReasonNeeded()
        return await _group_page(request, console, member, group_id, error, "reason", given)
    learned = message or () if uncovered else ()
    await console.parts.learning.set_aside(member, group_id, reason, learned)
    return RedirectResponse("/staff/learning?done=aside", status_code=303)


async def titles_of(console: Console) -> dict[str, str]:
    """Return the titles of all entries by id, in the order of titles."""
    city = console.parts.city.id

    def question(connection: Connection) -> dict[str, str]:
        entries = store.load_in(connection, city).entries
        return {e.id: e.title for e in sorted(entries, key=lambda e: e.title.casefold())}

    return await console.parts.database.read(question)


async def _group_page(
    request: Request,
    console: Console,
    member: Member,
    group_id: str,
    error: TriageError | None = None,
    field: str = "",
    given: dict[str, Any] | None = None,
) -> Response:
    group = await console.parts.learning.view(member, group_id)
    return page(
        request,
        member,
        "learning_group.html",
        status=error.status if error else 200,
        group=group,
        shown=group.messages[:_SHOWN],
        fault=error.words if error else "",
        fault_at=field,
        given=_suggested(group) | (given or {}),
        **_words(await titles_of(console)),
    )


def _suggested(group: Group) -> dict[str, Any]:
    """Return what the forms hold at first: what most of the group has in common."""
    return {
        "entry_id": group.services[0] if group.services else "",
        # What was taken out is no wording of anybody.
        "wording": group.words if "[" not in group.words else "",
        "title": "",
        "reason": "",
        "uncovered": "",
        "message": [m.id for m in group.messages],
    }


def _words(titles: dict[str, str]) -> dict[str, Any]:
    return {
        "titles": titles,
        "why_words": WHY,
        "trend_words": TREND,
        "settled_words": settled_words,
    }
