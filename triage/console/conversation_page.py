"""The page of one conversation: all that was said, as it is said; what was understood; what helps to answer.

What its forms do is in conversation_forms.py. New messages are announced over an event stream and fetched as a part of the
page, so that there is one way to draw a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from services_catalog.segments import count
from triage.console import conversation_words as words
from triage.console.context import Console, Here
from triage.console.entry_search import LONGEST_SEARCH, FoundEntry, find_entries
from triage.console.guard import needs
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.conversations import repository as conversations
from triage.conversations.schemas import LONGEST_MESSAGE
from triage.handover import repository
from triage.handover.errors import HandoverUnknown
from triage.handover.files import ConversationFile, all_messages, file_of
from triage.handover.notices import Reason
from triage.kit.bell import Bell
from triage.kit.ids import new_id
from triage.media import repository as media
from triage.media.errors import PhotoUnknown
from triage.staff import audit
from triage.staff.roles import Member, Right
from triage.texting.cutting import plain

routes = console_router("/conversations/{conversation_id}")

ConversationId = Annotated[str, Path(max_length=40)]
Reader = Annotated[Member, needs(Right.SEE_CONVERSATIONS)]
# What a page asks by itself keeps nobody signed in.
Watching = Annotated[Member, needs(Right.SEE_CONVERSATIONS, is_deed=False)]
After = Annotated[int, Query(ge=0)]

# A stream ends now and then, and the browser comes back: so whoever is signed out meanwhile learns it.
STREAM_SECONDS = 60
HEARTBEAT_SECONDS = 15
COME_BACK_MS = 500

# What was done, as the page says it when one comes back to it.
DONE = {
    "take": "You have this conversation now. The resident was told your name.",
    "say": "Sent.",
    "note": "The note is kept.",
}


@dataclass(frozen=True)
class Draft:
    """What is being written, and what was looked for beside it.

    Attributes:
        text: the answer so far.
        find: what the catalogue was searched for.
        found: what was found; None: the search does not answer.
        note: a note so far.
        fault: what did not work, and at which form (`form`).
    """

    text: str = ""
    find: str = ""
    found: Sequence[FoundEntry] | None = ()
    note: str = ""
    fault: str = ""
    form: str = ""
    status: int = 200


@routes.get("")
async def conversation_page(
    request: Request,
    console: Here,
    member: Reader,
    conversation_id: ConversationId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a conversation. That it was looked at is kept."""
    now = console.parts.clock.now()

    def look(connection: Connection) -> ConversationFile:
        found = file_of(connection, conversation_id)
        audit.record(connection, member, "conversation.view", conversation_id, now=now)
        return found

    file = await console.parts.database.write(look)
    draft = await _nearest(console, file) if file.is_with(member.id) else Draft()
    return await show(request, console, member, file, draft, DONE.get(done, ""))


async def _nearest(console: Console, file: ConversationFile) -> Draft:
    """Return what comes nearest to a question to which the assistant found no answer: what a person looks for first."""
    asked = file.asked_last[:LONGEST_SEARCH]
    if file.handover.reason != Reason.NOT_FOUND or not asked:
        return Draft()
    return Draft(
        find=asked, found=await find_entries(console.parts.settings.actions_url, asked)
    )


async def show(
    request: Request,
    console: Console,
    member: Member,
    file: ConversationFile,
    draft: Draft = Draft(),
    done: str = "",
) -> Response:
    """Return the whole page."""
    values = await values_of(console, member, file, draft)
    return page(
        request, member, "conversation_page.html", status=draft.status, done=done, **values
    )


async def values_of(
    console: Console, member: Member, file: ConversationFile, draft: Draft
) -> dict[str, Any]:
    """Return what the page and its parts are made from."""
    parts = console.parts
    entries, titles = await parts.entries.now(), await parts.entries.titles()
    memory = file.handover.gathered or {}
    desk = parts.city.desk
    return {
        "file": file,
        "base": _at(file.id),
        "lines": words.lines(file.messages, titles),
        "draft": draft,
        "words": words,
        "titles": titles,
        "gathered": words.gathered(memory, entries.get(str(memory.get("service_id", "")))),
        "cases": await parts.cases.of_conversation(file.id),
        "ready": desk.replies if desk else (),
        "is_mine": file.is_with(member.id),
        "may_take": member.may(Right.TAKE_CONVERSATIONS) and file.can_be_taken,
        "by_text": file.channel != "webchat",
        "length": length_of(draft.text),
        "longest": LONGEST_MESSAGE,
        "message_id": new_id("con"),
        "now": parts.clock.now(),
    }


def length_of(text: str) -> str:
    """Return how long an answer is as text messages, in words."""
    # As it is sent: with plain characters for typographic ones.
    found = count(plain(text))
    if not text.strip():
        return "Nothing written yet."
    many = "1 text message" if found.segments == 1 else f"{found.segments} text messages"
    dear = " Some characters make it longer than it looks." if found.encoding != "GSM-7" else ""
    return f"{found.units} characters: {many}.{dear}"


# ── what renews itself ──


@routes.get("/new")
async def new_messages(
    request: Request,
    console: Here,
    member: Watching,
    conversation_id: ConversationId,
    after: After = 0,
) -> Response:
    """Return the messages after one, as parts of the page."""

    def look(connection: Connection) -> list[Any]:
        _seen_by_staff(connection, conversation_id)
        return all_messages(connection, conversation_id, after)

    said = await console.parts.database.read(look)
    titles = await console.parts.entries.titles()
    return fragment(
        request,
        member,
        "_conversation_messages.html",
        lines=words.lines(said, titles),
        base=_at(conversation_id),
    )


@routes.get("/standing")
async def standing(
    request: Request, console: Here, member: Watching, conversation_id: ConversationId
) -> Response:
    """Return how the conversation stands and what can be done with it."""
    file = await console.parts.database.read(lambda c: file_of(c, conversation_id))
    values = await values_of(console, member, file, Draft())
    return fragment(request, member, "_conversation_standing.html", **values)


@routes.get("/events")
async def events(
    console: Here, member: Watching, conversation_id: ConversationId, after: After = 0
) -> Response:
    """Announce each new message, as it is stored. Its words are fetched as a part of the page."""
    await console.parts.database.read(lambda c: _seen_by_staff(c, conversation_id))
    return StreamingResponse(
        _news(console, console.parts.bell, conversation_id, after),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def _news(
    console: Console, bell: Bell, conversation_id: str, after: int
) -> AsyncIterator[str]:
    yield f"retry: {COME_BACK_MS}\n\n"
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + STREAM_SECONDS
    with bell.listening(conversation_id, after) as listener:
        # What came between the page and now did not ring for this listener.
        listener.wake()
        while (left := ends_at - loop.time()) > 0 and not bell.is_closing:
            if not await listener.wait(min(left, HEARTBEAT_SECONDS)):
                yield ": alive\n\n"
                continue
            last = await console.parts.database.read(
                lambda c: conversations.last_seqs(c, [conversation_id])
            )
            listener.known = last.get(conversation_id, listener.known)
            yield f"event: news\ndata: {listener.known}\n\n"


@routes.get("/photos/{media_id}")
async def photo(
    console: Here,
    member: Reader,
    conversation_id: ConversationId,
    media_id: Annotated[str, Path(max_length=40)],
) -> Response:
    """Return a photo that the resident sent."""

    def look(connection: Connection) -> Any:
        _seen_by_staff(connection, conversation_id)
        found = media.photo(connection, media_id)
        if found is None or found.conversation_id != conversation_id:
            raise PhotoUnknown
        return found

    found = await console.parts.database.read(look)
    content = await console.parts.photos.read(found.id)
    if content is None:
        raise PhotoUnknown
    return Response(content, media_type=found.content_type)


def _at(conversation_id: str) -> str:
    return f"/staff/conversations/{conversation_id}"


def _seen_by_staff(connection: Connection, conversation_id: str) -> None:
    if repository.conversation(connection, conversation_id) is None:
        raise HandoverUnknown
