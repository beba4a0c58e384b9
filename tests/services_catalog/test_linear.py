"""The linear model scores as its library would, also after it was saved and read again."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from services_catalog.model import Catalogue
from services_catalog.search import linear
from services_catalog.search.index import training_set
from tests.support.small_town import ENTRIES, TOWN, UNCOVERED

TEXTS = (
    "when is garbage day",
    "Prune the TREE please",
    "zebra",
    "",
    "é ü !!!",
    "garbage garbage garbage",
)


@pytest.fixture(scope="module")
def fitted() -> linear.LinearModel:
    texts, labels = training_set(Catalogue(TOWN.id, 1, ENTRIES, UNCOVERED))
    return linear.fit(texts, labels, None)


def by_the_library(model: linear.LinearModel, text: str) -> np.ndarray:
    found = sp.hstack([model._words.transform([text]), model._letters.transform([text])])
    return (found @ model._weights)[0] + model._bias


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_scores_as_the_library_would_score_it(
    fitted: linear.LinearModel, text: str
) -> None:
    assert np.allclose(fitted.scores(text, None), by_the_library(fitted, text), atol=1e-5)


def test_a_saved_model_scores_the_same_and_is_not_taken_for_another(
    fitted: linear.LinearModel, tmp_path: Path
) -> None:
    file = tmp_path / "model.npz"
    fitted.save(file)
    again = linear.read_model(file, fitted.fingerprint)
    assert again is not None
    for text in TEXTS:
        # Weights are kept in half precision.
        assert np.allclose(again.scores(text, None), fitted.scores(text, None), atol=5e-3)
    assert linear.read_model(file, "another") is None
    file.write_bytes(b"broken")
    assert linear.read_model(file, fitted.fingerprint) is None
