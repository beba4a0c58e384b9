"""From a ranking to an outcome: what bare words and follow-ups are about. By words alone, with weights set by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services_catalog.model import Catalogue
from services_catalog.search.calibration import Calibration, Mode, Weights
from services_catalog.search.choose import Answer, Choices, find
from services_catalog.search.index import SearchIndex
from tests.support.small_town import make_entry

ENTRIES = (
    make_entry(
        "building_permit",
        "Building permit",
        "x",
        also_called=["permit", "permit cost"],
        questions=["how much is a permit", "do i need a permit"],
    ),
    make_entry(
        "street_permit", "Street parking permit", "x", questions=["park on my street overnight"]
    ),
    replace(
        make_entry("street_rules", "Street parking rules", "x", questions=["three hour limit"]),
        related=("street_permit",),
    ),
    make_entry("garbage_days", "Garbage, green bin and yard waste days", "x"),
    make_entry(
        "garbage_tags",
        "Tags",
        "x",
        also_called=["extra garbage"],
        questions=["garbage", "garbage bag"],
    ),
    make_entry("library", "Library hours", "x", questions=["is the library open"]),
    make_entry("centres", "Recreation centres and gyms", "x"),
    make_entry(
        "credit", "Recreation credit for low income", "x", questions=["recreation money"]
    ),
    make_entry("lessons", "Sign up for recreation programs", "x"),
)
# Sure where the words agree.
BY_WORDS = Weights(
    signals=np.array([10, 5], np.float32),
    uncovered=0.0,
    evidence=np.array([1, 0, 0, 0, 4, 0, 0, 0, 0], np.float32),
    bias=-1.0,
    answer=0.7,
    choices=0.2,
)
INDEX = SearchIndex(Catalogue("town", 1, ENTRIES), Calibration({Mode.WORDS: BY_WORDS}))


def answered(text: str, about: str | None = None) -> str | list[str]:
    [found] = find(INDEX, text, about=about)
    if isinstance(found, Answer):
        return found.entry.id
    return [o.entry.id for o in found.options] if isinstance(found, Choices) else ""


@pytest.mark.parametrize(
    ("about", "text", "entry"),
    [
        (None, "how much is a permit", "building_permit"),
        ("library", "how much is a permit", "building_permit"),
        ("street_permit", "how much is a permit", "street_permit"),
        # The rules have no permit of their own: the related one is meant.
        ("street_rules", "do i need a permit", "street_permit"),
        ("street_permit", "is the library open", "library"),
    ],
)
def test_a_question_that_names_what_was_discussed_by_its_noun_is_about_that(
    about: str | None, text: str, entry: str
) -> None:
    assert answered(text, about) == entry


def test_a_bare_word_is_offered_what_is_called_so_first() -> None:
    offered = answered("garbage")
    assert offered[0] == "garbage_days"
    assert "garbage_tags" in offered


def test_a_bare_word_that_stands_in_many_titles_is_not_taken_for_one_of_them() -> None:
    assert set(answered("recreation")) == {"centres", "credit", "lessons"}
    assert answered("recreation money") == "credit"
