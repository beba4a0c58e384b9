"""A resident texts with a person of the City: the phone of the demonstration beside the console, over the real assistant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people.conftest import CONSOLE, HEIGHT, PHONE, WINDOW, Town, picture
from tests.journeys.people.windows import AtConsole
from tests.triage.cases.desk import import_entries
from tests.triage.demo.line import demo_line
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from triage.staff.demo import DEMO_PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def demo(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A front door for show before the town's own assistant."""
    folder = tmp_path_factory.mktemp("demo")
    import_entries(f"sqlite:///{folder}/triage.db")
    line = demo_line(
        folder,
        rasa_urls=(town.line.url_of("rasa"),),
        actions_url=town.line.url_of("actions"),
        gateway_secret=(town.line.var / "gateway-secret").read_text().strip(),
        rasa_seconds=10,
        lease_seconds=15,
    )
    line.start()
    yield line
    line.close()


class AtPhone:
    """The phone of the demonstration."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._texts = page.get_by_role("log").get_by_role("listitem")

    def says(self, words: str) -> None:
        """Send a text."""
        self.page.get_by_role("textbox", name="Text message").fill(words)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def hears(self, words: str) -> None:
        """Wait until the newest text has the words."""
        expect(self._texts.last).to_contain_text(words)


def test_a_resident_and_a_person_text_with_each_other(demo: Line, open_page: OpenPage) -> None:
    phone = AtPhone(
        open_page(
            f"{demo.url}/demo/phone", viewport={"width": PHONE, "height": HEIGHT}, **WINDOW
        )
    )
    phone.says("can I talk to a person")
    phone.hears("You are in line for a person. You are first in line.")
    page = open_page(
        f"{demo.url}/staff", viewport={"width": CONSOLE, "height": HEIGHT}, **WINDOW
    )
    agent = AtConsole(page, demo.url)
    agent.signs_in("agent@demo.example", DEMO_PASSWORD)
    agent.goes_to("Conversations")
    expect(agent.part("Waiting (1)")).to_contain_text("Text message")
    page.get_by_role("button", name=re.compile("^Take")).click()
    phone.hears("Avery Agent from the City of Toronto is here now")
    expect(page.locator("#length")).to_have_text("Nothing written yet.")
    agent.answer.fill("Hello, this is Avery. What can I do for you?")
    expect(page.locator("#length")).to_have_text("44 characters: 1 text message.")
    agent.answer.fill("Hello, this is Avery. " * 9)
    expect(page.locator("#length")).to_contain_text("2 text messages.")
    agent.says("Hello, this is Avery. What can I do for you?")
    phone.hears("What can I do for you?")
    phone.says("my bin was not emptied at 5 Elm Street")
    agent.reads("my bin was not emptied", by="Resident")
    picture("text", agent, phone.page)
    agent.presses("Hand back to the assistant")
    phone.hears("I am the automated assistant again")
    phone.says("how do i pay a parking ticket")
    phone.hears("parking")
