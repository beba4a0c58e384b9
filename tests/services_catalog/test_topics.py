"""What a bare word or two may mean, by what entries are called."""

from __future__ import annotations

import pytest

from services_catalog.search.topics import Topics, bare_topic
from tests.support.small_town import make_entry

TOPICS = Topics(
    [
        make_entry("days", "Garbage, green bin and yard waste days", "x"),
        make_entry(
            "park_bins", "Garbage and bins in a park", "x", also_called=["park garbage"]
        ),
        make_entry("truck", "Spill of a garbage truck", "x"),
        make_entry("permit", "Permit to cut a tree", "x", also_called=["tree permits"]),
        make_entry("counters", "Counters (water and tax)", "x"),
    ]
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Garbage", ("garbage",)),
        ("the permits", ("permit",)),
        ("green bins?", ("green", "bin")),
        ("taxes", ("tax",)),
        ("glass", ("glass",)),
        ("garbage on my street", ()),
        ("", ()),
    ],
)
def test_a_word_or_two_are_a_bare_topic(text: str, topic: tuple[str, ...]) -> None:
    assert bare_topic(text) == topic


def test_an_entry_is_called_just_so_where_its_title_lists_it_of_itself() -> None:
    assert TOPICS.just_so(("garbage",)) == ["days"]
    assert not TOPICS.just_so(("water",))


def test_a_title_has_each_word_and_each_two_side_by_side() -> None:
    assert TOPICS.in_title(("garbage",)) == ["days", "park_bins", "truck"]
    assert TOPICS.in_title(("garbage", "truck")) == ["truck"]
    assert not TOPICS.in_title(("garbage", "day"))


def test_the_head_of_a_name_is_its_last_word_before_where_and_what_for() -> None:
    assert TOPICS.with_head(("garbage",)) == ["days", "park_bins"]
    assert TOPICS.with_head(("permit",)) == ["permit"]
    assert not TOPICS.with_head(("truck",))
