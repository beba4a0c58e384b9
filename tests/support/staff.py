"""Staff at the console, for tests: accounts in the database of a running line, and somebody who fills in its forms."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Self

import httpx
from argon2 import PasswordHasher

from services_catalog.database import open_database
from triage.console.cookies import form_token
from triage.kit.ids import hash_of, new_id, new_token
from triage.staff import repository
from triage.staff.roles import Member, Role

PASSWORD = "four words that rhyme"


# The same algorithm in a hundredth of the time.
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@cache
def _kept() -> str:
    return QUICK.hash(PASSWORD)


def add_member(
    database_url: str,
    role: Role = Role.AGENT,
    queues: frozenset[str] | None = None,
    **kept: Any,
) -> Member:
    """Give somebody an account with `PASSWORD`; the line must have been started once."""
    member_id = new_id("mem")
    email = kept.pop("email", f"{member_id.lower()}@city.example")
    member = Member(member_id, email, kept.pop("name", f"A. {role.title()}"), role, queues)
    engine = open_database(database_url)
    with engine.begin() as connection:
        repository.add_member(
            connection, member, datetime.now(UTC), **({"password_hash": _kept()} | kept)
        )
    engine.dispose()
    return member


class AtConsole:
    """A browser at the console, without scripts: it keeps cookies and sends what a form has in it."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=20, trust_env=False)
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def opens(self, path: str, **headers: str) -> httpx.Response:
        """Open an address, without following where it sends."""
        answer = self.client.get(path, headers=headers)
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
        return answer

    @property
    def csrf(self) -> str:
        """What a page's forms carry."""
        token = self.client.cookies.get("ask311_staff")
        assert token, "no page was opened yet"
        return form_token(token)

    def sends(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of the page that is open."""
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
        return answer

    def signs_in(self, email: str, password: str = PASSWORD, back: str = "") -> httpx.Response:
        """Fill in the form of the sign-in page."""
        self.opens("/staff/sign-in")
        return self.sends("/staff/sign-in", email=email, password=password, back=back)

    def is_given(
        self, database_url: str, member: Member, *, waits_for_code: bool = False
    ) -> None:
        """Be signed in, without the time that a password takes to check."""
        token = new_token()
        engine = open_database(database_url)
        with engine.begin() as connection:
            repository.add_session(
                connection,
                hash_of(token),
                member.id,
                datetime.now(UTC),
                waits_for_code=waits_for_code,
            )
        engine.dispose()
        self.client.cookies.clear()
        self.client.cookies.set("ask311_staff", token)

    def is_in(self) -> bool:
        """Say whether somebody is signed in here."""
        return self.opens("/staff").status_code == 200


def at_console(url: str, database_url: str, role: Role, **member: Any) -> AtConsole:
    """Return a browser at which a new member of a role is signed in."""
    browser = AtConsole(url)
    browser.is_given(database_url, add_member(database_url, role, **member))
    browser.opens("/staff")
    return browser
