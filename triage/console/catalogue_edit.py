"""The forms in which a maintainer writes a draft: the words of an entry, and what a report of it needs.

They work without scripts: what is saved comes back with its faults and its preview. Nothing typed is lost: where it cannot be
saved because the draft is another by now, the form comes back with every word, beside what was saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services_catalog.checks import Fault
from triage.console.catalogue_entry import EntryId
from triage.console.catalogue_list import Maintainer
from triage.console.catalogue_words import (
    ASPECTS,
    DATATYPES,
    DONE,
    KINDS,
    LOCATIONS,
    STANDS,
    UNITS,
)
from triage.console.context import Console, Here
from triage.console.entry_form import (
    LONGEST_FIELD,
    SPARE_ROWS,
    SPARE_VALUES,
    Fields,
    questions_read,
    words_read,
)
from triage.console.entry_preview import asked_of, preview_of
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.editing.differences import differences
from triage.editing.draft import Deed
from triage.editing.errors import DraftMoved, EntryUnknown, NotNow, NotValid
from triage.editing.reading import DraftFile
from triage.kit.edge import Allowance
from triage.kit.text import plain
from triage.staff.roles import Member

routes = console_router("/catalogue/{entry_id}/edit")

# The largest entry of a pack has 17 kB; each byte of it may come as %XX.
ENTRY_FORM_BODIES = Allowance(re.compile(r"/staff/catalogue/.*"), 512 * 1024)

Read = Callable[[Fields, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class _Part:
    """One of the two forms."""

    template: str
    preview: str
    path: str
    read: Read


_WORDS = _Part("catalogue_edit.html", "_catalogue_preview.html", "", words_read)
_QUESTIONS = _Part(
    "catalogue_questions.html", "_catalogue_asked.html", "/questions", questions_read
)


@routes.get("")
async def edit(
    request: Request,
    console: Here,
    member: Maintainer,
    entry_id: EntryId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of an entry's words."""
    return await _open(request, console, member, entry_id, _WORDS, DONE.get(done, ""))


@routes.post("")
async def save(
    request: Request, console: Here, member: Maintainer, entry_id: EntryId
) -> Response:
    """Save the words."""
    return await _save(request, console, member, entry_id, _WORDS)


@routes.post("/preview")
async def preview(
    request: Request, console: Here, member: Maintainer, entry_id: EntryId
) -> Response:
    """Return how residents would read what is in the form, and what is wrong with it."""
    return await _preview(request, console, member, entry_id, _WORDS)


@routes.get("/questions")
async def questions(
    request: Request,
    console: Here,
    member: Maintainer,
    entry_id: EntryId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of what a report needs."""
    return await _open(request, console, member, entry_id, _QUESTIONS, DONE.get(done, ""))


@routes.post("/questions")
async def save_questions(
    request: Request, console: Here, member: Maintainer, entry_id: EntryId
) -> Response:
    """Save what a report needs."""
    return await _save(request, console, member, entry_id, _QUESTIONS)


@routes.post("/questions/preview")
async def preview_questions(
    request: Request, console: Here, member: Maintainer, entry_id: EntryId
) -> Response:
    """Return how a report would be asked for, and what is wrong with it."""
    return await _preview(request, console, member, entry_id, _QUESTIONS)


async def _open(
    request: Request,
    console: Console,
    member: Member,
    entry_id: str,
    part: _Part,
    done: str = "",
) -> Response:
    file = await console.parts.editing.reading.my_draft(member, entry_id)
    if file is None or file.draft.content is None or Deed.SAVE not in file.deeds:
        # There is nothing to write in: the entry's page says how to begin, the draft's how it stands.
        to = f"drafts/{file.draft.id}" if file else entry_id
        return RedirectResponse(f"/staff/catalogue/{to}", status_code=303)
    return await _form(request, console, member, part, file, file.draft.content, done=done)


async def _save(
    request: Request, console: Console, member: Member, entry_id: str, part: _Part
) -> Response:
    reading, form = console.parts.editing.reading, await request.form()
    file = await reading.my_draft(member, entry_id)
    before = (file.draft.content if file else None) or {"id": entry_id}
    typed = part.read(_fields(form), before)
    if fault := _unreadable(form):
        return await _form(request, console, member, part, file, typed, fault=fault)
    try:
        if file is None:
            # Published or dropped in another window: what was typed is for a draft of its own.
            await _begin_anew(console, member, entry_id, typed)
            raise DraftMoved("Your draft was published or dropped. This is a new one: save it.")
        draft = await console.parts.editing.save(member, file.draft.id, _version(form), typed)
    except NotNow as error:
        file = await reading.my_draft(member, entry_id)
        return await _form(request, console, member, part, file, typed, moved=error)
    then = str(form.get("then", ""))
    to = {
        "words": f"{entry_id}/edit",
        "questions": f"{entry_id}/edit/questions",
        "finish": f"drafts/{draft.id}",
    }.get(then, f"{entry_id}/edit{part.path}")
    return RedirectResponse(f"/staff/catalogue/{to}?done=saved", status_code=303)


async def _begin_anew(
    console: Console, member: Member, entry_id: str, typed: Mapping[str, Any]
) -> None:
    try:
        await console.parts.editing.begin(member, entry_id)
    except EntryUnknown:
        title = str(typed.get("title") or entry_id)
        await console.parts.editing.start(member, entry_id, title)


async def _preview(
    request: Request, console: Console, member: Member, entry_id: str, part: _Part
) -> Response:
    form = await request.form()
    file = await console.parts.editing.reading.my_draft(member, entry_id)
    before = (file.draft.content if file else None) or {"id": entry_id}
    typed = part.read(_fields(form), before)
    faults = await console.parts.editing.reading.faults(typed)
    return fragment(
        request,
        member,
        part.preview,
        content=typed,
        faults=faults,
        **_previewed(console, part, typed),
    )


def _previewed(console: Console, part: _Part, content: Mapping[str, Any]) -> dict[str, Any]:
    if part is _QUESTIONS:
        return {"asked": asked_of(content)}
    return {
        "preview": preview_of(content, console.parts.editing.today(), console.parts.city.phone)
    }


async def _form(
    request: Request,
    console: Console,
    member: Member,
    part: _Part,
    file: DraftFile | None,
    content: Mapping[str, Any],
    *,
    done: str = "",
    fault: NotValid | None = None,
    moved: NotNow | None = None,
) -> Response:
    """Return a form with what is written, its faults and its preview; after a save that did not work, with what was typed.

    Raises:
        NotNow: there is no draft that this could be saved in.
    """
    if file is None:
        raise moved or NotNow("You have no draft of this entry.")
    reading = console.parts.editing.reading
    faults = await reading.faults(content)
    error = moved or fault
    return page(
        request,
        member,
        part.template,
        status=error.status if error else 200,
        file=file,
        draft=file.draft,
        content=content,
        faults=faults,
        by_field=_by_field(faults),
        done=done,
        fault=error.words if error else "",
        fault_at=fault.field if fault else "",
        # What was saved in another window, beside what was typed here.
        saved_elsewhere=differences(file.draft.content, content) if moved else [],
        entries=await reading.entries(),
        spare_rows=SPARE_ROWS,
        spare_values=SPARE_VALUES,
        kinds=KINDS,
        aspects=ASPECTS,
        datatypes=DATATYPES,
        locations=LOCATIONS,
        units=UNITS,
        dangers=console.parts.city.safety,
        stands=STANDS,
        **_previewed(console, part, content),
    )


def _by_field(faults: list[Fault]) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(fault)
    return found


def _fields(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _unreadable(form: FormData) -> NotValid | None:
    """Return what cannot be kept at all: what is no text, or longer than anything that is kept."""
    for name, value in _fields(form):
        if len(value) > LONGEST_FIELD:
            over = len(value) - LONGEST_FIELD
            return NotValid(name, f"One of the texts is too long by {over} characters.")
        try:
            plain(value)
        except ValueError:
            why = "One of the texts has characters in it that are no text. Write it anew."
            return NotValid(name, why)
    return None


def _version(form: FormData) -> int:
    written = str(form.get("version", ""))
    return int(written) if re.fullmatch(r"\d{1,9}", written) else 0
