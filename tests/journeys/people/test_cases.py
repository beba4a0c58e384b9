"""Reports become cases that people of the City work on, in two windows of a real browser over one whole line."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people.conftest import Story, picture
from tests.journeys.people.windows import id_of, reference_in
from tests.triage.page.resident import AtPage
from triage.staff.roles import Role

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def reports(resident: AtPage, *said: str) -> str:
    """Have a resident make a report that is told of in the chat; return its reference."""
    for words in said:
        resident.says(words)
        resident.hears("How can staff reach you")
    resident.says("tell me here")
    resident.hears("Shall I send this?")
    resident.says("send it")
    return reference_in(resident.hears("Your reference is"))


def test_a_report_of_a_city_tree_comes_to_an_honest_end_and_is_open_again_when_it_was_not_done(
    story: Story,
) -> None:
    resident = story.comes()
    resident.says(
        "the tree on the boulevard in front of 31 Vaughan Rd has a dead branch, please prune it"
    )
    resident.hears("Could it fall on someone now?")
    reference = reports(resident, "no")
    agent = story.works("Robin Oak", queues=frozenset({"urban_forestry"}))
    agent.goes_to("Queues")
    agent.page.get_by_role("link", name="Urban Forestry", exact=True).click()
    agent.page.get_by_role("link", name=reference).click()
    for title, words in (
        ("The report", "31 Vaughan Rd"),
        ("The report", "A dead branch"),
        ("Why it is in this queue", "Urban Forestry"),
    ):
        expect(agent.part(title)).to_contain_text(words)
    agent.presses("Start work")
    resident.hears("has started the work")
    asks = agent.opens_act("Ask the resident for something")
    asks.get_by_label("What do you need to know?").fill("Which side of the tree is it on?")
    agent.presses("Send the question")
    resident.hears("Which side of the tree is it on?")
    resident.says("on the street side, above the bus stop")
    resident.hears(f"I added this to report {reference}")
    agent.page.reload()
    expect(agent.part("What happened, the newest first")).to_contain_text("above the bus stop")
    picture("case", agent, resident.page)
    ends = agent.opens_act("Resolve")
    ends.get_by_role("radio", name=re.compile("^Done ")).check()
    ends.get_by_label("A sentence for the resident").fill(
        "The dead branch was taken down today."
    )
    agent.presses("Resolve the case")
    resident.hears("The dead branch was taken down today.")
    resident.says("it's not fixed, the branch is still there")
    resident.hears(f"Report {reference} is open again")
    agent.goes_to("Queues")
    agent.page.get_by_role("link", name="Urban Forestry", exact=True).click()
    agent.page.get_by_role("link", name=reference).click()
    thread = agent.part("What happened, the newest first")
    expect(thread.get_by_role("listitem").first).to_contain_text("Reopened")
    expect(thread).to_contain_text("the branch is still there")
    picture("reopened", agent, resident.page)


def test_a_case_in_the_wrong_queue_is_moved_with_one_press_and_that_is_remembered(
    story: Story,
) -> None:
    resident = story.comes()
    resident.says(
        "the tree on the boulevard in front of 240 Ossington Ave has a dead branch, please prune it"
    )
    resident.hears("Could it fall on someone now?")
    reference = reports(resident, "yes")
    crew = story.works("Casey Crew", queues=frozenset({"forestry_emergency"}))
    office = story.works("Robin Oak", queues=frozenset({"urban_forestry"}))
    for agent in (crew, office):
        agent.goes_to("Queues")
        agent.page.get_by_role("link", name="All open cases").click()
    expect(office.page.get_by_role("link", name=reference)).to_have_count(0)
    crew.page.get_by_role("link", name=reference).click()
    why = crew.part("Why it is in this queue")
    why.scroll_into_view_if_needed()
    picture("route", crew, office.page)
    crew.presses("Urban Forestry", why)
    expect(
        crew.page.get_by_text("The case is in a queue now that you do not see.")
    ).to_be_visible()
    expect(crew.page.get_by_role("link", name=reference)).to_have_count(0)
    office.page.reload()
    office.page.get_by_role("link", name=reference).click()
    thread = office.part("What happened, the newest first")
    moved = thread.get_by_role("listitem").filter(has_text="Moved from")
    expect(moved).to_contain_text("Casey Crew")
    assert story.town.labels_of(reference) == [
        ("forestry_emergency", "urban_forestry", "city_tree_danger")
    ]


def test_two_reports_of_one_pothole_are_joined_and_both_residents_are_told(
    story: Story,
) -> None:
    first, second = story.comes(), story.comes()
    there = "huge pothole on the road at 3400 danforth ave"
    kept = reports(first, there)
    second.says(there)
    second.hears("A neighbour reported this")
    joined = reports(second, "mine is another one")
    agent = story.works("Jo Stone", queues=frozenset({"road_operations"}))
    agent.opens(f"/cases/{joined}")
    expect(agent.part("Open cases of the same kind close by")).to_contain_text(kept)
    joins = agent.opens_act("Join to another case")
    joins.get_by_label("Reference of the other case").fill(kept)
    picture("join", agent, second.page)
    agent.presses("Join and close this one")
    second.hears("Somebody told us about this before you.")
    agent.opens(f"/cases/{kept}")
    expect(agent.part("Joined to this case")).to_contain_text(joined)
    ends = agent.opens_act("Resolve")
    ends.get_by_role("radio", name=re.compile("^Done ")).check()
    ends.get_by_label("A sentence for the resident").fill("The hole was filled this morning.")
    agent.presses("Resolve the case")
    for resident in (first, second):
        resident.hears("The hole was filled this morning.")


def test_a_supervisor_sees_what_is_done_and_an_auditor_who_saw_whom(
    story: Story, tmp_path: Path
) -> None:
    agent, resident = story.works("Sam Lee"), story.comes()
    reference = reports(resident, "huge pothole on the road at 2000 lawrence ave e")
    resident.says("can I talk to a person")
    resident.hears("in line for a person")
    supervisor = story.works("Val Board", Role.SUPERVISOR)
    supervisor.goes_to("Board")
    waiting, handled = (supervisor.figure(f) for f in ("waiting for a person", "handled today"))
    assert waiting >= 1
    agent.page.get_by_role("searchbox").fill(reference)
    agent.presses("Search")
    expect(agent.page.get_by_role("heading", level=1)).to_contain_text(reference)
    agent.goes_to("Conversations")
    agent.takes(id_of(resident))
    agent.presses("End the conversation")
    resident.hears("has ended this conversation")
    supervisor.page.reload()
    assert supervisor.figure("waiting for a person") == waiting - 1
    assert supervisor.figure("handled today") == handled + 1
    auditor = story.works("Ari Audit", Role.AUDITOR)
    picture("board", supervisor)
    supervisor.goes_to("Queues")
    supervisor.page.get_by_role("link", name="All open cases").click()
    with supervisor.page.expect_download() as download:
        supervisor.page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(tmp_path / "cases.csv")
    with (tmp_path / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        assert reference in {row["reference"] for row in csv.DictReader(file)}
    auditor.goes_to("Audit")
    auditor.page.get_by_label("About (a reference or an id)").fill(reference)
    auditor.presses("Show")
    seen = auditor.page.get_by_role("row").filter(has_text=reference)
    expect(seen.filter(has_text="Sam Lee").first).to_be_visible()
    picture("audit", auditor)
    auditor.opens(f"/cases/{reference}")
    expect(auditor.page.get_by_text("Your account may not do this.")).to_be_visible()
    expect(auditor.page.get_by_text("pothole")).to_have_count(0)
