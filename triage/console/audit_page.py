"""The audit trail, for those who may read it. Reading it leaves an entry too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query, Request, Response

from triage.console.context import Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.staff.actions import ACTIONS, words_of
from triage.staff.audit import COMMAND_LINE, THE_LINE, record
from triage.staff.audit_reading import Asked, found
from triage.staff.roles import Member, Right

routes = console_router()

Short = Annotated[str, Query(max_length=120)]


@routes.get("/audit")
async def audit(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_AUDIT)],
    who: Short = "",
    what: Short = "",
    about: Short = "",
    since: Short = "",
    until: Short = "",
    below: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Show what staff did, the newest first."""
    parts = console.parts
    zone = ZoneInfo(parts.city.timezone)
    first, last = _day(since), _day(until)
    asked = Asked(
        who,
        what,
        about.strip(),
        _begins(first, zone) if first else None,
        # The whole of the last day.
        _begins(last + timedelta(days=1), zone) if last else None,
        below,
    )
    filters = {"who": who, "what": what, "about": asked.subject, "since": first, "until": last}
    given = {name: str(value) for name, value in filters.items() if value}
    now = parts.clock.now()
    # Before anything is shown, so that nothing is ever shown without it.
    await parts.database.write(lambda c: record(c, member, "audit.view", now=now, **given))
    entries, next_below = await parts.database.read(lambda c: found(c, asked))
    accounts = await parts.staff.accounts.all()
    names = {account.member.id: account.member.name for account in accounts}
    people = sorted((name, key) for key, name in names.items())
    return page(
        request,
        member,
        "audit.html",
        entries=[replace(entry, action=words_of(entry.action)) for entry in entries],
        names=names,
        people=[*people, *((actor.name, actor.id) for actor in (COMMAND_LINE, THE_LINE))],
        actions=sorted(ACTIONS.items(), key=lambda pair: pair[1]),
        filters=filters,
        is_filtered=bool(given),
        older=urlencode({**given, "below": next_below}) if next_below else "",
    )


def _day(text: str) -> date | None:
    """Return a day that was asked for; what is none is not asked about."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
