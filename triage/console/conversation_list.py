"""The list of conversations: who waits for a person, who has whom, who is to be contacted. It renews itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request, Response

from triage.console.context import Console, Here
from triage.console.conversation_words import CHANNELS, REASONS, said_long, service_name
from triage.console.guard import needs
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.handover.files import lists
from triage.staff.roles import Member, Right

routes = console_router("/conversations")

# How often the list looks again.
EVERY_SECONDS = 3


@routes.get("")
async def conversation_list(
    request: Request, console: Here, member: Annotated[Member, needs(Right.SEE_CONVERSATIONS)]
) -> Response:
    """Show all that waits, the longest first."""
    values = await _values(console, member)
    return page(request, member, "conversation_list.html", every=EVERY_SECONDS, **values)


@routes.get("/list")
async def rows(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_CONVERSATIONS, is_deed=False)],
) -> Response:
    """Return the lists alone, as they are now."""
    return fragment(
        request, member, "_conversation_rows.html", **await _values(console, member)
    )


async def _values(console: Console, member: Member) -> dict[str, Any]:
    now = console.parts.clock.now()
    found = await console.parts.database.read(lambda c: lists(c, member.id, now))
    return {
        "lists": found,
        "channels": CHANNELS,
        "reasons": REASONS,
        "said_long": said_long,
        "service_name": service_name,
        "titles": await console.parts.entries.titles(),
        "may_take": member.may(Right.TAKE_CONVERSATIONS),
    }
