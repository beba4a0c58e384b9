"""A case as a resident sees it: a card with its reference to keep, how it stands, and what happens next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import CASE, CASE_TEXT, Line
from tests.triage.page.resident import AtPage
from tests.triage.page.test_widget import embedded, host_of, opened  # noqa: F401
from tests.triage.twin import says

pytestmark = pytest.mark.browser
SPOKEN = "K 4 M, 9 R W, 2 H X"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
IN_CLIPBOARD = "navigator.clipboard.readText()"


def with_a_case(page: Page) -> tuple[AtPage, Locator]:
    """Send a report; return the chat and the answer."""
    chat = AtPage(page)
    chat.says("send it")
    return chat, chat.hears("Your report is sent.")


def rows_of(answer: Locator) -> dict[str, str]:
    names, values = answer.locator(".case dt"), answer.locator(".case dd")
    return dict(zip(names.all_inner_texts(), values.all_inner_texts(), strict=True))


def test_a_case_is_a_card_that_says_each_thing_once(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    _, answer = with_a_case(page)
    # The reference is said character by character.
    expect(answer.locator(".case")).to_match_aria_snapshot(
        f"""
        - 'heading "Report: Pothole on a road, lane or sidewalk" [level=3]'
        - paragraph:
          - text: Reference number
          - strong: {SPOKEN}
        - button "Copy number"
        - term: Status
        - definition: Received. Work has not started.
        - term: Who deals with it
        - definition: Transportation Services
        - term: By when
        - definition: Friday, December 4, 2099
        - term: What happens next
        - definition: {CASE["next"]}
        """
    )
    text = answer.inner_text()
    order = [
        text.index(x) for x in ("is sent", "Copy number", CASE["next"], "ask about it later")
    ]
    assert order == sorted(order)
    assert text.count(CASE["next"]) == 1


def test_a_case_is_announced_once_with_its_reference_to_write_down(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat, _ = with_a_case(page)
    words = " ".join(CASE_TEXT.split()).replace(CASE["reference"], SPOKEN)
    told = f"Automated assistant: {words} A button to copy the number follows."
    expect(chat.announcer).to_have_text(told)
    # Not again after a reload.
    page.reload()
    chat.hears("Your report is sent.")
    expect(chat.announcer).to_have_text("")


def test_the_reference_is_copied_and_that_is_said(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url, **CLIPBOARD)
    chat, answer = with_a_case(page)
    # It comes before the text box in the order of the keyboard, and keeps the focus.
    chat.box.focus()
    page.keyboard.press("Shift+Tab")
    button = answer.get_by_role("button", name="Copy number")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.announcer).to_contain_text("Number copied.")
    expect(answer.get_by_text("Number copied.")).to_be_visible()
    expect(button).to_be_focused()
    assert page.evaluate(IN_CLIPBOARD) == CASE["reference"]


def test_where_there_is_no_clipboard_the_number_is_selected_and_copied_another_way(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, **CLIPBOARD)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not lent')); }"
    )
    chat, answer = with_a_case(page)
    button = answer.get_by_role("button", name="Copy number")
    button.click()
    expect(chat.announcer).to_contain_text("Number copied.")
    assert page.evaluate(IN_CLIPBOARD) == CASE["reference"]
    page.evaluate("() => { document.execCommand = () => false; }")
    button.click()
    expect(chat.announcer).to_contain_text(
        "The number could not be copied. It is selected, so that you can copy it."
    )
    assert page.evaluate("getSelection().toString()") == CASE["reference"]


def test_the_number_can_be_copied_in_the_chat_on_another_site(
    embedded: Line,  # noqa: F811
    host_of: Callable[[str], str],  # noqa: F811
    open_page: OpenPage,
) -> None:
    page = open_page(host_of(embedded.url), **CLIPBOARD)
    chat = opened(page)
    chat.says("send it")
    chat.hears("Your report is sent.").get_by_role("button", name="Copy number").click()
    expect(chat.announcer).to_contain_text("Number copied.")
    expect(page.locator("iframe")).to_have_attribute("allow", "geolocation; clipboard-write")


LAST_DAY = date(datetime.now(UTC).year, 12, 31)
# What a message tells of a case, and what its card has beside the reference.
STANDINGS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("Only what must be.", {"reference": "K4M-9RW-2HX"}, {}),
    # The words do not say what happens next, so the card does not either: it is a question.
    (
        "Shall I take it back?",
        {**CASE, "due": None},
        {
            "Status": "Received. Work has not started.",
            "Who deals with it": "Transportation Services",
        },
    ),
    (
        "It was promised by Monday and is late. A part is missing.",
        {
            **CASE,
            "status": "in_progress",
            "due": "2020-06-01T23:59:59-04:00",
            "next": "It was promised by Monday and is late. A part is missing.",
        },
        {
            "Status": "Being worked on",
            "Who deals with it": "Transportation Services",
            "By when": "Monday, June 1, 2020 (this is late)",
            "What happens next": "It was promised by Monday and is late. A part is missing.",
        },
    ),
    (
        "Tell us here.",
        {**CASE, "status": "waiting", "next": "Tell us here."},
        {
            "Status": "Waiting for an answer from you",
            "Who deals with it": "Transportation Services",
            "By when": "Friday, December 4, 2099",
            "What happens next": "Tell us here.",
        },
    ),
    # A day of this year is said without the year.
    (
        "This year.",
        {"reference": "K4M-9RW-2HX", "status": "received", "due": f"{LAST_DAY}T23:59:59-12:00"},
        {
            "Status": "Received. Work has not started.",
            "By when": f"{LAST_DAY:%A}, December 31",
        },
    ),
    # What is over has no day to be waited for.
    *(
        (
            f"It is {status}.",
            {**CASE, "status": status},
            {"Status": words, "Who deals with it": "Transportation Services"},
        )
        for status, words in (
            ("resolved", "Finished"),
            ("closed", "Closed"),
            ("withdrawn", "Taken back"),
            ("unheard_of", "unheard_of"),
        )
    ),
]


def test_the_card_has_what_is_known_and_no_more(own_line: Line, open_page: OpenPage) -> None:
    told = {text: case for text, case, _ in STANDINGS}
    own_line.assistant.will_answer = lambda asked: says(
        asked["text"], "case_status", case=told[asked["text"]]
    )
    chat = AtPage(open_page(own_line.url))
    for number, (text, case, rows) in enumerate(STANDINGS, 1):
        chat.says(text)
        expect(chat.messages("assistant").locator(".case")).to_have_count(number)
        answer = chat.messages("assistant").last
        assert rows_of(answer) == rows, text
        assert answer.inner_text().count(text) == 1
        title = f"Report: {case['service_name']}" if "service_name" in case else "Report"
        expect(answer.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(answer.get_by_text(CASE["reference"], exact=True)).to_be_visible()


def test_the_card_is_printed_whole_and_without_its_button(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    _, answer = with_a_case(page)
    answer.get_by_role("button", name="Copy number").click()
    expect(answer.get_by_text("Number copied.")).to_be_visible()
    page.emulate_media(media="print")
    card = answer.locator(".case")
    expect(card.get_by_text(CASE["reference"])).to_be_visible()
    expect(card.get_by_text(CASE["next"])).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)
    expect(answer.get_by_text("Number copied.")).to_be_hidden()
    assert answer.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
