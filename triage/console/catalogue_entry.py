"""One entry for its maintainers: what it says, who is changing it, what it was, and the ways on from there."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from services_catalog.model import entry_to_dict
from triage.console.catalogue_list import Maintainer
from triage.console.catalogue_words import DONE, KINDS, STANDS
from triage.console.context import Console, Here
from triage.console.pages import page
from triage.console.routes import console_router
from triage.editing.differences import FieldChange, differences
from triage.editing.errors import DraftAlready
from triage.editing.fields import FIELDS, lines_of
from triage.editing.reading import EntryFile
from triage.staff.roles import Member

routes = console_router("/catalogue/{entry_id}")

EntryId = Annotated[str, Path(max_length=80)]


@routes.get("")
async def entry(
    request: Request,
    console: Here,
    member: Maintainer,
    entry_id: EntryId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show an entry."""
    return await _show(request, console, member, entry_id, done=DONE.get(done, ""))


@routes.get("/history")
async def history(
    request: Request, console: Here, member: Maintainer, entry_id: EntryId
) -> Response:
    """Show all that an entry was, and what each change did."""
    file = await console.parts.editing.reading.entry_file(member, entry_id)
    return page(
        request,
        member,
        "catalogue_history.html",
        file=file,
        title=_title(file),
        steps=_steps(file),
    )


@routes.post("/begin")
async def begin(
    request: Request,
    console: Here,
    member: Maintainer,
    entry_id: EntryId,
    what: Annotated[str, Form(max_length=10)] = "edit",
) -> Response:
    """Begin a draft, or go on with the one there is."""
    withdraws = what == "withdraw"
    try:
        draft = await console.parts.editing.begin(member, entry_id, withdraws=withdraws)
    except DraftAlready as error:
        return await _show(request, console, member, entry_id, fault=error)
    to = f"drafts/{draft.id}" if withdraws else f"{entry_id}/edit"
    return RedirectResponse(f"/staff/catalogue/{to}", status_code=303)


@routes.post("/go-back")
async def go_back(
    request: Request,
    console: Here,
    member: Maintainer,
    entry_id: EntryId,
    revision: Annotated[int, Form(ge=1)],
) -> Response:
    """Begin a draft that is the entry as it was."""
    try:
        draft = await console.parts.editing.go_back(member, entry_id, revision)
    except DraftAlready as error:
        return await _show(request, console, member, entry_id, fault=error)
    return RedirectResponse(f"/staff/catalogue/drafts/{draft.id}", status_code=303)


async def _show(
    request: Request,
    console: Console,
    member: Member,
    entry_id: str,
    *,
    done: str = "",
    fault: DraftAlready | None = None,
) -> Response:
    editing = console.parts.editing
    file = await editing.reading.entry_file(member, entry_id)
    content = entry_to_dict(file.entry) if file.entry else {}
    shown = [(label, lines_of(name, content.get(name))) for name, label in FIELDS.items()]
    return page(
        request,
        member,
        "catalogue_entry.html",
        status=fault.status if fault else 200,
        file=file,
        title=_title(file),
        shown=[(label, lines) for label, lines in shown if lines],
        kinds=KINDS,
        stands=STANDS,
        done=done,
        fault=fault.words if fault else "",
        today=editing.today(),
    )


def _title(file: EntryFile) -> str:
    if file.entry:
        return file.entry.title
    earlier = next((s.entry["title"] for s in file.history if s.entry), None)
    return str(earlier) if earlier else file.drafts[0].title if file.drafts else file.id


def _steps(file: EntryFile) -> list[tuple[object, list[FieldChange]]]:
    """Return each state with what it changed of the one before, the newest first."""
    befores = [*(s.entry for s in file.history[1:]), None]
    return [
        (state, differences(before, state.entry))
        for state, before in zip(file.history, befores, strict=True)
    ]
