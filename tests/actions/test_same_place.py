"""Words for the place that was named before, and words that only look like them."""

import pytest

from actions.same_place import asks_to_forget, is_alone, means_same, means_there


@pytest.mark.parametrize(
    "text",
    ["any pools near the same place", "same address", "Same location please!", "at the SAME spot", "same as before",
     "a park in that area", "closest rink to my last address", "the same neighborhood"],
)  # fmt: skip
def test_the_same_place(text: str) -> None:
    assert means_same(text)


@pytest.mark.parametrize(
    "text",
    ["library near there", "is there a park close to there", "anything around there?", "parking near it", "beside that one",
     "the nearest pool to... by there", "not far from there", "near over there"],
)  # fmt: skip
def test_near_there(text: str) -> None:
    assert means_there(text)


@pytest.mark.parametrize(
    "text",
    ["is there a library", "the same problem again", "there is a pothole near my house", "is it near king and bay",
     "my neighbour does the same", "where is it", "are there parks", "the address is 12 elm st"],
)  # fmt: skip
def test_words_that_speak_of_no_place_named_before(text: str) -> None:
    assert not means_same(text)
    assert not means_there(text)


def test_a_message_of_a_few_words_asks_for_nothing_else() -> None:
    assert is_alone("what about near there")
    assert not is_alone("the house at the same address has had its garbage out for weeks")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("forget my address", True),
        ("Please delete my location.", True),
        ("don't remember where I live", True),
        ("forget it", False),
        ("i forgot my garbage day", False),
        ("remove the tree at my address, it is dead and dangerous", False),
        ("how do i change my address", False),
    ],
)
def test_asking_to_be_forgotten(text: str, asks: bool) -> None:
    assert asks_to_forget(text) is asks
