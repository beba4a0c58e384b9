"""What residents say of answers, over HTTP: kept once an answer, changeable, and never a way past the safety screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services_catalog.database import open_database
from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin, says
from triage.conversations.feedback import LONGEST_SENTENCE
from triage.conversations.tables import feedback

ANSWER = says("Every dog needs a licence.", service_id="dog_licence", revision=1)


def judges(resident: Resident, seq: int, **given: Any) -> httpx.Response:
    return httpx.post(
        f"{resident.at}/messages/{seq}/feedback",
        json=given,
        headers=resident.headers,
        timeout=20,
        trust_env=False,
    )


def kept(database_url: str) -> list[tuple[bool, str | None]]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(feedback.c.helpful, feedback.c.sentence)).all()
    engine.dispose()
    return [(row.helpful, row.sentence) for row in rows]


@pytest.fixture
def answer(resident: Resident, assistant: AssistantTwin) -> int:
    """The number of an answer."""
    assistant.will_answer = lambda asked: ANSWER
    return int(resident.hears(after=resident.says("how do i license my dog"))[0]["seq"])


def test_an_answer_has_one_feedback_and_it_is_what_was_said_last(
    resident: Resident, answer: int, database_url: str
) -> None:
    assert judges(resident, answer, helpful=True).json() == {
        "helpful": True,
        "is_answered": False,
    }
    assert kept(database_url) == [(True, None)]
    judges(resident, answer, helpful=False, sentence="It is about cats.")
    assert kept(database_url) == [(False, "It is about cats.")]
    # Nothing of it is a message of the conversation.
    assert len(resident.reads()["messages"]) == 2


@pytest.mark.parametrize(
    ("reply", "can_be"),
    [
        (says("Which of these?", "choices", choices=[{"label": "A"}]), False),
        (says("You are welcome!", "small_talk"), False),
        (says("To talk to a person, call 311."), False),
        (says("Near you:", "place", places=[{"place_id": "p", "name": "Library"}]), True),
    ],
    ids=["choices", "small talk", "no entry", "places"],
)
def test_only_answers_can_be_judged(
    resident: Resident, assistant: AssistantTwin, reply: list[dict[str, Any]], can_be: bool
) -> None:
    assistant.will_answer = lambda asked: reply
    asked = resident.says("hello there")
    said = resident.hears(after=asked)[0]["seq"]
    assert judges(resident, said, helpful=True).status_code == (200 if can_be else 404)
    assert judges(resident, asked, helpful=True).json()["error"]["code"] == "answer_not_found"


def test_only_who_holds_the_conversation_can_judge(
    resident: Resident, new_resident: Callable[[], Resident], answer: int
) -> None:
    other = new_resident()
    assert judges(other, answer, helpful=True).status_code == 404
    other.at = resident.at
    assert judges(other, answer, helpful=True).status_code == 401


def test_a_sentence_is_one_and_not_too_long(resident: Resident, answer: int) -> None:
    for sentence in ("", " \u200b ", "x" * (LONGEST_SENTENCE + 1), "a\x00b"):
        assert judges(resident, answer, helpful=False, sentence=sentence).status_code == 422


def test_danger_in_a_sentence_is_answered_like_any_message_and_once(
    resident: Resident, answer: int, database_url: str
) -> None:
    told = "no and i smell gas in the hallway"
    for _ in range(2):
        given = judges(resident, answer, helpful=False, sentence=told)
        assert given.json() == {"helpful": False, "is_answered": True}
    heard = resident.hears(after=answer)
    assert heard[0]["outcome"] == "safety"
    assert [m["outcome"] for m in heard].count("safety") == 1
    words = [m["text"] for m in resident.reads(answer)["messages"] if m["from"] == "resident"]
    assert words == [told]
    # It stands in the conversation, and is no remark about the answer.
    assert kept(database_url) == [(False, None)]


@pytest.mark.parametrize(("judged", "helpful"), [("helpful", True), ("not_helpful", False)])
def test_what_is_said_of_an_answer_in_words_counts(
    resident: Resident,
    answer: int,
    assistant: AssistantTwin,
    database_url: str,
    judged: str,
    helpful: bool,
) -> None:
    assistant.will_answer = lambda asked: says("Thank you.", "small_talk", judged=judged)
    resident.hears(after=resident.says("words about it"))
    assert kept(database_url) == [(helpful, None)]


def test_words_about_nothing_are_no_feedback(
    resident: Resident, assistant: AssistantTwin, database_url: str
) -> None:
    assistant.will_answer = lambda asked: says("Thank you.", "small_talk", judged="helpful")
    resident.hears(after=resident.says("great job"))
    assert kept(database_url) == []
