"""The keyboard shortcuts of the console: one table, from which the script works and the list is made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Request, Response

from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.staff.roles import Member

routes = console_router("/shortcuts")


@dataclass(frozen=True)
class Shortcut:
    """A key, or two one after the other."""

    keys: str
    words: str
    does: str  # a verb of static/shortcuts.js, and what it is done to


SHORTCUTS = (
    Shortcut("?", "Show this list", "list"),
    Shortcut("/", "Go to the search box", "focus:#q"),
    Shortcut("g q", "Go to the queues", "go:/staff/queues"),
    Shortcut("g m", "Go to my cases", "go:/staff/cases?assigned=me"),
    Shortcut("g c", "Go to the conversations", "go:/staff/conversations"),
    Shortcut("j", "In a list: the next case", "row:1"),
    Shortcut("k", "In a list: the case before", "row:-1"),
    Shortcut("a", "On a case: assign it to me", "press:[data-key-press=a]"),
    Shortcut("n", "On a case: write a note", "open:#do-note"),
    Shortcut("r", "On a case: resolve it", "open:#do-resolve"),
    Shortcut("t", "On a case: move it to another queue", "open:#do-route"),
)
FOR_SCRIPT = json.dumps([asdict(s) for s in SHORTCUTS])


@routes.get("")
async def shortcuts(request: Request, member: Annotated[Member, needs()]) -> Response:
    """List the shortcuts, with the switch."""
    return page(request, member, "shortcuts.html")
