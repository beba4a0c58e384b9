from typing import Any

import pytest

from actions.intake.memory import Contact, IntakeMemory
from actions.intake.steps import (
    AskAttribute,
    AskContact,
    AskLocation,
    Divert,
    LookNear,
    ReadBack,
    next_step,
    optional_left,
)
from actions.place_memory import Spot
from services_catalog.definition import LocationRule
from tests.actions.intake.questions import (
    DEPTH,
    LAND,
    PARK_NAME,
    PHOTO,
    REASON,
    SINCE,
    SINK,
    WIRES,
    definition,
)

HERE = Spot(43.65, -79.38, "12 Elm St")


def known(**facts: Any) -> IntakeMemory:
    return IntakeMemory("m1", "leaning_tree", **facts)


def test_who_decides_comes_first_then_where_then_the_rest() -> None:
    asked = definition(SINCE, LAND, REASON)
    assert next_step(asked, known()) == AskAttribute(SINCE)
    assert next_step(asked, known(answers={"since": "2026-03-01"})) == AskAttribute(LAND)
    answers = {"since": "2026-03-01", "land": "street"}
    assert next_step(asked, known(answers=answers)) == AskLocation()
    assert next_step(asked, known(answers=answers, spot=HERE)) == AskAttribute(REASON)


def test_without_a_deciding_question_where_comes_first() -> None:
    assert next_step(definition(REASON), known()) == AskLocation()


@pytest.mark.parametrize("rule", [LocationRule.OPTIONAL, LocationRule.NONE])
def test_where_is_asked_only_if_it_is_required(rule: LocationRule) -> None:
    assert next_step(definition(REASON, location=rule), known()) == AskAttribute(REASON)


def test_a_place_that_may_be_left_out_is_asked_for_with_the_other_optional_questions() -> None:
    asked = definition(location=LocationRule.OPTIONAL)
    assert next_step(asked, known(wants_optional=True)) == AskLocation()
    skipped = known(wants_optional=True, skipped=("@location",))
    assert next_step(asked, skipped) == AskContact()


def test_a_question_that_does_not_apply_is_not_asked() -> None:
    asked = definition(LAND, PARK_NAME, location=LocationRule.NONE)
    assert next_step(asked, known(answers={"land": "street"})) == AskContact()
    assert next_step(asked, known(answers={"land": "park"})) == AskAttribute(PARK_NAME)


def test_reports_near_by_are_looked_for_once_everything_is_answered() -> None:
    asked = definition(join_within=20)
    assert next_step(asked, known(spot=HERE)) == LookNear(20)
    assert next_step(asked, known(spot=HERE, knows_near=True)) == AskContact()


def test_at_the_end_everything_is_read_back() -> None:
    done = known(spot=HERE, contact=Contact())
    assert next_step(definition(DEPTH, PHOTO), done) == ReadBack()


def test_optional_questions_are_put_only_when_wanted() -> None:
    asked = definition(DEPTH, PHOTO)
    done = known(spot=HERE, contact=Contact())
    assert [a.code for a in optional_left(asked, done)] == ["depth", "photo"]
    wanted = known(spot=HERE, contact=Contact(), wants_optional=True, photos=("med_1",))
    assert next_step(asked, wanted) == AskAttribute(DEPTH)
    assert [a.code for a in optional_left(asked, wanted)] == ["depth"]


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"land": "yard"}, "yard"),
        ({"sink": "yes"}, "yes"),
        # Danger does not wait for whose job it is.
        ({"land": "yard", "wires": "yes"}, "yes"),
    ],
)
def test_an_answer_that_makes_it_anothers_matter_diverts(
    answers: dict[str, str], key: str
) -> None:
    step = next_step(definition(LAND, SINK, WIRES), known(answers=answers))
    assert isinstance(step, Divert)
    assert step.value.key == key
    assert ("wires" in answers) == bool(step.value.danger)


def test_what_is_known_survives_being_remembered() -> None:
    memory = known(
        answers={"troubles": ["heat"]},
        spot=HERE,
        contact=Contact("Jane", phone="(416) 555-0100"),
        photos=("med_1",),
        skipped=("depth",),
    )
    assert IntakeMemory.of(memory.remembered()) == memory
    assert IntakeMemory.of({}) is None
