"""What makes a text hard to read is named."""

from services_catalog.readability import grade, hard_parts

LONG = "Residents who wish to apply " + "and to apply again " * 5 + "call us."


def test_long_sentences_and_words_are_named() -> None:
    found = hard_parts(f"Call us. {LONG} Administratively, it is free.")
    assert found.sentences == ((LONG, 27),)
    assert found.words == ("administratively",)


def test_a_plain_text_has_nothing_hard_in_it() -> None:
    found = hard_parts("Call us. We fix it in four days.")
    assert (found.sentences, found.words) == ((), ())
    assert hard_parts("").sentences == ()


def test_what_is_named_is_what_raises_the_grade() -> None:
    assert grade(LONG) > grade("Call us.")
