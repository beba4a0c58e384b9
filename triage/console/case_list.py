"""A list of cases with its filters, the lists that a member saved, and a list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from triage.cases.export import Names
from triage.cases.saved_filters import LONGEST_NAME
from triage.cases.worklist import MOST_COUNTED, After, Wanted
from triage.console.case_words import ORDERS, PRIORITIES, PROMISES, STATUSES
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.list_query import FINISHED, LONGEST, ME, NOBODY, ListQuery
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.errors import TriageError
from triage.routing.rules import Queue
from triage.staff.roles import Member, Right

routes = console_router("/cases")

Cursor = Annotated[str, Query(max_length=LONGEST)]
Reader = Annotated[Member, needs(Right.SEE_CASES)]


@routes.get("")
async def case_list(
    request: Request, console: Here, member: Reader, after: Cursor = ""
) -> Response:
    """Show a list."""
    return await _list(request, console, member, ListQuery.read(request.query_params), after)


@routes.get("/total")
async def total(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_CASES, is_deed=False)],
) -> Response:
    """Return how many cases a list has now."""
    wanted = ListQuery.read(request.query_params).wanted(console.parts.routing, member)
    number = await console.parts.reading.total(member, wanted)
    return fragment(request, member, "_case_total.html", **_total(wanted, number))


@routes.get("/export")
async def export(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.EXPORT)],
    people: Annotated[bool, Query()] = False,
) -> Response:
    """Return a list as a CSV file."""
    query = ListQuery.read(request.query_params)
    names = Names(
        {q.id: q.name for q in console.parts.routing.queues.values()},
        await console.parts.reading.names(),
        console.parts.cases.changes.zone,
    )
    lines = console.parts.reading.export(
        member, query.wanted(console.parts.routing, member), names, with_people=people
    )
    day = console.parts.clock.now().astimezone(console.parts.cases.changes.zone).date()
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="cases-{day}.csv"'},
    )


@routes.post("/saved")
async def save(
    request: Request,
    console: Here,
    member: Reader,
    name: Annotated[str, Form(max_length=LONGEST)] = "",
    query: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Keep a list under a name."""
    asked = ListQuery.read(dict(parse_qsl(query)))
    name = " ".join(name.split())
    fault = ""
    if not name:
        fault = "Write a name for this list."
    elif len(name) > LONGEST_NAME:
        fault = f"Write a shorter name: at most {LONGEST_NAME} characters."
    else:
        try:
            await console.parts.reading.save(member, name, asked.as_query())
        except TriageError as error:
            fault = error.words
    if fault:
        return await _list(request, console, member, asked, "", fault=fault, name=name)
    return RedirectResponse(f"/staff/cases?{asked.as_query()}", status_code=303)


@routes.post("/saved/forget")
async def forget(
    console: Here, member: Reader, name: Annotated[str, Form(max_length=LONGEST)]
) -> Response:
    """Keep a list no longer."""
    await console.parts.reading.forget(member, name)
    return RedirectResponse("/staff/cases", status_code=303)


async def _list(
    request: Request,
    console: Console,
    member: Member,
    query: ListQuery,
    after: str,
    fault: str = "",
    name: str = "",
) -> Response:
    reading, routing = console.parts.reading, console.parts.routing
    wanted = query.wanted(routing, member)
    found, number = await reading.page(member, wanted, After.read(after))
    saved = await reading.saved(member)
    here = query.as_query()
    return page(
        request,
        member,
        "case_list.html",
        status=422 if fault else 200,
        query=query,
        here=here,
        cases=found.cases,
        reopened=await reading.reopened_among(found.cases),
        status_names=STATUSES,
        moved=request.query_params.get("moved") == "1",
        after=found.after.as_text() if found.after else "",
        is_first=not after,
        **_total(wanted, number),
        days=reading.days(),
        names=await reading.names(),
        queues=routing.queues,
        choices=_choices(routing.queues, member),
        saved=saved,
        is_saved=next((s.name for s in saved if s.query == here), ""),
        fault=fault,
        list_name=name,
        may_export=member.may(Right.EXPORT),
        sees_people=member.may(Right.SEE_PEOPLE),
    )


def _total(wanted: Wanted, number: int) -> dict[str, Any]:
    is_more = not wanted.is_open and number > MOST_COUNTED
    return {"total": MOST_COUNTED if is_more else number, "is_more": is_more}


def _choices(queues: Mapping[str, Queue], member: Member) -> dict[str, Any]:
    """Return what each filter can be."""
    seen = [q for q in queues.values() if member.sees(q.id)]
    by_division: dict[str, list[Queue]] = {}
    for queue in seen:
        by_division.setdefault(queue.division, []).append(queue)
    return {
        "divisions": by_division,
        "priorities": PRIORITIES,
        "promises": PROMISES,
        "assigned": {ME: "Me", NOBODY: "Nobody"},
        "statuses": {"": "Open", **STATUSES, FINISHED: "Finished, whatever came of it"},
        "orders": ORDERS,
    }
