"""The search box of every page: a reference leads to its case, anything else to a list of what was found."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.cases.reading import MOST_FOUND, By, Found
from triage.console.case_words import STATUSES
from triage.console.context import Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.staff.roles import Member, Right

routes = console_router("/search")

LONGEST = 200


@routes.get("")
async def search(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_CASES)],
    q: Annotated[str, Query(max_length=LONGEST)] = "",
) -> Response:
    """Show what is found."""
    text = " ".join(q.split())
    reading = console.parts.reading
    found = await reading.find(member, text) if text else Found(By.WORDS, ())
    if found.by is By.REFERENCE and found.cases:
        return RedirectResponse(f"/staff/cases/{found.cases[0].reference}", status_code=303)
    return page(
        request,
        member,
        "case_search.html",
        q=text,
        found=found,
        reopened=await reading.reopened_among(found.cases),
        taken_for=found.by.name.lower(),
        most=MOST_FOUND,
        days=reading.days(),
        status_names=STATUSES,
        names=await reading.names(),
        queues=console.parts.routing.queues,
    )
