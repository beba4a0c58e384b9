"""The text phone of a demonstration, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.triage.demo.line import demo_line
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import PHOTO_THANKS, Line
from tests.triage.page.resident import picture
from tests.triage.page.rules import SCREENS, assert_keeps_the_rules

pytestmark = pytest.mark.browser
# So long the page has looked once more for what is new.
LOOKS_MS = 700


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = demo_line(tmp_path_factory.mktemp("phone"))
    line.start()
    yield line
    line.close()


class AtPhone:
    """The phone, as found by role and name."""

    def __init__(self, page: Page, number: str = "416-555-0101") -> None:
        self.page = page
        self.box = page.get_by_role("textbox", name="Text message")
        self.log = page.get_by_role("log")
        self.announcer = page.locator("#announcer")
        self.alert = page.get_by_role("alert")
        page.get_by_label("Number").select_option(label=number)

    def sends(self, words: str) -> Locator:
        """Write and send with the keyboard alone; return the text as it is shown."""
        self.box.fill(words)
        self.box.press("Enter")
        mine = self.log.locator("li.from-resident").last
        expect(mine).to_contain_text(words)
        return mine

    def hears(self, words: str, of: str = "assistant") -> Locator:
        newest = self.log.locator(f"li.from-{of}").last
        expect(newest).to_contain_text(words)
        return newest


def test_somebody_tries_the_line_by_text(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/demo/phone")
    phone = AtPhone(page)
    expect(page.get_by_role("banner")).to_contain_text("Nothing leaves this machine")
    expect(phone.log).to_contain_text("No texts yet.")
    mine = phone.sends("is the pool <b>open</b>?")
    expect(mine).to_contain_text("1 segment, GSM-7, 24 of 160. Handed over to the line.")
    expect(phone.box).to_be_focused()
    expect(phone.box).to_have_value("")
    heard = phone.hears("You said: is the pool <b>open</b>?")
    expect(phone.announcer).to_have_text(
        "From 416-555-0311: You said: is the pool <b>open</b>?"
    )
    expect(heard).to_contain_text("Delivered.")
    phone.sends("STOP")
    phone.hears("You have successfully been unsubscribed.", "carrier")
    page.get_by_role("button", name="START").click()
    phone.hears("You have successfully been re-subscribed", "carrier")
    page.get_by_label("Photo").set_input_files(picture())
    page.get_by_role("button", name="Send", exact=True).click()
    expect(phone.hears(PHOTO_THANKS)).to_be_in_viewport(ratio=1)
    photo = page.get_by_role("img", name="The photo that you sent")
    expect(photo).to_have_js_property("naturalWidth", 60)
    # Kept at the stand-in, phone by phone.
    page.reload()
    AtPhone(page).hears(PHOTO_THANKS)
    AtPhone(page, "416-555-0102")
    expect(phone.log).to_contain_text("No texts yet.")


def test_by_whatsapp_a_location_is_shared(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/demo/phone")
    phone = AtPhone(page, "416-555-0103")
    share = page.get_by_role("button", name="Share this location")
    expect(share).to_be_hidden()
    page.get_by_label("Sends by").select_option(label="WhatsApp")
    share.click()
    expect(phone.log.locator("li.from-resident")).to_contain_text("A location: 43.")
    phone.hears("Here are the nearest child care centres")
    page.get_by_label("Latitude").fill("north")
    share.click()
    expect(phone.alert).to_contain_text("A location is a latitude")


def test_nothing_is_lost_while_the_carrier_is_down(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/demo/phone")
    phone = AtPhone(page, "416-555-0104")
    switch = page.get_by_role("checkbox", name="The carrier is down")
    switch.check()
    mine = phone.sends("do you hear me?")
    expect(mine).to_contain_text("Not handed over. It is in the carrier's log.")
    switch.uncheck()
    expect(mine).to_contain_text("The line found it in the carrier's log.")
    phone.hears("You said: do you hear me?")


def test_a_line_that_is_gone_is_told_and_loses_no_words(
    demo: Line, open_page: OpenPage
) -> None:
    page = open_page(f"{demo.url}/demo/phone")
    phone = AtPhone(page, "416-555-0105")
    page.context.set_offline(True)
    expect(phone.alert).to_contain_text("The line does not answer.")
    phone.box.fill("still here")
    phone.box.press("Enter")
    expect(phone.alert).to_contain_text("Your text was not sent.")
    page.wait_for_timeout(LOOKS_MS)
    expect(phone.alert).to_contain_text("Your text was not sent.")
    expect(phone.box).to_have_value("still here")
    page.context.set_offline(False)
    phone.box.press("Enter")
    phone.hears("You said: still here")
    expect(phone.alert).to_be_empty()


def test_the_phone_keeps_the_rules(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/demo/phone")
    phone = AtPhone(page, "416-555-0106")
    phone.sends("averylongwordwithoutanybreak" * 10)
    phone.hears("You said: avery")
    phone.sends("STOP")
    phone.hears("You have successfully been unsubscribed.", "carrier")
    page.get_by_label("Sends by").select_option(label="WhatsApp")
    phone.sends("hello")
    phone.hears("You said: hello")
    phone.box.fill("")
    phone.box.press("Enter")
    expect(phone.alert).to_contain_text("Write something")
    assert_keeps_the_rules(page, *SCREENS)
    # WCAG 2.5.8 asks for 24 pixels; thumbs for more.
    pressed = page.locator("button:visible, select:visible, textarea:visible, input:visible")
    sizes = [p.bounding_box() for p in pressed.all()]
    assert all(box and box["height"] >= 24 for box in sizes)
