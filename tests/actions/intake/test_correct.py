from datetime import date
from typing import Any

import pytest

from actions.intake.correct import Correction, correction, is_marked
from actions.intake.memory import Contact, IntakeMemory, Topic
from actions.place_memory import Spot
from tests.actions.intake.questions import LAND, REASON, SINCE, TROUBLES, definition

TODAY = date(2026, 3, 2)
ASKED = definition(LAND, TROUBLES, SINCE, REASON)
KNOWN = IntakeMemory(
    "m1",
    "leaning_tree",
    answers={"land": "street", "troubles": ["pests"], "since": "2026-03-01"},
    spot=Spot(43.65, -79.38, "12 Elm St"),
    contact=Contact(email="jane@example.com"),
    asked=Topic.SEND,
)


def corrected(text: str) -> Correction | None:
    return correction(
        ASKED,
        KNOWN,
        text,
        TODAY,
        names_place=lambda words: "king and spadina" in words,
        without_places=lambda words: words.replace("king and spadina", ""),
    )


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("actually it's in a yard", {"land": "yard"}),
        ("no, it stands in the park", {"land": "park"}),
        ("change the land to park", {"land": "park"}),
        ("it started last tuesday", {"since": "2026-02-24"}),
        ("there is also mould", {"troubles": ["pests", "mould"]}),
    ],
)
def test_an_answer_is_changed_in_words(text: str, answers: dict[str, Any]) -> None:
    assert corrected(text) == Correction(answers=answers)


@pytest.mark.parametrize("text", ["no, it's number 14", "sorry, 14 not 12", "number 14"])
def test_only_the_house_number_is_changed(text: str) -> None:
    assert corrected(text) == Correction(house_number="14")


@pytest.mark.parametrize(
    "text", ["change the address to king and spadina", "no, king and spadina"]
)
def test_the_place_is_changed(text: str) -> None:
    found = corrected(text)
    assert found is not None
    assert found.place == "king and spadina"


def test_the_contact_is_changed_and_the_rest_of_it_stays() -> None:
    assert corrected("my phone number is 416 555 0100") == Correction(
        contact=Contact(email="jane@example.com", phone="(416) 555-0100")
    )


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("change the address", Topic.LOCATION),
        ("the address is wrong", Topic.LOCATION),
        ("change my email", Topic.CONTACT),
    ],
)
def test_what_is_wrong_without_what_is_right_is_asked_for_again(text: str, topic: str) -> None:
    assert corrected(text) == Correction(ask=topic)


@pytest.mark.parametrize(
    "text", ["1", "yes", "send it", "how long will it take", "not in a park"]
)
def test_what_changes_nothing_is_no_correction(text: str) -> None:
    assert corrected(text) is None


def test_the_words_of_a_correction_are_known() -> None:
    assert is_marked("no, it's number 14")
    assert is_marked("please change the address")
    assert not is_marked("the branch is nowhere near")
