"""The console's own pages in a browser: by the rules of WCAG 2.2 AA, at 320 pixels, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Page, expect

from tests.support.staff import add_member
from tests.triage.cases.desk import import_entries
from tests.triage.demo.line import demo_line
from tests.triage.insight.made import with_figures
from tests.triage.page.conftest import OpenPage
from tests.triage.page.line import Line
from tests.triage.page.rules import MAIN, assert_keeps_the_rules, assert_no_violations
from triage.staff.demo import DEMO_PASSWORD
from triage.staff.roles import Role

pytestmark = pytest.mark.browser

PAGES = {
    Role.ADMINISTRATOR: (
        "/staff",
        "/staff/members",
        "/staff/members/new",
        "/staff/members/{member_id}",
        "/staff/account",
        "/staff/account/password",
        "/staff/account/app",
        "/staff/account/prove",
        "/staff/audit",
        "/staff/nothing-here",
    ),
    Role.SUPERVISOR: (
        "/staff",
        "/staff/board",
        "/staff/insight?from=2026-11-01&to=2026-11-30",
    ),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("console")
    import_entries(f"sqlite:///{folder}/triage.db")
    with_figures(f"sqlite:///{folder}/triage.db")
    line = demo_line(folder, staff_keys=(Fernet.generate_key().decode(),))
    line.start()
    yield line
    line.close()


def sign_in(page: Page, role: Role) -> None:
    """Sign in as one of the demonstration, by keyboard alone."""
    page.get_by_label("Work email").focus()
    page.keyboard.type(f"{role}@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def test_every_page_of_accounts_keeps_the_rules(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/staff/sign-in")
    assert_keeps_the_rules(page, *MAIN)
    member = add_member(demo.settings.database_url, name="Somebody With A Rather Long Name")
    for role, paths in PAGES.items():
        page.context.clear_cookies()
        page.goto(f"{demo.url}/staff/sign-in")
        sign_in(page, role)
        for path in paths:
            page.goto(demo.url + path.format(member_id=member.id))
            assert_keeps_the_rules(page, *MAIN)
            expect(page.get_by_text("This is a demo.")).to_be_visible()
            assert_all_large_enough(page)


def assert_all_large_enough(page: Page) -> None:
    """WCAG 2.5.8: what can be pressed is 24 px high and wide, but for links in a sentence."""
    pressed = page.locator(
        "button:visible, input:visible:not([type=hidden]), select:visible, nav a:visible"
    )
    for one in pressed.all():
        box = one.bounding_box()
        is_choice = one.get_attribute("type") in ("radio", "checkbox")
        # Its label is pressed, and larger.
        assert box
        assert box["height"] >= (20 if is_choice else 24), one.evaluate("e => e.outerHTML")


def test_a_fault_is_where_the_reader_is_and_says_what_to_do(
    demo: Line, open_page: OpenPage
) -> None:
    page = open_page(f"{demo.url}/staff/sign-in")
    page.get_by_label("Work email").fill("agent@demo.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("do not fit")
    expect(fault).to_be_focused()
    expect(page).to_have_title("Error: Sign in · Ask 311 Toronto staff")
    expect(page.get_by_label("Work email")).to_have_value("agent@demo.example")
    assert_no_violations(page)


def test_the_tab_key_goes_through_a_page_as_it_is_read(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/staff/sign-in")
    sign_in(page, Role.ADMINISTRATOR)
    page.goto(f"{demo.url}/staff/members")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.split('\\n')[0].trim()"))
        width = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
              return s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth); }"""
        )
        assert width >= 2, reached
    assert reached[:8] == [
        "Skip to the content",
        "Ask 311 Toronto staff",
        "Figures",
        "Audit",
        "Staff",
        "Alex Administrator administrator",
        "Sign out",
        "Add a person",
    ]
    page.goto(f"{demo.url}/staff/members")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_accounts_are_managed_without_scripts(demo: Line, open_page: OpenPage) -> None:
    page = open_page(f"{demo.url}/staff/sign-in", java_script_enabled=False)
    page.get_by_label("Work email").fill("administrator@demo.example")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Staff", exact=True).click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Work email").fill("plain@city.example")
    page.get_by_label("Name", exact=True).fill("Pat Plain")
    page.get_by_label("Only those marked here").check()
    page.get_by_text("Show the").click()
    page.get_by_label("Animal Services").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Password of Pat Plain")
    page.get_by_role("link", name="Back to all staff").click()
    row = page.get_by_role("row", name="Pat Plain")
    expect(row).to_contain_text("Animal Services")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
