"""Made-up catalogues: of the size asked for, the same each time, with vectors for every wording."""

import numpy as np
import pytest

from bench.beside import messages
from bench.made_up import BlendingEncoder, crossed, make_up, wordings
from services_catalog.encoder import WIDTH
from services_catalog.model import Catalogue
from services_catalog.packs import read_entries, read_uncovered
from services_catalog.search.vectors import VectorMemory


@pytest.fixture(scope="module")
def real():
    return Catalogue(
        "toronto", 1, tuple(read_entries("toronto")), tuple(read_uncovered("toronto"))
    )


class CountingEncoder:
    """Gives each text a vector that depends on it alone, and counts what it is asked for."""

    sha256 = "counting"

    def __init__(self):
        self.read = []

    def encode(self, texts):
        self.read += texts
        rows = [np.random.default_rng(list(t.encode())).normal(size=WIDTH) for t in texts]
        return np.stack([r / np.linalg.norm(r) for r in rows]).astype(np.float32)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("my bin was not emptied", "the street light is out", "my bin was light is out"),
        ("one", "two", "one two"),
        ("one two", "", "one"),
    ],
)
def test_a_crossed_text_begins_like_the_one_and_ends_like_the_other(first, second, expected):
    assert crossed(first, second) == expected


@pytest.mark.parametrize("factor", [0.5, 1, 2.5, 6])
def test_a_made_up_catalogue_has_the_size_asked_for_and_ids_of_its_own(real, factor):
    size = int(factor * len(real.entries))
    catalogue = make_up(real, size).catalogue
    assert len(catalogue.entries) == len(catalogue.by_id) == size
    assert catalogue.entries[: len(real.entries)] == real.entries[:size]
    assert catalogue.uncovered == real.uncovered


def test_it_is_the_same_each_time(real):
    size = 3 * len(real.entries)
    assert make_up(real, size) == make_up(real, size)


def test_made_up_entries_are_as_full_as_the_real_ones_and_their_wordings_hardly_ever_the_same(
    real,
):
    size = 4 * len(real.entries)
    made = wordings(make_up(real, size).catalogue)
    assert len(made) - len(real.uncovered) == 4 * (len(wordings(real)) - len(real.uncovered))
    assert len(set(made)) > 0.98 * len(made)


def test_crossed_wordings_get_their_parents_mean_and_are_not_read_by_the_encoder(real):
    encoder = CountingEncoder()
    known = VectorMemory(encoder)
    known.vectors(wordings(real))
    read = len(encoder.read)
    made = make_up(real, 2 * len(real.entries))
    vectors = VectorMemory(BlendingEncoder(encoder, known, made.parents))
    text, (first, second) = next(iter(made.parents.items()))
    rows = vectors.vectors(wordings(made.catalogue))
    # Vectors are kept in halves.
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    mean = known.vectors([first])[0] + known.vectors([second])[0]
    np.testing.assert_allclose(
        vectors.vectors([text])[0], mean / np.linalg.norm(mean), atol=1e-3
    )
    assert len(encoder.read) == read
    vectors.encode("a message of a resident")
    assert encoder.read[read:] == ["a message of a resident"]


def test_the_messages_asked_are_the_same_in_each_run():
    one, other = messages(), messages()
    assert [next(one) for _ in range(50)] == [next(other) for _ in range(50)]
