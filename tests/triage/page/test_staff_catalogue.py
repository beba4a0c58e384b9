"""Maintainers edit an entry in a real browser: at every size of screen, with the preview beside what they write.

`PICTURES=docs/images .venv/bin/python -m pytest tests/triage/page/test_staff_catalogue.py` takes docs/catalogue.md's picture.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from services_catalog.packs import read_entries
from tests.support.staff import PASSWORD, add_member
from tests.triage.cases.desk import import_entries
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.rules import assert_keeps_the_rules
from triage.staff.roles import Role

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
LIST = "/staff/catalogue"
SIGNED_IN = "Sign out"


def at(line: Line, open_page: OpenPage, path: str) -> Page:
    """Open an address as a new maintainer who is signed in."""
    member = add_member(line.settings.database_url, Role.MAINTAINER, name="Morgan Maintainer")
    page = open_page(f"{line.url}/staff/sign-in?back={path}")
    page.get_by_label("Work email").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name=SIGNED_IN)).to_be_visible()
    page.wait_for_load_state()  # from now on the scripts listen
    return page


def assert_all_of_it_keeps_the_rules(page: Page) -> None:
    for part in page.locator("details").all():
        part.evaluate("part => part.open = true")
    assert_keeps_the_rules(page, "wide", "narrow")


def test_an_entry_is_edited_with_its_preview_beside_it_and_published(
    own_line: Line, open_page: OpenPage
) -> None:
    import_entries(own_line.settings.database_url, read_entries("toronto"))
    page = at(own_line, open_page, LIST)
    page.get_by_label("Words of its name").fill("pothole")
    page.get_by_role("button", name="Show").click()
    assert_all_of_it_keeps_the_rules(page)
    page.get_by_role("link", name=re.compile("^Pothole")).click()
    assert_all_of_it_keeps_the_rules(page)
    page.get_by_role("button", name="Edit this entry").click()
    sms = page.get_by_label("Answer by text message")
    sms.fill("Tell 311 where the hole is. A crew looks at it in 4 working days.")
    preview = page.locator("#preview")
    expect(preview.locator(".bubble.text").first).to_contain_text("A crew looks at it")
    expect(preview).to_contain_text("1 segment")
    if PICTURES:
        page.set_viewport_size({"width": 1280, "height": 1150})
        page.evaluate("scrollTo(0, 0)")
        seen = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
        few = seen.quantize(64, dither=Image.Dither.NONE)
        few.save(Path(PICTURES) / "catalogue-edit.png", optimize=True)
    sms.fill("Reply YES if it is a pothole.")
    expect(preview).to_contain_text("asks for a word that carriers act on")
    assert_all_of_it_keeps_the_rules(page)
    sms.fill("Tell 311 where the hole is. A crew looks at it in 4 working days.")
    page.get_by_role("button", name="Save and go to what a report needs").click()
    expect(page.get_by_role("status").first).to_contain_text("The draft is saved")
    assert_all_of_it_keeps_the_rules(page)
    page.get_by_role("button", name="Save and go on to publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    fault = page.get_by_role("alert")
    expect(fault).to_be_focused()
    assert_all_of_it_keeps_the_rules(page)
    page.get_by_label("Why", exact=True).fill("Shorter")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("It is published.")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Shorter")).to_be_visible()
    assert_all_of_it_keeps_the_rules(page)
