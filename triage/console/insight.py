"""Figures of a period for managers: what the line did, as tables with a picture beside each. Nobody's facts are in them.

They come from the days that were added up beforehand (`triage/insight/days.py`), so that a year is read in a moment. A picture
is a file of its own: the page's policy lets nothing stand in it that brings its own style.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query, Request, Response

from triage.console.context import Console, Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.errors import TriageError
from triage.insight.days import read
from triage.insight.figures import figures_of
from triage.insight.report import Section, sections_of
from triage.insight.repository import Period
from triage.staff.roles import Member, Right

routes = console_router("/insight")

# What is shown unless something else is asked for, today included, and the most.
SHOWN_DAYS = 30
LONGEST_DAYS = 1_100
_CENTURY = range(2000, 2100)

Day = Annotated[str, Query(max_length=20)]


class PictureUnknown(TriageError):
    """There is no such picture of this period."""

    status = 404
    code = "picture_not_found"
    message = "There is no such picture."


@dataclass(frozen=True)
class Days:
    """The days that are shown, both included; what was asked for and cannot be shown is said."""

    first: date
    last: date
    fault: str = ""

    def period(self, zone: ZoneInfo) -> Period:
        """Return from when until before when they go, by the city's clock."""
        start = datetime.combine(self.first, time(), zone)
        end = datetime.combine(self.last + timedelta(days=1), time(), zone)
        return Period(start.astimezone(UTC), end.astimezone(UTC))

    @property
    def address(self) -> str:
        """The same in an address."""
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})


@routes.get("")
async def figures(
    request: Request,
    console: Here,
    member: Annotated[Member, needs(Right.SEE_INSIGHT)],
    since: Annotated[Day, Query(alias="from")] = "",
    until: Annotated[Day, Query(alias="to")] = "",
) -> Response:
    """Show what the line did in a period."""
    days = _days(since, until, _today(console))
    sections, counted = await _told(console, days)
    return page(request, member, "insight.html", days=days, sections=sections, counted=counted)


@routes.get("/pictures/{name}.svg")
async def picture(
    console: Here,
    member: Annotated[Member, needs(Right.SEE_INSIGHT)],
    name: str,
    since: Annotated[Day, Query(alias="from")] = "",
    until: Annotated[Day, Query(alias="to")] = "",
) -> Response:
    """Return the picture of a table.

    Raises:
        PictureUnknown: there is none.
    """
    sections, _ = await _told(console, _days(since, until, _today(console)))
    section = next((s for s in sections if s.name == name and s.draw), None)
    if section is None:
        raise PictureUnknown
    # Drawing takes a tenth of a second, in which nobody else shall wait.
    drawn = await asyncio.to_thread(lambda: section.chart)
    return Response(
        drawn,
        media_type="image/svg+xml",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "private, max-age=60",
        },
    )


async def _told(console: Console, days: Days) -> tuple[Sequence[Section], datetime | None]:
    """Return the tables, and until when everything is counted in them."""
    parts = console.parts
    zone, now = _zone(console), parts.clock.now()
    titles = await parts.entries.titles()
    found = await parts.database.read(lambda c: read(c, days.period(zone), zone, now))
    return sections_of(figures_of(found.sums), titles), found.until


def _days(since: str, until: str, today: date) -> Days:
    usual = Days(today - timedelta(days=SHOWN_DAYS - 1), today)
    if not (since or until):
        return usual
    try:
        last = date.fromisoformat(until) if until else today
        first = date.fromisoformat(since) if since else last - timedelta(days=SHOWN_DAYS - 1)
    except (ValueError, OverflowError):
        return Days(
            usual.first, usual.last, "One of the days is none: the last 30 days are shown."
        )
    if first > last or not (first.year in _CENTURY and last.year in _CENTURY):
        return Days(
            usual.first,
            usual.last,
            "The first day is after the last: the last 30 days are shown.",
        )
    if (last - first).days >= LONGEST_DAYS:
        shown = last - timedelta(days=LONGEST_DAYS - 1)
        return Days(
            shown, last, "That is more than three years: the last three of them are shown."
        )
    return Days(first, last)


def _zone(console: Console) -> ZoneInfo:
    return ZoneInfo(console.parts.city.timezone)


def _today(console: Console) -> date:
    return console.parts.clock.now().astimezone(_zone(console)).date()
