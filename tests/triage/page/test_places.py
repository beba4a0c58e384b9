"""Places as a resident sees them: a list first, and a map beside it that nobody needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from services_catalog.packs import load_city
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import NEAR_ELM, PLACES, Line
from tests.triage.page.resident import AtPage
from tests.triage.page.rules import SCREENS, assert_keeps_the_rules, on_screens
from tests.triage.talking import wait_until
from tests.triage.twin import says

pytestmark = pytest.mark.browser
NARROW = SCREENS["narrow"]


def with_places(page: Page) -> tuple[AtPage, Locator]:
    """Ask for places; return the chat and the answer."""
    chat = AtPage(page)
    chat.says(NEAR_ELM)
    return chat, chat.hears("Here are the nearest child care centres")


def map_of(answer: Locator) -> Locator:
    return answer.get_by_role("group", name="Map of the places in the list")


def test_places_are_a_numbered_list_with_what_is_needed_to_go_there(
    line: Line, open_page: OpenPage
) -> None:
    _, answer = with_places(open_page(line.url, **NARROW))
    cards = answer.locator("ol.cards > li")
    expect(cards).to_have_count(3)
    shown = [re.sub(r"\s+", " ", c.inner_text()) for c in cards.all()]
    opens = "Open map of {} (opens in a new tab)"
    assert shown == [
        "1 Elm Street Child Care 350 m · 12 Elm St Takes toddlers Fee subsidy 416-555-0143 ext. 12 "
        + opens.format("Elm Street Child Care"),
        "2 Oak & <b>Acorn</b> Early Years 1.2 km · 200 Wellesley St E 416-555-0187 "
        + opens.format("Oak & <b>Acorn</b> Early Years"),
        "3 The Little House with a Very Long Name in the Middle of the Town 1.0 km",
    ]
    phone = cards.first.get_by_role("link", name="416-555-0143")
    expect(phone).to_have_attribute("href", "tel:+14165550143")
    on_a_map = cards.first.get_by_role("link", name=opens.format("Elm Street Child Care"))
    expect(on_a_map).to_have_attribute("href", PLACES[0]["map_url"])
    expect(on_a_map).to_have_attribute("rel", re.compile("noopener"))
    expect(on_a_map).to_have_attribute("target", "_blank")
    expect(answer.get_by_role("list").first.get_by_role("heading")).to_have_count(3)


def test_nothing_of_the_list_is_told_twice(line: Line, open_page: OpenPage) -> None:
    _, answer = with_places(open_page(line.url))
    text = answer.inner_text()
    for once in (
        "in a straight line",
        "12 Elm St",
        "416-555-0187",
        "Call first: spaces change.",
    ):
        assert text.count(once) == 1, once
    assert "1. Elm" not in text
    order = [text.index(x) for x in ("in a straight line", "12 Elm St", "Call first")]
    assert order == sorted(order)


def test_what_is_announced_has_the_length_of_the_list_and_what_stands_below_it(
    line: Line, open_page: OpenPage
) -> None:
    chat, answer = with_places(open_page(line.url))
    expect(chat.announcer).to_have_text(
        "Automated assistant: Here are the nearest child care centres to 200 Elm St, in a straight line: "
        "List of 3 places. Call first: spaces change. See toronto.ca/children."
    )
    # A dot between two facts is nothing to say.
    card = answer.locator("ol.cards > li").first
    expect(card).to_match_aria_snapshot(
        """
        - listitem:
          - heading "1 Elm Street Child Care" [level=3]
          - paragraph: 350 m 12 Elm St
          - list:
            - listitem: Takes toddlers
            - listitem: Fee subsidy
          - paragraph:
            - link "416-555-0143"
            - text: ext. 12
            - link "Open map of Elm Street Child Care (opens in a new tab)"
        """
    )


@pytest.mark.parametrize(
    ("text", "places", "numbers"),
    [
        # The next ones of a list go on counting.
        ("More:\n\n4. Elm\n5. Oak\n6. House", PLACES, ["4", "5", "6"]),
        ("1. Elm", PLACES[:1], ["1"]),
        # A text that tells something else than the places is shown as it is.
        ("It is at 12 Elm St.", PLACES[:1], []),
        ("These:\n\n1. Elm\n2. Oak", PLACES, []),
    ],
)
def test_the_list_takes_the_place_of_the_texts_own_list_and_of_nothing_else(
    own_line: Line,
    open_page: OpenPage,
    text: str,
    places: list[dict[str, Any]],
    numbers: list[str],
) -> None:
    own_line.assistant.will_answer = lambda _: says(text, "place", places=places)
    chat = AtPage(open_page(own_line.url))
    chat.says("where")
    expect(chat.announcer).to_contain_text("Automated assistant: ")
    answer = chat.log.locator("li.message").last
    assert answer.locator(".number").all_inner_texts() == numbers
    heard = chat.announcer.inner_text()
    if numbers:
        assert "Elm" not in heard
        assert ("One place." in heard) == (len(numbers) == 1)
    else:
        assert " ".join(heard.split()) == " ".join(f"Automated assistant: {text}".split())
        assert answer.locator(".said").inner_text().split() == text.split()
        expect(
            answer.get_by_role("link", name="Open map of Elm Street Child Care")
        ).to_be_visible()
        expect(answer.get_by_role("button", name="Show map")).to_have_count(0)


def test_the_map_is_fetched_only_when_it_is_opened(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url, **NARROW)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _, answer = with_places(page)
    button = answer.get_by_role("button", name="Show map")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(map_of(answer)).to_be_hidden()
    assert not [url for url in asked if "leaflet" in url or "/map" in url]
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    pins = map_of(answer).get_by_role("button", name=re.compile(r"^\d, "))
    expect(pins).to_have_count(3)
    files = {url.rsplit("/", 1)[1] for url in asked if "/static/" in url or "/map/" in url}
    files.discard("icon.svg")  # the tab's own, whenever the browser likes
    assert files == {"map.js", "leaflet.js", "leaflet.css", "wards.geojson"}
    # Nothing comes from elsewhere.
    assert [url for url in asked if not url.startswith(line.url)] == []
    button.click()
    expect(map_of(answer)).to_be_hidden()
    expect(pins).to_have_count(0)
    # And once more, from what is there already.
    asked.clear()
    button.click()
    expect(pins).to_have_count(3)
    assert asked == []


def test_the_map_is_open_where_there_is_room_and_stays_as_the_resident_wants_it(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, viewport={"width": 720, "height": 900})
    chat, answer = with_places(page)
    button = answer.get_by_role("button", name="Show map")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(
        map_of(answer).get_by_role("button", name="1, Elm Street Child Care")
    ).to_be_visible()
    # One map at a time: the newest.
    with_places(page)
    answers = chat.messages("assistant").filter(has_text="in a straight line")
    expect(answers).to_have_count(2)
    expect(map_of(answers.last)).to_be_visible()
    expect(map_of(answers.first)).to_be_hidden()
    answers.last.get_by_role("button", name="Show map").click()
    with_places(page)
    expect(answers).to_have_count(3)
    expect(map_of(answers.last)).to_be_hidden()


def test_after_a_reload_only_the_newest_map_is_open(line: Line, open_page: OpenPage) -> None:
    page = open_page(line.url)
    chat, _ = with_places(page)
    with_places(page)
    answers = chat.messages("assistant").filter(has_text="in a straight line")
    expect(answers).to_have_count(2)
    page.reload()
    expect(answers).to_have_count(2)
    expect(map_of(answers.last).get_by_role("button", name="Zoom in")).to_be_visible()
    expect(map_of(answers.first)).to_be_hidden()
    assert page.locator(".leaflet-container").count() == 1


def test_the_maps_numbers_are_reached_with_the_keyboard_and_lead_to_the_list(
    line: Line, open_page: OpenPage
) -> None:
    page = open_page(line.url, **NARROW)
    chat, answer = with_places(page)
    button = answer.get_by_role("button", name="Show map")
    button.focus()
    page.keyboard.press("Enter")
    expect(map_of(answer).get_by_role("button", name="Zoom in")).to_be_visible()
    stops = []
    for _ in range(7):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => { const e = document.activeElement;
                  return e.ariaLabel || e.textContent || e.id; }"""
            )
        )
    # Through the map and out of it again.
    assert stops[0] == "Map of the places in the list"
    assert [stop[:6] for stop in stops[1:4]] == ["1, Elm", "2, Oak", "3, The"]
    assert stops[4:6] == ["Zoom in", "Zoom out"]
    assert "toronto.ca/children" in stops[6]
    pin = map_of(answer).get_by_role("button", name="2, Oak")
    pin.focus()
    page.keyboard.press("Enter")
    card = answer.locator("ol.cards > li").nth(1)
    expect(card).to_be_focused()
    expect(card.get_by_role("heading")).to_be_in_viewport()
    expect(chat.box).to_have_value("")


def test_the_map_shows_the_wards_and_where_the_resident_was_taken_to_be(
    line: Line, open_page: OpenPage
) -> None:
    _, answer = with_places(open_page(line.url))
    drawn = map_of(answer)
    expect(drawn.locator("path.ward")).to_have_count(25)
    expect(drawn.get_by_text("13 Toronto Centre")).to_be_attached()
    expect(drawn.get_by_text("Your place")).to_be_attached()
    # Names are for the eyes: whoever listens has the list.
    names = drawn.locator(".leaflet-names-pane")
    expect(names).to_have_attribute("aria-hidden", "true")
    last = drawn.get_by_role("button", name="3, The Little House")
    before = last.bounding_box()
    drawn.get_by_role("button", name="Zoom in").click()
    wait_until(lambda: last.bounding_box() != before)
    # Where it moves at once, as for those who asked for less motion, one key is one step.
    still = open_page(line.url, reduced_motion="reduce")
    _, answer = with_places(still)
    first = map_of(answer).get_by_role("button", name="1, Elm")
    before = first.bounding_box()
    map_of(answer).focus()
    still.keyboard.press("ArrowRight")
    wait_until(lambda: first.bounding_box() != before)


def test_what_the_licence_asks_stands_below_the_places(line: Line, open_page: OpenPage) -> None:
    _, answer = with_places(open_page(line.url, **NARROW))
    expect(answer.get_by_text(load_city("toronto").attribution)).to_be_visible()


@pytest.mark.parametrize("missing", ["leaflet.js", "wards.geojson", "map.js"])
def test_a_map_that_does_not_load_leaves_the_list_and_says_so(
    line: Line, open_page: OpenPage, missing: str
) -> None:
    page = open_page(line.url, **NARROW)
    page.route(f"**/{missing}", lambda route: route.abort())
    _, answer = with_places(page)
    button = answer.get_by_role("button", name="Show map")
    button.click()
    expect(answer.get_by_role("status")).to_have_text(
        "The map could not be loaded. The list has all that is on it."
    )
    expect(answer.locator("ol.cards > li")).to_have_count(3)
    page.unroute_all()
    if missing == "map.js":  # a browser keeps it that a module failed
        return
    button.click()
    button.click()
    expect(map_of(answer).get_by_role("button", name="Zoom in")).to_be_visible()
    expect(answer.get_by_role("status")).to_have_count(0)


def test_pictures_behind_the_map_come_only_from_the_server_that_is_set(
    tmp_path: Path, open_page: OpenPage
) -> None:
    line = Line(
        tmp_path,
        map_tiles_url="https://tiles.example.org/{z}/{x}/{y}.png",
        map_attribution="Background: openstreetmap.org/copyright",
    )
    line.start()
    try:
        page = open_page(line.url)
        wanted: list[str] = []

        def picture(route: Route) -> None:
            wanted.append(route.request.url)
            path = Path(__file__).parents[3] / "docs" / "images" / "conversation.png"
            route.fulfill(path=path)

        page.route("https://tiles.example.org/**", picture)
        _, answer = with_places(page)
        expect(map_of(answer).locator("img.leaflet-tile-loaded").first).to_be_attached()
        expect(answer.get_by_text("Background: openstreetmap.org/copyright")).to_be_visible()
        assert all(
            re.fullmatch(r"https://tiles\.example\.org/\d+/\d+/\d+\.png", w) for w in wanted
        )
        # Moving on stops pictures under way, which the content policy must allow.
        for name in ("Zoom in", "Zoom in", "Zoom out"):
            map_of(answer).get_by_role("button", name=name).click()
    finally:
        line.close()


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_places_and_their_map_keep_the_rules(
    line: Line, open_page: OpenPage, path: str
) -> None:
    page = open_page(line.url + path, **NARROW)
    _, answer = with_places(page)
    button = answer.get_by_role("button", name="Show map")
    expect(button).to_have_attribute("aria-expanded", "false")
    assert_keeps_the_rules(page, "narrow", "dark and narrow")
    button.click()
    expect(map_of(answer).get_by_role("button", name="Zoom in")).to_be_visible()
    assert_keeps_the_rules(page, *SCREENS)
    for _ in on_screens(page, "narrow", "wide"):
        low = [
            (b.get_attribute("aria-label") or b.inner_text(), b.bounding_box())
            for b in answer.locator("button:visible, .ways a:visible").all()
        ]
        assert len(low) == 12
        assert [name for name, box in low if box is None or box["height"] < 44] == []


def test_the_map_does_not_move_for_those_who_asked_for_less_motion(
    line: Line, open_page: OpenPage
) -> None:
    moving = """() => document.querySelectorAll(
        ".leaflet-zoom-anim, .leaflet-fade-anim, .leaflet-zoom-animated.leaflet-zoom-anim").length"""
    for asked, moves in (("reduce", False), ("no-preference", True)):
        page = open_page(line.url, reduced_motion=asked)
        _, answer = with_places(page)
        expect(map_of(answer).get_by_role("button", name="Zoom in")).to_be_visible()
        assert (page.evaluate(moving) > 0) == moves, asked
