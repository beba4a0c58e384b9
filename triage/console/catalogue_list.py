"""The catalogue for its maintainers: all entries with how they stand, and the way to a new one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services_catalog.text import normalise
from triage.console.catalogue_words import DONE, SHOWS, STANDS
from triage.console.context import Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.editing.draft import Stands
from triage.editing.editing import suggested_id
from triage.editing.errors import DraftAlready, NotValid
from triage.editing.reading import Listed
from triage.staff.roles import Member, Right

routes = console_router("/catalogue")

Maintainer = Annotated[Member, needs(Right.EDIT_CATALOGUE)]
Short = Annotated[str, Query(max_length=200)]
Field = Annotated[str, Form(max_length=400)]


@routes.get("")
async def catalogue(
    request: Request,
    console: Here,
    member: Maintainer,
    find: Short = "",
    owner: Short = "",
    show: Short = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """List the entries."""
    rows = await console.parts.editing.reading.listed()
    owners = sorted({row.owner for row in rows if row.owner}, key=str.casefold)
    found = [
        row
        for row in rows
        if (not owner or row.owner == owner)
        and _is_shown(row, show, member)
        and _is_found(row, find)
    ]
    return page(
        request,
        member,
        "catalogue_list.html",
        rows=found,
        total=len(rows),
        owners=owners,
        shows=SHOWS,
        stands=STANDS,
        asked={"find": find, "owner": owner, "show": show},
        done=DONE.get(done, ""),
        today=console.parts.editing.today(),
    )


@routes.get("/new")
async def new_entry(request: Request, member: Maintainer) -> Response:
    """Show the form for an entry that there is not yet."""
    return page(request, member, "catalogue_new.html", typed={}, fault="", fault_at="")


@routes.post("/new")
async def start_entry(
    request: Request,
    console: Here,
    member: Maintainer,
    title: Field = "",
    entry_id: Field = "",
) -> Response:
    """Begin an entry."""
    wanted = entry_id.strip() or suggested_id(title)
    try:
        await console.parts.editing.start(member, wanted, title)
    except (NotValid, DraftAlready) as error:
        field = error.field if isinstance(error, NotValid) else "title"
        at = "entry_id" if field == "id" else field
        return page(
            request,
            member,
            "catalogue_new.html",
            status=error.status,
            typed={"title": title, "entry_id": wanted},
            fault=error.words,
            fault_at=at,
        )
    return RedirectResponse(f"/staff/catalogue/{wanted}/edit", status_code=303)


def _is_shown(row: Listed, show: str, member: Member) -> bool:
    shown = {
        "drafts": bool(row.drafts),
        "mine": any(draft.author_id == member.id for draft in row.drafts),
        "waiting": any(draft.stands is Stands.WAITING for draft in row.drafts),
        "due": row.is_due,
        "reported": row.entry is not None and row.entry.requestable,
    }
    return shown.get(show, True)


def _is_found(row: Listed, find: str) -> bool:
    """Say whether every word stands somewhere in what an entry is called."""
    entry = row.entry
    called = (entry.division, *entry.also_called) if entry else ()
    names = normalise(" ".join([row.id, row.id.replace("_", " "), row.title, *called]))
    return all(word in names for word in normalise(find).split())
