"""A draft beside what somebody else made of its entry in the meantime, and the way to put it onto that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Request, Response

from triage.console.catalogue_draft import AsSent, DraftId, Tried, done_with, title_of
from triage.console.catalogue_list import Maintainer
from triage.console.context import Console, Here
from triage.console.pages import page
from triage.console.routes import console_router
from triage.editing.fields import FIELDS, lines_of
from triage.editing.reading import DraftFile
from triage.staff.roles import Member

routes = console_router("/catalogue/drafts/{draft_id}/both")


@routes.get("")
async def both(
    request: Request, console: Here, member: Maintainer, draft_id: DraftId
) -> Response:
    """Show a draft beside what somebody else made of its entry."""
    return await _show_both(request, console, member, draft_id)


@routes.post("")
async def put_onto_now(
    sent: AsSent, member: Maintainer, seen: Annotated[int, Form(ge=0)]
) -> Response:
    """Put the draft onto what the entry has become, with what its author chose of both."""
    reading, form = sent.console.parts.editing.reading, await sent.request.form()
    file = await reading.draft_file(member, sent.draft_id)
    merged = file.both
    content = dict(merged.content)
    for name in () if file.draft.withdraws else merged.both:
        chosen = form.get(f"take.{name}")
        if chosen not in ("mine", "theirs"):
            tried = Tried("Choose one of the two for each field.", f"take-{name}-mine", 422)
            return await _show_both(
                sent.request, sent.console, member, sent.draft_id, tried=tried
            )
        if chosen == "theirs":
            there = (file.now or {}).get(name)
            if there is None:
                content.pop(name, None)
            else:
                content[name] = there
    deed = sent.console.parts.editing.put_onto_now(
        member, sent.draft_id, sent.version, None if file.draft.withdraws else content, seen
    )
    return await done_with(sent, member, "merged", deed)


async def _show_both(
    request: Request,
    console: Console,
    member: Member,
    draft_id: str,
    *,
    tried: Tried | None = None,
) -> Response:
    file = await console.parts.editing.reading.draft_file(member, draft_id)
    tried = tried or Tried()
    return page(
        request,
        member,
        "catalogue_both.html",
        status=tried.status,
        file=file,
        draft=file.draft,
        title=title_of(file),
        fields=_side_by_side(file),
        tried=tried,
        is_mine=member.id == file.draft.author_id,
    )


def _side_by_side(file: DraftFile) -> list[dict[str, Any]]:
    """Return each field that somebody changed: as it was, as the other made it, as the draft has it."""
    mine, there, was = file.draft.content or {}, file.now or {}, file.before or {}
    names = [n for n in FIELDS if there.get(n) != was.get(n) or mine.get(n) != was.get(n)]
    both = file.both
    return [
        {
            "name": name,
            "label": FIELDS[name],
            "before": lines_of(name, was.get(name)),
            "theirs": lines_of(name, there.get(name)),
            "mine": lines_of(name, mine.get(name)),
            "is_both": name in both.both,
            "comes": lines_of(name, both.content.get(name)),
        }
        for name in names
    ]
