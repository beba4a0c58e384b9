"""Who may not see the people behind a case sees no phone number and no word of theirs: on no page, and in no log.

All pages are walked: every address of the console, filled in with a case, a conversation and a member that there are, and
every link on the pages found.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from services_catalog.database import open_database
from tests.support.staff import AtConsole, add_member, at_console
from tests.triage.cases.desk import Desk
from tests.triage.console.test_rights import ANYBODY, FILLED, ROUTES
from tests.triage.talking import Resident
from triage.conversations.tables import conversations
from triage.handover.tables import handovers
from triage.kit.ids import new_id
from triage.staff.roles import RIGHTS, Right, Role

PHONE = "416-555-0187"
SECRETS = (re.compile(r"416\D{0,6}555\D{0,3}0187"), re.compile("HEARTFELT-WORDS"))
WITHOUT_PEOPLE = [role for role in Role if Right.SEE_PEOPLE not in RIGHTS[role]]
# Pages on which those who may see people do see them: so that the walk is known to come there. As in `ROUTES`.
WITH_PEOPLE: tuple[str, ...] = (
    "/staff/cases/{reference}",
    "/staff/cases/{reference}/print",
    "/staff/cases/export?people=true",
    "/staff/conversations/{conversation_id}",
)
# Streams never end; what they send is a part of a page that is walked.
NEVER_ENDING = {"/staff/conversations/{conversation_id}/events"}


@dataclass
class Town:
    """What there is to see."""

    url: str
    database_url: str
    filled: dict[str, str]


@pytest.fixture(scope="module")
def town(url: str, database_url: str) -> Town:
    with httpx.Client(timeout=20, trust_env=False) as client:
        resident = Resident(url, client)
        resident.hears(after=resident.says(f"HEARTFELT-WORDS call me at {PHONE}"))
        case = Desk(url, client).opens(
            conversation_id=resident.id,
            description=f"HEARTFELT-WORDS call me at {PHONE}",
            contact={"name": "Test Person", "phone": PHONE, "wants_updates": True},
        )
    waits_for_a_person(database_url, resident.id)
    filled = {
        "reference": case["reference"],
        "conversation_id": resident.id,
        "member_id": add_member(database_url).id,
    }
    return Town(url, database_url, FILLED | filled)


def waits_for_a_person(database_url: str, conversation_id: str) -> None:
    """Put a conversation into the line."""
    now, engine = datetime.now(UTC), open_database(database_url)
    with engine.begin() as connection:
        this = conversations.update().where(conversations.c.id == conversation_id)
        connection.execute(this.values(state="queued"))
        connection.execute(
            handovers.insert().values(
                id=new_id("han"),
                conversation_id=conversation_id,
                reason="asked",
                asked_at=now,
                waiting_since=now,
                seen_seq=0,
            )
        )
    engine.dispose()


def walked(browser: AtConsole, town: Town) -> Iterator[tuple[str, str]]:
    """Yield every address that can be opened, with what is there."""
    waiting = [
        re.sub(r"{([^}]+)}", lambda m: town.filled[m[1]], path)
        for (method, path), right in ROUTES.items()
        if method == "GET" and right != ANYBODY and path not in NEVER_ENDING
    ]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        answer = browser.client.get(path, follow_redirects=True)
        yield path, answer.text
        links = re.findall(r'(?:href|hx-get)="(/staff[^"#]*)', answer.text)
        for link in links:
            plain = link.replace("&amp;", "&")
            if plain not in seen and not plain.startswith("/staff/static/"):
                seen.add(plain)
                waiting.append(plain)
        assert len(seen) < 500, "the walk does not end"


@pytest.mark.parametrize("role", WITHOUT_PEOPLE)
def test_who_may_not_see_people_finds_none_on_any_page(town: Town, role: Role) -> None:
    with at_console(town.url, town.database_url, role) as browser:
        found = [
            (path, secret.pattern)
            for path, text in walked(browser, town)
            for secret in SECRETS
            if secret.search(text)
        ]
    assert found == []


@pytest.mark.parametrize("path", WITH_PEOPLE)
def test_who_may_see_people_sees_them(town: Town, path: str) -> None:
    with at_console(town.url, town.database_url, Role.SUPERVISOR) as browser:
        text = browser.opens(path.format(**town.filled)).text
    assert any(secret.search(text) for secret in SECRETS)


def test_walking_all_pages_leaves_nobody_in_the_logs(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for role in Role:
        with at_console(town.url, town.database_url, role) as browser:
            assert len(list(walked(browser, town))) >= 2
    ours = [r for r in caplog.records if r.name.startswith(("triage", "services_catalog"))]
    assert [r for r in ours if any(secret.search(str(vars(r))) for secret in SECRETS)] == []
