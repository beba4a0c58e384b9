"""A resident shares where they are, with the browser's own question in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import DAYCARE, Line
from tests.triage.page.resident import AtPage
from tests.triage.page.rules import MAIN, assert_keeps_the_rules
from tests.triage.page.test_failures import MESSAGES, refuses
from tests.triage.page.test_widget import embedded, host_of, opened  # noqa: F401

pytestmark = pytest.mark.browser
SHARED = "I shared my location."
# More digits than anybody needs; the page sends five.
HERE = {"latitude": 43.6600049, "longitude": -79.3799961}
ALLOWED: dict[str, Any] = {"geolocation": HERE, "permissions": ["geolocation"]}
NEAREST = "Here are the nearest child care centres"


def asked_where(page: Page) -> tuple[AtPage, Locator]:
    """Ask for what needs a location; return the chat and the button beside the question."""
    chat = AtPage(page)
    chat.says(DAYCARE)
    question = chat.hears("Where should I look?")
    return chat, question.get_by_role("button", name="Share my location")


def locations(line: Line) -> list[dict[str, float]]:
    return [
        a["metadata"]["location"] for a in line.assistant.asked if a["text"] == "/give_location"
    ]


def test_a_shared_location_becomes_the_residents_message_and_is_sent_once(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url, **ALLOWED)
    chat, button = asked_where(page)
    expect(button).to_have_accessible_description("Used for this conversation only.")
    expect(chat.announcer).to_contain_text("A button to share your location follows.")
    button.click()
    chat.hears(NEAREST)
    assert chat.said() == [DAYCARE, SHARED]
    assert locations(own_line) == [{"lat": 43.66, "long": -79.38}]
    # The button belonged to the question before; the one at the text box stays.
    expect(page.get_by_role("button", name="Share my location")).to_have_count(1)
    expect(chat.box).to_be_focused()
    page.reload()
    chat.hears(NEAREST)
    assert chat.said() == [DAYCARE, SHARED]
    kept = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert "43.66" not in kept


def test_the_button_at_the_text_box_shares_at_any_time_with_the_keyboard(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url, **ALLOWED)
    chat = AtPage(page)
    chat.box.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Share my location")
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description("Used for this conversation only.")
    page.keyboard.press("Enter")
    chat.hears(NEAREST)
    assert locations(own_line) == [{"lat": 43.66, "long": -79.38}]


def test_a_location_that_could_not_be_sent_is_kept_and_sent_once_under_the_same_id(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url, **ALLOWED)
    chat, button = asked_where(page)
    sent = refuses(page, 503, 1)
    button.click()
    chat.hears(NEAREST)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert len(locations(own_line)) == 1
    page.unroute_all()
    # Also after a reload.
    page.route(MESSAGES, lambda route: route.abort())
    page.get_by_role("button", name="Share my location").click()
    expect(chat.alert).to_have_text("Not sent. Your message is kept in this tab.")
    page.unroute_all()
    page.reload()
    expect(chat.messages("assistant").filter(has_text=NEAREST)).to_have_count(2)
    assert chat.said() == [DAYCARE, SHARED, SHARED]
    assert len(locations(own_line)) == 2


def test_a_refused_location_is_told_and_does_not_turn_into_words(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, **ALLOWED)
    chat, button = asked_where(page)
    refuses(page, 422, 1)
    button.click()
    expect(chat.alert).to_have_text(
        "Your location could not be used. You can type an address instead."
    )
    expect(chat.box).to_have_value("")
    assert chat.said() == [DAYCARE]


def test_where_sharing_is_not_allowed_an_address_can_be_typed_instead(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, permissions=[])
    chat, button = asked_where(page)
    button.click()
    expect(chat.alert).to_have_text(
        "Your browser did not share your location. You can type an address instead."
    )
    expect(page.locator("#finding")).to_be_hidden()
    expect(button).to_be_focused()
    assert chat.said() == [DAYCARE]
    # The next words take the notice away.
    chat.says("near 200 Elm Street")
    expect(chat.alert).to_have_text("")
    chat.hears("You said: near 200 Elm Street")


# What a browser's own answer would be is exchanged for these; how long it takes is the browser's matter.
FAILS = """(code) => { navigator.geolocation.getCurrentPosition = (found, failed, options) => {
    window.asked = options; setTimeout(() => failed({ code })); }; }"""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (2, "Your location could not be found. You can type an address instead."),
        (
            3,
            "Finding your location took too long. You can try again, or type an address instead.",
        ),
    ],
)
def test_a_location_that_is_not_found_is_told_kindly(
    line: Line, open_page: OpenPage, code: int, told: str
) -> None:
    page = open_page(line.url)
    page.evaluate(FAILS, code)
    chat, button = asked_where(page)
    button.click()
    expect(chat.alert).to_have_text(told)
    assert chat.said() == [DAYCARE]
    asked = page.evaluate("asked")
    assert (asked["timeout"], asked["enableHighAccuracy"]) == (10_000, False)


def test_a_location_that_is_only_roughly_known_is_not_used(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(
        line.url, geolocation={**HERE, "accuracy": 5_000}, permissions=["geolocation"]
    )
    chat, button = asked_where(page)
    button.click()
    expect(chat.alert).to_contain_text("knows only roughly where you are")
    assert chat.said() == [DAYCARE]


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_a_browser_that_knows_no_location_shows_no_button(
    line: Line, open_page: OpenPage, path: str
) -> None:
    page = open_page("about:blank")
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'geolocation', { value: undefined })"
    )
    page.goto(line.url + path)
    chat, _ = asked_where(page)
    expect(page.get_by_role("button", name="Share my location")).to_have_count(0)
    expect(chat.announcer).to_contain_text("Where should I look?")
    expect(chat.announcer).not_to_contain_text("button")


NEVER = """() => { navigator.geolocation.getCurrentPosition = (found) => { window.found = () =>
    found({ coords: { latitude: 43.66, longitude: -79.38, accuracy: 10 } }); }; }"""


def test_while_it_is_looked_for_that_is_said_and_words_can_be_sent(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    page.evaluate(NEVER)
    chat, button = asked_where(page)
    button.click()
    finding = page.locator("#finding")
    told = "Finding your location. Your browser may ask you first."
    expect(finding).to_have_text(f"{told} Used for this conversation only.")
    expect(chat.announcer).to_have_text(told)
    chat.says("meanwhile")
    chat.hears("You said: meanwhile")
    page.evaluate("found()")
    chat.hears(NEAREST)
    expect(finding).to_be_hidden()


def test_a_location_found_late_does_not_go_into_the_next_conversation(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    page.evaluate(NEVER)
    chat, button = asked_where(page)
    button.click()
    page.get_by_role("button", name="Start a new conversation").click()
    expect(page.locator("#finding")).to_be_hidden()
    page.evaluate("found()")
    chat.says("something else")
    chat.hears("You said: something else")
    assert chat.said() == ["something else"]


def test_a_location_can_be_shared_in_the_chat_on_another_site(
    embedded: Line,  # noqa: F811
    host_of: Callable[[str], str],  # noqa: F811
    open_page: OpenPage,
) -> None:
    page = open_page(host_of(embedded.url), **ALLOWED)
    chat = opened(page)
    chat.says(DAYCARE)
    question = chat.hears("Where should I look?")
    question.get_by_role("button", name="Share my location").click()
    chat.hears(NEAREST)
    assert locations(embedded) == [{"lat": 43.66, "long": -79.38}]


def test_asking_for_a_location_and_its_failures_keep_the_rules(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, permissions=[])
    chat, button = asked_where(page)
    assert_keeps_the_rules(page, *MAIN)
    button.click()
    expect(chat.alert).to_contain_text("did not share")
    assert_keeps_the_rules(page, *MAIN)
