"""The pages about what was not answered well in a browser: by the rules, at 320 pixels, by keyboard.

`PICTURES=docs/images .venv/bin/python -m pytest tests/triage/page/test_learning.py` takes the picture of docs/learning.md anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from services_catalog.database import open_database
from tests.triage.cases.desk import import_entries
from tests.triage.demo.line import demo_line
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.rules import MAIN, assert_keeps_the_rules
from tests.triage.page.test_console import sign_in
from tests.triage.talking import Resident
from tests.triage.twin import says
from triage.learning import labels
from triage.learning.labels import Kind, Source
from triage.staff.roles import Role

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES", "")
ASKED = (
    "rental scooter blocks the sidewalk",
    "a rental scooter blocks the sidewalk at 12 Elm Street",
    "scooter blocks the sidewalk again, my name is Ann Tester",
    "rental scooter on the sidewalk",
    "who wins the game tonight",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("learning")
    database_url = f"sqlite:///{folder}/triage.db"
    import_entries(database_url)
    line = demo_line(folder)
    line.assistant.will_answer = lambda asked: says(
        "I did not find an answer.",
        "not_found",
        unanswered=True,
        matches=[{"service_id": "pothole", "confidence": 0.1}],
    )
    line.start()
    with httpx.Client(timeout=20, trust_env=False) as client:
        for words in ASKED:
            resident = Resident(line.url, client)
            resident.hears(after=resident.says(words))
    engine = open_database(database_url)
    with engine.begin() as connection:
        labels.add(
            connection, Kind.QUESTION, Source.SAMPLED, "msg_x", "hole in my street", "pothole",
            datetime.now(UTC),
        )  # fmt: skip
    engine.dispose()
    yield line
    line.close()


def test_a_maintainer_finds_a_group_and_adds_a_wording(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/staff/sign-in")
    sign_in(page, Role.MAINTAINER)
    page.get_by_role("link", name="Learning").first.click()
    page.get_by_role("button", name="Look for new messages now").click()
    expect(page.get_by_role("status")).to_contain_text("collected and grouped")
    first = page.get_by_role("main").get_by_role("listitem").first
    expect(first).to_contain_text("4 this week")
    if PICTURES:
        page.set_viewport_size({"width": 1000, "height": 760})
        page.screenshot(path=Path(PICTURES) / "learning.png", animations="disabled")
    assert_keeps_the_rules(page, *MAIN)
    first.get_by_role("link").click()
    expect(page.get_by_text("my name is [name]")).to_be_visible()
    # Enter in a box does none of the three things.
    page.get_by_label("Title of the new entry").press("Enter")
    page.get_by_label("Entry", exact=True).select_option("")
    page.get_by_role("button", name="Add the wording").click()
    page.get_by_role("link", name="There is no entry").click()
    expect(page.get_by_label("Entry", exact=True)).to_be_focused()
    assert_keeps_the_rules(page, *MAIN)
    page.get_by_label("Entry", exact=True).select_option("pothole")
    page.get_by_role("textbox", name="Wording").fill("scooter lies on the sidewalk")
    page.get_by_role("button", name="Add the wording").click()
    expect(page.get_by_role("status")).to_contain_text("The wording is added")
    page.get_by_role("link", name="Labels to approve (1)").click()
    expect(page.get_by_role("heading", name="hole in my street")).to_be_visible()
    assert_keeps_the_rules(page, *MAIN)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("The label is approved")
