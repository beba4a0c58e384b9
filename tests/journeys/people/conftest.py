"""The town of the stories: the whole line with staff at its console, a browser, and pictures of what is seen.

`PICTURES=docs/images .venv/bin/python -m pytest tests/journeys/people` takes the pictures of docs/staff.md anew.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from services_catalog.database import open_database
from tests.journeys.people.windows import AtConsole
from tests.journeys.processes import Line
from tests.support.staff import PASSWORD, add_member
from tests.triage.page.conftest import OpenPage, browser, open_page  # noqa: F401
from tests.triage.page.resident import AtPage
from triage.cases.tables import case_labels, cases
from triage.handover import repository as handovers
from triage.staff import repository
from triage.staff.roles import Member, Role

PICTURES = os.environ.get("PICTURES", "")
# Windows in pixels. Beside each other, with what is between them, they are a picture of `WIDTH`.
WIDTH, CONSOLE, PHONE, HEIGHT, BETWEEN = 1280, 1000, 420, 780, 20
SCALE = WIDTH / (CONSOLE + PHONE + BETWEEN)
COLOURS = 96
WINDOW: dict[str, Any] = {"device_scale_factor": SCALE, "timezone_id": "America/Toronto"}


@dataclass
class Town:
    """A line, the residents who write to it, and its staff.

    Attributes:
        hired: everybody who was given an account here.
    """

    line: Line
    database_url: str
    engine: Engine
    hired: list[Member] = field(default_factory=list)

    def hires(self, name: str, role: Role, queues: frozenset[str] | None = None) -> Member:
        """Give somebody an account."""
        self.hired.append(add_member(self.database_url, role, queues, name=name))
        return self.hired[-1]

    def lets_time_pass(self, conversation_id: str, *, minutes: int) -> None:
        """Have a conversation wait for so long already."""
        with self.engine.begin() as connection:
            waits = handovers.open_of(connection, conversation_id)
            assert waits
            since = waits.waiting_since - timedelta(minutes=minutes)
            handovers.change(connection, waits.id, waiting_since=since)

    def labels_of(self, reference: str) -> list[tuple[str, ...]]:
        """Return what is kept of the moves of a case: from which queue, to which, and the rule that was wrong."""
        found = (
            select(case_labels.c.from_queue, case_labels.c.to_queue, case_labels.c.rule)
            .join(cases, cases.c.id == case_labels.c.case_id)
            .where(cases.c.reference == reference)
        )
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(found)]

    def lets_all_go(self) -> None:
        """Disable all accounts: where nobody works, residents are not put in line."""
        with self.engine.begin() as connection:
            for member in self.hired:
                repository.change(connection, member.id, disabled_at=datetime.now(UTC))


@pytest.fixture(scope="package")
def town(line: Line) -> Iterator[Town]:
    line.wait_until_ready()
    line.wait_until_search_is_fitted()
    database_url = f"sqlite:///{line.var}/ask311.db"
    town = Town(line, database_url, open_database(database_url))
    yield town
    town.lets_all_go()
    town.engine.dispose()


class Story:
    """Who comes and who works in one journey, each with a window of their own."""

    def __init__(self, town: Town, opens: OpenPage) -> None:
        self.town = town
        self._open = opens

    def comes(self) -> AtPage:
        """Bring in a resident, who opens the chat."""
        size = {"width": PHONE, "height": HEIGHT}
        return AtPage(self._open(f"{self.town.line.url}/", viewport=size, **WINDOW))

    def works(
        self,
        name: str,
        role: Role = Role.AGENT,
        queues: frozenset[str] | None = None,
        **window: Any,
    ) -> AtConsole:
        """Bring in somebody of the staff, who signs in."""
        member = self.town.hires(name, role, queues)
        size = {"width": CONSOLE, "height": HEIGHT}
        page = self._open(f"{self.town.line.url}/staff", viewport=size, **WINDOW | window)
        console = AtConsole(page, self.town.line.url)
        console.signs_in(member.email, PASSWORD)
        return console


@pytest.fixture
def story(town: Town, open_page: OpenPage) -> Story:  # noqa: F811
    return Story(town, open_page)


def picture(name: str, console: AtConsole, beside: Page | None = None) -> None:
    """Keep what is seen just now, where pictures are wanted: the console, and another window beside it."""
    if not PICTURES:
        return
    if beside:
        # What was pressed last may have moved the page.
        beside.evaluate("scrollTo(0, 0)")
    seen = [
        Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
        for page in (console.page, beside)
        if page
    ]
    gap = round(BETWEEN * SCALE)
    size = (sum(i.width for i in seen) + gap * (len(seen) - 1), max(i.height for i in seen))
    whole = Image.new("RGB", size, "white")
    left = 0
    for image in seen:
        whole.paste(image, (left, 0))
        left += image.width + gap
    whole.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    few = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(Path(PICTURES) / f"people-{name}.png", optimize=True)
