"""The gate: what a report lacks, what is wrong in it, and whose job it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.definition import (
    Attribute,
    AttributeValue,
    Datatype,
    LocationRule,
    ServiceDefinition,
)
from triage.cases.completeness import (
    AnotherMatter,
    Complete,
    Finding,
    Incomplete,
    NotTheCitys,
    NotValid,
    check,
)


def listed(code: str, *values: AttributeValue, **more: Any) -> Attribute:
    return Attribute(code, f"{code}?", Datatype.SINGLEVALUELIST, values=values, **more)


TREE = ServiceDefinition(
    attributes=(
        listed(
            "land",
            AttributeValue("city", "City land"),
            AttributeValue("yard", "A yard", referral="The owner's job."),
            AttributeValue("hydro", "Under wires", instead="hydro_tree"),
            AttributeValue("wire", "On a wire", danger="wire"),
        ),
        Attribute("many", "Which?", Datatype.MULTIVALUELIST, required=False,
                  values=(AttributeValue("a", "A"), AttributeValue("b", "B", referral="B's job."))),
        Attribute("hurt", "Is anyone hurt?", Datatype.YES_NO, only_if={"land": ("city",)}),
        Attribute("since", "Since when?", Datatype.DATETIME, required=False),
        Attribute("height", "How high?", Datatype.NUMBER, required=False),
        Attribute("plate", "Which plate?", Datatype.STRING, required=False),
        Attribute("photo", "A photo?", Datatype.PHOTO, required=False),
    ),
    anonymous=False,
)  # fmt: skip
RIGHT: dict[str, Any] = {"land": "city", "hurt": "no"}


def found(
    answers: dict[str, Any], definition: ServiceDefinition = TREE, **there: Any
) -> Finding:
    return check(definition, answers, **({"has_location": True, "has_contact": True} | there))


@pytest.mark.parametrize(
    ("answers", "there", "finding"),
    [
        (RIGHT, {}, Complete(RIGHT)),
        ({}, {}, Incomplete(("land",))),
        # Not asked: it depends on an answer that is missing.
        ({"hurt": "no"}, {}, Incomplete(("land",))),
        ({"land": "city"}, {}, Incomplete(("hurt",))),
        (RIGHT, {"has_location": False}, Incomplete(("location",))),
        (RIGHT, {"has_location": False, "has_contact": False}, Incomplete(("location", "contact"))),
        ({"land": "city", "hurt": ""}, {"has_contact": False}, Incomplete(("hurt", "contact"))),
        # Whose job it is comes before what else is missing.
        ({"land": "yard"}, {"has_location": False}, NotTheCitys("land", "The owner's job.")),
        ({"land": "hydro"}, {}, AnotherMatter("land", instead="hydro_tree")),
        ({"land": "wire"}, {}, AnotherMatter("land", danger="wire")),
        (RIGHT | {"many": ["a", "b"]}, {}, NotTheCitys("many", "B's job.")),
        # What is wrong comes before whose job it is.
        ({"land": "yard", "height": "tall"}, {}, NotValid("height", "A number is wanted here.")),
        ({"land": "moon"}, {}, NotValid("land", "One of these is wanted here: city, yard, hydro, wire.")),
        (RIGHT | {"colour": "red"}, {}, NotValid("colour", "There is no such question.")),
        # Each answer in its one form.
        (RIGHT | {"hurt": False}, {}, Complete(RIGHT)),
        (RIGHT | {"hurt": True}, {}, Complete(RIGHT | {"hurt": "yes"})),
        (RIGHT | {"land": ["city"]}, {}, Complete(RIGHT)),
        (RIGHT | {"many": "a"}, {}, Complete(RIGHT | {"many": ["a"]})),
        (RIGHT | {"many": ["a", "a"]}, {}, Complete(RIGHT | {"many": ["a"]})),
        (RIGHT | {"height": " 3.0 "}, {}, Complete(RIGHT | {"height": 3})),
        (RIGHT | {"height": 2.5}, {}, Complete(RIGHT | {"height": 2.5})),
        (RIGHT | {"since": "2026-11-29T14:30"}, {}, Complete(RIGHT | {"since": "2026-11-29T14:30"})),
        (RIGHT | {"plate": " ABCD 123 "}, {}, Complete(RIGHT | {"plate": "ABCD 123"})),
        (RIGHT | {"plate": "  "}, {}, Complete(RIGHT)),
    ],
)  # fmt: skip
def test_what_stands_between_a_report_and_its_case(
    answers: dict[str, Any], there: dict[str, Any], finding: Finding
) -> None:
    assert found(answers, **there) == finding


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("land", True), ("land", 3), ("land", ["city", "yard"]), ("many", ["a", "z"]), ("hurt", "maybe"),
        ("since", "yesterday"), ("since", 5), ("height", True), ("height", "nan"), ("height", "inf"),
        ("height", ["3"]), ("plate", ["A"]), ("plate", "x" * 501), ("plate", True),
    ],
)  # fmt: skip
def test_answers_that_a_question_cannot_have(code: str, given: Any) -> None:
    wrong = found(RIGHT | {code: given})
    assert isinstance(wrong, NotValid)
    assert wrong.attribute == code


def test_an_answer_to_a_question_that_does_not_apply_does_not_count() -> None:
    definition = ServiceDefinition(
        attributes=(
            listed("where", AttributeValue("in", "In"), AttributeValue("out", "Out")),
            listed(
                "who",
                AttributeValue("us", "Us"),
                AttributeValue("them", "Them", referral="Theirs."),
                only_if={"where": ("in",)},
            ),
        ),
    )
    stale = {"where": "out", "who": "them"}
    assert found(stale, definition) == Complete({"where": "out"})
    assert found(stale | {"where": "in"}, definition) == NotTheCitys("who", "Theirs.")


def test_a_photo_answers_the_question_for_one() -> None:
    definition = ServiceDefinition(attributes=(Attribute("photo", "A photo?", Datatype.PHOTO),))
    assert found({}, definition) == Incomplete(("photo",))
    assert found({}, definition, photos=1) == Complete({})


def test_where_no_place_is_asked_for_none_is_missing() -> None:
    definition = ServiceDefinition(location=LocationRule.NONE)
    assert found({}, definition, has_location=False, has_contact=False) == Complete({})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from([*TREE.by_code, "other"]), values))
def test_whatever_comes_nothing_passes_without_what_is_required(
    answers: dict[str, Any],
) -> None:
    result = found(answers)
    if isinstance(result, Complete):
        assert not TREE.missing(result.answers)
        assert found(dict(result.answers)) == result
