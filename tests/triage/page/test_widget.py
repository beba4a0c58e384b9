"""The chat on another site's page, whose own content policy is strict."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import AtPage
from tests.triage.page.rules import assert_keeps_the_rules

pytestmark = pytest.mark.browser
HOST_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Library</title>
<link rel="icon" href="{line}/static/any/icon.svg">
<script src="{line}/widget.js" data-label="Ask the City" defer></script></head>
<body><main><h1>The library</h1><p><a href="#">Opening hours</a></p></main></body></html>"""
# No inline script, no style at all, no trusted types: the strictest that still names the widget's address.
POLICY = (
    "default-src 'none'; script-src {line}; frame-src {line}; img-src {line}; style-src 'none'; "
    "require-trusted-types-for 'script'; base-uri 'none'"
)

HostOf = Callable[[str], str]


@pytest.fixture
def host_of() -> Iterator[HostOf]:
    """Serve another site's page that embeds the widget of a line; give the site's address."""
    servers = []

    def serve(line_url: str) -> str:
        class Site(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = HOST_PAGE.format(line=line_url).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(line=line_url))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        # Another name than the line's, so that the two are different sites to the browser.
        return f"http://localhost:{server.server_address[1]}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path, frame_ancestors=("'self'", "http://localhost:*"))
    line.start()
    yield line
    line.close()


def opened(page: Page) -> AtPage:
    """Open the widget; return the chat in its frame."""
    page.get_by_role("button", name="Ask the City").click()
    frame = page.frame_locator("iframe")
    box = frame.get_by_role("textbox", name="Your question")
    expect(box).to_be_focused()
    return AtPage(frame)  # type: ignore[arg-type]


def test_one_script_tag_gives_a_strict_page_the_chat(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    button = page.get_by_role("button", name="Ask the City")
    expect(button).to_have_attribute("aria-expanded", "false")
    chat = opened(page)
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("dialog", name="Ask the City")).to_be_visible()
    chat.says("from the library")
    chat.hears("You said: from the library")
    # Its styles have arrived, although the page allows none.
    assert button.evaluate("b => getComputedStyle(b).position") == "fixed"
    assert page.evaluate("document.querySelectorAll('style, link[rel=stylesheet]').length") == 0


def test_escape_closes_from_inside_and_outside_and_the_focus_returns_to_the_button(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    chat = opened(page)
    button = page.get_by_role("button", name="Ask the City")
    panel = page.get_by_role("dialog", name="Ask the City")
    chat.box.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    # The second time its frame is there already, with all that was in it.
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    chat.box.fill("kept")
    page.get_by_role("button", name="Close the chat").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(chat.box).to_have_value("kept")


def test_the_page_beside_the_open_chat_can_still_be_used(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    opened(page)
    page.get_by_role("link", name="Opening hours").click()
    expect(page.get_by_role("link", name="Opening hours")).to_be_focused()
    expect(page.get_by_role("dialog", name="Ask the City")).to_be_visible()


def test_an_answer_that_comes_while_it_is_closed_is_told_on_the_button(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    chat = opened(page)
    usual = embedded.assistant.will_answer

    def later(asked: dict[str, object]) -> object:
        embedded.assistant.released.wait(20)
        return usual(asked)

    embedded.assistant.will_answer = later  # type: ignore[assignment]
    chat.says("take your time")
    chat.box.press("Escape")
    embedded.assistant.released.set()
    expect(page.get_by_role("button", name="Ask the City, new message")).to_be_visible()
    page.get_by_role("button", name="Ask the City, new message").click()
    expect(page.get_by_role("button", name="Ask the City", exact=True)).to_be_visible()


def test_messages_of_other_windows_do_nothing(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    opened(page)
    # As another script of the page might try; it comes from the page's own origin.
    page.evaluate("postMessage({ ask311: 'close' }, '*')")
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(page.get_by_role("dialog", name="Ask the City")).to_be_visible()


def test_the_widget_leaves_no_names_behind(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url))
    names = "Object.getOwnPropertyNames(window).sort()"
    expect(page.get_by_role("button", name="Ask the City")).to_be_visible()
    with_it = set(page.evaluate(names))
    without = set(open_page(f"{embedded.url}/static/any/icon.svg").evaluate(names))
    assert {n for n in with_it - without if not n.isdigit()} == set()


def test_where_the_chat_may_not_be_shown_the_resident_gets_a_link_to_it(
    line: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(line.url))
    page.clock.install()
    # The refusal is told on the console; it is what this test is about.
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.get_by_role("button", name="Ask the City").click()
    open_page.faults.clear()  # type: ignore[attr-defined]
    page.clock.fast_forward(11_000)
    link = page.get_by_role("link", name="Open it in a new tab")
    expect(link).to_have_attribute("href", f"{line.url}/")


def test_the_widget_keeps_the_rules_on_its_host(
    embedded: Line, host_of: HostOf, open_page: OpenPage
) -> None:
    page = open_page(host_of(embedded.url), bypass_csp=True)
    expect(page.get_by_role("button", name="Ask the City")).to_be_visible()
    assert_keeps_the_rules(page, "narrow", "wide")
    chat = opened(page)
    chat.says("parking ticket")
    chat.hears("Which of these")
    assert_keeps_the_rules(page, "narrow", "wide")
