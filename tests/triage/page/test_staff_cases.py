"""Staff work cases in a real browser: by keyboard, at every size of screen, and with what the scripts add to the forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.staff import PASSWORD, add_member
from tests.triage.cases.desk import Desk, import_entries
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.resident import picture
from tests.triage.page.rules import MAIN, SCREENS, assert_keeps_the_rules, assert_no_violations
from tests.triage.talking import Resident
from triage.staff.roles import Role

pytestmark = pytest.mark.browser

At = Callable[..., Page]


@pytest.fixture(scope="module")
def residents(line: Line) -> Iterator[Desk]:
    import_entries(line.settings.database_url)
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield Desk(line.url, client)


@pytest.fixture(scope="module")
def case(residents: Desk) -> str:
    """A case with every kind of thing on its page."""
    twin = residents.opens(key="twin", conversation_id="con_twin")["reference"]
    case = str(residents.opens(key="case")["reference"])
    residents.sends(f"/cases/{case}/messages", text="It is near the school.")
    residents.sends(f"/cases/{case}/followers", conversation_id="con_follower")
    assert twin
    return case


@pytest.fixture
def at(line: Line, open_page: OpenPage, residents: Desk) -> At:
    """Open an address as a new supervisor who is signed in."""

    def open_(path: str, **options: object) -> Page:
        member = add_member(line.settings.database_url, Role.SUPERVISOR, name="Sam Supervisor")
        page = open_page(f"{line.url}/staff/sign-in?back={path}", **options)
        page.get_by_label("Work email").fill(member.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.wait_for_load_state()  # from now on the scripts listen
        return page

    return open_


def test_every_page_of_cases_keeps_the_rules(at: At, case: str, line: Line) -> None:
    page = at("/staff/queues")
    for path in (
        "/staff/queues",
        "/staff/cases",
        "/staff/cases?promise=late",
        f"/staff/cases/{case}",
        f"/staff/cases/{case}/print",
        "/staff/search?q=hole",
        "/staff/search?q=elephant",
        "/staff/shortcuts",
    ):
        page.goto(line.url + path)
        for part in page.locator("details").all():
            part.evaluate("part => part.open = true")
        assert_keeps_the_rules(page, *MAIN)


def test_a_fault_keeps_the_rules_and_stands_where_the_reader_is(at: At, case: str) -> None:
    page = at(f"/staff/cases/{case}", **SCREENS["narrow"])
    page.get_by_text("Resolve", exact=True).click()
    page.get_by_label("A sentence for the resident").first.fill("We filled the hole.")
    page.get_by_role("button", name="Resolve the case").click()
    fault = page.get_by_role("alert")
    expect(fault).to_be_focused()
    assert_no_violations(page)
    fault.get_by_role("link").click()
    expect(page.get_by_role("radio", name=re.compile("^Done"))).to_be_focused()
    expect(page.get_by_label("A sentence for the resident").first).to_have_value(
        "We filled the hole."
    )


def test_a_case_is_taken_and_resolved_by_keyboard_alone(at: At, residents: Desk) -> None:
    case = residents.opens(key="by-keyboard")["reference"]
    page = at("/staff/queues")
    keys = page.keyboard
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type(case.lower())
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(case)
    keys.press("a")
    expect(page.get_by_role("status")).to_have_text("The case has somebody new.")
    keys.press("n")
    expect(page.get_by_label("Note")).to_be_focused()
    keys.type("The crew is there / now?")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The note is kept.")
    keys.press("r")
    expect(page.get_by_role("radio", name=re.compile("^Done"))).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.type("We filled it today.")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Join it to that one")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The case is resolved.")
    assert residents.case(case)["status_text"] == "The work is done. We filled it today."


def test_the_focus_goes_through_a_case_in_the_order_in_which_it_is_read(
    at: At, case: str
) -> None:
    page = at(f"/staff/cases/{case}")
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => { const r = document.activeElement.getBoundingClientRect();"
                " return [document.activeElement.innerText.trim(), r.left > innerWidth * 0.6, r.top + scrollY] })()"
            )
        )
    words = [text for text, _, _ in seen]
    # First what is read, then what is done; each from the top down.
    order = ["Queues", "Print view", "Start work", "Assign to me", "Write a note for staff"]
    found = [words.index(one) for one in order]
    assert found == sorted(found), words
    last = words.index("Move to another queue")
    beside = [top for _, is_beside, top in seen[found[2] : last] if is_beside]
    assert beside == sorted(beside)


def test_the_shortcuts_are_listed_and_can_be_switched_off(at: At, line: Line) -> None:
    page = at("/staff/queues")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Go to the search box")
    assert_no_violations(page)
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Switch the shortcuts off").click()
    expect(page.get_by_text("The shortcuts are off in this browser.")).to_be_visible()
    page.goto(f"{line.url}/staff/queues")
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(listed).to_be_hidden()
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.goto(f"{line.url}/staff/shortcuts")
    page.get_by_role("button", name="Switch the shortcuts on").click()
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile("/staff/queues$"))


def test_the_numbers_of_the_queues_change_by_themselves(at: At, residents: Desk) -> None:
    page = at("/staff/queues")
    figure = page.locator(".counts strong").first
    before = int(figure.inner_text())
    residents.opens(key="while-somebody-looks")
    expect(figure).to_have_text(str(before + 1))


def test_a_photo_is_seen_by_those_who_may_see_people(
    at: At, line: Line, residents: Desk
) -> None:
    resident = Resident(line.url, residents.client)
    sent = residents.client.post(
        f"{resident.at}/photos",
        data={"client_message_id": "photo"},
        files={"photo": ("hole.jpg", picture()["buffer"], "image/jpeg")},
        headers=resident.headers,
    )
    assert sent.status_code == 202, sent.text
    media_id = resident.reads()["messages"][0]["photo"]["media_id"]
    case = residents.opens(key="with-photo", conversation_id=resident.id, photos=[media_id])[
        "reference"
    ]
    page = at(f"/staff/cases/{case}")
    photo = page.get_by_alt_text("Photo 1 of 1 of the resident")
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("photo => photo.naturalWidth") > 0
    other = page.request.get(f"{line.url}/staff/cases/{case}/photos/med_of_another")
    assert other.status == 404


def test_where_it_is_stands_on_a_map(at: At, case: str) -> None:
    page = at(f"/staff/cases/{case}")
    expect(page.locator("#map .here")).to_be_visible()
    expect(page.locator("#map path.ward").first).to_be_attached()
