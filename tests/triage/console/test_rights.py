"""Who may do what at the console: every address, by every role, by nobody, and by those who are only half signed in.

A new page is listed in `ROUTES` on purpose, or these tests fail. What stands in braces in an address is filled in from
`FILLED`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.staff import AtConsole, add_member, at_console
from triage.console.console import console_routers
from triage.console.guard import Needs, Open
from triage.console.routes import PageRoute
from triage.staff.roles import RIGHTS, Right, Role

ANYBODY = "anybody"
STAFF = "whoever is signed in"

ROUTES: Mapping[tuple[str, str], Right | str] = {
    ("GET", "/staff"): STAFF,
    ("GET", "/staff/static/{of_version}/{name:path}"): ANYBODY,
    ("GET", "/staff/sign-in"): ANYBODY,
    ("POST", "/staff/sign-in"): ANYBODY,
    ("POST", "/staff/sign-out"): STAFF,
    ("GET", "/staff/sign-in/code"): ANYBODY,
    ("GET", "/staff/sign-in/city"): ANYBODY,
    ("GET", "/staff/sign-in/city/back"): ANYBODY,
    ("POST", "/staff/sign-in/code"): ANYBODY,
    ("GET", "/staff/account"): STAFF,
    ("GET", "/staff/account/prove"): STAFF,
    ("POST", "/staff/account/prove"): STAFF,
    ("GET", "/staff/account/password"): STAFF,
    ("POST", "/staff/account/password"): STAFF,
    ("GET", "/staff/account/app"): STAFF,
    ("POST", "/staff/account/app"): STAFF,
    ("POST", "/staff/account/app/remove"): STAFF,
    ("GET", "/staff/queues"): Right.SEE_CASES,
    ("GET", "/staff/queues/counts"): Right.SEE_CASES,
    ("GET", "/staff/cases"): Right.SEE_CASES,
    ("GET", "/staff/cases/total"): Right.SEE_CASES,
    ("GET", "/staff/cases/export"): Right.EXPORT,
    ("POST", "/staff/cases/saved"): Right.SEE_CASES,
    ("POST", "/staff/cases/saved/forget"): Right.SEE_CASES,
    ("GET", "/staff/cases/{reference}"): Right.SEE_CASES,
    ("GET", "/staff/cases/{reference}/print"): Right.SEE_CASES,
    ("GET", "/staff/cases/{reference}/photos/{media_id}"): Right.SEE_PEOPLE,
    **{
        ("POST", f"/staff/cases/{{reference}}/{what}"): Right.WORK_CASES
        for what in (
            "start", "note", "ask", "delay", "reopen", "resolve", "assign", "route", "join",
        )
    },
    ("GET", "/staff/conversations"): Right.SEE_CONVERSATIONS,
    ("GET", "/staff/conversations/list"): Right.SEE_CONVERSATIONS,
    **{
        ("GET", f"/staff/conversations/{{conversation_id}}{way}"): Right.SEE_CONVERSATIONS
        for way in ("", "/new", "/standing", "/events", "/photos/{media_id}")
    },
    **{
        ("POST", f"/staff/conversations/{{conversation_id}}/{what}"): Right.TAKE_CONVERSATIONS
        for what in (
            "take", "say", "hand-back", "close", "put-back", "contacted", "note", "compose", "length",
        )
    },
    **{
        (method, f"/staff/catalogue{path}"): Right.EDIT_CATALOGUE
        for method, paths in {
            "GET": (
                "", "/new", "/{entry_id}", "/{entry_id}/history", "/{entry_id}/edit",
                "/{entry_id}/edit/questions", "/drafts/{draft_id}", "/drafts/{draft_id}/both",
                "/drafts/{draft_id}/what-would-change",
            ),
            "POST": (
                "/new", "/{entry_id}/begin", "/{entry_id}/go-back", "/{entry_id}/edit",
                "/{entry_id}/edit/preview", "/{entry_id}/edit/questions",
                "/{entry_id}/edit/questions/preview",
                *(
                    f"/drafts/{{draft_id}}/{what}"
                    for what in (
                        "ask-review", "approve", "send-back", "publish", "take-back", "drop", "both",
                    )
                ),
            ),
        }.items()
        for path in paths
    },
    ("GET", "/staff/insight"): Right.SEE_INSIGHT,
    ("GET", "/staff/insight/pictures/{name}.svg"): Right.SEE_INSIGHT,
    ("GET", "/staff/search"): Right.SEE_CASES,
    ("GET", "/staff/shortcuts"): STAFF,
    ("GET", "/staff/members"): Right.MANAGE_STAFF,
    ("GET", "/staff/members/new"): Right.MANAGE_STAFF,
    ("POST", "/staff/members/new"): Right.MANAGE_STAFF,
    ("GET", "/staff/members/{member_id}"): Right.MANAGE_STAFF,
    ("POST", "/staff/members/{member_id}"): Right.MANAGE_STAFF,
    ("POST", "/staff/members/{member_id}/reset"): Right.MANAGE_STAFF,
    ("POST", "/staff/members/{member_id}/disable"): Right.MANAGE_STAFF,
    ("POST", "/staff/members/{member_id}/enable"): Right.MANAGE_STAFF,
    ("GET", "/staff/notices"): Right.POST_NOTICES,
    ("GET", "/staff/notices/new"): Right.POST_NOTICES,
    ("POST", "/staff/notices/new"): Right.POST_NOTICES,
    ("POST", "/staff/notices/length"): Right.POST_NOTICES,
    ("GET", "/staff/notices/{notice_id}"): Right.POST_NOTICES,
    ("POST", "/staff/notices/{notice_id}"): Right.POST_NOTICES,
    ("POST", "/staff/notices/{notice_id}/end"): Right.POST_NOTICES,
    ("GET", "/staff/reviews"): Right.EDIT_CATALOGUE,
    ("POST", "/staff/reviews/{entry_id}"): Right.EDIT_CATALOGUE,
    ("GET", "/staff/audit"): Right.SEE_AUDIT,
    **{
        (method, f"/staff/learning{path}"): Right.EDIT_CATALOGUE
        for method, path in (
            ("GET", ""), ("POST", "/look"), ("GET", "/labels"), ("POST", "/labels/{label_id}"), ("GET", "/{group_id}"),
            *(("POST", f"/{{group_id}}/{what}") for what in ("wording", "entry", "aside")),
        )
    },
    ("GET", "/staff/board"): Right.SEE_BOARD,
    ("GET", "/staff/board/now"): Right.SEE_BOARD,
    ("GET", "/staff/{path:path}"): STAFF,
}  # fmt: skip
# The role matters little where nothing is found: who may not is told so before anything is looked for.
FILLED = {
    "of_version": "none",
    "member_id": "mem_nobody",
    "name": "none",
    "name:path": "console.css",
    "path:path": "nothing-here",
    "reference": "K4M-9RW-2HX",
    "media_id": "med_none",
    "conversation_id": "con_none",
    "notice_id": "ntc_none",
    "group_id": "grp_none",
    "label_id": "lab_none",
    "entry_id": "none",
    "draft_id": "drf_none",
}
# Where one who must choose a password first, or show a code, can go all the same.
BEFORE_THE_PASSWORD = {
    ("POST", "/staff/sign-out"),
    ("GET", "/staff/account/password"),
    ("POST", "/staff/account/password"),
}
BEFORE_THE_CODE: set[tuple[str, str]] = set()

NOT_FOR_YOU = "Your account may not do this"


def served() -> Iterator[tuple[str, str, PageRoute]]:
    for router in console_routers():
        for route in router.routes:
            assert isinstance(route, PageRoute)
            for method in route.methods:
                yield method, route.path, route


def needed(route: PageRoute) -> Right | str:
    """Return what a route says of itself."""
    calls = [d.call for d in route.dependant.dependencies]
    found = [c for c in calls if isinstance(c, Needs | Open)]
    assert len(found) == 1, f"{route.path} says {len(found)} times who may call it"
    return ANYBODY if isinstance(found[0], Open) else found[0].right or STAFF


def test_every_route_of_the_console_is_listed_with_who_may_call_it() -> None:
    assert {(m, path): needed(route) for m, path, route in served()} == ROUTES


def filled(path: str) -> str:
    return re.sub(r"{([^}]+)}", lambda m: FILLED[m[1]], path)


@contextmanager
def called(browser: AtConsole, method: str, path: str) -> Iterator[httpx.Response]:
    """Call an address without reading what it answers: an event stream never ends."""
    form = {"data": {"csrf": browser.csrf}} if method == "POST" else {}
    with browser.client.stream(method, filled(path), **form) as answer:
        yield answer


def sent_to(answer: httpx.Response) -> str:
    return answer.headers.get("location", "").partition("?")[0]


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_to_what_is_its_own_and_to_nothing_else(
    url: str, database_url: str, role: Role
) -> None:
    wrong = []
    for (method, path), right in ROUTES.items():
        # Each time anew: one of them signs out.
        with at_console(url, database_url, role) as browser, called(browser, method, path) as a:
            if a.status_code == 403:
                a.read()
            is_refused = a.status_code == 403 and NOT_FOR_YOU in a.text
            may = right in (ANYBODY, STAFF) or right in RIGHTS[role]
            if may == is_refused or a.status_code >= 500:
                wrong.append((method, path, a.status_code))
    assert wrong == []


def test_nobody_gets_in_without_signing_in(url: str) -> None:
    wrong = []
    with AtConsole(url) as browser:
        for (method, path), right in ROUTES.items():
            browser.opens("/staff/sign-in")
            with called(browser, method, path) as answer:
                is_sent_away = sent_to(answer) == "/staff/sign-in"
                # There is no code to ask nobody for.
                is_open = right == ANYBODY and not path.endswith("/code")
                if is_sent_away == is_open:
                    wrong.append((method, path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    ("kept", "gate", "free"),
    [
        (
            {"password_until": datetime.now(UTC) + timedelta(days=1)},
            "/staff/account/password",
            BEFORE_THE_PASSWORD,
        ),
        ({"code_since": datetime.now(UTC)}, "/staff/sign-in/code", BEFORE_THE_CODE),
    ],
    ids=["a password that somebody else made", "a code that is still to come"],
)
def test_who_is_only_half_in_gets_to_the_next_step_alone(
    url: str,
    database_url: str,
    kept: dict[str, datetime],
    gate: str,
    free: set[tuple[str, str]],
) -> None:
    wrong = []
    with AtConsole(url) as browser:
        member = add_member(database_url, Role.ADMINISTRATOR, **kept)
        for (method, path), right in ROUTES.items():
            browser.is_given(database_url, member, waits_for_code="code_since" in kept)
            with called(browser, method, path) as answer:
                is_held = sent_to(answer) == gate
                if is_held == (right == ANYBODY or (method, path) in free):
                    wrong.append((method, path, answer.status_code, sent_to(answer)))
    assert wrong == []
