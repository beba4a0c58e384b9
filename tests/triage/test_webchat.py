"""The web chat's public contract, from outside, over real HTTP."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from tests.triage.conftest import MakeResident
from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin, Trouble, says


def test_a_question_is_answered_with_its_source(
    resident: Resident, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda _: says(
        "Put it out by 7 am.",
        service_id="green-bin",
        revision=7,
        confidence=0.98,
        source_url="https://example.org/green-bin",
        last_verified="2026-11-01",
    )
    seq = resident.says("when do i put out my green bin")
    [answer] = resident.hears(after=seq)
    assert answer["from"] == "assistant"
    assert answer["text"] == "Put it out by 7 am."
    assert answer["outcome"] == "answer"
    assert answer["service_id"] == "green-bin"
    assert answer["revision"] == 7
    assert answer["confidence"] == 0.98
    assert answer["source_url"] == "https://example.org/green-bin"
    assert answer["last_verified"] == "2026-11-01"
    assert answer["seq"] == seq + 1


def test_the_assistant_gets_what_it_must_remember(
    resident: Resident, assistant: AssistantTwin
) -> None:
    offered = [
        {"label": "City tree", "service_id": "tree-city", "value": {"service_id": "tree-city"}},
        {"label": "A person", "value": {"move": "person"}},
    ]
    replies = iter(
        [
            says("The bin is green.", service_id="green-bin"),
            says("I did not find that.", "not_found", unanswered=True),
            says("Nor that.", "not_found", unanswered=True),
            says("Which one?", "choices", choices=offered),
            says("You are welcome.", "small_talk"),
            says("Noted."),
        ]
    )
    assistant.will_answer = lambda _: next(replies)
    for words in ("bin", "what is love", "why", "tree", "thanks", "2"):
        resident.hears(after=resident.says(words))
    contexts = [a["metadata"]["context"] for a in assistant.asked]
    nothing: dict[str, Any] = {"service_id": None, "choices": [], "not_found": 0}
    assert contexts[0] == nothing
    assert contexts[1] == nothing | {"service_id": "green-bin"}
    assert contexts[2]["not_found"] == 1
    assert contexts[3]["not_found"] == 2
    assert contexts[4] == {"service_id": "green-bin", "choices": offered, "not_found": 0}
    assert contexts[5] == contexts[4]
    assert assistant.asked[0]["metadata"]["language"] == "en"
    assert assistant.asked[0]["metadata"]["channel"] == "webchat"
    assert assistant.asked[0]["conversation_id"] == resident.id


def test_what_the_assistant_wants_to_know_comes_back_with_the_next_message_and_is_never_shown(
    resident: Resident, assistant: AssistantTwin
) -> None:
    where = {"lat": 43.65, "long": -79.38, "label": "a corner"}
    replies = iter(
        [
            says("Where are you?", "place", ask="location", remember={"wish": "library"}),
            says("Here is one.", "place", remember={"wish": None, "location": where}),
            [*says("One."), *says("Two.", remember={"shown": 2})],
            says("Noted."),
            says("Forgotten.", remember={"location": None, "shown": None}),
            says("Noted."),
        ]
    )
    assistant.will_answer = lambda _: next(replies)
    for words in ("library", "at the corner", "thanks", "hm", "start over", "hello"):
        resident.hears(after=resident.says(words))
    assert [a["metadata"]["memory"] for a in assistant.asked] == [
        {},
        {"wish": "library"},
        {"location": where},
        {"location": where, "shown": 2},
        {"location": where, "shown": 2},
        {},
    ]
    shown = resident.reads()["messages"]
    assert shown[1]["ask"] == "location"
    assert not any("remember" in m or "memory" in m for m in shown)


def test_a_choice_travels_as_an_id_and_its_value_stays_inside(
    resident: Resident, assistant: AssistantTwin
) -> None:
    offered = [{"label": "City tree", "service_id": "t", "value": {"service_id": "t"}}]
    assistant.will_answer = lambda _: says("Which?", "choices", choices=offered)
    [question] = resident.hears(after=resident.says("tree"))
    [choice] = question["choices"]
    assert choice.keys() == {"choice_id", "label", "service_id"}
    taken = resident.sends(choice_id=choice["choice_id"])
    assert taken.status_code == 202
    resident.hears(after=taken.json()["seq"])
    assert assistant.asked[1]["text"] == "/choose"
    assert assistant.asked[1]["metadata"]["choice"] == {"service_id": "t"}
    said = [m["text"] for m in resident.reads()["messages"] if m["from"] == "resident"]
    assert said == ["tree", "City tree"]


def test_a_choice_of_another_conversation_is_refused(
    new_resident: MakeResident, assistant: AssistantTwin
) -> None:
    one, other = new_resident(), new_resident()
    assistant.will_answer = lambda _: says(
        "Which?", "choices", choices=[{"label": "x", "value": 1}]
    )
    [question] = one.hears(after=one.says("tree"))
    refused = other.sends(choice_id=question["choices"][0]["choice_id"])
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "choice_unknown"


def test_a_location_reaches_the_assistant_and_is_shown(
    resident: Resident, assistant: AssistantTwin
) -> None:
    where = {"lat": 43.65, "long": -79.38}
    sent = resident.sends(location=where)
    resident.hears(after=sent.json()["seq"])
    assert assistant.asked[0]["text"] == "/give_location"
    assert assistant.asked[0]["metadata"]["location"] == where
    assert resident.reads()["messages"][0]["location"] == where


@pytest.mark.parametrize("words", ["/restart", " /choose", '//greet{"a": 1}', "/"])
def test_residents_cannot_speak_the_assistants_commands(
    resident: Resident, assistant: AssistantTwin, words: str
) -> None:
    resident.hears(after=resident.says(words))
    assert not assistant.asked[0]["text"].lstrip().startswith("/")
    assert resident.reads()["messages"][0]["text"] == words


def test_the_same_message_again_gets_the_same_answer_and_does_nothing_twice(
    resident: Resident, assistant: AssistantTwin
) -> None:
    first = resident.sends(client_message_id="one", text="bin day")
    resident.hears(after=1)
    again = resident.sends(client_message_id="one", text="bin day")
    assert (again.status_code, again.json()) == (202, first.json())
    assert len(resident.reads()["messages"]) == 2
    assert assistant.texts() == ["bin day"]


@pytest.mark.parametrize(
    "other", [{"text": "something else"}, {"location": {"lat": 1, "long": 2}}]
)
def test_an_id_used_again_for_another_message_is_a_conflict(
    resident: Resident, other: dict[str, Any]
) -> None:
    resident.sends(client_message_id="one", text="bin day")
    refused = resident.sends(client_message_id="one", **other)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "client_message_id_reused"


def test_a_reader_who_waits_is_answered_as_soon_as_there_is_something(
    resident: Resident, assistant: AssistantTwin
) -> None:
    seq = resident.says("bin day")
    found = resident.reads(after=seq, wait=30)
    assert [m["text"] for m in found["messages"]] == ["You said: bin day"]
    assert found["state"] == "assistant"
    assert found["pending"] is False


def test_a_reader_who_does_not_wait_is_told_that_an_answer_is_to_come(
    resident: Resident, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda _: Trouble.HANGS
    seq = resident.says("bin day")
    assert resident.reads(after=seq) == {"messages": [], "state": "assistant", "pending": True}


def test_the_event_stream_brings_messages_by_number_and_the_state(
    resident: Resident, client: httpx.Client
) -> None:
    with client.stream("GET", f"{resident.at}/events", headers=resident.headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        resident.says("bin day")
        seen: list[str] = []
        while not any("You said" in line for line in seen):
            seen.append(next(lines))
    assert "id: 1" in seen
    assert "id: 2" in seen
    assert any(line.startswith('data: {"state":"assistant"') for line in seen)
    last = json.loads(seen[-1].removeprefix("data: "))
    assert last["text"] == "You said: bin day"


def test_a_message_is_shown_to_those_who_follow_while_its_answer_is_still_to_come(
    resident: Resident, assistant: AssistantTwin, client: httpx.Client
) -> None:
    assistant.will_answer = lambda _: Trouble.HANGS
    with client.stream("GET", f"{resident.at}/events", headers=resident.headers) as stream:
        lines = stream.iter_lines()
        resident.says("bin day")
        seen = [next(lines)]
        while '"pending":true' not in seen[-1]:
            seen.append(next(lines))
    assert "id: 1" in seen
    assert "id: 2" not in seen


def test_the_event_stream_goes_on_after_the_last_message_that_is_known(
    resident: Resident, client: httpx.Client
) -> None:
    resident.hears(after=resident.says("one"))
    resident.hears(after=resident.says("two"))
    headers = resident.headers | {"Last-Event-ID": "3"}
    with client.stream("GET", f"{resident.at}/events", headers=headers) as stream:
        ids = []
        for line in stream.iter_lines():
            if line.startswith("id: "):
                ids.append(line)
            if line.startswith("event: state"):
                break
    assert ids == ["id: 4"]


def test_a_silent_event_stream_shows_that_it_is_alive(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    from tests.triage.talking import front_door

    with front_door(database_url, assistant.url, heartbeat_seconds=0.1) as url:
        resident = Resident(url, client)
        with client.stream("GET", f"{resident.at}/events", headers=resident.headers) as stream:
            assert ": alive" in stream.iter_lines()


def test_messages_are_answered_in_their_order(
    resident: Resident, assistant: AssistantTwin
) -> None:
    words = [f"question {n}" for n in range(12)]
    all_sent = threading.Event()

    def slow_at_first(asked: dict[str, Any]) -> Any:
        if asked["text"] == words[0]:
            all_sent.wait(20)
        return says(f"You said: {asked['text']}")

    assistant.will_answer = slow_at_first
    for text in words:
        resident.says(text)
    all_sent.set()
    heard = resident.hears(after=0)
    while len(heard) < len(words):
        heard = resident.hears(after=0)
    assert [m["text"] for m in heard] == [f"You said: {text}" for text in words]
    assert assistant.texts() == words
    assert not assistant.overlapped


def test_several_replies_are_all_kept_and_an_open_question_is_recorded(
    resident: Resident, assistant: AssistantTwin, database_url: str
) -> None:
    from sqlalchemy import create_engine, text

    assistant.will_answer = lambda _: [
        *says("The bin is green."),
        *says(
            "I found nothing on the other.",
            "not_found",
            unanswered=True,
            matches=[{"service_id": "x", "confidence": 0.1}],
        ),
    ]
    heard = resident.hears(after=resident.says("bin and love"))
    assert [m["outcome"] for m in heard] == ["answer", "not_found"]
    with create_engine(database_url).connect() as connection:
        [row] = connection.execute(text("SELECT * FROM unanswered_questions")).all()
    assert row.outcome == "not_found"
    assert json.loads(row.matches) == [{"service_id": "x", "confidence": 0.1}]


def test_french_is_met_with_a_word_on_who_speaks_it(new_resident: MakeResident) -> None:
    [notice] = new_resident(language="fr").reads()["messages"]
    assert notice["from"] == "system"
    assert "Bonjour" in notice["text"]
    assert new_resident(language="en").reads()["messages"] == []
