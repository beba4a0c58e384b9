"""What every page of the console stands in: the templates, the files they need, and the ways to go from there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from triage.channels.files import FileSet, templates_in
from triage.staff.roles import Member, Right

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Way:
    """A link of the head of every page."""

    words: str
    path: str
    right: Right
    tells: str  # what is there, for the first page


# A way is shown where its page exists and the member may see it.
WAYS = (
    Way(
        "Queues",
        "/staff/queues",
        Right.SEE_CASES,
        "Cases that wait, by queue, priority and promised date",
    ),
    Way(
        "Conversations",
        "/staff/conversations",
        Right.SEE_CONVERSATIONS,
        "Residents who wait for a person, and who holds which conversation",
    ),
    Way(
        "Notices",
        "/staff/notices",
        Right.POST_NOTICES,
        "What residents are told just now: broken mains, closed streets, delays",
    ),
    Way(
        "Reviews",
        "/staff/reviews",
        Right.EDIT_CATALOGUE,
        "Entries past their date, broken links, facts that nobody confirmed",
    ),
    Way(
        "Catalogue",
        "/staff/catalogue",
        Right.EDIT_CATALOGUE,
        "Entries that residents are told: change them, publish, go back",
    ),
    Way("Board", "/staff/board", Right.SEE_BOARD, "How the whole line does now"),
    Way(
        "Learning",
        "/staff/learning",
        Right.EDIT_CATALOGUE,
        "What was not answered well, grouped by meaning, and labels to approve",
    ),
    Way(
        "Figures",
        "/staff/insight",
        Right.SEE_INSIGHT,
        "What the line did in a period, in tables and pictures",
    ),
    Way("Audit", "/staff/audit", Right.SEE_AUDIT, "What staff did, and whose facts they saw"),
    Way(
        "Staff",
        "/staff/members",
        Right.MANAGE_STAFF,
        "Accounts, roles, and the queues that each may see",
    ),
)


class Frame:
    """Renders pages. Its files are read once, here.

    Args:
        zone: in which times are written.
        paths: of the pages that there are.
    """

    def __init__(self, zone: ZoneInfo, paths: Collection[str], shared: dict[str, Any]) -> None:
        self._zone = zone
        self.files = FileSet(_FOLDER / "static")
        self._ways = tuple(way for way in WAYS if way.path in paths)
        self._environment = templates_in(_FOLDER / "templates")
        self._environment.globals |= {"static": f"/staff/static/{self.files.version}"} | shared
        self._environment.filters["moment"] = self.moment
        self._environment.filters["day"] = self.day
        self._environment.filters["stamp"] = _stamp

    def render(self, name: str, **values: Any) -> str:
        """Return a template filled in."""
        return self._environment.get_template(name).render(values)

    def ways_of(self, member: Member | None) -> tuple[Way, ...]:
        """Return the ways that a member can go."""
        return tuple(way for way in self._ways if member and member.may(way.right))

    def moment(self, at: datetime) -> str:
        """Return a moment as people write it in the city: Nov 29, 2026, 3:07 p.m. It ends a sentence by itself."""
        here = at.astimezone(self._zone)
        half = "a.m." if here.hour < 12 else "p.m."
        return f"{self.day(at)}, {here.hour % 12 or 12}:{here:%M} {half}"

    def day(self, at: datetime) -> str:
        """Return the day of a moment in the city: Nov 29, 2026."""
        here = at.astimezone(self._zone)
        return f"{here:%b} {here.day}, {here.year}"


def _stamp(at: datetime) -> str:
    """Return a moment as `<time datetime>` has it."""
    return at.isoformat(timespec="seconds")
