"""Two windows at once: the resident's, with the chat, and the console at which somebody of the staff works."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.triage.page.resident import AtPage


def id_of(resident: AtPage) -> str:
    """Return the id of a resident's conversation, as their page keeps it."""
    kept = "JSON.parse(sessionStorage.getItem('ask311.conversation')).id"
    return str(resident.page.evaluate(kept))


def reference_in(heard: Locator) -> str:
    """Return the reference of the case that a message tells of."""
    found = re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", heard.inner_text())
    assert found, heard.inner_text()
    return found[0]


class AtConsole:
    """A member of the staff at the console, as they find their way: by what things are called."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def signs_in(self, email: str, password: str) -> None:
        """Fill in the form of the sign-in page."""
        self.page.get_by_label("Work email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hello")

    def opens(self, path: str) -> None:
        """Go to a page of the console."""
        self.page.goto(f"{self._url}/staff{path}")

    def goes_to(self, way: str) -> None:
        """Go to a page by the ways at the top."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=way).click()

    def presses(self, label: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=label, exact=True).click()

    def part(self, title: str) -> Locator:
        """Return the part of the page under a title."""
        return self.page.get_by_role("region", name=title, exact=True)

    # ── conversations ──

    def row_of(self, conversation_id: str) -> Locator:
        """Return a conversation's row in the lists, whichever list it is in."""
        link = self.page.locator(f"#open-{conversation_id}")
        return self.page.get_by_role("row").filter(has=link)

    def takes(self, conversation_id: str) -> None:
        """Wait until a conversation stands in the list, and take it."""
        self.row_of(conversation_id).get_by_role("button", name="Take").click()
        expect(self.page.get_by_text("You have this conversation now.")).to_be_visible()

    def says(self, words: str) -> None:
        """Write an answer and send it."""
        self.answer.fill(words)
        self.sends()

    def sends(self) -> None:
        """Send what is written."""
        self.presses("Send")
        expect(self.answer).to_have_value("")

    @property
    def answer(self) -> Locator:
        """The box of the answer."""
        return self.page.get_by_role("textbox", name="Your answer")

    def reads(self, words: str, by: str = "") -> Locator:
        """Wait until the newest message with these words stands in the transcript."""
        said = self.page.get_by_role("log").get_by_role("listitem").filter(has_text=words).last
        expect(said).to_be_visible()
        if by:
            expect(said.locator(".who")).to_contain_text(by)
        return said

    # ── cases ──

    def opens_act(self, title: str) -> Locator:
        """Open what can be done with a case, and return its form."""
        act = self.page.locator("details.act").filter(
            has=self.page.locator("summary", has_text=re.compile(f"^{re.escape(title)}$"))
        )
        act.locator("summary").click()
        return act

    # ── the board ──

    def figure(self, of: str) -> int:
        """Return a figure of the board."""
        shown = self.page.get_by_role("listitem").filter(has_text=of).locator("strong")
        return int(shown.inner_text())
