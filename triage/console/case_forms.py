"""What the forms of a case's page do. Each works without scripts; where it does not work, the page comes back with all
that was typed."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from triage.cases.case import Case
from triage.cases.desk import By, Desk
from triage.cases.errors import CaseChanged, CaseUnknown
from triage.cases.schemas import LONGEST_DESCRIPTION
from triage.cases.workflow import Move
from triage.console.case_page import Reference, Tried, show_case
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.routes import console_router
from triage.errors import TriageError
from triage.kit.edge import Allowance
from triage.kit.text import readable
from triage.staff.roles import Member, Right

routes = console_router("/cases/{reference}")

# Two of the longest texts, in a script of four bytes a character, each byte written as %XX.
CASE_FORM_BODIES = Allowance(re.compile(r"/staff/cases/.*"), 256 * 1024)

# Longer than what is kept: what is too long is told at its field, with nothing lost.
Field = Annotated[str, Form(max_length=3 * LONGEST_DESCRIPTION)]
Key = Annotated[str, Form(pattern=r"^[!-~]{1,80}$")]
Version = Annotated[int, Form(ge=0)]


@dataclass(frozen=True)
class Sent:
    """What every form of the page sends."""

    request: Request
    console: Console
    reference: str
    key: str
    version: int

    @property
    def desk(self) -> Desk:
        """Return where it is done."""
        return self.console.parts.desk

    def by(self, member: Member) -> By:
        """Return who does it, and how they saw the case."""
        return By(member, self.key, self.version)


async def _sent(
    request: Request, console: Here, reference: Reference, key: Key, version: Version
) -> Sent:
    return Sent(request, console, reference, key, version)


AsSent = Annotated[Sent, Depends(_sent)]
Worker = Annotated[Member, needs(Right.WORK_CASES)]


@routes.post("/start")
async def start(sent: AsSent, member: Worker) -> Response:
    """Begin the work."""
    deed = sent.desk.move(sent.reference, sent.by(member), Move.START)
    return await _done(sent, member, "start", deed)


@routes.post("/note")
async def note(sent: AsSent, member: Worker, note_text: Field = "") -> Response:
    """Write something down for staff."""
    typed = {"note_text": note_text}
    if fault := _fault_of(note_text, "Write the note."):
        return await _again(sent, member, "note", fault, "note_text", typed)
    # It overwrites nothing, so it does not matter what happened in between.
    by = By(member, sent.key, None)
    deed = sent.desk.note(sent.reference, by, readable(note_text))
    return await _done(sent, member, "note", deed, "note_text", typed)


@routes.post("/ask")
async def ask(sent: AsSent, member: Worker, ask_text: Field = "") -> Response:
    """Ask the resident for something that is missing."""
    return await _move(sent, member, Move.ASK, ask_text, "Write what the resident is asked.")


@routes.post("/delay")
async def delay(sent: AsSent, member: Worker, delay_text: Field = "") -> Response:
    """Say why it takes longer than promised."""
    return await _move(sent, member, Move.DELAY, delay_text, "Write why it takes longer.")


@routes.post("/reopen")
async def reopen(sent: AsSent, member: Worker, reopen_text: Field = "") -> Response:
    """Open a finished case again."""
    return await _move(sent, member, Move.REOPEN, reopen_text, "Write why it is opened again.")


@routes.post("/resolve")
async def resolve(
    sent: AsSent,
    member: Worker,
    outcome: Annotated[str, Form(max_length=20)] = "",
    resolve_text: Field = "",
) -> Response:
    """Bring a case to its end."""
    if not outcome:
        typed = {"resolve_text": resolve_text}
        fault = "Choose what came of it."
        return await _again(sent, member, "resolve", fault, "outcome-done", typed)
    if_empty = "Write a sentence for the resident."
    return await _move(sent, member, Move.RESOLVE, resolve_text, if_empty, outcome)


@routes.post("/assign")
async def assign(
    sent: AsSent, member: Worker, to: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Make somebody responsible; empty: nobody."""
    deed = sent.desk.assign(sent.reference, sent.by(member), to or None)
    return await _done(sent, member, "assign", deed, "to", {"to": to})


@routes.post("/route")
async def route(
    sent: AsSent, member: Worker, queue: Annotated[str, Form(max_length=80)] = ""
) -> Response:
    """Move a case to another queue."""
    deed = sent.desk.reroute(sent.reference, sent.by(member), queue)
    return await _done(sent, member, "route", deed, "queue", {"queue": queue})


@routes.post("/join")
async def join(
    sent: AsSent,
    member: Worker,
    into: Annotated[str, Form(max_length=60)] = "",
    join_text: Field = "",
) -> Response:
    """Close a case as a duplicate of another."""
    typed = {"into": into, "join_text": join_text}
    if not into.strip():
        fault = "Write the reference of the other case."
        return await _again(sent, member, "join", fault, "into", typed)
    if fault := _fault_of(join_text, "Write a sentence for the resident."):
        return await _again(sent, member, "join", fault, "join_text", typed)
    deed = sent.desk.join(sent.reference, sent.by(member), into, readable(join_text))
    return await _done(sent, member, "join", deed, "into", typed)


async def _move(
    sent: Sent, member: Member, move: Move, text: str, if_empty: str, outcome: str | None = None
) -> Response:
    form, field = move.value, f"{move.value}_text"
    typed = {field: text} | ({"outcome": outcome} if outcome else {})
    if fault := _fault_of(text, if_empty):
        return await _again(sent, member, form, fault, field, typed)
    deed = sent.desk.move(sent.reference, sent.by(member), move, readable(text), outcome)
    return await _done(sent, member, form, deed, field, typed)


async def _done(
    sent: Sent,
    member: Member,
    form: str,
    deed: Awaitable[Case],
    field: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """Do it and go back to the case; to the list, where it went to a queue that the member does not see."""
    try:
        case = await deed
    except CaseUnknown:
        raise
    except TriageError as error:
        seen = sent.version if isinstance(error, CaseChanged) else None
        tried = Tried(form, error.words, field, error.status, typed, seen)
        return await show_case(sent.request, sent.console, member, sent.reference, tried=tried)
    if not member.sees(case.queue):
        return RedirectResponse("/staff/cases?moved=1", status_code=303)
    return RedirectResponse(f"/staff/cases/{case.reference}?done={form}", status_code=303)


async def _again(
    sent: Sent, member: Member, form: str, fault: str, field: str, typed: Mapping[str, str]
) -> Response:
    tried = Tried(form, fault, field, 422, typed)
    return await show_case(sent.request, sent.console, member, sent.reference, tried=tried)


def _fault_of(text: str, if_empty: str) -> str:
    """Return what is wrong with a text; empty if nothing is."""
    if not text.strip():
        return if_empty
    if len(text) > LONGEST_DESCRIPTION:
        return f"This is too long by {len(text) - LONGEST_DESCRIPTION} characters."
    try:
        readable(text)
    except ValueError as fault:
        return f"{str(fault)[:1].upper()}{str(fault)[1:]}."
    return ""
