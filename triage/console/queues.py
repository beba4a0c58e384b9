"""What waits, queue by queue: the first page of whoever works on cases. Its numbers are asked for again by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request, Response

from triage.cases.worklist import Count
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.routing.rules import Priority, Queue
from triage.staff.roles import Member, Right

routes = console_router("/queues")


@dataclass(frozen=True)
class Waiting:
    """How many open cases something has."""

    total: int = 0
    urgent: int = 0
    high: int = 0
    late: int = 0
    today: int = 0
    unassigned: int = 0


@dataclass(frozen=True)
class Row:
    """A queue, and what waits in it."""

    id: str
    name: str
    waiting: Waiting


@dataclass(frozen=True)
class Division:
    """A division's queues in which something waits, and the others."""

    name: str
    rows: tuple[Row, ...]
    empty: tuple[Row, ...]


@routes.get("")
async def queues(
    request: Request, console: Here, member: Annotated[Member, needs(Right.SEE_CASES)]
) -> Response:
    """Show the queues that a member sees."""
    return page(
        request,
        member,
        "queues.html",
        **await _values(console, member),
        saved=await console.parts.reading.saved(member),
    )


@routes.get("/counts")
async def counts(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_CASES, is_deed=False)],
) -> Response:
    """Return the numbers as they are now."""
    return fragment(request, member, "_queue_counts.html", **await _values(console, member))


async def _values(console: Console, member: Member) -> dict[str, Any]:
    found = await console.parts.reading.counts(member)
    return {
        "all": waiting_of(found),
        "mine": await console.parts.reading.mine(member),
        "divisions": by_division(found, console.parts.routing.queues, member),
    }


def by_division(
    counts: Iterable[Count], queues: Mapping[str, Queue], member: Member
) -> list[Division]:
    """Return a member's queues by division, in the pack's order."""
    of_queue: dict[str, list[Count]] = {}
    for count in counts:
        of_queue.setdefault(count.queue, []).append(count)
    named = {q.id: (q.name, q.division) for q in queues.values()}
    # A queue that the pack does not have any more may still hold cases.
    named |= {
        id: (id, "Queues that are no longer in use") for id in of_queue.keys() - named.keys()
    }
    found: dict[str, list[Row]] = {}
    for id, (name, division) in named.items():
        if member.sees(id):
            row = Row(id, name, waiting_of(of_queue.get(id, ())))
            found.setdefault(division, []).append(row)
    return [
        Division(
            name,
            tuple(r for r in rows if r.waiting.total),
            tuple(r for r in rows if not r.waiting.total),
        )
        for name, rows in found.items()
    ]


def waiting_of(counts: Iterable[Count]) -> Waiting:
    """Return what counts come to together."""
    counts = tuple(counts)

    def of(priority: Priority) -> int:
        return sum(c.total for c in counts if c.priority == priority)

    return Waiting(
        total=sum(c.total for c in counts),
        urgent=of(Priority.URGENT),
        high=of(Priority.HIGH),
        late=sum(c.late for c in counts),
        today=sum(c.today for c in counts),
        unassigned=sum(c.unassigned for c in counts),
    )
