"""What stands beside the matter itself: how to be reached, what was not done, a "no" that is no correction."""

import pytest

from actions.intake.choosing import chosen, names_choice, said_of
from actions.intake.contact import contact_in_passing, is_contact_alone
from actions.intake.correct import is_marked
from actions.intake.memory import Contact
from services_catalog.definition import Attribute, AttributeValue, Datatype
from tests.actions.intake.questions import LAND

HOME = Attribute(
    "home",
    "What kind of home is it?",
    Datatype.SINGLEVALUELIST,
    values=(
        AttributeValue("house", "House", words=("my house",)),
        AttributeValue("building", "Apartment building", words=("wheelchair ramp",)),
    ),
)
PART = Attribute(
    "part",
    "What is it in?",
    Datatype.SINGLEVALUELIST,
    values=(
        AttributeValue("road", "A road"),
        AttributeValue("private", "A private lot or private road"),
        AttributeValue("walk", "A sidewalk", words=("hasn't been plowed",)),
    ),
)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("i want to stay anonymous. there is a pothole", Contact()),
        ("anonimous please", Contact()),
        ("no need to contact me, just fix it", Contact()),
        ("nobody needs to call me", Contact()),
        ("a pothole, my cell is 416 555 0100", Contact(phone="(416) 555-0100")),
        ("email me at jo@example.com no updates", Contact(email="jo@example.com", wants_updates=False)),
        # A company's number, or no word of it at all.
        ("the truck says call Junk Co 416 555 0100", None),
        ("there is a pothole at king and bay", None),
    ],
)  # fmt: skip
def test_contact_is_heard_before_it_is_asked_for(text: str, contact: Contact | None) -> None:
    assert contact_in_passing(text) == contact


@pytest.mark.parametrize(
    ("text", "is_alone"),
    [
        ("anonymous", True),
        ("id like to stay anonymous please", True),
        ("can i stay anonymous?", True),
        ("no contact", True),
        ("anonymous, it is a big one", False),
        ("a big one", False),
    ],
)
def test_a_message_about_the_contact_alone_answers_nothing_else(
    text: str, is_alone: bool
) -> None:
    assert is_contact_alone(text) is is_alone


@pytest.mark.parametrize(
    ("text", "affirmed", "denied"),
    [
        ("my bin was not picked up yesterday at my house", ("house",), ()),
        ("they never came to my house", ("house",), ()),
        ("the wheelchair ramp can't close", ("building",), ()),
        ("it is not my house", (), ("house",)),
    ],
)
def test_what_was_not_done_denies_nothing_around_it(
    text: str, affirmed: tuple[str, ...], denied: tuple[str, ...]
) -> None:
    assert said_of(HOME, text) == (affirmed, denied)


def test_the_shortest_label_that_says_it_all_is_meant_and_apostrophes_may_be_left_out() -> None:
    assert chosen(PART, "road") == ("road",)
    assert chosen(PART, "private road") == ("private",)
    assert chosen(PART, "it hasnt been plowed") == ("walk",)


def test_words_of_a_label_are_told_from_words_with_more_in_them() -> None:
    assert names_choice(LAND, "in the park")
    assert not names_choice(LAND, "in the park and it is on fire")


@pytest.mark.parametrize(
    ("text", "is_correction"),
    [
        ("no wires", False),
        ("no, a large one", True),
        ("no it's number 14", True),
        ("oh sorry, its on the lawn", True),
        ("oh it is big", False),
    ],
)
def test_a_no_that_belongs_to_its_noun_is_no_correction(text: str, is_correction: bool) -> None:
    assert is_marked(text) is is_correction
