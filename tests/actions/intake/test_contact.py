import pytest

from actions.intake.contact import NoContact, read_contact
from actions.intake.memory import Contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("416-555-0100", Contact(phone="(416) 555-0100")),
        ("+1 416 555 0100", Contact(phone="(416) 555-0100")),
        ("my name is jane doe, 4165550100, no updates",
         Contact("Jane Doe", phone="(416) 555-0100", wants_updates=False)),
        ("it's 416 555 0100, Priya", Contact("Priya", phone="(416) 555-0100")),
        ("Jane O'Neil 4165550100 Jane@Example.com",
         Contact("Jane O'Neil", "jane@example.com", "(416) 555-0100")),
        ("fine, jane@example.com", Contact(email="jane@example.com")),
        ("email me at jo@mail.example.org please, no need for updates",
         Contact(email="jo@mail.example.org", wants_updates=False)),
    ],
)  # fmt: skip
def test_how_to_reach_somebody_is_read_from_words(text: str, contact: Contact) -> None:
    assert read_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("stay anonymous please", NoContact.ANONYMOUS),
        ("no", NoContact.ANONYMOUS),
        ("i'd rather not say", NoContact.ANONYMOUS),
        ("just tell me here", NoContact.HERE),
        ("updates here please", NoContact.HERE),
        ("this number is fine", NoContact.HERE),
        ("the number i'm texting from", NoContact.HERE),
        ("555-0100", NoContact.NOT_VALID),
        ("jane@", NoContact.NOT_VALID),
        ("purple", NoContact.UNCLEAR),
    ],
)
def test_what_is_no_way_to_reach_somebody_is_told_apart(text: str, why: NoContact) -> None:
    assert read_contact(text) is why


def test_what_is_said_now_stands_instead_of_the_same_part_of_what_was_said_before() -> None:
    before = Contact("Jane", "jane@example.com")
    assert read_contact("416 555 0100", before) == Contact(
        "Jane", "jane@example.com", "(416) 555-0100"
    )
    assert read_contact("no updates", before) == Contact(
        "Jane", "jane@example.com", wants_updates=False
    )
