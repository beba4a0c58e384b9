"""Take the picture of the README: talk with a running line on its page, and save what is seen.

make run PORT=8010
.venv/bin/python scripts/picture.py http://127.0.0.1:8010/ docs/images/conversation.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SAID = (
    "how do i pay a parking ticket",
    "closest daycare with subsidy near Yonge and College",
)
PATIENCE_MS = 30_000


def main() -> None:
    """Talk, then save the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=1300)
    parser.add_argument("--height", type=int, default=1850)
    parser.add_argument("--scale", type=float, default=0.75)
    parser.add_argument("--say", nargs="*", default=SAID, help="what the resident writes")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            locale="en-CA",
            timezone_id="America/Toronto",
            viewport={"width": options.width, "height": options.height},
            device_scale_factor=options.scale,
            reduced_motion="reduce",
        )
        page.goto(options.address)
        for words in options.say:
            _say(page, words)
        for opened in page.locator(".map:visible").all():
            expect(opened.get_by_role("button", name="Zoom in")).to_be_visible()
        # The whole talk, in a window higher than the chat would grow.
        page.evaluate("document.getElementById('chat').style.maxHeight = 'none'")
        page.locator("#log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
        page.screenshot(path=options.file)
        browser.close()


def _say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Your question")
    answers = page.locator("li.message.from-assistant")
    before = answers.count()
    box.fill(words)
    box.press("Enter")
    expect(answers.nth(before)).to_be_visible(timeout=PATIENCE_MS)
    box.blur()


if __name__ == "__main__":
    main()
