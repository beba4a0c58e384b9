"""A draft before it goes out: what it changes, who has to look at it, when residents are told."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.catalogue_list import Maintainer
from triage.console.catalogue_words import DONE, STANDS
from triage.console.context import Console, Here
from triage.console.entry_preview import preview_of
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.editing.differences import differences
from triage.editing.draft import Draft, Stands
from triage.editing.errors import DraftUnknown, EntryUnknown, NotValid
from triage.editing.reading import DraftFile
from triage.editing.rehearsal import Outcome
from triage.errors import TriageError
from triage.learning.repository import recent_questions
from triage.staff.roles import Member

routes = console_router("/catalogue/drafts/{draft_id}")

DraftId = Annotated[str, Path(max_length=40)]
Words = Annotated[str, Form(max_length=4_000)]
Moment = Annotated[str, Form(max_length=40)]
# What a browser's datetime-local sends, and what people write where it is a plain field.
_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")

# So many messages of the last days are asked beside the protected questions, in redacted words.
RECENT_QUESTIONS = 100
_KNOWING = (
    "Protected questions would be answered worse. Write why it is to go out all the same."
)


@dataclass(frozen=True)
class Sent:
    """What every form of the page sends."""

    request: Request
    console: Console
    draft_id: str
    version: int


async def _sent(
    request: Request,
    console: Here,
    draft_id: DraftId,
    version: Annotated[int, Form(ge=0, le=999_999_999)],
) -> Sent:
    return Sent(request, console, draft_id, version)


AsSent = Annotated[Sent, Depends(_sent)]


@dataclass(frozen=True)
class Tried:
    """A form that did not work: why, at which field, and what was typed."""

    fault: str = ""
    at: str = ""
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    # What it would change for the worse, where that has to be known first.
    outcome: Outcome | None = None


@routes.get("")
async def draft(
    request: Request,
    console: Here,
    member: Maintainer,
    draft_id: DraftId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a draft."""
    return await _show(request, console, member, draft_id, done=DONE.get(done, ""))


@routes.post("/ask-review")
async def ask_review(sent: AsSent, member: Maintainer) -> Response:
    """Have a second person look at it."""
    deed = sent.console.parts.editing.ask_review(member, sent.draft_id, sent.version)
    return await done_with(sent, member, "asked", deed)


@routes.post("/approve")
async def approve(sent: AsSent, member: Maintainer) -> Response:
    """Say, as the second person, that it may go out."""
    deed = sent.console.parts.editing.approve(member, sent.draft_id, sent.version)
    return await done_with(sent, member, "approved", deed)


@routes.post("/send-back")
async def send_back(sent: AsSent, member: Maintainer, note: Words = "") -> Response:
    """Say, as the second person, what has to be better."""
    deed = sent.console.parts.editing.send_back(member, sent.draft_id, sent.version, note)
    return await done_with(sent, member, "sent-back", deed, {"note": note})


@routes.post("/publish")
async def publish(
    sent: AsSent,
    member: Maintainer,
    reason: Words = "",
    when: Annotated[str, Form(max_length=10)] = "now",
    publish_at: Moment = "",
    ends_at: Moment = "",
    knowing: Words = "",
) -> Response:
    """Have it go out, now or at a time, for good or for a while."""
    typed = {"reason": reason, "when": when, "publish_at": publish_at, "ends_at": ends_at}
    typed |= {"knowing": knowing}
    publishing = sent.console.parts.editing.publishing
    try:
        zone = ZoneInfo(sent.console.parts.city.timezone)
        ends = _moment("ends_at", ends_at, zone) if ends_at.strip() else None
        at = _moment("publish_at", publish_at, zone) if when == "later" else None
    except NotValid as error:
        return await _again(sent, member, error, typed)
    outcome = await _outcome(sent.console, member, sent.draft_id)
    if outcome and outcome.broken:
        if not knowing.strip():
            return await _again(sent, member, NotValid("knowing", _KNOWING), typed, outcome)
        worse = f"Although {len(outcome.broken)} protected questions are answered worse"
        reason = f"{reason} {worse}: {knowing}" if reason.strip() else ""
    here = (member, sent.draft_id, sent.version, reason)
    if at:
        deed = publishing.schedule(*here, at, ends_at=ends)
        return await done_with(sent, member, "scheduled", deed, typed)
    return await done_with(
        sent, member, "published", publishing.publish(*here, ends_at=ends), typed
    )


@routes.get("/what-would-change")
async def what_would_change(
    request: Request, console: Here, member: Maintainer, draft_id: DraftId
) -> Response:
    """Say which questions would get another answer if it went out: as a part of its page, or as a page."""
    outcome = await _outcome(console, member, draft_id)
    if "hx-request" in request.headers:
        return fragment(request, member, "_catalogue_changes.html", outcome=outcome)
    return page(request, member, "catalogue_changes.html", outcome=outcome, draft_id=draft_id)


@routes.post("/take-back")
async def take_back(sent: AsSent, member: Maintainer) -> Response:
    """Have it go out at no time."""
    publishing = sent.console.parts.editing.publishing
    deed = publishing.take_back(member, sent.draft_id, sent.version)
    return await done_with(sent, member, "taken-back", deed)


@routes.post("/drop")
async def drop(sent: AsSent, member: Maintainer) -> Response:
    """Give it up."""
    deed = sent.console.parts.editing.drop(member, sent.draft_id, sent.version)
    return await done_with(sent, member, "dropped", deed)


async def done_with(
    sent: Sent,
    member: Member,
    done: str,
    deed: Awaitable[Draft],
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """Do it and show the draft; what is published or dropped leads back to the entry or the list."""
    try:
        draft = await deed
    except (DraftUnknown, EntryUnknown):
        raise
    except TriageError as error:
        return await _again(sent, member, error, typed)
    if draft.stands is Stands.PUBLISHED and not draft.withdraws:
        return RedirectResponse(f"/staff/catalogue/{draft.entry_id}?done={done}", 303)
    if not draft.stands.is_open:
        return RedirectResponse(f"/staff/catalogue?done={done}", 303)
    return RedirectResponse(f"/staff/catalogue/drafts/{draft.id}?done={done}", 303)


async def _outcome(console: Console, member: Member, draft_id: str) -> Outcome | None:
    """Return what a draft would change; None: it is not tried, or could not be."""
    file = await console.parts.editing.reading.draft_file(member, draft_id)
    if not file.could_go_out or not file.draft.stands.is_open:
        return None
    more = await console.parts.database.read(lambda c: recent_questions(c, RECENT_QUESTIONS))
    return await console.parts.rehearsal.of(file.draft, file.revision, more)


async def _again(
    sent: Sent,
    member: Member,
    error: TriageError,
    typed: Mapping[str, str],
    outcome: Outcome | None = None,
) -> Response:
    at = error.field if isinstance(error, NotValid) and error.field in typed else ""
    tried = Tried(error.words, at, error.status, typed, outcome)
    return await _show(sent.request, sent.console, member, sent.draft_id, tried=tried)


async def _show(
    request: Request,
    console: Console,
    member: Member,
    draft_id: str,
    *,
    done: str = "",
    tried: Tried | None = None,
) -> Response:
    editing = console.parts.editing
    file = await editing.reading.draft_file(member, draft_id)
    tried, content = tried or Tried(), file.draft.content
    return page(
        request,
        member,
        "catalogue_draft.html",
        status=tried.status,
        file=file,
        draft=file.draft,
        title=title_of(file),
        changes=differences(file.before, content),
        preview=preview_of(content, editing.today(), console.parts.city.phone)
        if content
        else None,
        stands=STANDS,
        done=done,
        tried=tried,
        is_mine=member.id == file.draft.author_id,
        is_tried=console.parts.rehearsal.is_on and file.could_go_out,
    )


def title_of(file: DraftFile) -> str:
    """Return how a draft's entry is called."""
    return file.draft.title if file.draft.content else str((file.before or {}).get("title", ""))


def _moment(field: str, written: str, zone: ZoneInfo) -> datetime:
    """Read a moment in the city's time.

    Raises:
        NotValid: it is none.
    """
    for form in _MOMENTS:
        try:
            return datetime.strptime(written.strip(), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise NotValid(field, "Write the day and the time, like 2026-12-24 17:00.")
