"""What the forms of a conversation's page do. Each works without scripts; where it does not work, the page comes back with all
that was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.context import Console, Here
from triage.console.conversation_page import ConversationId, Draft, length_of, show, values_of
from triage.console.entry_search import LONGEST_SEARCH, FoundEntry, find_entries
from triage.console.guard import needs
from triage.console.pages import fragment
from triage.console.routes import console_router
from triage.conversations.schemas import LONGEST_MESSAGE
from triage.errors import TriageError
from triage.handover.errors import HandoverUnknown
from triage.handover.files import file_of
from triage.staff.roles import Member, Right

routes = console_router("/conversations/{conversation_id}")

Taker = Annotated[Member, needs(Right.TAKE_CONVERSATIONS)]
Counting = Annotated[Member, needs(Right.TAKE_CONVERSATIONS, is_deed=False)]
# Longer than what is kept: what is too long is told at its field, with nothing lost.
Words = Annotated[str, Form(max_length=3 * LONGEST_MESSAGE)]
Find = Annotated[str, Form(max_length=LONGEST_SEARCH)]
Seen = Annotated[int, Form(ge=0)]
# A resident's own words never come here by chance: it is the page's name for one sending.
MessageId = Annotated[str, Form(pattern=r"^[!-~]{1,80}$")]


@routes.post("/take")
async def take(
    request: Request, console: Here, member: Taker, conversation_id: ConversationId
) -> Response:
    """Take the conversation."""
    deed = console.parts.handovers.take(member, conversation_id)
    return await _done(request, console, member, conversation_id, "take", deed)


@routes.post("/say")
async def say(
    request: Request,
    console: Here,
    member: Taker,
    conversation_id: ConversationId,
    message_id: MessageId,
    seen: Seen,
    text: Words = "",
) -> Response:
    """Say something to the resident."""
    deed = console.parts.handovers.say(member, conversation_id, text, message_id, seen)
    draft = Draft(text=text, form="say")
    if "hx-request" not in request.headers:
        return await _done(request, console, member, conversation_id, "say", deed, draft)
    try:
        await deed
        draft = Draft()
    except HandoverUnknown:
        raise
    except TriageError as error:
        draft = replace(draft, fault=error.words, status=error.status)
    return await _reply_form(request, console, member, conversation_id, draft)


@routes.post("/hand-back")
async def hand_back(
    request: Request, console: Here, member: Taker, conversation_id: ConversationId, seen: Seen
) -> Response:
    """Give the conversation back to the assistant."""
    deed = console.parts.handovers.hand_back(member, conversation_id, seen)
    return await _done(request, console, member, conversation_id, "", deed)


@routes.post("/close")
async def close(
    request: Request, console: Here, member: Taker, conversation_id: ConversationId, seen: Seen
) -> Response:
    """End the conversation."""
    deed = console.parts.handovers.close(member, conversation_id, seen)
    return await _done(request, console, member, conversation_id, "", deed)


@routes.post("/put-back")
async def put_back(
    request: Request, console: Here, member: Taker, conversation_id: ConversationId
) -> Response:
    """Give the conversation back to the line."""
    deed = console.parts.handovers.put_back(member, conversation_id)
    return await _done(request, console, member, conversation_id, "", deed)


@routes.post("/contacted")
async def contacted(
    request: Request, console: Here, member: Taker, conversation_id: ConversationId
) -> Response:
    """Note that the resident was contacted in another way."""
    deed = console.parts.handovers.contacted(member, conversation_id)
    return await _done(request, console, member, conversation_id, "", deed)


@routes.post("/note")
async def note(
    request: Request,
    console: Here,
    member: Taker,
    conversation_id: ConversationId,
    note_text: Words = "",
) -> Response:
    """Write something down for the other staff."""
    deed = console.parts.handovers.note(member, conversation_id, note_text)
    draft = Draft(note=note_text, form="note")
    return await _done(request, console, member, conversation_id, "note", deed, draft)


@routes.post("/compose")
async def compose(
    request: Request,
    console: Here,
    member: Taker,
    conversation_id: ConversationId,
    text: Words = "",
    find: Find = "",
    insert: Annotated[str, Form(max_length=100)] = "",
    ready: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Search the catalogue beside the answer, or put something into it, and return the page with both."""
    found = await find_entries(console.parts.settings.actions_url, find) if find.strip() else ()
    file = await console.parts.database.read(lambda c: file_of(c, conversation_id))
    if insert:
        text = _with(text, _entry_text(insert, found or ()))
    elif ready and console.parts.city.desk:
        by_text = file.channel != "webchat"
        chosen = [r for r in console.parts.city.desk.replies if r.name == ready]
        text = _with(text, *((r.sms or r.text) if by_text else r.text for r in chosen))
    draft = Draft(text=text, find=find, found=found, form="compose")
    if "hx-request" in request.headers:
        values = await values_of(console, member, file, draft)
        return fragment(request, member, "_entries_found.html", **values)
    return await show(request, console, member, file, draft)


@routes.post("/length")
async def length(
    request: Request,
    member: Counting,
    conversation_id: ConversationId,
    text: Words = "",
) -> Response:
    """Say how long an answer is as text messages."""
    return fragment(request, member, "_length.html", length=length_of(text))


async def _done(
    request: Request,
    console: Console,
    member: Member,
    conversation_id: str,
    what: str,
    deed: Awaitable[None],
    draft: Draft = Draft(),  # noqa: B008 (frozen)
) -> Response:
    """Do it and come back to the page; where it was refused, say why on the page, with what was typed."""
    try:
        await deed
    except HandoverUnknown:
        raise
    except TriageError as error:
        if error.status >= 500:
            raise
        file = await console.parts.database.read(lambda c: file_of(c, conversation_id))
        draft = replace(draft, fault=error.words, status=error.status)
        return await show(request, console, member, file, draft)
    to = f"/staff/conversations/{conversation_id}"
    return RedirectResponse(f"{to}?done={what}" if what else to, status_code=303)


async def _reply_form(
    request: Request, console: Console, member: Member, conversation_id: str, draft: Draft
) -> Response:
    file = await console.parts.database.read(lambda c: file_of(c, conversation_id))
    values = await values_of(console, member, file, draft)
    response = fragment(request, member, "_conversation_reply.html", **values)
    response.status_code = draft.status
    return response


def _entry_text(wanted: str, found: Sequence[FoundEntry]) -> str:
    """Return the text of an entry that was found; `wanted` is its id and "web" or "sms"."""
    service_id, _, form = wanted.partition(":")
    for entry in found:
        if entry.service_id == service_id:
            return entry.for_text if form == "sms" else entry.for_page
    return ""


def _with(text: str, *added: str) -> str:
    return "\n\n".join(part for part in (text.strip(), *added) if part)
