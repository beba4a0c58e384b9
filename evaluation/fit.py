"""Fit the search's calibration on the development questions, and on approved labels: `make fit-search [LABELS=FILE]`.

Writes services_catalog/search/calibration.json, weights and report in one, if the protected questions do not become worse by
it; the one that was in use is kept (`make rollback`). The evaluation questions are not read here: they judge what this fits.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.labels import read_labels, told, usable
from evaluation.promoting import KEPT, THINGS, now, promote
from evaluation.questions import DEVELOPMENT, Kind, Question, read_questions
from services_catalog.encoder import open_encoder
from services_catalog.model import Catalogue
from services_catalog.packs import load_city, read_entries, read_uncovered
from services_catalog.protected import read_protected
from services_catalog.search import linear
from services_catalog.search.calibration import (
    FILE,
    Calibration,
    Mode,
    Weights,
    calibration_of,
)
from services_catalog.search.choose import Here
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.fit import Labelled, as_json, fit_mode
from services_catalog.search.index import SearchIndex, training_set
from services_catalog.search.matters import without_courtesies
from services_catalog.search.vectors import MessageMemory, VectorMemory
from services_catalog.what_would_change import Changes, Rehearsal

CACHE = Path("var/search")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit every mode; print what each reaches, before and after; put it in use unless it is worse."""
    parser = argparse.ArgumentParser(prog="make fit-search", description=__doc__)
    parser.add_argument("--labels", type=Path, help="a file of approved labels")
    options = parser.parse_args(arguments)
    catalogue = Catalogue(
        "toronto", 1, tuple(read_entries("toronto")), tuple(read_uncovered("toronto"))
    )
    city = load_city("toronto")
    here = Here(city.name, city.elsewhere)
    development = read_questions(DEVELOPMENT)
    try:
        labels = usable(
            read_labels(options.labels), catalogue.by_id, (q.text for q in development)
        )
    except (ValueError, OSError) as fault:
        print(f"{options.labels}: {fault}", file=sys.stderr)
        return 1
    if options.labels:
        print(f"{told(labels)}.")
    questions = _labelled([*development, *labels.questions], here)
    encoder = open_encoder()
    if encoder is None:
        print("The encoder's files are missing: restore services_catalog/encoder/ first.")
        return 1
    vectors = MessageMemory(VectorMemory(encoder, CACHE / "vectors-fit.npz"))
    texts, names = training_set(catalogue)
    whole = linear.fit(texts, names, vectors.vectors(texts), encoder.sha256)
    by_letters = linear.fit(texts, names, None)
    words = encoder.whole_words()
    nothing_fitted = Calibration(dict[Mode, Weights]())
    indexes = (
        SearchIndex(catalogue, nothing_fitted, vectors=vectors, real_words=words, linear=whole),
        SearchIndex(catalogue, nothing_fitted, vectors=vectors, real_words=words),
        SearchIndex(catalogue, nothing_fitted, linear=by_letters),
        SearchIndex(catalogue, nothing_fitted),
    )
    fitted = as_json({index.mode: fit_mode(index, questions) for index in indexes})
    former = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else None
    _print_reports(former, fitted)
    candidate = KEPT / "search-candidate.json"
    candidate.parent.mkdir(parents=True, exist_ok=True)
    candidate.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    if former:
        changes = compared(indexes[0], former, fitted, here)
        _print_changes(changes)
        if changes.why_worse:
            print(f"Not put in use: {changes.why_worse}. It is in {candidate} to be looked at.")
            return 1
    thing = THINGS["search"]
    kept = promote(thing, candidate, now=now())
    print(f"Put in use: {thing.file}." + (f" The former one is kept: {kept}." if kept else ""))
    print(f"{thing.next}\nBack to the former one: make rollback")
    return 0


def compared(
    index: SearchIndex, former: Mapping[str, Any], fitted: Mapping[str, Any], here: Here
) -> Changes:
    """Return what protected questions get by the former calibration and by the fitted one."""
    before = Rehearsal(index.calibrated(calibration_of(former)), here)
    after = index.calibrated(calibration_of(fitted))
    return before.compared(after, read_protected(index.catalogue.city))


def _labelled(questions: Sequence[Question], here: Here) -> list[Labelled]:
    return [
        Labelled(without_courtesies(q.text) or q.text, q.accepted)
        for q in questions
        # Small talk, and what is said of another municipality, is answered without the ranking.
        if q.kind not in (Kind.SEVERAL, Kind.CHIT_CHAT)
        and not elsewhere(q.text, here.elsewhere, here.name)
    ]


def _print_reports(former: Mapping[str, Any] | None, fitted: Mapping[str, Any]) -> None:
    for mode, data in fitted["modes"].items():
        if former and mode in former["modes"]:
            print(f"{mode}, before: {json.dumps(former['modes'][mode]['report'])}")
        print(f"{mode}, fitted: {json.dumps(data['report'])}")


def _print_changes(changes: Changes) -> None:
    print(f"Protected: {changes}.")
    for one in changes.differences:
        print(f"{one.verdict}: {one.question.text!r}: {one.before} -> {one.after}")


if __name__ == "__main__":
    sys.exit(main())
