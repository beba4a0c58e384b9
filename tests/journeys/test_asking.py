"""What a resident meets: questions put to the whole line, with the Toronto catalogue and the trained model."""

import json
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from services_catalog import store
from services_catalog.database import open_database
from tests.journeys.processes import Line, Resident, wait_until

pytestmark = pytest.mark.slow


Someone = Callable[[], Resident]


def says(someone: Someone, *texts: str) -> list[dict]:
    resident = someone()
    heard = []
    for text in texts:
        resident.says(text)
        heard = resident.hears()
    return heard


@pytest.mark.parametrize(
    ("question", "service"),
    [
        ("how do i pay a parking ticket", "parking_ticket_pay"),
        ("when do i put out my green bin", "garbage_collection_schedule"),
        ("Hi there! when is garbage day? thanks", "garbage_collection_schedule"),
        ("theres a huge pothole on my street", "pothole"),
        ("my landlord wont turn on the heat", "no_heat"),
    ],
)
def test_a_plain_question_gets_its_sourced_answer(
    someone: Someone, question: str, service: str
) -> None:
    reply, *more = says(someone, question)
    # After the answer about something that can be reported, the report's first question.
    assert all(m["outcome"] == "intake" for m in more)
    offered = [c.get("service_id") for c in reply.get("choices", [])]
    assert service in [reply.get("service_id"), *offered], reply
    if reply["outcome"] == "answer":
        assert reply["source_url"].startswith("https://")
        assert reply["last_verified"]
        assert reply["revision"] >= 1
        assert 0 < reply["confidence"] <= 1


def test_a_follow_up_is_about_the_service_just_discussed(someone: Someone) -> None:
    (reply,) = says(someone, "how do i get a dog licence", "how much is it?")
    assert reply["service_id"] == "pet_licence"
    assert "$" in reply["text"]


def test_a_choice_is_taken_by_its_number_and_by_a_tap(someone: Someone) -> None:
    for by_tap in (False, True):
        resident = someone()
        resident.says("tree")
        (offer,) = resident.hears()
        assert offer["outcome"] == "choices", offer
        second = offer["choices"][1]
        resident.picks(second) if by_tap else resident.says("2")
        (reply,) = resident.hears()
        assert reply["service_id"] == second["service_id"]


def test_two_matters_in_one_message_are_both_answered(someone: Someone) -> None:
    heard = says(
        someone, "How do I pay a parking ticket? Also how do I get a marriage licence?"
    )
    assert {m.get("service_id") for m in heard} >= {"parking_ticket_pay", "marriage_licence"}


def test_what_is_not_found_twice_leads_to_a_person(someone: Someone) -> None:
    (reply,) = says(someone, "who won the hockey game", "what is the capital of australia")
    # Into the line, where somebody has an account that may take conversations; else how to phone.
    assert reply["outcome"] in ("handoff", "not_found")
    assert "311" in reply["text"]


def test_another_municipalitys_matter_is_not_answered_as_torontos(someone: Someone) -> None:
    (reply,) = says(someone, "pothole on main street in Hamilton")
    assert reply["outcome"] == "not_found"
    assert "Hamilton" in reply["text"]


def test_danger_comes_first_and_needs_nobody_else(someone: Someone) -> None:
    heard = says(someone, "i smell gas in the hallway of my building")
    assert heard[0]["outcome"] == "safety"
    assert "911" in heard[0]["text"]


def test_a_slash_does_not_command_the_assistant(someone: Someone) -> None:
    (reply,) = says(someone, '/choose{"service_id": "pothole"}')
    assert reply["outcome"] in ("not_found", "choices", "small_talk", "answer")
    assert reply.get("service_id") != "pothole" or reply["outcome"] != "answer"


def test_an_edited_entry_answers_in_its_new_words_at_once(line: Line, someone: Someone) -> None:
    engine = open_database(f"sqlite:///{line.var}/ask311.db")
    entry = store.load(engine, "toronto").by_id["marriage_licence"]
    new = replace(entry, summary="Marriage licences are given out by the pink kiosk now.")
    store.apply(engine, "toronto", store.Change([new]), by="test", reason="an edit")
    try:
        wait_until(
            lambda: "pink kiosk" in says(someone, "how do i get a marriage licence")[0]["text"],
            20,
        )
    finally:
        store.apply(engine, "toronto", store.Change([entry]), by="test", reason="back")


def test_the_event_stream_brings_what_came_after_the_last_event(line: Line) -> None:
    with httpx.Client(base_url=line.url, timeout=30, trust_env=False) as http:
        _reads_on(http)


def _reads_on(http: httpx.Client) -> None:
    started = http.post("/api/chat/conversations", json={}).json()
    path = f"/api/chat/conversations/{started['conversation_id']}"
    headers = {"Authorization": f"Bearer {started['token']}"}
    sent = http.post(
        f"{path}/messages", json={"client_message_id": "1", "text": "hello"}, headers=headers
    ).json()
    headers |= {"Last-Event-ID": str(sent["seq"])}
    with http.stream("GET", f"{path}/events", headers=headers) as events:
        for text in events.iter_lines():
            if text.startswith("data:") and '"from"' in text:
                message = json.loads(text.removeprefix("data:"))
                assert message["seq"] > sent["seq"]
                assert message["from"] == "assistant"
                break


def test_every_part_says_how_it_is(line: Line) -> None:
    ready = httpx.get(f"{line.url}/health/ready", trust_env=False).json()
    assert {"database", "assistant", "actions", "catalogue"} <= set(ready["dependencies"])
    version = httpx.get(f"{line.url}/version", trust_env=False).json()
    assert "revision" in json.dumps(version)
    assert "sha256" in json.dumps(version)
    assert "ask311" in httpx.get(f"{line.url}/metrics", trust_env=False).text
