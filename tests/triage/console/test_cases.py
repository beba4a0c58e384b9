"""Staff work on cases in the console, by its forms alone: no script runs here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from services_catalog.database import open_database
from tests.support.staff import AtConsole, at_console
from tests.triage.cases.desk import Desk
from triage.staff.audit import Entry, entries
from triage.staff.roles import Role

QUEUE, OTHER = "road_operations", "urban_forestry"


@pytest.fixture(scope="module")
def residents(url: str) -> Iterator[Desk]:
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield Desk(url, client)


@pytest.fixture
def agent(url: str, database_url: str) -> Iterator[AtConsole]:
    with at_console(url, database_url, Role.AGENT, name="Ada Agent") as browser:
        yield browser


@pytest.fixture
def case(residents: Desk) -> str:
    return str(residents.opens()["reference"])


def carried(browser: AtConsole) -> dict[str, str]:
    """Return what every form of the case's page has in it."""
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', browser.page)[1]  # type: ignore[index]
        for name in ("key", "version")
    }


def sends(browser: AtConsole, case: str, form: str, **fields: str) -> httpx.Response:
    """Open the case, fill in one of its forms and send it."""
    browser.opens(f"/staff/cases/{case}")
    return browser.sends(f"/staff/cases/{case}/{form}", **carried(browser), **fields)


def text_of(browser: AtConsole) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.page)))


def audited(database_url: str, subject: str) -> list[Entry]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = [e for e in entries(connection) if e.subject == subject]
    engine.dispose()
    return found


def test_a_case_is_worked_from_the_queue_to_its_end(
    agent: AtConsole, residents: Desk, case: str, database_url: str
) -> None:
    agent.opens("/staff/queues")
    assert "Queues" in text_of(agent)
    agent.opens("/staff/cases?order=newest")
    assert f"/staff/cases/{case}" in agent.page
    answer = sends(agent, case, "start")
    assert answer.headers["location"] == f"/staff/cases/{case}?done=start"
    agent.opens(answer.headers["location"])
    assert "Work has started." in text_of(agent)
    assert "Assigned to Ada Agent" in text_of(agent)
    assert sends(agent, case, "note", note_text="Crew 4 goes on Tuesday.").status_code == 303
    asked = sends(agent, case, "ask", ask_text="Which lane is it in?")
    assert asked.status_code == 303
    assert "Which lane is it in?" in residents.case(case)["status_text"]
    done = sends(
        agent, case, "resolve", outcome="done", resolve_text="We filled it on Tuesday."
    )
    assert done.status_code == 303
    seen = residents.case(case)
    assert seen["status_text"] == "The work is done. We filled it on Tuesday."
    assert "Crew 4" not in str(seen)
    agent.opens(f"/staff/cases/{case}")
    for words in (
        "Crew 4 goes on Tuesday.",
        "Staff only",
        "Resident sees it",
        "Resolved: Done",
    ):
        assert words in text_of(agent), words
    assert {"case.view", "case.start", "case.note", "case.ask", "case.resolve"} <= {
        e.action for e in audited(database_url, case)
    }


def test_a_form_sent_twice_does_nothing_twice(agent: AtConsole, case: str) -> None:
    agent.opens(f"/staff/cases/{case}")
    fields = {**carried(agent), "note_text": "Only once, please."}
    for _ in range(2):
        assert agent.sends(f"/staff/cases/{case}/note", **fields).status_code == 303
    agent.opens(f"/staff/cases/{case}")
    assert text_of(agent).count("Only once, please.") == 1


def test_nothing_that_was_typed_is_lost_where_something_is_missing(
    agent: AtConsole, case: str
) -> None:
    answer = sends(agent, case, "resolve", resolve_text="We looked and found <nothing>.")
    assert answer.status_code == 422
    assert "<title>Error:" in agent.page
    assert 'href="#outcome-done"' in agent.page
    assert "Choose what came of it." in text_of(agent)
    assert "We looked and found &lt;nothing&gt;." in agent.page
    answer = sends(agent, case, "resolve", outcome="not_found", resolve_text=" ")
    assert answer.status_code == 422
    assert re.search(r'value="not_found"\s+checked', agent.page)
    answer = sends(agent, case, "note", note_text="x" * 4_097)
    assert "This is too long by 1 characters." in text_of(agent)
    assert "x" * 4_097 in agent.page


def test_what_somebody_else_did_in_between_is_told_and_loses_nothing(
    agent: AtConsole, residents: Desk, case: str, url: str, database_url: str
) -> None:
    agent.opens(f"/staff/cases/{case}")
    old = carried(agent)
    residents.sends(f"/cases/{case}/messages", text="The hole is twice as big now.")
    answer = agent.sends(
        f"/staff/cases/{case}/resolve",
        **old,
        outcome="done",
        resolve_text="We filled it.",
    )
    assert answer.status_code == 409
    said = text_of(agent)
    assert "Something happened to this case since you opened it." in said
    new = said.partition("New since you opened this case")[2].partition("What you typed")[0]
    assert "The hole is twice as big now." in new
    assert "We filled it." in agent.page
    assert residents.case(case)["status"] == "received"
    # Looked at, and sent again.
    again = agent.sends(
        f"/staff/cases/{case}/resolve",
        **carried(agent),
        outcome="done",
        resolve_text="We filled it.",
    )
    assert again.status_code == 303
    assert residents.case(case)["status"] == "resolved"


def test_a_case_is_moved_to_another_queue_with_one_press(
    agent: AtConsole, residents: Desk, case: str, url: str, database_url: str
) -> None:
    assert sends(agent, case, "route", queue=OTHER).status_code == 303
    agent.opens(f"/staff/cases/{case}")
    assert "Moved from" in text_of(agent)
    # The queue it was sent to first is a button from now on.
    back = re.search(r'<button class="button second" name="queue" value="(\w+)"', agent.page)
    assert back
    assert sends(agent, case, "route", queue=back[1]).status_code == 303
    # Who sees only the queue it leaves is led to their list, not to a page that is not there.
    with at_console(url, database_url, Role.AGENT, queues=frozenset({back[1]})) as other:
        assert (
            sends(other, case, "route", queue=OTHER)
            .headers["location"]
            .startswith("/staff/cases?")
        )
        assert other.opens(f"/staff/cases/{case}").status_code == 404


def test_a_queue_that_is_not_theirs_is_nowhere(
    url: str, database_url: str, residents: Desk, agent: AtConsole
) -> None:
    case = residents.opens(description="a zebra escaped")["reference"]
    with at_console(url, database_url, Role.SUPERVISOR, queues=frozenset({OTHER})) as other:
        for path in (
            f"/staff/cases/{case}",
            f"/staff/cases/{case}/print",
            f"/staff/cases/{case}/photos/med_x",
        ):
            assert other.opens(path).status_code == 404, path
        for path in (
            "/staff/queues",
            "/staff/cases",
            f"/staff/cases?queue={QUEUE}",
            "/staff/search?q=zebra",
            f"/staff/search?q={case}",
            "/staff/search?q=test@example.org",
        ):
            assert f"/staff/cases/{case}" not in other.client.get(path).text, path
        assert case not in other.client.get("/staff/cases/export?people=true").text
        agent.opens(f"/staff/cases/{case}")
        form = carried(agent)
        other.opens("/staff/shortcuts")
        for what in ("start", "note", "route", "assign", "join", "ask", "resolve"):
            answer = other.sends(
                f"/staff/cases/{case}/{what}",
                **form,
                note_text="x", queue=OTHER, to="", into=case, join_text="x", ask_text="x",
                outcome="done", resolve_text="x",
            )  # fmt: skip
            assert answer.status_code == 404, what
    assert residents.case(case)["status"] == "received"


def test_a_duplicate_is_joined_and_both_pages_say_so(
    agent: AtConsole, residents: Desk, case: str
) -> None:
    twin = residents.opens(conversation_id="con_twin")["reference"]
    assert sends(agent, twin, "join", into="", join_text="The same hole.").status_code == 422
    assert "The same hole." in agent.page
    answer = sends(agent, twin, "join", into=case.lower(), join_text="The same hole.")
    assert answer.status_code == 303
    agent.opens(f"/staff/cases/{twin}")
    assert f"This case was joined to {case}" in text_of(agent)
    agent.opens(f"/staff/cases/{case}")
    assert "Joined to this case" in text_of(agent)
    assert residents.case(twin)["outcome"]["code"] == "duplicate"


def test_a_finished_case_is_reopened(agent: AtConsole, residents: Desk, case: str) -> None:
    sends(agent, case, "resolve", outcome="done", resolve_text="Filled.")
    assert sends(agent, case, "reopen", reopen_text="It sank again.").status_code == 303
    assert residents.case(case)["status"] == "received"
    for page in (f"/staff/cases/{case}", "/staff/cases?order=newest", "/staff/search?q=elm"):
        agent.opens(page)
        assert "Reopened" in agent.page, page


def test_whoever_searches_finds_a_case_from_any_page(agent: AtConsole, case: str) -> None:
    agent.opens("/staff")
    assert 'role="search"' in agent.page
    straight = agent.opens(f"/staff/search?q={case.replace('-', '')}")
    assert straight.headers["location"] == f"/staff/cases/{case}"
    for words in ("12 elm street", "hole", "TEST@example.org"):
        agent.opens(f"/staff/search?q={words}")
        assert f"/staff/cases/{case}" in agent.page, words
    agent.opens("/staff/search?q=elephant")
    assert "Nothing was found for “elephant”" in text_of(agent)


def test_a_list_is_saved_under_a_name_and_removed(agent: AtConsole) -> None:
    agent.opens("/staff/cases?promise=late&nonsense=1&order=wrong")
    answer = agent.sends("/staff/cases/saved", name=" ", query="promise=late")
    assert answer.status_code == 422
    assert "Write a name for this list." in text_of(agent)
    answer = agent.sends("/staff/cases/saved", name="Late ones", query="promise=late&x=1")
    assert answer.headers["location"] == "/staff/cases?promise=late"
    agent.opens("/staff/queues")
    assert "Late ones" in text_of(agent)
    agent.opens("/staff/cases?promise=late")
    assert "Saved as “Late ones”." in text_of(agent)
    agent.sends("/staff/cases/saved/forget", name="Late ones")
    agent.opens("/staff/queues")
    assert "Late ones" not in text_of(agent)


def test_a_list_goes_on_where_its_page_ended(agent: AtConsole, residents: Desk) -> None:
    opened = {residents.opens()["reference"] for _ in range(52)}
    agent.opens("/staff/cases?order=promise")
    first = set(re.findall(r'href="/staff/cases/([\w-]{11})"', agent.page))
    following = re.search(r'rel="next" href="([^"]+)"', agent.page)
    assert following
    agent.opens(html.unescape(following[1]))
    second = set(re.findall(r'href="/staff/cases/([\w-]{11})"', agent.page))
    assert len(first) == 50
    assert not first & second
    assert opened <= first | second or len(second) == 50


def test_who_may_not_see_people_reads_the_facts_and_not_the_words(
    url: str, database_url: str, case: str
) -> None:
    with at_console(url, database_url, Role.MAINTAINER) as browser:
        browser.opens(f"/staff/cases/{case}")
        said = text_of(browser)
        assert "12 Elm St" in said
        assert "Not shown to your role." in said
        for secret in ("PRIVATE-WORDS", "test@example.org", "Test Person", "What to do"):
            assert secret not in said, secret


def test_the_numbers_of_the_queues_are_asked_for_again_without_keeping_anybody_signed_in(
    agent: AtConsole, case: str
) -> None:
    agent.opens("/staff/queues")
    assert 'hx-get="/staff/queues/counts"' in agent.page
    part = agent.client.get("/staff/queues/counts").text
    assert "<html" not in part
    assert "open" in part
