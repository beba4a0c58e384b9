"""What a resident does and sees on the page, for browser tests."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

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


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **saved: Any) -> FilePayload:
    """Return a photo as a file to choose. Large ones are noise, which does not get small by itself."""
    image = Image.new("RGB", size, "seagreen")
    if size[0] > 1_000:
        noise = random.Random(7).randbytes(size[0] * size[1] * 3)
        image = Image.frombytes("RGB", size, noise)
    out = io.BytesIO()
    image.save(out, kind, **saved)
    return a_file(f"elm-street.{kind.lower()}", f"image/{kind.lower()}", out.getvalue())


def a_file(name: str, mime_type: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": mime_type, "buffer": content}


def send_photo(page: Page, file: FilePayload | Path) -> None:
    """Press the newest button for photos, and choose a file."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send a photo").first.click()
    chooser.value.set_files(file)
