from datetime import date

import pytest

from actions.intake.dates import day_within, spoken_day
from actions.intake.numbers import number_said
from actions.intake.reading import Taken, Unread, read, still_valid, told
from services_catalog.definition import Attribute
from tests.actions.intake.questions import (
    COUNT,
    LAND,
    REASON,
    SINCE,
    TROUBLES,
    WIRES,
    definition,
)

TODAY = date(2026, 3, 2)  # a Monday


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "street"),
        ("number 2", "park"),
        ("the second one", "park"),
        ("option b", "park"),
        ("last", "not_sure"),
        ("In a yard", "yard"),
        ("boulevard", "street"),
        ("on the boulevrd", "street"),
        ("i think it is on the boulevard", "street"),
        ("the one by the sidewalk please", "street"),
        ("not in a park, in a yard", "yard"),
        ("not sure", "not_sure"),
        ("i don't know", "not_sure"),
    ],
)
def test_one_of_the_choices_is_taken_by_number_label_or_words(text: str, key: str) -> None:
    assert read(LAND, text, TODAY) == Taken(key)


@pytest.mark.parametrize("text", ["9", "park or yard", "parking lot", "1 and 2", "elephants"])
def test_what_is_no_choice_or_more_than_one_is_not_guessed(text: str) -> None:
    assert read(LAND, text, TODAY) is Unread.UNCLEAR


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1 and 3", ["heat", "mould"]),
        ("1,2", ["heat", "pests"]),
        ("the first and the third", ["heat", "mould"]),
        ("pests, mould", ["pests", "mould"]),
        ("rats and no heat", ["heat", "pests"]),
        ("pest and mold", ["pests", "mould"]),
        ("all of them", ["heat", "pests", "mould"]),
        ("none of these", ["other"]),
    ],
)
def test_several_choices_are_taken_at_once(text: str, keys: list[str]) -> None:
    assert read(TROUBLES, text, TODAY) == Taken(keys)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yes", "yes"),
        ("yeah it is", "yes"),
        ("yep there are", "yes"),
        ("i think so", "yes"),
        ("unfortunately yes", "yes"),
        ("it's touching a wire", "yes"),
        ("yes, it pulled the power line down", "yes"),
        ("1", "yes"),
        ("no", "no"),
        ("nope", "no"),
        ("no it isn't", "no"),
        ("not that i know of", "no"),
        ("no one", "no"),
        ("No two are", "no"),
        ("i don't think so", "no"),
        ("it doesn't", "no"),
        ("no wires", "no"),
        ("it isn't touching any wires", "no"),
        ("wires are not involved", "no"),
    ],
)
def test_yes_and_no_are_read_in_their_usual_forms(text: str, key: str) -> None:
    assert read(WIRES, text, TODAY) == Taken(key)


@pytest.mark.parametrize(
    ("attribute", "text", "reason"),
    [
        (WIRES, "i have no idea", Unread.UNKNOWN),
        (SINCE, "can't remember", Unread.UNKNOWN),
        (SINCE, "skip", Unread.SKIP),
        (LAND, "next question please", Unread.SKIP),
        (SINCE, "purple", Unread.UNCLEAR),
        (COUNT, "a lot", Unread.UNCLEAR),
    ],
)
def test_not_knowing_and_leaving_out_are_told_from_what_is_not_understood(
    attribute: Attribute, text: str, reason: Unread
) -> None:
    assert read(attribute, text, TODAY) is reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", "2026-03-01"),
        ("last tuesday", "2026-02-24"),
        ("it was last wensday", "2026-02-25"),
        ("since june", "2025-06-01"),
        ("two days ago", "2026-02-28"),
        ("for three weeks", "2026-02-09"),
        ("2 wks ago", "2026-02-16"),
        ("last night", "2026-03-01"),
        ("this morning", "2026-03-02"),
        ("the 15th", "2026-02-15"),
        ("mar 1st at 3pm", "2026-03-01T15:00"),
        ("last friday around noon", "2026-02-27T12:00"),
        ("since 2019", "2019-01-01"),
    ],
)
def test_days_are_read_as_people_write_them_and_lie_in_the_past(text: str, day: str) -> None:
    assert read(SINCE, text, TODAY) == Taken(day)


@pytest.mark.parametrize("text", ["tomorrow", "14", "12 elm st", "wire is down", "no"])
def test_what_is_no_day_in_the_past_is_not_made_one(text: str) -> None:
    assert not isinstance(read(SINCE, text, TODAY), Taken)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("a branch fell on my car last night at 12 elm st", "2026-03-01"),
        ("it has been out for two weeks", "2026-02-16"),
        ("there may be a pothole", None),
        ("call me in two weeks", None),
        ("second time this month", None),
    ],
)
def test_a_day_within_a_sentence(text: str, day: str | None) -> None:
    assert day_within(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("three", 3),
        ("twenty-five", 25),
        ("about a dozen", 12),
        ("1,200", 1200),
        ("2.5", 2.5),
        ("there are two of them", 2),
        ("2 or 3", None),
        ("a few", None),
    ],
)
def test_numbers_in_figures_and_words(text: str, number: float | None) -> None:
    assert number_said(text) == number


def test_words_are_kept_as_they_were_written() -> None:
    assert read(REASON, "  The trunk split!\nIt leans. ", TODAY) == Taken(
        "The trunk split!\nIt leans.", is_words=True
    )


def test_answers_are_told_in_the_words_of_the_choices() -> None:
    assert told(TROUBLES, ["heat", "other"]) == "No heat, Something else"
    assert told(SINCE, "2026-02-27T12:00") == "Friday, February 27, 2026 at 12:00 p.m."
    assert spoken_day("2026-03-01") == "Sunday, March 1, 2026"


def test_answers_to_questions_that_were_changed_since_are_dropped() -> None:
    answers = {"land": "meadow", "troubles": ["heat"], "gone": "x", "since": "2026-03-01"}
    kept = still_valid(definition(LAND, TROUBLES, SINCE).by_code, answers)
    assert kept == {"troubles": ["heat"], "since": "2026-03-01"}
