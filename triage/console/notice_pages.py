"""What residents are told just now: list the notices, post one, change it, end it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from services_catalog import store
from services_catalog.model import ServiceEntry
from services_catalog.notices.checks import MOST_SEGMENTS, fault_of
from services_catalog.notices.model import Area, Circle, Notice
from services_catalog.notices.words import longest_until, where
from services_catalog.places.resolved import Ambiguous, Located
from services_catalog.segments import count
from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.pages import fragment, page
from triage.console.routes import console_router
from triage.errors import TriageError
from triage.kit.ids import new_id
from triage.notices.errors import NoticeUnknown
from triage.staff.roles import Member, Right

if TYPE_CHECKING:
    from services_catalog.places.live import Where

routes = console_router("/notices")

Poster = Annotated[Member, needs(Right.POST_NOTICES)]
# While something is typed nothing is done: it keeps nobody signed in.
Counting = Annotated[Member, needs(Right.POST_NOTICES, is_deed=False)]
NoticeId = Annotated[str, Path(max_length=40)]
Field = Annotated[str, Form(max_length=1_000)]
Several = Annotated[list[str] | None, Form()]

CITY, WARDS, STREET, CIRCLE = "city", "wards", "street", "circle"
_USUAL_METRES = "300"
# What can be told on the list after a change.
_DONE = {
    "posted": "The notice is posted. Residents are told within a second.",
    "changed": "The notice is changed. Who was told already is told again.",
    "ended": "The notice is over. Nobody is told of it any more.",
}


class NotValid(Exception):
    """Something in the form has to be put right."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field)
        self.field, self.why = field, why


@dataclass(frozen=True)
class Given:
    """What was filled in."""

    text: str = ""
    sms: str = ""
    begins: str = ""
    until: str = ""
    area: str = CITY
    wards: tuple[str, ...] = ()
    street: str = ""
    place: str = ""
    metres: str = _USUAL_METRES
    services: tuple[str, ...] = ()


def _given(
    text: Field = "",
    sms: Field = "",
    begins: Field = "",
    until: Field = "",
    area: Field = CITY,
    ward: Several = None,
    street: Field = "",
    place: Field = "",
    metres: Field = "",
    service: Several = None,
) -> Given:
    return Given(
        " ".join(text.split()), " ".join(sms.split()), begins.strip(), until.strip(), area,
        tuple(ward or ()), street.strip(), place.strip(), metres.strip(), tuple(service or ()),
    )  # fmt: skip


Filled = Annotated[Given, Depends(_given)]


@dataclass(frozen=True)
class Draft:
    """A form as it is shown."""

    given: Given
    notice: Notice | None = None
    version: int = 0
    fault: str = ""
    fault_at: str = ""
    status: int = 200
    history: Sequence[Any] = field(default_factory=tuple)


@routes.get("")
async def notices(
    request: Request, console: Here, member: Poster, done: Annotated[str, Query()] = ""
) -> Response:
    """List the notices that hold, that come, and that are past."""
    lists = await console.parts.notices.lists()
    entries = await _entries(console)
    return page(
        request,
        member,
        "notices.html",
        lists=lists,
        where=lambda n: where(n.area, console.parts.notices.wards),
        about=lambda n: [entries[i].title if i in entries else i for i in n.services],
        done=_DONE.get(done, ""),
    )


@routes.get("/new")
async def new_notice(request: Request, console: Here, member: Poster) -> Response:
    """Show the empty form."""
    return await _show(request, console, member, Draft(Given()))


@routes.post("/new")
async def post_notice(
    request: Request, console: Here, member: Poster, given: Filled
) -> Response:
    """Post a notice."""
    try:
        notice = await _notice(console, given, new_id("ntc"))
    except NotValid as fault:
        return await _show(request, console, member, _faulty(Draft(given), fault))
    await console.parts.notices.post(member, notice)
    return RedirectResponse("/staff/notices?done=posted", status_code=303)


@routes.post("/length")
async def length(
    request: Request, console: Here, member: Counting, sms: Field = "", until: Field = ""
) -> Response:
    """Say how long the words for a text message are."""
    said = _length_of(console, " ".join(sms.split()), until)
    return fragment(request, member, "_length.html", length=said)


@routes.get("/{notice_id}")
async def notice_page(
    request: Request, console: Here, member: Poster, notice_id: NoticeId
) -> Response:
    """Show a notice, to be changed, with its history."""
    notice, history = await console.parts.notices.one(notice_id)
    form = Draft(_as_given(console, notice), notice, notice.version, history=history)
    return await _show(request, console, member, form)


@routes.post("/{notice_id}")
async def change_notice(
    request: Request,
    console: Here,
    member: Poster,
    notice_id: NoticeId,
    given: Filled,
    version: Annotated[int, Form()] = 0,
) -> Response:
    """Change a notice."""
    service = console.parts.notices
    notice, history = await service.one(notice_id)
    form = Draft(given, notice, version, history=history)
    try:
        changed = await _notice(console, given, notice_id)
    except NotValid as fault:
        return await _show(request, console, member, _faulty(form, fault))
    try:
        await service.change(member, replace(changed, version=version))
    except TriageError as error:
        return await _refused(request, console, member, form, error)
    return RedirectResponse("/staff/notices?done=changed", status_code=303)


@routes.post("/{notice_id}/end")
async def end_notice(
    request: Request,
    console: Here,
    member: Poster,
    notice_id: NoticeId,
    version: Annotated[int, Form()] = 0,
) -> Response:
    """End a notice now."""
    try:
        await console.parts.notices.end(member, notice_id, version)
    except NoticeUnknown:
        raise
    except TriageError as error:
        notice, history = await console.parts.notices.one(notice_id)
        form = Draft(_as_given(console, notice), notice, notice.version, history=history)
        return await _refused(request, console, member, form, error)
    return RedirectResponse("/staff/notices?done=ended", status_code=303)


async def _refused(
    request: Request, console: Console, member: Member, form: Draft, error: TriageError
) -> Response:
    if error.status >= 500:
        raise error
    told = replace(form, fault=error.words, status=error.status)
    return await _show(request, console, member, told)


def _faulty(form: Draft, fault: NotValid) -> Draft:
    return replace(form, fault=fault.why, fault_at=fault.field, status=422)


async def _show(request: Request, console: Console, member: Member, form: Draft) -> Response:
    service, now = console.parts.notices, console.parts.clock.now()
    entries = await _entries(console)
    divisions: dict[str, list[ServiceEntry]] = {}
    for entry in sorted(entries.values(), key=lambda e: e.title):
        divisions.setdefault(entry.division, []).append(entry)
    notice = form.notice
    return page(
        request,
        member,
        "notice.html",
        status=form.status,
        form=form,
        given=form.given,
        fault=form.fault,
        fault_at=form.fault_at,
        is_over=notice is not None and notice.ends_at <= now,
        divisions=sorted(divisions.items()),
        wards=service.wards,
        gone=[i for i in form.given.services if i not in entries],
        length=_length_of(console, form.given.sms, form.given.until),
        where=lambda n: where(n.area, service.wards),
    )


async def _entries(console: Console) -> Mapping[str, ServiceEntry]:
    city = console.parts.city.id
    return (await console.parts.database.read(lambda c: store.load_in(c, city))).by_id


async def _notice(console: Console, given: Given, id: str) -> Notice:
    """Return what was filled in as a notice.

    Raises:
        NotValid: something has to be put right.
    """
    service, now = console.parts.notices, console.parts.clock.now()
    notice = Notice(
        id,
        given.text,
        given.sms,
        _moment(console, given.begins, "begins") or now,
        _moment(console, given.until, "until") or now,
        await _area(console, given),
        given.services,
    )
    if not given.until:
        raise NotValid("until", "Say until when. You can change it later.")
    if fault := fault_of(notice, now, service.zone):
        raise NotValid(fault.field, fault.words)
    return notice


async def _area(console: Console, given: Given) -> Area:
    wards = tuple(w for w, _ in console.parts.notices.wards if w in given.wards)
    if given.area == WARDS:
        if not wards:
            raise NotValid("area-wards", "Mark at least one ward.")
        return Area(wards)
    if given.area == STREET:
        return Area(wards, await _street(console, given.street))
    if given.area == CIRCLE:
        return Area(circle=await _circle(console, given))
    return Area()


async def _street(console: Console, words: str) -> str:
    if not words:
        raise NotValid("street", "Write the street.")
    places = await console.parts.gazetteer.now()
    found = await asyncio.to_thread(_streets_of, places, words)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotValid("street", f"Which of these is meant: {', '.join(found)}?")
    raise NotValid(
        "street", f'There is no street "{words}" in the city\'s list. Check its name.'
    )


def _streets_of(places: Where, words: str) -> list[str]:
    # Here, for it brings spaCy, as the places do (kit/gazetteer.py).
    from services_catalog.notices.placing import street_names

    known = {full.casefold(): full for full in places.geocoder.reader.streets.by_full}
    if exact := known.get(words.casefold()):
        return [exact]
    mentions = places.geocoder.reader.read(words)
    return sorted({n for m in mentions for s in m.streets for n in street_names(s)})


async def _circle(console: Console, given: Given) -> Circle:
    if not given.place:
        raise NotValid("place", "Write an address, a corner or a landmark.")
    places = await console.parts.gazetteer.now()
    found = await asyncio.to_thread(places.geocoder.locate, given.place)
    if isinstance(found, Located) and found.is_sure:
        if not given.metres.isdecimal():
            raise NotValid("metres", "Write how many metres, as a number.")
        point = found.point
        return Circle(point.lat, point.long, int(given.metres), found.label)
    if isinstance(found, Ambiguous):
        likely = "; ".join(o.label for o in found.options)
        raise NotValid("place", f"There are several such places: {likely}. Which one is meant?")
    raise NotValid("place", f'"{given.place}" was not found. Try an address or a corner.')


def _moment(console: Console, words: str, field: str) -> datetime | None:
    """Return a moment as `<input type="datetime-local">` writes it, in the city's time; None where nothing is written."""
    if not words:
        return None
    try:
        return datetime.fromisoformat(words).replace(tzinfo=console.parts.notices.zone)
    except ValueError:
        raise NotValid(field, "Write day and time as 2026-11-29T18:00.") from None


def _as_given(console: Console, notice: Notice) -> Given:
    zone, area = console.parts.notices.zone, notice.area

    def local(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"

    kind = CIRCLE if area.circle else STREET if area.street else WARDS if area.wards else CITY
    return Given(
        notice.text, notice.sms, local(notice.starts_at), local(notice.ends_at), kind, area.wards, area.street,
        area.circle.label if area.circle else "",
        str(area.circle.metres) if area.circle else _USUAL_METRES,
        notice.services,
    )  # fmt: skip


def _length_of(console: Console, sms: str, until: str) -> str:
    """Say how long the words for a text message are, with the time before them."""
    if not sms:
        return "Nothing written yet."
    try:
        ends = _moment(console, until, "until") or console.parts.clock.now()
    except NotValid:
        ends = console.parts.clock.now()
    found = count(f"{longest_until(ends, console.parts.notices.zone)}: {sms}")
    fits = "It fits." if found.segments <= MOST_SEGMENTS else "It is too long."
    return f"{found.units} of 160 characters, with the time until when before it. {fits}"
