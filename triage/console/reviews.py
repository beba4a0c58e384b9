"""What owners have to look at: by owner, and for one of them entry by entry; and the word that one is still right."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.context import Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.reviews.todo import by_owner, counts_of
from triage.staff.roles import Member, Right

routes = console_router("/reviews")

Maintainer = Annotated[Member, needs(Right.EDIT_CATALOGUE)]
Owner = Annotated[str, Query(max_length=300)]

# In how many days an entry is due again, with the words for it.
AGAIN_IN = {90: "3 months", 180: "6 months", 365: "12 months"}
USUAL_DAYS = 180


@routes.get("")
async def reviews(
    request: Request,
    console: Here,
    member: Maintainer,
    owner: Owner = "",
    done: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """List how much each owner has to look at; for one of them, what."""
    waiting = await console.parts.reviews.waiting()
    owners = by_owner(waiting.todos)
    return page(
        request,
        member,
        "reviews.html",
        owner=owner,
        counts={name: counts_of(todos) for name, todos in owners.items()},
        in_all=counts_of(waiting.todos),
        todos=owners.get(owner, []),
        revisions=waiting.revisions,
        again_in=AGAIN_IN,
        usual=USUAL_DAYS,
        done=waiting.titles.get(done, ""),
        checks_links=bool(console.parts.settings.link_check_hours),
    )


@routes.post("/{entry_id}")
async def still_right(
    console: Here,
    member: Maintainer,
    entry_id: Annotated[str, Path(max_length=80)],
    revision: Annotated[int, Form()],
    days: Annotated[int, Form(ge=1, le=730)] = USUAL_DAYS,
    owner: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Write down that an entry is still right."""
    await console.parts.reviews.still_right(member, entry_id, revision, days)
    to = urlencode({"owner": owner, "done": entry_id})
    return RedirectResponse(f"/staff/reviews?{to}", status_code=303)
