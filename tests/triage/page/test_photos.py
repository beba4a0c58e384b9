"""A resident sends a photo: it arrives once and in its place, is seen in the log, and a refusal says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from services_catalog.packs import load_city
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import PHOTO_THANKS, Line
from tests.triage.page.resident import AtPage, a_file, picture, send_photo
from tests.triage.page.rules import (
    SCREENS,
    assert_keeps_the_rules,
    assert_no_violations,
    assert_nothing_sticks_out,
)
from tests.triage.page.test_failures import MESSAGES, loses_the_first_answer
from tests.triage.page.test_widget import embedded, host_of, opened  # noqa: F401
from tests.triage.talking import wait_until
from triage.channels.page import page_texts
from triage.media import errors
from triage.media.pictures import LARGEST_BYTES, LONGEST_SIDE

pytestmark = pytest.mark.browser
PHOTOS = re.compile(r"/api/chat/conversations/[^/]+/photos$")
ORIENTATION = 0x0112
# What is announced, all of it: news comes faster than it could be looked at.
LISTEN = """() => { window.announced = []; const announcer = document.getElementById("announcer");
  new MutationObserver(() => announced.push(announcer.textContent)).observe(announcer, { childList: true }); }"""


def photos(chat: AtPage) -> Locator:
    return chat.messages("resident").get_by_role("img", name="Photo that you sent")


def size_of(photo: Locator) -> tuple[int, int]:
    """Wait until a photo is shown; return its width and height in its own pixels."""
    expect(photo).not_to_have_js_property("naturalWidth", 0)
    width, height = photo.evaluate("i => [i.naturalWidth, i.naturalHeight]")
    return width, height


def sent_over(page: Page, answer: Callable[[Route, int], None]) -> list[bytes]:
    """Let `answer` stand in the way of photos, with the number of each; return what was sent."""
    sent: list[bytes] = []

    def handle(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        answer(route, len(sent))

    page.route(PHOTOS, handle)
    return sent


def ids_in(sent: Sequence[bytes | None]) -> set[bytes]:
    id_in = re.compile(rb'name="client_message_id"\r\n\r\n(\S+)\r\n')
    found = [id_in.search(body or b"") for body in sent]
    return {f[1] for f in found if f}


def wait_for(page: Page, happens: Callable[[], bool]) -> None:
    """Wait until something happens outside the page, which goes on meanwhile."""
    wait_until(lambda: bool(page.evaluate("1")) and happens())


def test_a_photo_is_sent_from_beside_the_question_and_seen_also_after_a_reload(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    page.evaluate(LISTEN)
    chat.says("add a photo")
    question = chat.hears("Can you send a photo of it?")
    expect(chat.announcer).to_contain_text("A button to send a photo follows.")
    button = question.get_by_role("button", name="Send a photo")
    expect(button).to_have_accessible_description(
        "The place and time stored in the photo are removed."
    )
    send_photo(page, picture())
    chat.hears(PHOTO_THANKS)
    assert size_of(photos(chat)) == (60, 40)
    expect(chat.announcer).to_contain_text(PHOTO_THANKS)
    heard = " ".join(page.evaluate("announced"))
    assert heard.count("Sending your photo.") == 1
    # The question is answered; the button at the text box stays.
    expect(page.get_by_role("button", name="Send a photo")).to_have_count(1)
    expect(chat.messages("resident").locator(".delivery")).to_have_count(0)
    kept = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    page.reload()
    chat.hears(PHOTO_THANKS)
    assert size_of(photos(chat)) == (60, 40)
    expect(chat.announcer).to_have_text("")
    assert chat.messages("system").count() == 0
    assert "photo" not in kept
    # Nothing of the earlier conversation is left.
    page.get_by_role("button", name="Start a new conversation").click()
    expect(photos(chat)).to_have_count(0)


def test_the_button_at_the_text_box_sends_a_photo_at_any_time_with_the_keyboard(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.box.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Send a photo")
    expect(button).to_be_focused()
    expect(button).to_have_accessible_description(
        "The place and time stored in the photo are removed."
    )
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    assert not chooser.value.is_multiple()
    accepted = chooser.value.element.get_attribute("accept")
    assert accepted == "image/jpeg,image/png,image/webp"
    chooser.value.set_files(picture(kind="PNG"))
    chat.hears(PHOTO_THANKS)
    expect(button).to_be_focused()
    assert size_of(photos(chat)) == (60, 40)


def test_a_large_photo_is_made_smaller_stands_upright_and_is_sent_without_its_name(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    sent = sent_over(page, lambda route, _: route.continue_())
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Camera of Kim"
    photo = picture((2_700, 600), quality=95, exif=exif)
    assert len(photo["buffer"]) > 1_500_000
    send_photo(page, photo)
    chat.hears(PHOTO_THANKS)
    assert len(sent[0]) < len(photo["buffer"]) / 2
    assert b"elm-street" not in sent[0]
    assert b"Camera of Kim" not in sent[0]
    page.reload()
    upright = (round(LONGEST_SIDE * 600 / 2_700), LONGEST_SIDE)
    assert size_of(photos(chat)) == upright


def test_a_browser_that_does_not_give_out_what_it_draws_sends_the_photo_as_it_is(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    # As browsers do that hide by which canvas somebody could be known.
    page.evaluate(
        """() => { const given = CanvasRenderingContext2D.prototype.getImageData;
          CanvasRenderingContext2D.prototype.getImageData = function (...a) {
            const pixels = given.apply(this, a); pixels.data[0] ^= 1; return pixels; }; }"""
    )
    chat = AtPage(page)
    sent = sent_over(page, lambda route, _: route.continue_())
    photo = picture((1_200, 900), quality=95)
    send_photo(page, photo)
    chat.hears(PHOTO_THANKS)
    assert photo["buffer"] in sent[0]


def refusals(folder: Path) -> dict[str, tuple[FilePayload | Path, str]]:
    whole = picture((400, 300))["buffer"]
    large = folder / "large.jpg"
    large.write_bytes(b"\xff\xd8\xff" + b"x" * LARGEST_BYTES)
    return {
        "no picture": (
            a_file("notes.txt", "text/plain", b"x"),
            errors.PhotoUnknownType.message,
        ),
        "another kind": (
            a_file("a.gif", "image/gif", b"GIF89a"),
            errors.PhotoUnknownType.message,
        ),
        "too large": (large, errors.PhotoTooLarge.message),
        "not what it says": (
            a_file("a.jpg", "image/jpeg", b"words"),
            errors.PhotoUnknownType.message,
        ),
        "damaged": (
            a_file("a.jpg", "image/jpeg", whole[: len(whole) // 2]),
            errors.PhotoDamaged.message,
        ),
    }


def test_a_photo_that_is_not_taken_is_told_in_plain_words_and_leaves_nothing_behind(
    line: Line, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    sent = sent_over(page, lambda route, _: route.continue_())
    asked_of_the_server = []
    for name, (file, told) in refusals(tmp_path).items():
        before = len(sent)
        send_photo(page, file)
        expect(chat.alert).to_have_text(told)
        expect(photos(chat)).to_have_count(0)
        assert chat.messages("resident").count() == 0, name
        if len(sent) > before:
            asked_of_the_server.append(name)
    assert asked_of_the_server == ["not what it says", "damaged"]
    expect(chat.box).to_have_value("")
    # Some phones do not say what kind of file it is: the server looks.
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send a photo").click()
    chooser.value.element.evaluate(
        """input => { const given = new DataTransfer(); given.items.add(new File(["words"], "a"));
          input.files = given.files; input.dispatchEvent(new Event("change")); }"""
    )
    expect(chat.alert).to_have_text(errors.PhotoUnknownType.message)
    assert len(sent) == 3
    # The next one takes the notice away.
    send_photo(page, picture())
    chat.hears(PHOTO_THANKS)
    expect(chat.alert).to_have_text("")


def test_refusals_read_the_same_in_the_browser_and_at_the_server() -> None:
    texts = page_texts("en", load_city("toronto"))["chat"]
    for refusal in (
        errors.PhotoTooLarge,
        errors.PhotoUnknownType,
        errors.PhotoTooManyPixels,
        errors.PhotoDamaged,
    ):
        assert texts[refusal.code] == refusal.message


def test_a_photo_that_could_not_be_sent_is_sent_once_on_try_again_and_holds_up_no_words(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    page.clock.install()
    # Time stands still: the words do not wait.
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    chat = AtPage(page)
    sent = sent_over(page, lambda route, _: route.abort())
    send_photo(page, picture())
    expect(photos(chat)).to_have_count(1)
    chat.says("I smell gas in my kitchen")
    chat.hears("You said: I smell gas")
    page.clock.resume()
    not_sent = "Not sent. Your photo is kept as long as this page stays open."
    expect(chat.alert).to_have_text(not_sent)
    expect(chat.messages("resident").locator(".delivery")).to_have_text(["Not sent"])
    assert_no_violations(page)
    page.unroute_all()
    sent += sent_over(page, lambda route, _: route.continue_())
    page.get_by_role("button", name="Try again").click()
    chat.hears(PHOTO_THANKS)
    expect(chat.alert).to_have_text("")
    assert len(sent) > 1
    assert len(ids_in(sent)) == 1
    assert own_line.assistant.texts() == ["I smell gas in my kitchen", "/give_photo"]
    expect(photos(chat)).to_have_count(1)


def test_words_come_after_the_photo_before_them_and_wait_for_it_only_a_moment(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    page.clock.install()
    chat = AtPage(page)
    under_way: list[Route] = []
    sent_over(page, lambda route, _: under_way.append(route))
    send_photo(page, picture())
    chat.says("this is the one")
    wait_for(page, lambda: bool(under_way))
    under_way[0].continue_()
    expect(chat.messages("resident").locator(".delivery")).to_have_count(0)
    # The next one takes long.
    send_photo(page, picture((80, 60)))
    chat.says("and another")
    wait_for(page, lambda: len(under_way) == 2)
    page.clock.fast_forward(4_000)
    wait_for(page, lambda: "and another" in own_line.assistant.texts())
    under_way[1].continue_()
    expect(chat.messages("resident").locator(".delivery")).to_have_count(0)
    wait_for(page, lambda: len(own_line.assistant.asked) == 4)
    first = ["/give_photo", "this is the one", "and another", "/give_photo"]
    assert own_line.assistant.texts() == first


def test_a_photo_and_words_sent_at_once_start_one_conversation(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    page.clock.install()
    chat = AtPage(page)
    started: list[Route] = []
    page.route(re.compile("/api/chat/conversations$"), lambda route: started.append(route))
    send_photo(page, picture())
    chat.says("hello")
    wait_for(page, lambda: bool(started))
    # It takes so long that the words wait for the photo no more.
    page.clock.fast_forward(4_000)
    page.evaluate("new Promise((done) => setTimeout(done))")
    for route in started:
        route.continue_()
    answers = chat.messages("assistant")
    expect(answers.filter(has_text="You said: hello")).to_have_count(1)
    expect(answers.filter(has_text=PHOTO_THANKS)).to_have_count(1)
    assert len(started) == 1


def test_a_photo_goes_into_the_next_conversation_when_its_own_has_ended(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    chat.says("one")
    chat.hears("You said: one")
    ended = page.evaluate("JSON.parse(sessionStorage['ask311.conversation']).id")
    gone = {"error": {"code": "conversation_not_found", "message": "x"}}
    page.route(
        re.compile(f"/{ended}/(photos|messages)"),
        lambda route: route.fulfill(status=404, json=gone),
    )
    send_photo(page, picture())
    chat.says("two")
    answers = chat.messages("assistant")
    expect(answers.filter(has_text="You said: two")).to_have_count(1)
    expect(answers.filter(has_text=PHOTO_THANKS)).to_have_count(1)
    expect(chat.messages("system")).to_have_count(1)


def test_a_photo_whose_acceptance_got_lost_is_kept_and_shown_once(
    own_line: Line, open_page: OpenPage
) -> None:
    page = open_page(own_line.url)
    chat = AtPage(page)
    chat.says("hello")
    chat.hears("You said: hello")
    sent = loses_the_first_answer(page, PHOTOS)
    send_photo(page, picture())
    chat.hears(PHOTO_THANKS)
    expect(chat.alert).to_have_text("")
    assert (len(sent), len(ids_in(sent))) == (2, 1)
    assert own_line.assistant.texts() == ["hello", "/give_photo"]
    expect(photos(chat)).to_have_count(1)


def test_a_photo_that_a_reload_took_away_is_asked_for_again_and_words_are_still_sent(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    sent_over(page, lambda route, _: route.abort())
    page.route(MESSAGES, lambda route: route.abort())
    send_photo(page, picture())
    chat.says("and these words")
    expect(chat.messages("resident")).to_have_count(2)
    page.reload()
    told = "A photo may not have been sent, because this page was loaded again."
    expect(chat.messages("system")).to_contain_text(told)
    page.unroute_all()
    chat.hears("You said: and these words")
    assert chat.said() == ["and these words"]
    assert_keeps_the_rules(page, "narrow", "high contrast")
    # Said once.
    page.reload()
    chat.hears("You said: and these words")
    expect(chat.messages("system")).to_have_count(0)


def test_a_page_that_was_put_away_while_the_camera_was_open_says_that_the_photo_did_not_come(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    with page.expect_file_chooser():
        page.get_by_role("button", name="Send a photo").click()
    page.reload()
    expect(chat.messages("system")).to_contain_text("please send it again")
    expect(chat.announcer).to_contain_text("please send it again")
    # Whoever only changed their mind is told nothing.
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send a photo").click()
    chooser.value.element.dispatch_event("cancel")
    page.reload()
    expect(chat.box).to_be_visible()
    expect(chat.messages("system")).to_have_count(0)


@pytest.mark.parametrize("missing", [True, False])
def test_a_photo_that_cannot_be_fetched_is_tried_again_and_else_told_in_words(
    line: Line, open_page: OpenPage, missing: bool
) -> None:
    page = open_page(line.url)
    chat = AtPage(page)
    send_photo(page, picture())
    chat.hears(PHOTO_THANKS)
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        if missing:
            route.fulfill(
                status=404, json={"error": {"code": "photo_not_found", "message": ""}}
            )
        elif len(asked) == 1:
            route.fulfill(status=503)
        else:
            route.continue_()

    page.route(re.compile(r"/photos/med_"), fail)
    page.reload()
    if missing:
        told = "Your photo was sent. It cannot be shown here just now."
        expect(chat.messages("resident").locator(".said")).to_have_text(told)
        assert len(asked) == 1
    else:
        assert size_of(photos(chat)) == (60, 40)
        assert len(asked) == 2


def test_a_tall_photo_takes_no_more_room_than_a_wide_one(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, **SCREENS["narrow"])
    chat = AtPage(page)
    boxes: list[Any] = []
    for number, size in enumerate(((40, 900), (900, 40)), 1):
        send_photo(page, picture(size))
        expect(photos(chat)).to_have_count(number)
        expect(chat.messages("assistant").filter(has_text=PHOTO_THANKS)).to_have_count(number)
        size_of(photos(chat).last)
        boxes.append(photos(chat).last.bounding_box())
    tall, wide = (round(box["height"]) for box in boxes)  # the browser's heights are floats
    assert tall == wide <= 200
    assert_nothing_sticks_out(page)


def test_a_photo_can_be_sent_in_the_chat_on_another_site(
    embedded: Line,  # noqa: F811
    host_of: Callable[[str], str],  # noqa: F811
    open_page: OpenPage,
) -> None:
    page = open_page(host_of(embedded.url))
    chat = opened(page)
    with page.expect_file_chooser() as chooser:
        page.frame_locator("iframe").get_by_role("button", name="Send a photo").click()
    chooser.value.set_files(picture())
    chat.hears(PHOTO_THANKS)
    assert size_of(photos(chat)) == (60, 40)
