"""The console's pages of conversations, by a browser without scripts and by a real one, beside a resident who writes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services_catalog.desk import Desk
from services_catalog.packs import load_city
from tests.support.staff import AtConsole, at_console
from tests.triage.cases.desk import Desk as CaseDesk
from tests.triage.cases.desk import import_entries
from tests.triage.handover.conftest import HandClock, Staffed, desk_open, heard_last
from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin, says
from triage.console.entry_search import FoundEntry
from triage.staff.audit import entries
from triage.staff.roles import RIGHTS, Right, Role

FOUND = FoundEntry(
    "pothole", "Pothole", "Report a pothole here.", "Potholes: call 311.", "https://www.toronto.ca/pothole",
    "2026-11-12", 0.93,
)  # fmt: skip


@pytest.fixture
def clock() -> HandClock:
    """The time that it is: sessions go by it."""
    return HandClock(datetime.now(UTC))


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk:
    """A desk that is open day and night."""
    opened: Desk = getattr(request, "param", desk_open("00:00-24:00", "00:00-24:00"))
    return opened


@pytest.fixture
def agent(line: Staffed) -> Iterator[AtConsole]:
    with at_console(line.url, line.database_url, Role.AGENT, name="Sam Lee") as browser:
        yield browser


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The catalogue's search, which finds one entry for everything; what it was asked."""
    asked: list[str] = []

    async def find(_: str, text: str) -> list[FoundEntry]:
        asked.append(text)
        return [FOUND]

    monkeypatch.setattr("triage.console.conversation_forms.find_entries", find)
    return asked


def at(resident: Resident, way: str = "") -> str:
    return f"/staff/conversations/{resident.id}{way}"


def field(page: str, name: str) -> str:
    [*_, value] = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return value


def answers(agent: AtConsole, resident: Resident, text: str) -> httpx.Response:
    """Fill in the answer's form as it is on the page that is open."""
    given = {"message_id": field(agent.page, "message_id"), "seen": field(agent.page, "seen")}
    return agent.sends(at(resident, "/say"), text=text, **given)


def test_whoever_waits_is_in_the_list_and_can_be_taken_from_there(
    line: Staffed, agent: AtConsole
) -> None:
    resident = line.in_line()
    line.clock.passes(minutes=7)
    agent.opens("/staff/conversations")
    assert "Waiting (1)" in agent.page
    assert "7 min" in agent.page
    assert "Asked for a person" in agent.page
    taken = agent.sends(at(resident, "/take"))
    assert taken.headers["location"] == at(resident, "?done=take")
    agent.opens(taken.headers["location"])
    assert "You have this conversation now" in agent.page
    agent.opens("/staff/conversations/list")
    assert "Waiting (0)" in agent.page
    assert "Mine (1)" in agent.page


def test_the_list_says_what_it_is_about_and_that_there_was_danger(
    line: Staffed, agent: AtConsole, assistant: AssistantTwin
) -> None:
    quiet, urgent = line.in_line(), line.resident()
    urgent.hears(urgent.says("i smell gas in the hallway"))
    for answer in (
        says("Here it is.", service_id="parking_ticket_pay"),
        says("x", hand_over="asked"),
    ):
        assistant.will_answer = lambda _, answer=answer: answer
        urgent.hears(urgent.says("go on"))
    agent.opens("/staff/conversations")
    rows = dict(
        re.findall(r'id="open-([^"]+)".*?data-label="About">(.*?)</td>', agent.page, re.S)
    )
    assert rows == {
        quiet.id: "Nothing yet",
        urgent.id: '<span class="tag alarm">Danger</span> Parking ticket pay',
    }


def test_the_line_of_waiting_residents_is_among_the_figures(line: Staffed) -> None:
    line.in_line()
    taken = line.in_line()
    line.person().takes(taken.id)
    line.clock.passes(minutes=3)
    figures = httpx.get(f"{line.url}/metrics").text
    assert 'ask311_handovers_open{standing="waiting"} 1.0' in figures
    assert 'ask311_handovers_open{standing="held"} 1.0' in figures
    assert 'ask311_handovers_open{standing="to_contact"} 0.0' in figures
    [waited] = re.findall(r"^ask311_handovers_longest_wait_seconds (\S+)", figures, re.M)
    assert float(waited) >= 3 * 60


def test_words_go_both_ways_without_scripts(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    resident.says("it is about my water bill")
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    assert "it is about my water bill" in agent.page
    assert answers(agent, resident, "I look into it.").status_code == 303
    assert heard_last(resident, "I look into it.")["name"] == "Sam Lee"
    agent.opens(at(resident))
    agent.sends(at(resident, "/hand-back"), seen=field(agent.page, "seen"))
    assert resident.reads()["state"] == "assistant"


def test_what_was_understood_and_gathered_stands_beside_it(
    line: Staffed, agent: AtConsole, assistant: AssistantTwin
) -> None:
    report = {
        "service_id": "pothole_road",
        "words": "huge pothole",
        "answers": {"size": "big"},
        "spot": {"label": "King St W and Spadina Ave"},
        "contact": {"phone": "416-555-0123"},
        "stage": "suspended",
    }
    place = {"lat": 43.64, "long": -79.39, "label": "King St W and Spadina Ave"}
    assistant.will_answer = lambda _: says(
        "Here it is.", service_id="parking_ticket_pay", confidence=0.93, location=place
    )
    resident = line.resident()
    resident.hears(resident.says("parking ticket"))
    resident.hears(resident.says("i smell gas in the hallway"))
    assistant.will_answer = lambda _: says("x", hand_over="asked", remember={"intake": report})
    resident.hears(resident.says("a person"))
    agent.opens(at(resident))
    for part in (
        "93 % sure", "King St W and Spadina Ave", "huge pothole", "416-555-0123", "Danger: gas",
        "Parking ticket pay", "Asked for a person",
    ):  # fmt: skip
        assert part in agent.page


def test_a_case_leads_to_the_conversation_that_it_comes_from(
    line: Staffed, agent: AtConsole, client: httpx.Client
) -> None:
    import_entries(line.database_url)
    cases, asked = CaseDesk(line.url, client), line.in_line()
    never_asked = line.resident()
    never_asked.hears(never_asked.says("hello"))
    links = {}
    for resident in (asked, never_asked):
        case = cases.opens(conversation_id=resident.id)["reference"]
        agent.opens(f"/staff/cases/{case}")
        links[resident.id] = at(resident) in agent.page
    # Of conversations that never asked for a person staff see nothing.
    assert links == {asked.id: True, never_asked.id: False}


def test_words_not_read_keep_it_from_ending_and_the_page_shows_them(
    line: Staffed, agent: AtConsole
) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    seen = field(agent.page, "seen")
    resident.says("one more thing")
    refused = agent.sends(at(resident, "/close"), seen=seen)
    assert refused.status_code == 409
    assert "The resident has written again." in agent.page
    assert "one more thing" in agent.page
    assert (
        agent.sends(at(resident, "/close"), seen=field(agent.page, "seen")).status_code == 303
    )
    assert resident.reads()["state"] == "closed"


def test_an_answer_that_is_refused_keeps_its_words(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    agent.sends(at(resident, "/put-back"))
    refused = answers(agent, resident, "my long answer")
    assert refused.status_code == 409
    assert "You do not have this conversation" in agent.page
    assert "my long answer" in agent.page


def test_the_second_who_takes_it_is_told_so(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    with at_console(line.url, line.database_url, Role.SUPERVISOR, name="Kim") as other:
        agent.sends(at(resident, "/take"))
        assert other.sends(at(resident, "/take")).status_code == 409
        assert "Sam Lee has just taken this conversation." in other.page
        assert "With Sam Lee" in other.page


def test_an_entry_is_put_into_the_answer_with_its_source_and_nothing_typed_is_lost(
    line: Staffed, agent: AtConsole, search: list[str]
) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    agent.sends(at(resident, "/compose"), text="Hello!", find="pothole")
    assert search == ["pothole"]
    assert "Report a pothole here." in agent.page
    assert ">Hello!</textarea>" in agent.page
    agent.sends(at(resident, "/compose"), text="Hello!", find="pothole", insert="pothole:web")
    assert (
        "Hello!\n\nReport a pothole here.\n\nSource: https://www.toronto.ca/pothole (last checked"
        in agent.page
    )
    agent.sends(at(resident, "/compose"), text="", find="pothole", insert="pothole:sms")
    assert ">Potholes: call 311.\nwww.toronto.ca/pothole</textarea>" in agent.page


@pytest.mark.parametrize("desk", [load_city("toronto").desk], indirect=True)
def test_a_ready_reply_is_put_into_the_answer(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    agent.sends(at(resident, "/compose"), text="Hello!", ready="One moment")
    assert ">Hello!\n\nI am looking into this for you." in agent.page


def test_where_the_search_does_not_answer_it_is_said(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    agent.sends(at(resident, "/take"))
    agent.opens(at(resident))
    agent.sends(at(resident, "/compose"), text="", find="pothole")
    assert "The search does not answer just now." in agent.page


def test_a_note_is_for_staff_alone(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    assert agent.sends(at(resident, "/note"), note_text="Called before.").status_code == 303
    agent.opens(at(resident))
    assert "Called before." in agent.page
    assert "Called before." not in json.dumps(resident.reads())
    assert agent.sends(at(resident, "/note"), note_text=" ").status_code == 422


def test_a_conversation_that_never_asked_for_a_person_is_not_shown(
    line: Staffed, agent: AtConsole
) -> None:
    resident = line.resident()
    resident.hears(resident.says("hello"))
    for way in ("", "/new", "/standing", "/events", "/photos/med_1"):
        assert agent.opens(at(resident, way)).status_code == 404
    assert agent.sends(at(resident, "/note"), note_text="x").status_code == 404


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", "Nothing written yet."),
        ("Hello", "5 characters: 1 text message."),
        ("a" * 161, "161 characters: 2 text messages."),
        # Typographic characters go out as plain ones.
        ("\u201cHello\u201d", "7 characters: 1 text message."),
        ("Ç\u00e7 \U0001f600" * 20, "2 text messages. Some characters make it longer than it looks."),
    ],
    ids=["nothing", "short", "one too many", "typographic", "emoji"],
)  # fmt: skip
def test_the_length_of_an_answer_is_told_in_text_messages(
    line: Staffed, agent: AtConsole, text: str, length: str
) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    answer = agent.sends(at(resident, "/length"), text=text)
    assert length in answer.text


def test_news_of_a_conversation_come_on_its_stream(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    with agent.client.stream("GET", at(resident, "/events?after=3"), timeout=20) as stream:
        lines = stream.iter_lines()
        seen = []
        for one in lines:
            if one.startswith("data:"):
                seen.append(int(one.removeprefix("data:")))
                if len(seen) == 1:
                    number = resident.says("are you there")
                elif seen[-1] >= number:
                    break
    agent.opens(at(resident, f"/new?after={number - 1}"))
    assert "are you there" in agent.page


def test_whoever_sees_conversations_may_see_people_too() -> None:
    # Nothing in a transcript is masked: so nobody else may see one.
    for role, rights in RIGHTS.items():
        if Right.SEE_CONVERSATIONS in rights:
            assert Right.SEE_PEOPLE in rights, role


def test_that_a_conversation_was_looked_at_is_kept(line: Staffed, agent: AtConsole) -> None:
    resident = line.in_line()
    agent.opens(at(resident))
    trail: list[Any] = asyncio.run(line.database.read(lambda c: list(entries(c))))
    assert ("conversation.view", resident.id) in [(e.action, e.subject) for e in trail]
