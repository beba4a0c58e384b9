import pytest

from actions.heard import Offered
from actions.picking import Said, pick

TREES = (
    Offered("On City land", {"service_id": "city_tree"}),
    Offered("On private land", {"service_id": "private_tree"}),
)
HEAT = (
    Offered("Yes, no heat", {"service_id": "no_heat"}),
    Offered("No, it is a repair", {"service_id": "repairs"}),
)
THREE = (*TREES, Offered("Tree planting", {"service_id": "tree_planting"}))
PERSON = (Offered("Talk to a person", {"move": "person"}),)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("number two", 1),
        ("option 2 please", 1),
        ("the first one", 0),
        ("Second", 1),
        ("the 2nd one please", 1),
        ("i mean the last one", 1),
        ("the latter", 1),
        ("On private land", 1),
        ("on city land!", 0),
        ("private", 1),
        ("it's on private land", 1),
        ("city land thanks", 0),
        ("b", 1),
        ("2 On private land", 1),
        ("1. on city land", 0),
    ],
)
def test_a_pick_is_a_number_an_ordinal_a_label_or_words_of_it(text: str, place: int) -> None:
    assert pick(text, TREES) == (TREES[place],)


@pytest.mark.parametrize(
    "text",
    ["neither", "none of these", "None of those.", "no", "nope", "neither of them", "something else",
     "no, none of them", "nothing", "not that one", "no thanks"],
)  # fmt: skip
def test_none_of_what_was_offered(text: str) -> None:
    assert pick(text, TREES) is Said.NONE_OF_THESE


@pytest.mark.parametrize(
    "text",
    ["when is my garbage day", "land", "a tree fell on my car on private land yesterday evening", "why?",
     "no one", "noone", "how much is a private tree permit", "hello"],
)  # fmt: skip
def test_what_is_no_pick_is_left_to_the_search(text: str) -> None:
    assert pick(text, TREES) is None


def test_yes_and_no_are_the_labels_that_begin_so() -> None:
    assert pick("yes", HEAT) == (HEAT[0],)
    assert pick("No", HEAT) == (HEAT[1],)


def test_yes_to_several_does_not_say_which_and_a_number_not_offered_neither() -> None:
    assert pick("yes", TREES) is Said.YES
    assert pick("7", TREES) is Said.YES
    assert pick("ok", THREE) is Said.YES


def test_yes_and_no_to_a_single_offer() -> None:
    assert pick("yes please", PERSON) == PERSON
    assert pick("no", PERSON) is Said.NO


def test_both_are_both_of_two_only() -> None:
    assert pick("both", TREES) == TREES
    assert pick("both", THREE) is Said.YES


def test_nothing_is_picked_when_nothing_is_offered() -> None:
    assert pick("1", ()) is None
