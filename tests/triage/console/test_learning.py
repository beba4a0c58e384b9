"""The pages about what was not answered well, by a maintainer without scripts: what they see, and the three things to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.model import ServiceEntry
from tests.support.staff import AtConsole, at_console
from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin, says
from triage.console.learning_labels import NO_ENTRY
from triage.learning import labels
from triage.learning.labels import Kind, Label, Source
from triage.staff.audit import entries
from triage.staff.roles import Role

NOT_FOUND = says(
    "I did not find an answer.",
    "not_found",
    unanswered=True,
    matches=[{"service_id": "pothole", "confidence": 0.1}],
)


@pytest.fixture
def maintainer(url: str, database_url: str) -> Iterator[AtConsole]:
    with at_console(url, database_url, Role.MAINTAINER) as browser:
        yield browser


@pytest.fixture(autouse=True)
def nothing_is_found(assistant: AssistantTwin) -> None:
    assistant.will_answer = lambda asked: NOT_FOUND


def asked(url: str, client: httpx.Client, *texts: str) -> None:
    """Have residents ask what has no answer."""
    for text in texts:
        resident = Resident(url, client)
        resident.hears(after=resident.says(text))


def group_of(browser: AtConsole, words: str) -> str:
    """Look for new messages, and open the group with these words; return its address."""
    browser.opens("/staff/learning")
    browser.sends("/staff/learning/look")
    page = browser.opens("/staff/learning").text
    found = re.search(rf'href="(/staff/learning/grp_\w+)">{re.escape(words)}<', page)
    assert found, page
    assert browser.opens(found[1]).status_code == 200
    return found[1]


def catalogue(database_url: str) -> dict[str, ServiceEntry]:
    engine = open_database(database_url)
    found = dict(store.load(engine, "toronto").by_id)
    engine.dispose()
    return found


def approved(database_url: str) -> list[Label]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = list(labels.approved(connection, Kind.QUESTION))
    engine.dispose()
    return found


def actions(database_url: str) -> list[str]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = [entry.action for entry in entries(connection)]
    engine.dispose()
    return found


def marked(page: str) -> list[str]:
    return re.findall(r'name="message" value="([^"]+)" checked', page)


def test_a_wording_is_live_at_once_and_learned(
    url: str, database_url: str, client: httpx.Client, maintainer: AtConsole
) -> None:
    words = "crater in front of my garage"
    asked(url, client, words, f"{words}, I am Ann Tester")
    group = group_of(maintainer, words)
    page = maintainer.page
    # What residents said of themselves is not here.
    assert "Tester" not in page
    assert f"{words}, I am [name]" in page
    sent = maintainer.sends(
        f"{group}/wording", entry_id="pothole", wording=words, message=marked(page)
    )
    assert sent.headers["location"] == "/staff/learning?done=wording"
    assert words in catalogue(database_url)["pothole"].questions
    learned = {(label.source, label.text, label.wanted) for label in approved(database_url)}
    assert {
        (Source.WORDING, words, "pothole"),
        (Source.CORRECTION, f"{words}, I am [name]", "pothole"),
    } <= learned
    # Settled, it is listed elsewhere, with what was done.
    assert words not in maintainer.opens("/staff/learning").text
    assert "a wording was added" in maintainer.opens("/staff/learning?show=settled").text
    assert {"learning.view", "entry.add_wording"} <= set(actions(database_url))


@pytest.mark.parametrize(
    ("given", "says_so"),
    [
        ({"entry_id": "", "wording": "goat on the loose"}, "There is no entry"),
        ({"entry_id": "pothole", "wording": " "}, "Write the wording"),
    ],
)
def test_what_was_typed_stays_where_something_is_wrong(
    url: str,
    client: httpx.Client,
    maintainer: AtConsole,
    given: dict[str, str],
    says_so: str,
) -> None:
    words = "goat loose on the lawn"
    asked(url, client, words)
    group = group_of(maintainer, words)
    refused = maintainer.sends(f"{group}/wording", **given)
    assert refused.status_code in (404, 422)
    assert says_so in refused.text
    assert f'value="{given["wording"]}"' in refused.text
    # Nothing is settled by it.
    assert words in maintainer.opens("/staff/learning").text


def test_a_draft_of_a_new_entry_begins_with_the_messages(
    url: str, database_url: str, client: httpx.Client, maintainer: AtConsole
) -> None:
    words = "rent a snorkel at the island beach"
    asked(url, client, words)
    group = group_of(maintainer, words)
    sent = maintainer.sends(
        f"{group}/entry", title="Snorkel rental", message=marked(maintainer.page)
    )
    assert sent.headers["location"] == "/staff/catalogue/snorkel_rental/edit"
    # Nobody is answered by it yet.
    assert "snorkel_rental" not in catalogue(database_url)
    assert {"entry.draft", "learning.entry"} <= set(actions(database_url))
    again = maintainer.sends(f"{group}/entry", title="")
    assert again.status_code == 422
    assert "Write the title" in again.text


def test_setting_aside_needs_a_reason(
    url: str, database_url: str, client: httpx.Client, maintainer: AtConsole
) -> None:
    words = "who wins the hockey game tonight"
    asked(url, client, words)
    group = group_of(maintainer, words)
    messages = marked(maintainer.page)
    refused = maintainer.sends(f"{group}/aside", reason=" ")
    assert refused.status_code == 422
    assert "Write why" in refused.text
    maintainer.sends(
        f"{group}/aside", reason="Not the City.", uncovered="yes", message=messages
    )
    assert "set aside: Not the City." in maintainer.opens("/staff/learning?show=settled").text
    assert (words, labels.UNCOVERED) in {(x.text, x.wanted) for x in approved(database_url)}


def waits(database_url: str, origin: str) -> str:
    """Make a label that waits; return its id."""
    engine = open_database(database_url)
    with engine.begin() as connection:
        labels.add(
            connection, Kind.QUESTION, Source.SAMPLED, origin, f"words of {origin}", "pothole",
            datetime.now(UTC),
        )  # fmt: skip
        found = next(x.id for x in labels.waiting(connection, 100) if x.origin == origin)
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("wanted", "kept"), [("pothole", "pothole"), (NO_ENTRY, labels.UNCOVERED)]
)
def test_a_label_is_approved_as_it_is_or_put_right(
    database_url: str, maintainer: AtConsole, wanted: str, kept: str
) -> None:
    label = waits(database_url, f"right {kept}")
    assert f"words of right {kept}" in maintainer.opens("/staff/learning/labels").text
    maintainer.sends(
        f"/staff/learning/labels/{label}", kind="question", decision="approved", wanted=wanted
    )
    found = {x.id: x.wanted for x in approved(database_url)}
    assert found[label] == kept
    assert "label.approve" in actions(database_url)
    again = maintainer.sends(
        f"/staff/learning/labels/{label}", kind="question", decision="refused"
    )
    assert again.status_code == 404


def test_a_label_is_refused_and_none_is_put_right_with_what_is_not_there(
    database_url: str, maintainer: AtConsole
) -> None:
    label = waits(database_url, "wrong")
    maintainer.opens("/staff/learning/labels")
    path = f"/staff/learning/labels/{label}"
    unknown = maintainer.sends(path, kind="question", decision="approved", wanted="no_such")
    assert unknown.status_code == 422
    maintainer.sends(path, kind="question", decision="refused", wanted="pothole")
    assert label not in {x.id for x in approved(database_url)}
    assert "words of wrong" not in maintainer.opens("/staff/learning/labels").text
