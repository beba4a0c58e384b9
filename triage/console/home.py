"""The first page after sign-in, the console's files, and the answer to every address that is none."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from triage.console.context import Here
from triage.console.guard import OPEN, needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.reviews.todo import counts_of
from triage.staff.roles import Member, Right

routes = console_router()
# Behind all others.
rest = console_router()


@routes.get("")
async def home(request: Request, console: Here, member: Annotated[Member, needs()]) -> Response:
    """Show where one can go, and remind maintainers of what waits for them."""
    reviews = None
    if member.may(Right.EDIT_CATALOGUE):
        reviews = counts_of((await console.parts.reviews.waiting()).todos)
    return page(request, member, "home.html", reviews=reviews)


@routes.get("/static/{of_version}/{name:path}", dependencies=[OPEN])
async def file(request: Request, console: Here, of_version: str, name: str) -> Response:
    """Return one of the pages' files; an older version's address gets today's."""
    found = console.frame.files.answer(request, of_version, name)
    if found is None:
        raise HTTPException(404, "There is no such file.")
    return found


@rest.get("/{path:path}")
async def nothing(path: str, member: Annotated[Member, needs()]) -> Response:
    """Say that there is no such page."""
    raise HTTPException(404, "There is no page at this address.")
