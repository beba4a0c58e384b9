"""What a resident sees when something on the way fails: words are never lost and never sent twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import AtPage

pytestmark = pytest.mark.browser
MESSAGES = re.compile(r"/api/chat/conversations/[^/]+/messages$")


def refuses(page: Page, status: int, times: int, **headers: str) -> list[str]:
    """Let the way to the server answer the next messages in its place; return what was sent."""
    sent: list[str] = []

    def handle(route: Route) -> None:
        sent.append(route.request.post_data_json["client_message_id"])
        if len(sent) > times:
            route.continue_()
        else:
            route.fulfill(
                status=status, headers=headers, json={"error": {"code": "x", "message": "x"}}
            )

    page.route(MESSAGES, handle)
    return sent


def loses_the_first_answer(page: Page, address: re.Pattern[str]) -> list[bytes | None]:
    """Let what is sent first arrive, but not its answer; return what was sent."""
    sent: list[bytes | None] = []

    def handle(route: Route) -> None:
        sent.append(route.request.post_data_buffer)
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(address, handle)
    return sent


def test_with_the_server_gone_the_words_are_kept_and_delivered_once_on_try_again(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    chat.says("before")
    chat.hears("You said: before")
    own_line.stop()
    chat.says("while it is away")
    expect(chat.alert).to_have_text("Not sent. Your message is kept in this tab.")
    expect(chat.messages("resident").last).to_contain_text("Not sent")
    expect(chat.box).to_be_focused()
    own_line.start()
    page.get_by_role("button", name="Try again").click()
    chat.hears("You said: while it is away")
    expect(chat.alert).to_have_text("")
    assert chat.said() == ["before", "while it is away"]
    assert own_line.assistant.texts() == ["before", "while it is away"]


def test_words_that_were_not_sent_outlive_a_reload(own_line: Line, open_page: OpenPage) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    page.route(MESSAGES, lambda route: route.abort())
    chat.says("do not lose me")
    expect(chat.alert).to_have_text("Not sent. Your message is kept in this tab.")
    page.unroute_all()
    page.reload()
    chat.hears("You said: do not lose me")
    assert chat.said() == ["do not lose me"]


def test_a_message_whose_acceptance_got_lost_is_answered_once(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    sent = loses_the_first_answer(page, MESSAGES)
    chat.says("only once")
    chat.hears("You said: only once")
    expect(chat.alert).to_have_text("")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert own_line.assistant.texts() == ["only once"]
    assert chat.said() == ["only once"]


def test_a_failing_server_is_asked_again_under_the_same_id(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    sent = refuses(page, 503, 2)
    chat.says("again and again")
    chat.hears("You said: again and again")
    assert len(sent) == 3
    assert len(set(sent)) == 1


def test_too_many_messages_are_sent_by_themselves_when_the_server_says(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    sent = refuses(page, 429, 1, **{"Retry-After": "2"})
    chat.says("in a hurry")
    expect(chat.alert).to_have_text(
        "Too many messages at once. Yours will be sent by itself in 2 seconds."
    )
    chat.hears("You said: in a hurry")
    assert len(set(sent)) == 1
    expect(chat.alert).to_have_text("")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (413, "The message is too long to be sent."),
        (422, "The message could not be read."),
        (400, "The message could not be read."),
    ],
)
def test_a_refused_message_stays_in_the_box_with_the_reason_in_plain_words(
    line: Line, open_page: OpenPage, status: int, told: str
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    refuses(page, status, 1)
    chat.says("cannot be taken")
    expect(chat.alert).to_contain_text(told)
    expect(chat.box).to_have_value("cannot be taken")
    assert chat.said() == []
    chat.box.press("Enter")
    chat.hears("You said: cannot be taken")


def test_answers_written_while_the_server_was_away_arrive_by_themselves(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    chat.says("hello")
    chat.hears("You said: hello")
    own_line.stop()
    expect(page.get_by_text("Connection lost. Trying again by itself.").first).to_be_visible()
    own_line.start()
    expect(chat.announcer).to_have_text("Connected again.")
    chat.says("still there?")
    chat.hears("You said: still there?")


def test_where_streams_are_held_back_answers_come_by_asking_for_them(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    streams = 0

    def hold(_: Route) -> None:
        nonlocal streams
        streams += 1  # and never answer

    page.route(re.compile("/events$"), hold)
    page.clock.install()
    chat = AtPage(page)
    chat.says("without a stream")
    expect(chat.messages("resident").locator(".delivery")).to_have_count(0)
    page.clock.fast_forward(20_000)
    chat.hears("You said: without a stream")
    assert streams == 1


def test_an_unknown_conversation_is_left_for_a_new_one_and_the_words_go_there(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    page.evaluate(
        """sessionStorage["ask311.conversation"] = JSON.stringify({ id: "con_gone", token: "x" })"""
    )
    page.reload()
    chat = AtPage(page)
    expect(chat.box).to_be_visible()
    chat.says("anybody?")
    chat.hears("You said: anybody?")


def test_a_conversation_that_ends_under_way_is_told_and_the_words_go_on(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.says("one")
    chat.hears("You said: one")
    # As when it was deleted at the end of its time.
    refuses(page, 404, 1)
    chat.says("two")
    chat.hears("You said: two")
    expect(chat.messages("system")).to_contain_text("The earlier conversation has ended")


def test_without_scripts_the_page_says_how_to_reach_the_city_by_phone(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, java_script_enabled=False)
    chat = page.locator("#chat")
    expect(chat.get_by_text("The chat is not available in this browser.")).to_be_visible()
    expect(chat.get_by_role("link", name="Call 311")).to_have_attribute("href", "tel:311")
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_conversations_standing_is_told_in_words(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    state = "queued"

    def as_if(route: Route) -> None:
        route.fulfill(
            body=f'event: state\ndata: {{"state":"{state}","pending":false}}\n\n',
            content_type="text/event-stream",
        )

    page.route(re.compile("/events$"), as_if)
    chat.says("a person please")
    standing = page.locator("#standing")
    expect(standing).to_contain_text("You are in line for a person.")
    state = "person"
    expect(standing).to_contain_text(
        "You are talking with a person at 311. The automated assistant is silent."
    )
    expect(chat.announcer).to_have_text(
        "You are talking with a person at 311. The automated assistant is silent."
    )
    state = "closed"
    expect(standing).to_contain_text("This conversation has ended.")
