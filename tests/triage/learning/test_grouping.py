"""Groups by meaning: whatever the order, the same messages fall into the same groups, and keep their names."""

from __future__ import annotations

import random

import numpy as np
import pytest

from triage.learning.grouping import ALIKE_BY_LETTERS, Vectors, by_letters, grouped, named

DOGS = ("how do i license my dog", "how do i license my dogs", "how do i license a dog")
SNOW = ("snow plow buried my driveway", "the snow plow blocked my driveway")
ALONE = ("is the planetarium open",)


def sets(texts: tuple[str, ...], groups: list[tuple[int, ...]]) -> set[frozenset[str]]:
    return {frozenset(texts[n] for n in members) for members in groups}


def test_messages_alike_are_together_in_any_order_and_the_same_words_count_each() -> None:
    texts = (*DOGS, *SNOW, *ALONE, DOGS[0].upper())
    expected = {frozenset((*DOGS, DOGS[0].upper())), frozenset(SNOW), frozenset(ALONE)}
    for seed in range(5):
        order = list(texts)
        random.Random(seed).shuffle(order)
        mixed = tuple(order)
        groups = grouped(mixed, by_letters(mixed), ALIKE_BY_LETTERS)
        assert sets(mixed, groups) == expected
        assert [len(g) for g in groups] == [4, 2, 1]


def test_nothing_makes_no_group() -> None:
    assert grouped((), by_letters(()), ALIKE_BY_LETTERS) == []


def unit(*degrees: float) -> Vectors:
    turned = np.radians(np.array(degrees))
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("alike", "groups"),
    [
        # Each is near the next, but the first and the last are far apart: they do not hang together as a chain.
        (np.cos(np.radians(25)), {"ab", "cd"}),
        (np.cos(np.radians(5)), {"a", "b", "c", "d"}),
        (np.cos(np.radians(60)), {"abcd"}),
    ],
)
def test_groups_are_alike_on_average_and_are_no_chains(alike: float, groups: set[str]) -> None:
    found = grouped(("a", "b", "c", "d"), unit(0, 20, 42, 62), float(alike))
    assert {"".join("abcd"[n] for n in sorted(members)) for members in found} == groups


def test_the_most_typical_message_comes_first() -> None:
    (found,) = grouped(("a", "b", "c"), unit(0, 10, 30), 0.5)
    assert found[0] == 1


def test_a_group_keeps_its_name_as_messages_come_and_go() -> None:
    first = named([["m1", "m2"], ["m3"]], {})
    assert len(set(first)) == 2
    before = {"m1": first[0], "m2": first[0], "m3": first[1]}
    # One came, one went.
    assert named([["m2", "m4"], ["m3"]], before) == first
    # Two became one: it has the name of the larger part.
    assert named([["m1", "m2", "m3"]], before) == [first[0]]
    # One parted: the larger part keeps the name, the other gets a new one.
    before |= {"m4": first[0]}
    larger, smaller, other = named([["m2", "m4"], ["m1"], ["m3"]], before)
    assert (larger, other) == (first[0], first[1])
    assert smaller not in first


def test_two_processes_give_the_same_names() -> None:
    assert named([["m1"], ["m2"]], {}) == named([["m1"], ["m2"]], {})
