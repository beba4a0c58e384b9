"""The supervisor's board. Its first figures are asked for again by themselves; the rest is as of when it was opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from triage.board.repository import board
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.staff.roles import Member, Right

routes = console_router("/board")


@routes.get("")
async def show_board(
    request: Request, console: Here, member: Annotated[Member, needs(Right.SEE_BOARD)]
) -> Response:
    """Show how the whole line does."""
    return page(request, member, "board.html", **await _values(console, member))


@routes.get("/now")
async def now(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_BOARD, is_deed=False)],
) -> Response:
    """Return the first figures as they are now."""
    return fragment(request, member, "_board_now.html", **await _values(console, member))


async def _values(console: Console, member: Member) -> dict[str, Any]:
    parts = console.parts
    at, zone = parts.clock.now(), ZoneInfo(parts.city.timezone)
    shown = await parts.database.read(lambda c: board(c, at, zone, member.queues))
    names = {queue.id: queue.name for queue in parts.routing.queues.values()}
    return {
        "board": shown,
        "longest_wait": said(shown.longest_wait),
        # One queue may have been taken out of the pack since.
        "name_of": lambda queue: names.get(queue, queue),
        "most_in_an_hour": max(1, *(h.conversations + h.cases for h in shown.hours)),
    }


def said(time: timedelta) -> str:
    """Return a time in words, as rough as it matters: 40 s, 12 min, 3 h 5 min, 2 days."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} h {minutes % 60} min"
    return f"{hours // 24} days"
