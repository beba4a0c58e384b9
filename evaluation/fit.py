"""Fit the search's calibration on the development questions: `make fit-search`.

Writes services_catalog/search/calibration.json, weights and report in one. The evaluation questions are not
read here: they judge what this fits.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from evaluation.questions import DEVELOPMENT, Kind, read_questions
from services_catalog.encoder import open_encoder
from services_catalog.model import Catalogue
from services_catalog.packs import load_city, read_entries, read_uncovered
from services_catalog.search import linear
from services_catalog.search.calibration import FILE, Calibration, Mode, Weights
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.fit import Labelled, as_json, fit_mode
from services_catalog.search.index import SearchIndex, training_set
from services_catalog.search.matters import without_courtesies
from services_catalog.search.vectors import VectorMemory

CACHE = Path("var/search")


def main() -> int:
    """Fit every mode; print what each reaches; write the file."""
    catalogue = Catalogue(
        "toronto", 1, tuple(read_entries("toronto")), tuple(read_uncovered("toronto"))
    )
    city = load_city("toronto")
    questions = [
        Labelled(without_courtesies(q.text) or q.text, q.accepted)
        for q in read_questions(DEVELOPMENT)
        # Small talk, and what is said of another municipality, is answered without the ranking.
        if q.kind not in (Kind.SEVERAL, Kind.CHIT_CHAT)
        and not elsewhere(q.text, city.elsewhere, city.name)
    ]
    encoder = open_encoder()
    if encoder is None:
        print("The encoder's files are missing: restore services_catalog/encoder/ first.")
        return 1
    vectors = VectorMemory(encoder, CACHE / "vectors-fit.npz")
    texts, labels = training_set(catalogue)
    whole = linear.fit(texts, labels, vectors.vectors(texts), encoder.sha256)
    by_letters = linear.fit(texts, labels, None)
    words = encoder.whole_words()
    nothing_fitted = Calibration(dict[Mode, Weights]())
    indexes = (
        SearchIndex(catalogue, nothing_fitted, vectors=vectors, real_words=words, linear=whole),
        SearchIndex(catalogue, nothing_fitted, vectors=vectors, real_words=words),
        SearchIndex(catalogue, nothing_fitted, linear=by_letters),
        SearchIndex(catalogue, nothing_fitted),
    )
    fitted = {index.mode: fit_mode(index, questions) for index in indexes}
    for mode, (_, report) in fitted.items():
        print(mode.value, json.dumps(report))
    # Written whole, then renamed: a service that starts meanwhile reads the old one.
    with tempfile.NamedTemporaryFile(
        "w", dir=FILE.parent, delete=False, encoding="utf-8"
    ) as part:
        json.dump(as_json(fitted), part, indent=2)
        part.write("\n")
    Path(part.name).chmod(0o644)
    Path(part.name).replace(FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
