"""References: a slip of the tongue or the finger is found, however they are written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.references import (
    ALPHABET,
    find_reference,
    new_reference,
    read_reference,
)

references = st.builds(lambda _: new_reference(), st.integers())


@given(references)
def test_a_reference_is_read_as_it_is_written(reference: str) -> None:
    assert read_reference(reference) == reference
    assert len(reference) == 11


@given(references, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(reference: str, at: int, wrong: str) -> None:
    characters = list(reference.replace("-", ""))
    if characters[at] != wrong:
        characters[at] = wrong
        assert read_reference("".join(characters)) is None


@given(references, st.integers(0, 7))
def test_every_swap_of_neighbours_is_found(reference: str, at: int) -> None:
    characters = list(reference.replace("-", ""))
    if characters[at] != characters[at + 1]:
        characters[at], characters[at + 1] = characters[at + 1], characters[at]
        assert read_reference("".join(characters)) is None


@given(
    references,
    st.sampled_from(["{}", "{0}.", "it is {} please", "my case\n{}, thanks", "#{}", "(ref: {})"]),
    st.sampled_from([str, str.lower, lambda r: r.replace("-", " "), lambda r: r.replace("-", ""),
                     lambda r: " ".join(r.replace("-", "")), lambda r: r.replace("-", " - ")]),
)  # fmt: skip
def test_it_is_found_in_a_sentence_however_it_is_written(
    reference: str, sentence: str, written: object
) -> None:
    assert find_reference(sentence.format(written(reference))) == reference  # type: ignore[operator]


@given(references)
def test_it_is_found_after_another_word_of_three_letters(reference: str) -> None:
    assert find_reference(f"my {reference.lower().replace('-', ' ')} why") == reference


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "what is happening with my report", "why harm my car", "call 416-392-2489",
        "234 567 892", "2026-11-29 14:30", "m5v 2x4", "my yam may jam", "éK4M-9RW-2HXé",
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert find_reference(text) is None
    assert read_reference(text) is None


def test_they_do_not_repeat() -> None:
    assert len({new_reference() for _ in range(2_000)}) == 2_000
