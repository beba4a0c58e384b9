"""Administrators at the page of staff."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.staff import AtConsole, add_member, at_console
from triage.staff.roles import Role


@pytest.fixture
def admin(url: str, database_url: str) -> Iterator[AtConsole]:
    with at_console(url, database_url, Role.ADMINISTRATOR, name="Ada Admin") as browser:
        yield browser


def password_shown(page: str) -> str:
    found = re.search(r'<code class="large">([a-z2-9-]+)</code>', page)
    assert found
    return found[1]


def test_somebody_new_gets_a_password_that_is_shown_once_and_signs_in(
    url: str, admin: AtConsole
) -> None:
    admin.opens("/staff/members/new")
    admin.sends(
        "/staff/members/new", email="Nia@City.example", name="Nia New", role="agent",
        sees="some", queue=["animal_services", "desk"],
    )  # fmt: skip
    password = password_shown(admin.page)
    listed = admin.opens("/staff/members").text
    assert "nia@city.example" in listed
    assert "First password not changed yet" in listed
    assert "311 triage desk" in listed
    assert password not in listed
    with AtConsole(url) as browser:
        assert browser.signs_in("nia@city.example", password).status_code == 303
        assert browser.opens("/staff").headers["location"] == "/staff/account/password"


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"email": "no email"}, 422, "anna@city.example"),
        ({"name": " "}, 422, "Write the name"),
        ({"role": "mayor"}, 422, "Choose a role"),
        ({"queue": ["no_such_queue"]}, 422, "not there any more"),
        ({"email": "taken@city.example"}, 409, "an account with this email"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_what_was_written_stays(
    database_url: str, admin: AtConsole, changes: dict[str, object], status: int, says: str
) -> None:
    if "taken@city.example" in changes.values():
        add_member(database_url, email="taken@city.example")
    admin.opens("/staff/members/new")
    given = {"email": "x@city.example", "name": "Somebody Else", "role": "agent", **changes}
    assert admin.sends("/staff/members/new", **given).status_code == status
    assert says in admin.page
    assert str(given["name"]) in admin.page


def test_a_role_and_queues_are_changed(database_url: str, admin: AtConsole) -> None:
    member = add_member(database_url, Role.AGENT, name="Before")
    admin.opens(f"/staff/members/{member.id}")
    done = admin.sends(
        f"/staff/members/{member.id}", name="After", role="supervisor", sees="all"
    )
    assert done.headers["location"] == "/staff/members?done=saved"
    admin.opens(f"/staff/members/{member.id}")
    assert "After" in admin.page
    assert 'value="supervisor" checked' in admin.page


def test_the_only_administrator_cannot_give_up_the_role(
    url: str, database_url: str, admin: AtConsole
) -> None:
    me = add_member(database_url, Role.ADMINISTRATOR, name="Only One")
    others = set(re.findall(r"/staff/members/(mem_[\w-]+)", admin.opens("/staff/members").text))
    with AtConsole(url) as browser:
        browser.is_given(database_url, me)
        for one in others - {me.id}:
            assert browser.sends(f"/staff/members/{one}/disable").status_code == 303
        refused = browser.sends(f"/staff/members/{me.id}", name="Only One", role="agent")
        assert refused.status_code == 409
        assert "only administrator" in browser.page
        assert browser.sends(f"/staff/members/{me.id}/disable").status_code == 409
        assert browser.is_in()


def test_a_disabled_account_is_out_at_once_and_in_again_when_enabled(
    url: str, database_url: str, admin: AtConsole
) -> None:
    member = add_member(database_url)
    with AtConsole(url) as browser:
        browser.is_given(database_url, member)
        assert browser.is_in()
        admin.opens(f"/staff/members/{member.id}")
        admin.sends(f"/staff/members/{member.id}/disable")
        assert not browser.is_in()
        assert "is disabled since" in admin.opens(f"/staff/members/{member.id}").text
        admin.sends(f"/staff/members/{member.id}/enable")
        assert browser.signs_in(member.email).status_code == 303


def test_a_reset_account_has_a_new_password(
    url: str, database_url: str, admin: AtConsole
) -> None:
    member = add_member(database_url)
    admin.opens(f"/staff/members/{member.id}")
    admin.sends(f"/staff/members/{member.id}/reset")
    with AtConsole(url) as browser:
        assert browser.signs_in(member.email).status_code == 403
        assert browser.signs_in(member.email, password_shown(admin.page)).status_code == 303


def test_nobody_is_not_found(admin: AtConsole) -> None:
    assert admin.opens("/staff/members/mem_nobody").status_code == 404
    assert "There is no such account" in admin.page
