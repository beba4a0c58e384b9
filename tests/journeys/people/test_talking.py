"""Residents and people of the City talk with each other, in two windows of a real browser over one whole line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people.conftest import Story, picture
from tests.journeys.people.windows import AtConsole, id_of
from tests.triage.page.resident import AtPage

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def in_line(story: Story) -> AtPage:
    """Bring in a resident who waits for a person."""
    resident = story.comes()
    resident.says("can I talk to a person")
    resident.hears("in line for a person")
    return resident


def with_a_person(story: Story, agent: AtConsole) -> AtPage:
    """Bring in a resident whose conversation somebody has taken."""
    resident = in_line(story)
    agent.goes_to("Conversations")
    agent.takes(id_of(resident))
    resident.hears("is here now")
    return resident


def test_a_resident_who_asks_for_a_person_talks_with_one_and_then_with_a_fresh_assistant(
    story: Story,
) -> None:
    agent, resident = story.works("Sam Lee"), story.comes()
    agent.goes_to("Conversations")
    resident.says("I want to report a pothole")
    resident.hears("What is the pothole in?")
    resident.says("can I talk to a person")
    resident.hears("I have put you in line for a person.")
    # The list renews itself.
    row = agent.row_of(id_of(resident))
    expect(row).to_contain_text("Asked for a person")
    picture("list", agent, resident.page)
    agent.takes(id_of(resident))
    resident.hears("Sam Lee from the City of Toronto is here now")
    expect(agent.part("What was understood")).to_contain_text("pothole")
    agent.says("Hello, this is Sam. Where is the pothole?")
    resident.hears("Hello, this is Sam.")
    resident.says("on Elm Street, it swallowed my hat")
    agent.reads("it swallowed my hat", by="Resident")
    picture("talk", agent, resident.page)
    agent.presses("Hand back to the assistant")
    resident.hears("I start afresh")
    # Not a word of the report that was begun before.
    resident.says("how do i pay a parking ticket")
    answer = resident.hears("parking")
    expect(answer).not_to_contain_text("What is the pothole in?")
    agent.reads("I start afresh")


def test_two_who_take_one_conversation_at_once_do_not_both_have_it(story: Story) -> None:
    sam, kim = story.works("Sam Lee"), story.works("Kim Park", java_script_enabled=False)
    resident = in_line(story)
    for agent in (sam, kim):
        agent.goes_to("Conversations")
        expect(agent.row_of(id_of(resident))).to_be_visible()
    sam.takes(id_of(resident))
    # Kim's window shows the list as it was.
    kim.row_of(id_of(resident)).get_by_role("button", name="Take").click()
    expect(kim.page.get_by_role("alert")).to_contain_text(
        "Sam Lee has just taken this conversation."
    )
    expect(kim.page.get_by_text("With Sam Lee")).to_be_visible()
    picture("claimed", kim, sam.page)
    expect(kim.answer).to_have_count(0)
    sam.says("I am with you.")
    resident.hears("I am with you.")
    sam.presses("End the conversation")
    resident.hears("Sam Lee has ended this conversation")


def test_an_answer_is_put_together_from_the_catalogue_and_from_ready_replies(
    story: Story,
) -> None:
    agent = story.works("Sam Lee")
    resident = with_a_person(story, agent)
    resident.says("what does it cost to license my dog?")
    agent.reads("license my dog")
    agent.page.get_by_role("combobox", name="Ready reply").select_option("Greeting")
    agent.presses("Put it into the answer", agent.part("Answer"))
    expect(agent.answer).to_have_value(re.compile("^Thank you for waiting"))
    agent.sends()
    resident.hears("Thank you for waiting")
    agent.page.get_by_role("searchbox", name="What do they need?").fill("dog licence cost")
    agent.presses("Search", agent.part("Answer from the catalogue"))
    entry = agent.page.get_by_role("article").filter(has_text="licence").first
    entry.get_by_role("button", name="Put it into the answer").click()
    expect(agent.answer).to_have_value(re.compile("toronto.ca"))
    picture("catalogue", agent, resident.page)
    agent.sends()
    answer = resident.hears("licence")
    expect(answer.get_by_role("link", name=re.compile("toronto.ca")).first).to_be_visible()
    agent.presses("End the conversation")
    resident.hears("has ended this conversation")


def test_who_is_not_answered_twice_comes_to_a_person_who_sees_what_was_asked(
    story: Story,
) -> None:
    agent, resident = story.works("Sam Lee"), story.comes()
    agent.goes_to("Conversations")
    resident.says("what is the weather tomorrow")
    resident.hears("I did not find an answer")
    resident.says("who won the hockey game")
    resident.hears(
        "I still do not have an answer to that. I have put you in line for a person."
    )
    expect(agent.row_of(id_of(resident))).to_contain_text("found no answer twice")
    agent.takes(id_of(resident))
    resident.hears("is here now")
    for words in ("what is the weather tomorrow", "who won the hockey game"):
        agent.reads(words, by="Resident")
    expect(agent.page.get_by_role("log")).to_contain_text("Found nothing")
    # What comes nearest was looked for already.
    search = agent.page.get_by_role("searchbox", name="What do they need?")
    expect(search).to_have_value("who won the hockey game")
    expect(agent.part("Answer from the catalogue").get_by_role("article").first).to_be_visible()
    picture("not-found", agent, resident.page)
    agent.presses("Hand back to the assistant")
    resident.hears("I start afresh")


def test_danger_is_answered_first_and_flagged_for_the_person_who_has_the_conversation(
    story: Story,
) -> None:
    agent = story.works("Sam Lee")
    resident = with_a_person(story, agent)
    resident.says("there is a strong smell of gas in our hallway")
    resident.hears("911")
    said = agent.reads("smell of gas", by="Resident")
    expect(said).to_contain_text("Danger: gas")
    agent.reads("911")
    picture("danger", agent, resident.page)
    agent.says("Please go outside now, all of you. Are you out?")
    resident.hears("Are you out?")
    agent.presses("End the conversation")
    resident.hears("has ended this conversation")


def test_where_nobody_has_time_the_resident_is_told_so_and_leaves_a_number(
    story: Story,
) -> None:
    agent, resident = story.works("Sam Lee"), in_line(story)
    story.town.lets_time_pass(id_of(resident), minutes=11)
    resident.hears("Sorry, nobody has had time for you yet.")
    resident.page.get_by_role("button", name="Contact me").last.click()
    resident.hears("How can they reach you?")
    resident.says("416-555-0134")
    resident.hears("get in touch with you at 416-555-0134")
    agent.goes_to("Conversations")
    expect(agent.part("To be contacted (1)")).to_be_visible()
    picture("contact", agent, resident.page)
    agent.row_of(id_of(resident)).get_by_role("link").click()
    expect(agent.part("What was understood")).to_contain_text("416-555-0134")
    agent.presses("They were contacted")
    expect(agent.page.get_by_text("The resident was contacted")).to_be_visible()
