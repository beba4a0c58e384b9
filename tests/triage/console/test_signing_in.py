"""Signing in and out at the console, by password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.staff import AtConsole, add_member, at_console
from triage.staff.roles import Role


@pytest.fixture
def browser(url: str) -> Iterator[AtConsole]:
    with AtConsole(url) as browser:
        yield browser


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_from_there_back(
    browser: AtConsole, database_url: str
) -> None:
    sent = browser.opens("/staff/account?tab=1")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/staff/sign-in?back=/staff/account%3Ftab%3D1",
    )
    member = add_member(database_url)
    browser.opens(sent.headers["location"])
    assert 'name="back" value="/staff/account?tab=1"' in browser.page
    answer = browser.signs_in(member.email, back="/staff/account?tab=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/account?tab=1")


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/staff/..\\evil", "/", "javascript:1"]
)
def test_nobody_is_sent_to_another_site_after_sign_in(
    browser: AtConsole, database_url: str, back: str
) -> None:
    answer = browser.signs_in(add_member(database_url).email, back=back)
    assert answer.headers["location"] == "/staff"


def test_a_wrong_password_and_an_unknown_email_are_told_the_same(
    browser: AtConsole, database_url: str
) -> None:
    member = add_member(database_url)
    wrong = browser.signs_in(member.email, "not this one")
    said = browser.page.replace(member.email, "nobody@city.example")
    unknown = browser.signs_in("nobody@city.example", "not this one")
    assert wrong.status_code == unknown.status_code == 403
    assert "do not fit" in said
    assert said == browser.page
    assert not browser.is_in()


def test_the_token_of_before_sign_in_is_worth_nothing_after(
    url: str, browser: AtConsole, database_url: str
) -> None:
    browser.opens("/staff/sign-in")
    before = browser.client.cookies["ask311_staff"]
    browser.signs_in(add_member(database_url).email)
    assert browser.client.cookies["ask311_staff"] != before
    assert browser.is_in()
    with AtConsole(url) as planted:
        planted.client.cookies.set("ask311_staff", before)
        assert not planted.is_in()


def test_after_signing_out_the_session_is_over_at_the_server_too(
    url: str, database_url: str
) -> None:
    with at_console(url, database_url, Role.AGENT) as browser, AtConsole(url) as copy:
        copy.client.cookies.set("ask311_staff", browser.client.cookies["ask311_staff"])
        assert copy.is_in()
        assert browser.sends("/staff/sign-out").status_code == 303
        assert not copy.is_in()


def test_a_form_without_the_token_of_its_browser_is_refused(
    url: str, database_url: str
) -> None:
    with at_console(url, database_url, Role.AGENT) as browser, AtConsole(url) as other:
        other.opens("/staff/sign-in")
        for token in ({}, {"csrf": ""}, {"csrf": other.csrf}):
            refused = browser.client.post("/staff/sign-out", data=token)
            assert refused.status_code == 403
            assert "no longer valid" in refused.text
        assert browser.is_in()


def test_the_cookie_is_hidden_from_scripts_and_other_sites_and_needs_https_but_here(
    url: str,
) -> None:
    with AtConsole(url) as browser:
        here = browser.opens("/staff/sign-in").headers["set-cookie"]
        assert "HttpOnly" in here
        assert "SameSite=lax" in here
        assert "Secure" not in here
        elsewhere = browser.opens("/staff/sign-in", Host="ask.city.example")
        told = elsewhere.headers["set-cookie"]
        assert told.startswith("__Host-ask311_staff=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(told.split("; "))
        assert "Domain" not in told


def test_pages_are_not_kept_by_browsers_nor_shown_in_frames(
    url: str, database_url: str
) -> None:
    with at_console(url, database_url, Role.AGENT) as browser:
        headers = browser.opens("/staff").headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
