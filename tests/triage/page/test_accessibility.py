"""The pages by the rules of WCAG 2.2 AA that axe can check, and in the ways in which people set up their screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import PHOTO_THANKS, Line
from tests.triage.page.resident import GREEN_BIN, AtPage, picture, send_photo
from tests.triage.page.rules import SCREENS, assert_keeps_the_rules, on_screens

pytestmark = pytest.mark.browser


def with_a_conversation(page: Page) -> AtPage:
    """Bring about every kind of message there is."""
    chat = AtPage(page)
    for words, heard in (
        (GREEN_BIN, "Put your green bin out"),
        ("parking ticket", "Which of these"),
        ("I smell gas in my kitchen", "You said: I smell gas"),
        ("averylongwordwithoutanybreak" * 10, "You said: avery"),
        ("send it", "Your report is sent"),
        ("add a photo", "Can you send a photo of it?"),
    ):
        chat.says(words)
        chat.hears(heard)
    send_photo(page, picture())
    chat.hears(PHOTO_THANKS)
    # Asked once more: the question's own button is there until it is answered.
    chat.says("add a photo")
    expect(page.get_by_role("button", name="Send a photo")).to_have_count(2)
    return chat


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_every_page_keeps_the_rules_empty_and_with_a_conversation(
    line: Line, open_page: OpenPage, path: str
) -> None:
    page = open_page(line.url + path)
    expect(AtPage(page).box).to_be_visible()
    assert_keeps_the_rules(page, *SCREENS)
    with_a_conversation(page)
    assert_keeps_the_rules(page, *SCREENS)
    for _ in on_screens(page, "wide", "narrow"):
        assert_large_enough(page)
    assert_edges_in_forced_colours(page)
    if path == "/":  # a frame is printed as it stands
        assert_whole_in_print(page)


def assert_large_enough(page: Page) -> None:
    """What can be pressed is 44 px high."""
    pressed = page.locator(
        "button:visible, textarea:visible, a.call:visible, .urgent a:visible"
    )
    sizes = {p.inner_text() or "box": p.bounding_box() for p in pressed.all()}
    assert len(sizes) > 8
    too_small = [name for name, box in sizes.items() if box is None or box["height"] < 44]
    assert too_small == []


def assert_edges_in_forced_colours(page: Page) -> None:
    """Messages and buttons keep their edges where the system chooses the colours."""
    page.emulate_media(forced_colors="active")
    widths = """(es) => es.map((e) => parseFloat(getComputedStyle(e).borderTopWidth))"""
    bubbles = AtPage(page).log.locator("li.message:not(.safety) .said, .case")
    assert min(bubbles.evaluate_all(widths)) >= 1
    buttons = page.locator("button:visible:not(.fresh, .help), li.safety")
    assert min(buttons.evaluate_all(widths)) >= 1
    page.emulate_media(forced_colors="none")


def assert_whole_in_print(page: Page) -> None:
    """On paper the conversation is whole, and nothing is there to press."""
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    heights = AtPage(page).log.evaluate("log => [log.scrollHeight, log.clientHeight]")
    assert heights[0] == heights[1]
    page.emulate_media(media="screen")


@pytest.mark.parametrize("screen", ["wide", "tablet", "narrow"])
def test_the_text_box_is_on_the_first_screen_empty_and_in_a_long_conversation(
    line: Line, open_page: OpenPage, screen: str
) -> None:
    page = open_page(line.url, **SCREENS[screen])
    chat = AtPage(page)
    send = page.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_in_viewport(ratio=1)
    for _ in range(2):
        chat.says(GREEN_BIN)
        chat.hears("Put your green bin out")
    expect(send).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)


def test_a_message_that_could_not_be_sent_keeps_the_rules(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.says("one")
    chat.hears("You said: one")
    page.context.set_offline(True)
    chat.says("two")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    chat.box.fill("x" * 1_601)
    expect(page.locator("#counter")).to_be_visible()
    assert_keeps_the_rules(page, "wide", "dark", "narrow")


def test_nothing_moves_for_those_who_asked_for_less_motion(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, reduced_motion="reduce")
    chat = AtPage(page)
    for words, heard in (
        (GREEN_BIN, "Put your green bin out"),
        ("send it", "Your report is sent"),
    ):
        chat.says(words)
        chat.hears(heard)
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
        const s = getComputedStyle(e);
        return s.animationName !== "none" || s.scrollBehavior === "smooth"
          || s.transitionDuration.split(",").some((d) => parseFloat(d) > 0);
      }).map((e) => e.className || e.tagName)"""
    assert page.evaluate(moving) == []
    other = open_page(line.url, reduced_motion="no-preference")
    expect(AtPage(other).box).to_be_visible()
    assert other.evaluate(moving) != [], "this test must be able to see motion"


def test_the_focus_is_visible_wherever_it_is(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    expect(AtPage(page).box).to_be_visible()
    for _ in range(15):
        page.keyboard.press("Tab")
        width = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
              return s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth); }"""
        )
        assert width >= 2, page.evaluate("document.activeElement.outerHTML")
