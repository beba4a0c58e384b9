"""The pages by the rules of WCAG 2.2 AA that axe can check, and in the ways in which people set up their screens."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import GREEN_BIN, AtPage

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    # 1280 by 1024 at 400 %: the whole page scrolls, nothing stands still over what is read.
    "zoomed in": {"viewport": {"width": 320, "height": 256}},
    "dark": {"color_scheme": "dark"},
    "dark and narrow": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
    "high contrast": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
}


# Messages slide in; half transparent they are not what is judged. The dots of the indicator never end.
ARRIVED = """Promise.all(document.getAnimations()
  .filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished))"""


def assert_no_violations(page: Page) -> None:
    page.evaluate(ARRIVED)
    # In forced colours the browser paints with the system's; axe still reads the style sheet's.
    is_forced = page.evaluate("matchMedia('(forced-colors: active)').matches")
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"color-contrast": {"enabled": not is_forced}},
        "resultTypes": ["violations"],
    }
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()


def assert_nothing_sticks_out(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page must be scrolled sideways"


def with_a_conversation(page: Page) -> AtPage:
    """Bring about every kind of message there is."""
    chat = AtPage(page)
    for words, heard in (
        (GREEN_BIN, "Put your green bin out"),
        ("parking ticket", "Which of these"),
        ("I smell gas in my kitchen", "You said: I smell gas"),
        ("averylongwordwithoutanybreak" * 10, "You said: avery"),
    ):
        chat.says(words)
        chat.hears(heard)
    return chat


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", ["/", "/chat"])
def test_every_page_keeps_the_rules_empty_and_with_a_conversation(
    line: Line, open_page: OpenPage, path: str, screen: str
) -> None:
    page = open_page(line.url + path, **SCREENS[screen])
    expect(AtPage(page).box).to_be_visible()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)
    with_a_conversation(page)
    assert_no_violations(page)
    assert_nothing_sticks_out(page)


@pytest.mark.parametrize("screen", ["wide", "tablet", "narrow"])
def test_the_text_box_is_on_the_first_screen_empty_and_in_a_long_conversation(
    line: Line, open_page: OpenPage, screen: str
) -> None:
    page = open_page(line.url, **SCREENS[screen])
    send = page.get_by_role("button", name="Send")
    expect(send).to_be_in_viewport(ratio=1)
    with_a_conversation(page)
    expect(send).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("screen", ["wide", "dark", "narrow"])
def test_a_message_that_could_not_be_sent_keeps_the_rules(
    line: Line, open_page: OpenPage, screen: str
) -> None:
    page = open_page(line.url, **SCREENS[screen])
    chat = AtPage(page)
    chat.says("one")
    chat.hears("You said: one")
    page.context.set_offline(True)
    chat.says("two")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    chat.box.fill("x" * 1_601)
    expect(page.locator("#counter")).to_be_visible()
    assert_no_violations(page)
    assert_nothing_sticks_out(page)


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_what_can_be_pressed_is_large_enough(
    line: Line, open_page: OpenPage, screen: str
) -> None:
    page = open_page(line.url, **SCREENS[screen])
    with_a_conversation(page)
    pressed = page.locator(
        "button:visible, textarea:visible, a.call:visible, .urgent a:visible"
    )
    sizes = {p.inner_text() or "box": p.bounding_box() for p in pressed.all()}
    assert len(sizes) > 8
    too_small = [name for name, box in sizes.items() if box is None or box["height"] < 44]
    assert too_small == []


def test_nothing_moves_for_those_who_asked_for_less_motion(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, reduced_motion="reduce")
    with_a_conversation(page)
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
        const s = getComputedStyle(e);
        return s.animationName !== "none" || s.scrollBehavior === "smooth"
          || s.transitionDuration.split(",").some((d) => parseFloat(d) > 0);
      }).map((e) => e.className || e.tagName)"""
    assert page.evaluate(moving) == []
    other = open_page(line.url, reduced_motion="no-preference")
    expect(AtPage(other).box).to_be_visible()
    assert other.evaluate(moving) != [], "this test must be able to see motion"


def test_in_forced_colours_messages_and_buttons_keep_their_edges(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, forced_colors="active")
    chat = with_a_conversation(page)
    widths = """(es) => es.map((e) => parseFloat(getComputedStyle(e).borderTopWidth))"""
    bubbles = chat.log.locator("li.message:not(.safety) .said")
    assert min(bubbles.evaluate_all(widths)) >= 1
    assert (
        min(page.locator("button:visible:not(.fresh, .share), li.safety").evaluate_all(widths))
        >= 1
    )


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


def test_a_printed_conversation_is_whole_and_without_controls(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = with_a_conversation(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    heights = chat.log.evaluate("log => [log.scrollHeight, log.clientHeight]")
    assert heights[0] == heights[1]
