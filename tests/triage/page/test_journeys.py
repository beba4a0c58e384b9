"""A resident asks on the page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import GREEN_BIN, AtPage
from tests.triage.twin import says

pytestmark = pytest.mark.browser


def test_an_answer_shows_where_it_comes_from_and_when_that_was_checked(
    line: Line, open_page: OpenPage
) -> None:
    chat = AtPage(open_page(line.url))
    chat.says(GREEN_BIN)
    answer = chat.hears("Put your green bin out before 7 a.m.")
    expect(answer).to_contain_text("Source: toronto.ca")
    expect(answer).to_contain_text("last checked November 12, 2026")
    source = answer.get_by_role("link", name="toronto.ca (opens in a new tab)")
    expect(source).to_have_attribute("href", re.compile("^https://www.toronto.ca/services"))
    expect(source).to_have_attribute("rel", "noopener noreferrer")


def test_web_email_and_phone_addresses_in_an_answer_are_links(
    line: Line, open_page: OpenPage
) -> None:
    chat = AtPage(open_page(line.url))
    chat.says(GREEN_BIN)
    links = chat.hears("Your day depends").locator(".said a")
    expect(links.first).to_be_visible()
    found = {a.inner_text(): a.get_attribute("href") for a in links.all()}
    assert found == {
        "toronto.ca/recycle": "https://toronto.ca/recycle",
        "311": "tel:311",
        "416-392-2489": "tel:+14163922489",
        "311@toronto.ca": "mailto:311@toronto.ca",
    }


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script><b>bold</b>",
        "javascript:alert(1) data:text/html,x [a](javascript:alert(1)) http://plain.example",
    ],
)
def test_what_looks_like_code_is_shown_as_the_words_it_is(
    line: Line, open_page: OpenPage, words: str
) -> None:
    page = open_page(line.url)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    chat = AtPage(page)
    chat.says(words)
    answer = chat.hears(f"You said: {words}")
    assert chat.said() == [words]
    assert answer.locator(".said p > *").count() == 0
    assert chat.messages("resident").locator(".said p > *").count() == 0


def test_a_source_that_is_no_https_address_is_not_a_link(
    own_line: Line, open_page: OpenPage
) -> None:
    own_line.assistant.will_answer = lambda _: says(
        "Look there.", source_url="javascript:alert(1)"
    )
    chat = AtPage(open_page(own_line.url))
    chat.says("where")
    answer = chat.hears("Source: javascript:alert(1)")
    assert answer.get_by_role("link").count() == 0


def test_a_choice_is_a_button_and_becomes_the_residents_message(
    line: Line, open_page: OpenPage
) -> None:
    chat = AtPage(open_page(line.url))
    chat.says("parking ticket")
    chat.hears("Which of these")
    group = chat.log.get_by_role("group", name="Choose one, or write your own words")
    button = group.get_by_role("button", name="Pay a parking ticket")
    button.click()
    chat.hears("You can pay online")
    assert chat.said() == ["parking ticket", "Pay a parking ticket"]
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(chat.box).to_be_focused()


def test_words_of_danger_are_answered_under_the_heading_important(
    line: Line, open_page: OpenPage
) -> None:
    chat = AtPage(open_page(line.url))
    chat.says("I smell gas in my kitchen")
    heading = chat.log.get_by_role("heading", name="Important")
    expect(heading).to_be_visible()
    expect(heading.locator("..")).to_contain_text("Leave now and take everyone with you")
    expect(chat.announcer).to_contain_text(
        "Important. Automated assistant: This could be a gas leak."
    )


def test_what_is_important_stays_in_sight_on_a_small_screen(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    chat = AtPage(page)
    chat.says("I smell gas in my kitchen")
    chat.hears("You said: I smell gas")
    expect(chat.log.get_by_role("heading", name="Important")).to_be_in_viewport(ratio=1)


def test_only_the_newest_message_is_announced_and_never_the_whole_log(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    assert page.locator("[aria-live]:not([aria-live=off])").count() == 1
    expect(chat.log).to_have_attribute("aria-live", "off")
    chat.says("first")
    expect(chat.announcer).to_have_text("Automated assistant: You said: first")
    chat.says("parking ticket")
    expect(chat.announcer).to_have_text(
        "Automated assistant: Which of these do you mean? There are 3 choices to pick from."
    )


def test_that_the_assistant_is_writing_is_announced_once(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    page.evaluate(
        """() => {
          window.announced = [];
          const announcer = document.getElementById("announcer");
          new MutationObserver(() => announced.push(announcer.textContent))
            .observe(announcer, { childList: true });
        }"""
    )
    chat = AtPage(page)

    def slowly(asked: dict[str, object]) -> list[dict[str, object]]:
        own_line.assistant.released.wait(20)
        return says(f"At last: {asked['text']}")

    own_line.assistant.will_answer = slowly
    chat.says("slow one")
    indicator = page.locator("#writing")
    expect(indicator).to_be_visible()
    expect(chat.announcer).to_have_text("The assistant is writing.")
    chat.says("and another")
    expect(chat.messages("resident")).to_have_count(2)
    own_line.assistant.released.set()
    chat.hears("At last: and another")
    expect(indicator).to_be_hidden()
    expect(chat.announcer).to_contain_text("At last: and another")
    assert page.evaluate("announced").count("The assistant is writing.") == 1


def test_the_whole_visit_can_be_made_with_the_keyboard(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text box")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    page.keyboard.type("parking")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ticket")
    assert chat.box.input_value() == "parking\nticket"
    chat.box.fill("")
    page.keyboard.type("parking ticket")
    page.keyboard.press("Enter")
    chat.hears("Which of these do you mean?")
    expect(chat.box).to_be_focused()
    assert chat.box.input_value() == ""
    # Back into the log: the last of the choices comes first.
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Talk to a person")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    chat.hears("You can pay online")
    expect(chat.box).to_be_focused()


def test_the_focus_goes_through_the_page_in_the_order_it_is_read(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    expect(AtPage(page).box).to_be_visible()
    order = []
    for _ in range(18):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate("document.activeElement.textContent || document.activeElement.id")
        )
    assert order[:2] == ["Skip to the text box", "911"]
    assert order[2].strip().startswith("Automated assistant")  # the log, which scrolls
    assert order[3] == "What day is my garbage collected?"
    assert order[9:] == [
        "text",
        "Send",
        "Share my location",
        "Send a photo",
        "Call 911 now",
        "Call 311",
        "416-392-2489",
        "All services",
        "The City's website",
    ]


def test_enter_that_ends_the_work_of_an_input_method_does_not_send(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.box.fill("ごみ")
    chat.box.evaluate(
        """box => box.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    assert chat.box.input_value() == "ごみ"
    assert chat.messages("resident").count() == 0


def test_a_thing_to_ask_is_put_in_the_box_and_sent_only_by_the_resident(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    page.get_by_role("button", name="How do I pay a parking ticket?").click()
    expect(chat.box).to_have_value("How do I pay a parking ticket?")
    expect(chat.box).to_be_focused()
    assert chat.messages("resident").count() == 0


def test_the_conversation_goes_on_after_a_reload_and_is_not_announced_again(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.says(GREEN_BIN)
    chat.hears("Put your green bin out")
    chat.box.fill("half a thou")
    page.reload()
    chat.hears("Put your green bin out")
    assert chat.said() == [GREEN_BIN]
    expect(chat.box).to_have_value("half a thou")
    expect(chat.announcer).to_have_text("")
    chat.says("and then")
    chat.hears("You said: and then")
    # The answer may be shown before the page has heard that its message was taken: until then it keeps the words.
    page.wait_for_function(
        "!/green bin|and then/.test(JSON.stringify({...sessionStorage, ...localStorage}))"
    )


def test_a_new_conversation_leaves_nothing_of_the_earlier_one_in_the_tab(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.says("mine")
    chat.hears("You said: mine")
    before = page.evaluate("sessionStorage['ask311.conversation']")
    page.get_by_role("button", name="Start a new conversation").click()
    assert chat.said() == []
    expect(chat.box).to_be_focused()
    chat.says("the next one's")
    chat.hears("You said: the next one's")
    assert page.evaluate("sessionStorage['ask311.conversation']") != before
    page.reload()
    chat.hears("You said: the next one's")
    assert chat.said() == ["the next one's"]


def test_the_counter_is_shown_only_near_the_limit(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    counter = page.locator("#counter")
    chat.box.fill("x" * 1_399)
    expect(counter).to_be_hidden()
    # Characters as people count them: one each, although JavaScript counts two.
    chat.box.fill("🙂" * 1_590)
    expect(counter).to_have_text("You can write 10 more characters.")
    expect(chat.announcer).to_have_text("You can write 10 more characters.")
    chat.box.fill("x" * 1_603)
    chat.box.press("Enter")
    expect(chat.alert).to_have_text(
        "The message is 3 characters too long. Shorten it, then send it."
    )
    assert len(chat.box.input_value()) == 1_603
    chat.box.fill("🙂" * 1_600)
    chat.box.press("Enter")
    chat.hears("You said: 🙂")


def test_an_answer_that_came_during_a_reload_is_announced_and_nothing_else(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    chat.says("first")
    chat.hears("You said: first")
    usual = own_line.assistant.will_answer

    def later(asked: dict[str, object]) -> object:
        own_line.assistant.released.wait(20)
        return usual(asked)

    own_line.assistant.will_answer = later  # type: ignore[assignment]
    chat.says("second")
    expect(chat.messages("resident").locator(".delivery")).to_have_count(0)
    page.goto("about:blank")
    own_line.assistant.released.set()
    page.goto(own_line.url)
    chat.hears("You said: second")
    expect(chat.announcer).to_contain_text("Automated assistant: You said: second")
    expect(chat.announcer).not_to_contain_text("first")
