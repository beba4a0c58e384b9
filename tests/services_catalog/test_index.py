"""An index of an edited catalogue goes by what the one before it had reckoned, where that is as good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from services_catalog.model import Catalogue
from services_catalog.search.calibration import load_calibration
from services_catalog.search.index import SearchIndex
from services_catalog.search.nearest import MANY_EXAMPLES, Floats
from tests.support.small_town import make_entry

ENTRIES = 120
EXAMPLES = MANY_EXAMPLES // ENTRIES + 1


class ByLetters:
    """Reads a text as a vector that is drawn by its own words."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        rows = np.array([self.encode(t) for t in texts], np.float32)
        return rows

    def encode(self, text: str) -> Floats:
        row = np.random.default_rng(list(text.encode())).normal(size=160)
        return (row / np.linalg.norm(row)).astype(np.float32)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return indexed(many("of the first"))


def many(kind: str) -> Catalogue:
    return Catalogue(
        "town",
        1,
        tuple(
            make_entry(
                f"entry_{n}", f"Entry {n}", "Words.",
                questions=[f"{kind}: {n} and {m}" for m in range(EXAMPLES)],
            )
            for n in range(ENTRIES)
        ),
    )  # fmt: skip


def indexed(catalogue: Catalogue, like: SearchIndex | None = None) -> SearchIndex:
    return SearchIndex(catalogue, load_calibration(), vectors=ByLetters(), like=like)


def test_an_edit_goes_by_the_principal_components_of_before(index: SearchIndex) -> None:
    first, *others = index.catalogue.entries
    edited = replace(first, questions=("quite something else", *first.questions[1:]))
    after = indexed(replace(index.catalogue, revision=2, entries=(edited, *others)), index)
    assert after._nearest.directions is index._nearest.directions
    assert after.rank("quite something else").matches[0].entry.id == first.id


def test_what_is_not_nearly_the_same_has_its_own(index: SearchIndex) -> None:
    other = indexed(many("of another"), index)
    assert other._nearest.directions is not None
    assert other._nearest.directions is not index._nearest.directions


def test_many_small_edits_are_held_against_where_the_components_came_from(
    index: SearchIndex,
) -> None:
    entries = list(index.catalogue.entries)
    now = index
    for step in range(ENTRIES // 8):
        entries[step] = replace(
            entries[step], questions=[f"new: {step} and {m}" for m in range(EXAMPLES)]
        )
        now = indexed(replace(index.catalogue, entries=tuple(entries)), now)
    assert now._nearest.directions is not index._nearest.directions
