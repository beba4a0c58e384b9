"""How messages read as texts: one that has everything at once, one that goes on with 9, lists, questions, danger."""

from typing import Any

import pytest

from services_catalog.segments import count, fits
from triage.texting.cutting import MORE
from triage.texting.reading import More, Pick, Standing, read
from triage.texting.wording import LONGEST_BODY, Option, worded, worded_turn

SHORT = "Put the green bin out by 7 a.m. on your day. " * 5
LONG = "You can put your green bin at the curb from 8 p.m. on the evening before. " * 8
LINK = "https://www.toronto.ca/services-payments/green-bin/"
BARE_LINK = LINK.removeprefix("https://")


def message(**of: Any) -> dict[str, Any]:
    return {"from": "assistant", "text": "All right.", "outcome": "answer", **of}


def offering(*labels: str) -> list[dict[str, str]]:
    return [{"choice_id": f"cho_{n}", "label": label} for n, label in enumerate(labels, 1)]


def test_a_short_answer_has_its_source_on_the_end() -> None:
    said = worded(message(text="It is free \u2013 always.", source_url=LINK))
    assert said.parts == (f"It is free - always.\n{BARE_LINK}",)


def test_an_answer_is_said_in_short_words_and_wholly_with_9() -> None:
    said = worded(message(text=LONG, short=SHORT, source_url=LINK))
    first, *rest = said.parts
    assert first == f"{SHORT.strip()}\n{MORE}"
    assert all(fits(part) for part in said.parts)
    *_, last = rest
    assert last.endswith(f"\n{BARE_LINK}")
    whole = " ".join(rest).replace(f"\n{MORE}", "").removesuffix(f"\n{BARE_LINK}")
    assert whole == LONG.strip()


def test_what_was_said_is_not_said_again_with_9() -> None:
    said = worded(message(text=f"It costs $25.\n\n{LONG}", short="It costs $25."))
    assert said.parts[0] == f"It costs $25.\n{MORE}"
    assert said.parts[1].startswith("You can put your green bin")


def test_without_short_words_an_answer_is_parted_itself() -> None:
    said = worded(message(text=LONG))
    assert len(said.parts) == 3
    assert all(part.endswith(MORE) for part in said.parts[:-1])


def test_short_words_that_save_nothing_are_not_used() -> None:
    assert worded(message(text="Call 311 for that.", short="Call 311.")).parts == (
        "Call 311 for that.",
    )


def test_a_link_is_never_split_and_goes_last_of_all() -> None:
    link = "https://www.toronto.ca/" + "a" * 280
    said = worded(message(text=LONG, short=SHORT, source_url=link))
    assert said.parts[-1] == link.removeprefix("https://")
    assert said.parts[-2].endswith(MORE)
    assert all(fits(part) for part in said.parts)


def test_choices_are_numbered_and_9_is_one_of_them() -> None:
    said = worded(
        message(text=LONG, short=SHORT, choices=offering("Report this now", "Talk to a person"))
    )
    assert said.parts[0].endswith("\n1 Report this now\n2 Talk to a person\n9 More")
    assert said.options == (Option(1, "cho_1"), Option(2, "cho_2"))
    assert all(fits(part) for part in said.parts)


def test_where_a_number_is_asked_for_it_stands_for_nothing_else() -> None:
    question = message(
        text="How many items are there?",
        outcome="intake",
        ask="number",
        choices=offering("Skip this"),
    )
    turn = worded_turn([message(text=LONG, short=SHORT, source_url=LINK), question])
    assert turn.texts == (SHORT.strip(), 'How many items are there?\nOr text "Skip this".')
    assert (turn.rest, turn.options) == ((), ())


@pytest.mark.parametrize("outcome", ["choices", "intake", "case_status"])
def test_a_question_stays_with_all_its_choices_however_many(outcome: str) -> None:
    labels = [
        f"Choice {n} with words of its own, so that it takes a line" for n in range(1, 11)
    ]
    said = worded(
        message(text="Which of these do you mean?", outcome=outcome, choices=offering(*labels))
    )
    (text,) = said.parts
    numbers = list(range(1, 11))
    assert text.split("\n")[1:] == [
        f"{n} {label}" for n, label in zip(numbers, labels, strict=True)
    ]
    assert [o.number for o in said.options] == numbers


def test_a_choice_with_typographic_characters_does_not_double_the_price() -> None:
    said = worded(
        message(
            text="Which?",
            outcome="choices",
            choices=offering("It\u2019s mine", "Someone else\u2019s"),
        )
    )
    assert count(said.parts[0]).encoding == "GSM-7"


@pytest.mark.parametrize(
    "of",
    [
        {"outcome": "safety"},
        {"outcome": "safety", "short": "Call 911."},
        {"outcome": "outage", "from": "system"},
        {"from": "person", "outcome": None},
        {"outcome": "case_opened"},
    ],
)
def test_what_to_do_in_danger_and_what_is_no_answer_is_said_at_once(of: dict[str, Any]) -> None:
    assert worded(message(text=LONG, **of)).parts == (LONG.strip(),)


def test_what_the_carrier_would_not_take_is_parted_all_the_same() -> None:
    said = worded(message(text=LONG * 4, outcome="safety"))
    assert len(said.parts) > 1
    assert all(len(part) <= LONGEST_BODY for part in said.parts)


def test_a_list_of_places_goes_on_with_9_and_other_places_need_no_number() -> None:
    short = "Nearest library branches to King St W:\n1 Lillian H. Smith, 0.8 km, 239 College St"
    said = worded(
        message(
            text=LONG,
            short=short,
            outcome="place",
            choices=offering("Show more", "Near another place"),
        )
    )
    assert said.parts == (f"{short}\n9 More",)
    assert said.options == (Option(9, "cho_1"),)
    assert read("more", Standing(options=said.options)) == Pick("cho_1")


def test_two_messages_of_a_turn_have_numbers_of_their_own() -> None:
    turn = worded_turn(
        [
            message(
                text="I did not find that.",
                outcome="not_found",
                choices=offering("Talk to a person"),
            ),
            message(text="Which?", outcome="choices", choices=offering("Green bin", "Garbage")),
        ]
    )
    assert turn.texts == (
        "I did not find that.\n3 Talk to a person",
        "Which?\n1 Green bin\n2 Garbage",
    )
    assert turn.options is not None
    assert {o.number for o in turn.options} == {1, 2, 3}
    assert turn.rest == ()


def test_beside_a_list_that_needs_the_number_9_an_answer_offers_no_more() -> None:
    labels = [f"Choice {n}" for n in range(1, 12)]
    turn = worded_turn(
        [
            message(text=LONG, short=SHORT, choices=offering("Report this now")),
            message(text="What is it?", outcome="intake", choices=offering(*labels)),
        ]
    )
    assert turn.texts[0] == f"{SHORT.strip()}\n12 Report this now"
    assert turn.rest == ()
    assert read("9", Standing(options=turn.options or ())) == Pick("cho_9")


def test_what_is_left_of_two_answers_comes_in_their_order() -> None:
    turn = worded_turn(
        [message(text=LONG, short="One."), message(text=LONG.upper(), short="Two.")]
    )
    assert [t.split("\n")[0] for t in turn.texts] == ["One.", "Two."]
    assert turn.rest is not None
    assert turn.rest[0].startswith("You can")
    assert "YOU CAN" in turn.rest[-1]
    assert all(part.endswith(MORE) for part in turn.rest[:-1])
    assert read("9", Standing(has_rest=bool(turn.rest))) == More()


def test_a_courtesy_leaves_the_choices_before_it_open_and_another_answer_does_not() -> None:
    for of in ({"outcome": "small_talk"}, {"outcome": "outage", "from": "system"}):
        turn = worded_turn([message(**of)])
        assert (turn.options, turn.rest) == (None, None)
    turn = worded_turn([message(outcome="answer")])
    assert (turn.options, turn.rest) == ((), ())
    offered = worded_turn([message(outcome="small_talk", choices=offering("Talk to a person"))])
    assert offered.options == (Option(1, "cho_1"),)


def test_a_case_is_told_in_its_short_words_whose_first_is_the_reference() -> None:
    short = "K4M-9RW-2HA is your reference: your report is sent."
    told = message(
        text="Your report is sent. It has the reference.", short=short, outcome="case_opened"
    )
    assert worded(told).parts == (short,)
