"""What a resident does and sees on the page, for browser tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.triage.page.conftest import PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)
GREEN_BIN = "When do I put out my green bin?"


class AtPage:
    """The chat, as found by role and name: by what a resident is told, not by how it is made."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # In the widget the chat is in a frame; `page` may be that frame.
        self.box = page.get_by_role("textbox", name="Your question")
        self.log = page.get_by_role("log", name="Conversation")
        self.announcer = page.locator("#announcer")
        self.alert = page.get_by_role("alert")

    def messages(self, sender: str) -> Locator:
        return self.log.locator(f"li.from-{sender}")

    def says(self, words: str) -> None:
        self.box.fill(words)
        self.box.press("Enter")

    def hears(self, words: str) -> Locator:
        """Wait until the newest message of the other side has the words."""
        newest = self.log.locator("li.message:not(.from-resident)").last
        expect(newest).to_contain_text(words)
        return newest

    def said(self) -> list[str]:
        """Return the resident's own words, as the log shows them."""
        return self.messages("resident").locator(".said").all_inner_texts()
