"""Saying whether an answer helped: by keyboard, heard by a screen reader, changed, and there again after a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import GREEN_BIN, AtPage
from tests.triage.page.rules import assert_no_violations, assert_nothing_sticks_out

pytestmark = pytest.mark.browser


def test_an_answer_is_judged_and_judged_again(line: Line, open_page: OpenPage) -> None:
    page = open_page(f"{line.url}/chat", viewport={"width": 320, "height": 900})
    chat = AtPage(page)
    chat.says("parking ticket")
    chat.hears("Which of these")
    # Choices are no answer.
    group = page.get_by_role("group", name="Did this help?")
    expect(group).to_have_count(0)
    chat.says(GREEN_BIN)
    chat.hears("Put your green bin out")
    no = group.get_by_role("button", name="It did not help")
    no.focus()
    page.keyboard.press("Enter")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(chat.announcer).to_contain_text("You can add a sentence")
    words = group.get_by_role("textbox", name="What was missing or wrong? (optional)")
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    # What is written stays when they change their mind.
    words.fill("Which colour")
    yes = group.get_by_role("button", name="It helped")
    yes.click()
    words = group.get_by_role("textbox", name="What was good? (optional)")
    expect(words).to_have_value("Which colour")
    no.click()
    missing = group.get_by_role("textbox", name="What was missing or wrong? (optional)")
    expect(missing).to_have_value("Which colour")
    group.get_by_role("button", name="Send this").click()
    expect(group.get_by_role("textbox")).to_have_count(0)
    expect(no).to_be_focused()
    page.reload()
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")


def test_danger_told_below_an_answer_is_answered_in_the_conversation(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(f"{line.url}/chat")
    chat = AtPage(page)
    chat.says(GREEN_BIN)
    chat.hears("Put your green bin out")
    group = page.get_by_role("group", name="Did this help?").first
    group.get_by_role("button", name="It did not help").click()
    group.get_by_role("textbox").fill("i smell gas in my kitchen")
    group.get_by_role("button", name="Send this").click()
    expect(page.get_by_role("heading", name="Important")).to_be_visible()
    expect(group).to_contain_text("it is answered in the conversation")
