"""One's own account at the console: the password, the app, and the proof that comes before a change."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from services_catalog.database import open_database
from tests.support.staff import PASSWORD, AtConsole, add_member, at_console
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin
from triage.staff.roles import Role
from triage.staff.tables import sessions

NEW = "violet hammer under ice"


@pytest.fixture(scope="module")
def url(database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    import_entries(database_url)
    keys = Fernet.generate_key().decode()
    with front_door(database_url, assistant.url, staff_keys=keys) as url:
        yield url


def some_time_passes(database_url: str) -> None:
    """Let it be an hour ago that anybody showed a password."""
    engine = open_database(database_url)
    with engine.begin() as connection:
        ago = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(update(sessions).values(proved_at=ago))
    engine.dispose()


def test_a_password_that_somebody_else_made_is_changed_before_anything_else(
    url: str, database_url: str
) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    member = add_member(database_url, password_until=until)
    with AtConsole(url) as browser:
        browser.signs_in(member.email)
        sent = browser.opens("/staff")
        assert sent.headers["location"] == "/staff/account/password"
        browser.opens("/staff/account/password")
        assert "Password that you have now" not in browser.page
        easy = browser.sends("/staff/account/password", new="passwordpassword")
        assert easy.status_code == 422
        assert "easy to guess" in browser.page
        assert browser.sends("/staff/account/password", new=NEW).status_code == 303
        assert browser.is_in()
        assert browser.signs_in(member.email, NEW).status_code == 303


def test_a_new_password_needs_the_old_one(url: str, database_url: str) -> None:
    with at_console(url, database_url, Role.AGENT) as browser:
        some_time_passes(database_url)
        browser.opens("/staff/account/password")
        assert "Password that you have now" in browser.page
        assert browser.sends("/staff/account/password", new=NEW, old="no").status_code == 403
        done = browser.sends("/staff/account/password", new=NEW, old=PASSWORD)
        assert done.headers["location"] == "/staff/account?done=password"
        assert "Your password is changed" in browser.opens("/staff/account?done=password").text


def test_an_app_is_added_and_asked_for_at_the_next_sign_in_and_removed(
    url: str, database_url: str
) -> None:
    member = add_member(database_url)
    with AtConsole(url) as browser:
        browser.signs_in(member.email)
        browser.opens("/staff/account/app")
        assert "<svg" in browser.page
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.page)
        assert secret
        app = pyotp.TOTP(secret[1].replace(" ", ""))
        assert browser.sends("/staff/account/app", code="12").status_code == 403
        assert secret[1] in browser.page
        added = browser.sends("/staff/account/app", code=app.at(datetime.now(UTC)))
        assert added.headers["location"] == "/staff/account?done=app"

        browser.client.cookies.clear()
        browser.signs_in(member.email, back="/staff/account")
        sent = browser.opens("/staff/account")
        assert sent.headers["location"] == "/staff/sign-in/code?back=/staff/account"
        browser.opens(sent.headers["location"])
        assert browser.sends("/staff/sign-in/code", code="12").status_code == 403
        half = browser.client.cookies["ask311_staff"]
        # The code of this moment was taken when the app was added; the next one is new.
        code = app.at(datetime.now(UTC) + timedelta(seconds=30))
        done = browser.sends("/staff/sign-in/code", code=code, back="/staff/account")
        assert done.headers["location"] == "/staff/account"
        assert browser.is_in()
        assert browser.client.cookies["ask311_staff"] != half

        browser.opens("/staff/account")
        assert browser.sends("/staff/account/app/remove").status_code == 303
        assert ">Off<" in browser.opens("/staff/account?done=no-app").text


def test_what_changes_who_gets_in_asks_for_the_password_once_more(
    url: str, database_url: str
) -> None:
    with at_console(url, database_url, Role.AGENT) as browser:
        some_time_passes(database_url)
        sent = browser.opens("/staff/account/app").headers["location"]
        assert sent == "/staff/account/prove?back=/staff/account/app"
        browser.opens(sent)
        wrong = browser.sends("/staff/account/prove", password="no", back="/staff/account/app")
        assert wrong.status_code == 403
        right = browser.sends(
            "/staff/account/prove", password=PASSWORD, back="/staff/account/app"
        )
        assert right.headers["location"] == "/staff/account/app"
        assert browser.opens("/staff/account/app").status_code == 200


def test_a_form_that_needs_proof_leads_back_to_the_page_it_stood_on(
    url: str, database_url: str
) -> None:
    with at_console(url, database_url, Role.AGENT) as browser:
        some_time_passes(database_url)
        for referer, back in (
            (f"{url}/staff/account", "?back=/staff/account"),
            ("https://evil.example/staff/account", ""),
        ):
            sent = browser.client.post(
                "/staff/account/app/remove",
                data={"csrf": browser.csrf},
                headers={"referer": referer},
            )
            assert sent.headers["location"] == f"/staff/account/prove{back}"


def test_signing_out_everywhere_ends_the_session_of_every_browser(
    url: str, database_url: str
) -> None:
    member = add_member(database_url)
    with AtConsole(url) as here, AtConsole(url) as there:
        here.signs_in(member.email)
        there.signs_in(member.email)
        assert here.is_in()
        assert there.is_in()
        here.sends("/staff/sign-out", everywhere="true")
        assert not here.is_in()
        assert not there.is_in()


def test_the_account_page_says_who_one_is_and_which_queues_one_sees(
    url: str, database_url: str
) -> None:
    queues = frozenset({"roads"})
    with at_console(url, database_url, Role.AGENT, name="O'Neil <b>", queues=queues) as browser:
        page = html.unescape(browser.opens("/staff/account").text)
        assert "O&#39;Neil &lt;b&gt;" in browser.page
        assert "O'Neil <b>" in page
