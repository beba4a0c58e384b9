"""Browser tests: Debian's Chromium, driven by Playwright, on a front door that really runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.triage.page.line import Line

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000


# For the tests of this folder only: as long as Playwright runs, this thread has a running event loop, which
# other tests could not stand.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not installed (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One front door for all tests that leave it running."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.start()
    yield line
    line.close()


@pytest.fixture
def own_line(tmp_path: Path) -> Iterator[Line]:
    """A front door that a test may stop."""
    line = Line(tmp_path)
    line.start()
    yield line
    line.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open an address in a browser of its own. In the end, nothing may have been thrown or blocked in it."""
    contexts = []
    faults: list[str] = []

    def open_(url: str, **options: Any) -> Page:
        context = browser.new_context(
            **{"locale": "en-CA", "viewport": {"width": 1280, "height": 800}, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        # What the content policy blocks is told on the console, as are failed requests, which tests cause.
        page.on(
            "console",
            lambda said: (
                faults.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        # From the start: asked for only when a key is pressed, it may come too late, and the browser opens its own.
        page.on("filechooser", lambda _: None)
        page.goto(url)
        return page

    # A test that provokes a fault takes it out again.
    open_.faults = faults  # type: ignore[attr-defined]
    yield open_
    for context in contexts:
        context.close()
    assert faults == []
