"""A resident and a member of staff, each at a browser of their own: into the line, words both ways, out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.staff import PASSWORD, add_member
from tests.triage.cases.desk import import_entries
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import PERSON_PLEASE, Line
from tests.triage.page.resident import GREEN_BIN, AtPage
from tests.triage.page.rules import MAIN, assert_keeps_the_rules

pytestmark = pytest.mark.browser

At = Callable[..., Page]


@pytest.fixture
def staff(line: Line, open_page: OpenPage) -> At:
    """Open the list of conversations as a new agent who is signed in."""

    def open_(name: str = "Sam Lee", **options: Any) -> Page:
        member = add_member(line.settings.database_url, name=name)
        page = open_page(f"{line.url}/staff/sign-in?back=/staff/conversations", **options)
        page.get_by_label("Work email").fill(member.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Conversations", exact=True)).to_be_visible()
        return page

    return open_


@pytest.fixture
def resident(line: Line, open_page: OpenPage, staff: At) -> AtPage:
    """A resident who waits for a person, after a question and a word of danger."""
    import_entries(line.settings.database_url)
    add_member(line.settings.database_url)
    chat = AtPage(open_page(line.url))
    chat.says(GREEN_BIN)
    chat.hears("Put your green bin out")
    chat.says(PERSON_PLEASE)
    chat.hears("I have put you in line for a person.")
    return chat


def take(page: Page) -> None:
    """Take the one who has waited the shortest: others may wait since earlier tests."""
    page.get_by_role("button", name=re.compile("Take Number")).last.click()
    expect(page.get_by_text("You have this conversation now")).to_be_visible()
    page.wait_for_load_state()


def standing(chat: AtPage, words: str) -> None:
    expect(chat.page.locator("#standing")).to_contain_text(words)


def test_words_go_both_ways_and_each_side_sees_who_speaks(resident: AtPage, staff: At) -> None:
    standing(resident, "You are in line for a person.")
    page = staff()
    take(page)
    standing(resident, "You are talking with a person at 311.")
    resident.hears("Sam Lee from the City of Toronto is here now")
    expect(resident.announcer).to_contain_text("Sam Lee from the City of Toronto is here")
    page.get_by_label("Your answer").fill("Hello, what is it about?")
    page.get_by_label("Your answer").press("Control+Enter")
    said = resident.hears("Hello, what is it about?")
    expect(said.locator(".who")).to_contain_text("A person at 311, Sam Lee")
    expect(resident.announcer).to_contain_text("A person at 311, Sam Lee: Hello")
    expect(page.get_by_label("Your answer")).to_have_value("")
    expect(page.get_by_label("Your answer")).to_be_focused()
    resident.says("my water bill")
    log = page.get_by_role("log", name="What was said")
    expect(log.locator("li").last).to_contain_text("my water bill")
    expect(page.locator("#standing")).to_contain_text("You owe an answer")
    page.get_by_role("button", name="Hand back to the assistant").click()
    expect(page.locator("#standing")).to_contain_text("Handed back to the assistant")
    resident.hears("Sam Lee has left. I am the automated assistant again")
    expect(resident.page.locator("#standing")).to_be_hidden()
    resident.says("thank you")
    resident.hears("You said: thank you")


def test_the_list_renews_itself_and_the_focus_stays(resident: AtPage, staff: At) -> None:
    page = staff()
    button = page.get_by_role("button", name=re.compile("Take Number")).last
    button.focus()
    with page.expect_response(lambda r: "/staff/conversations/list" in r.url):
        pass
    expect(button).to_be_focused()


def test_a_resident_leaves_the_line_by_a_button(resident: AtPage) -> None:
    resident.says("it is about my bill")
    resident.hears("I keep what you write for the person.")
    resident.page.get_by_role("button", name="Go on without a person").last.click()
    expect(resident.log).to_contain_text("you are not in line any more")
    # What they wrote in line is not lost: the assistant answers it.
    resident.hears("You said: it is about my bill")
    expect(resident.page.locator("#standing")).to_be_hidden()


def test_the_pages_of_conversations_keep_the_rules(resident: AtPage, staff: At) -> None:
    page = staff()
    assert_keeps_the_rules(page, *MAIN)
    take(page)
    page.get_by_role("textbox", name="Note").fill("Called before.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    assert_keeps_the_rules(page, *MAIN)


def test_a_conversation_is_worked_by_keyboard_alone(resident: AtPage, staff: At) -> None:
    page = staff()
    page.get_by_role("button", name=re.compile("Take Number")).last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have this conversation now")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("Your answer").focus()
    page.keyboard.type("One moment.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    resident.hears("One moment.")
    # The ready replies come next, then what is beside.
    expect(page.get_by_label("Your answer")).to_be_focused()
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.textContent.trim()"
            )
        )
    assert order[:3] == ["send", "ready", "Put it into the answer"]
    assert order[3:] == ["find", "search", "note_text"]


def test_a_ready_reply_and_an_entry_are_put_into_the_answer(
    resident: AtPage, staff: At
) -> None:
    page = staff()
    take(page)
    page.get_by_label("Your answer").fill("Hello!")
    page.get_by_label("Ready reply").select_option("One moment")
    page.get_by_role("button", name="Put it into the answer").click()
    expect(page.get_by_label("Your answer")).to_have_value(
        re.compile(r"Hello!\n\nI am looking into this for you\.")
    )
    # Enter in the search box searches; it never sends what is half written.
    page.get_by_label("What do they need?").fill("pothole")
    page.get_by_label("What do they need?").press("Enter")
    expect(page.locator("#found")).to_contain_text("The search does not answer just now")
    expect(page.get_by_label("Your answer")).to_have_value(re.compile("Hello!"))


def test_words_that_were_not_sent_stay_in_the_box(resident: AtPage, staff: At) -> None:
    page = staff()
    take(page)
    page.route("**/say", lambda route: route.abort())
    page.get_by_label("Your answer").fill("A long answer")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#notice")).to_contain_text("This was not sent.")
    expect(page.get_by_label("Your answer")).to_have_value("A long answer")
    page.unroute("**/say")
    page.get_by_role("button", name="Send").click()
    resident.hears("A long answer")
