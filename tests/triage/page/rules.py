"""The rules that every page keeps, on the screens and in the ways in which people look at them.

A page is brought to a state once and then shown on one screen after the other: size, colours and contrast are changed in the
open window, as people do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = {"width": 1280, "height": 800}
SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    # 1280 by 1024 at 400 %: the whole page scrolls, nothing stands still over what is read.
    "zoomed in": {"viewport": {"width": 320, "height": 256}},
    "dark": {"color_scheme": "dark"},
    "dark and narrow": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
    "high contrast": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
}
# Where sizes and colours each come once.
MAIN = ("wide", "narrow", "dark", "high contrast")
_USUAL = {"color_scheme": "light", "forced_colors": "none", "contrast": "no-preference"}
# Messages slide in; half transparent they are not what is judged. The dots of the indicator never end.
# Pictures that wait to be scrolled to are looked at, too.
ARRIVED = """Promise.all([
  ...document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity)
    .map((a) => a.finished.catch(() => 0)),
  ...[...document.images].map((image) => { image.loading = 'eager'; return image.decode().catch(() => 0); })])"""


# What makes a page wider than the window; what scrolls or hides what it holds is as wide as it looks.
STICKING_OUT = """document.documentElement.scrollWidth <= innerWidth ? [] :
  [document.documentElement.scrollWidth, innerWidth, ...[...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth)
    .map((e) => `${e.tagName}#${e.id}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)]"""


def on_screens(page: Page, *screens: str) -> Iterator[str]:
    """Show a page on one screen after the other, and in the end as it was; give each one's name."""
    before = page.viewport_size
    for name in screens:
        screen = SCREENS[name]
        page.set_viewport_size(screen.get("viewport", WIDE))
        page.emulate_media(**(_USUAL | {k: v for k, v in screen.items() if k in _USUAL}))
        yield name
    page.emulate_media(**_USUAL)  # type: ignore[arg-type]
    if before:
        page.set_viewport_size(before)


def assert_keeps_the_rules(page: Page, *screens: str) -> None:
    """Check what axe can see, and that nothing must be scrolled sideways, on each of the screens."""
    for name in on_screens(page, *screens):
        assert_no_violations(page, name)
        assert_nothing_sticks_out(page, name)


def assert_no_violations(page: Page, screen: str = "") -> None:
    """Check what axe can see of WCAG 2.2 AA."""
    page.evaluate(ARRIVED)
    # In forced colours the browser paints with the system's; axe still reads the style sheet's.
    is_forced = page.evaluate("matchMedia('(forced-colors: active)').matches")
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"color-contrast": {"enabled": not is_forced}},
        "resultTypes": ["violations"],
    }
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{screen}: {results.generate_report()}"


def assert_nothing_sticks_out(page: Page, screen: str = "") -> None:
    """Check that the page need not be scrolled sideways."""
    sticking_out = page.evaluate(STICKING_OUT)
    assert sticking_out == [], f"{screen}: the page must be scrolled sideways: {sticking_out}"
