"""Fit the danger model on invented messages of danger and ordinary ones: `make fit-safety` (4 minutes of two cores, 19 GB).

Ordinary ones are those written to resemble danger, and the catalogue's examples but for the entries about danger
itself. The limit is the lowest at which no more than `FALSE_ALARMS` of the ordinary messages of the files that set it
are told as danger, each file being read by a model that has not seen it; the model that is kept has seen all. The
messages that judge it (danger.jsonl) are not read here.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from evaluation.danger_graph import meaning_graph
from evaluation.questions import FOLDER
from services_catalog.encoder import open_encoder
from services_catalog.packs import read_entries
from services_catalog.search.vectors import VectorMemory
from triage.danger_model import (
    BOXES,
    MEANING_WEIGHT,
    SHARPNESS,
    WORD_WEIGHT,
    DangerModel,
    Encodes,
    Fitted,
    box_counts,
    features,
    save_fitted,
    sentences,
)
from triage.safety import lean, match
from triage.safety_spellings import mended

FILES = (*sorted(FOLDER.glob("danger_training*.jsonl")), FOLDER / "danger_development.jsonl")
CATALOGUE = "catalogue"
NO_DANGER = ""
# Under the 2 % that is promised: what is not yet written may be harder.
FALSE_ALARMS = 0.015
# What false alarms are counted on: hands that knew neither the model nor each other's messages, like the hand of the
# judging set. The later files were made to be hard, many of them pairs of one wording: they teach, and would set the
# limit so high that dangers told in an everyday manner were missed.
SETS_THE_LIMIT = frozenset(
    {"danger_development", *(f"danger_training_{hand}" for hand in "abcdefghi")}
)
# What an error on an example may cost the fit; chosen, as the model's weights were, on files left out.
COST = 4.0
# So many of the catalogue's examples are fitted on at first, then those that come near danger.
FROM_CATALOGUE = 4000
# So many times a share of the files is left out, and read by a model fitted on the others; so many at once.
SHARES = 8
AT_ONCE = 2
FAR = -1.1  # beyond the margin, which is at -1, and a little more
ROWS_AT_ONCE = 2000
# Their examples tell of danger often, or of what is close to it.
LEFT_OUT = frozenset(
    {
        "emergency_911",
        "gas_leak",
        "fallen_wires",
        "crisis_988_suicide",
        "domestic_violence_help",
        "poison_centre",
        "sinkhole",
        "toronto_community_crisis_service",
        "fire_safety_alarms",
        "police_non_emergency",
        "street_outreach",
        "maintenance_hole",
        "animal_cruelty",
        "dog_bite",
        "coyote",
        "tree_emergency",
        "dangerous_private_tree",
        "power_outage",
        "illegal_construction",
        "injured_wildlife",
        "property_standards",
        "needles",
        "health_811",
        "emergency_shelter",
        "harm_reduction",
        "watermain_break",
        "utilities_who_does_what",
    }
)


@dataclass(frozen=True)
class Example:
    """One labelled message."""

    text: str  # misspellings mended, as the model is given it
    kind: str  # NO_DANGER, or the kind of danger
    file: str  # who wrote it


@dataclass(frozen=True)
class Prepared:
    """What is the same for each fit on some of these examples."""

    examples: list[Example]
    danger: NDArray[np.bool_]
    rarity: NDArray[np.float32]
    words: sp.csr_matrix
    vectors: NDArray[np.float32]
    kernel: NDArray[np.float32]  # the likeness of any two


def main() -> int:
    """Fit, report what a model says about files that it has not seen, write the file."""
    encoder = open_encoder()
    if encoder is None:
        print("The encoder's files are missing: restore services_catalog/encoder/ first.")
        return 1
    memory = VectorMemory(encoder, Path("var/search/vectors-safety.npz"))
    written = [e for file in FILES for e in _read(file)]
    catalogue = _catalogue()
    # At once: the memory is written after each call that adds to it.
    memory.vectors([part for e in [*written, *catalogue] for part in sentences(e.text)])
    # What lies beyond the margin of a support vector machine does not change it: left out, for speed.
    order = np.random.default_rng(311).permutation(len(catalogue))
    some = _prepare([*written, *(catalogue[n] for n in order[:FROM_CATALOGUE])], memory)
    first = _fit(some, np.arange(len(some.examples)), encoder)
    del some  # a gigabyte
    near = np.array([_margin(first, e.text, memory) > FAR for e in catalogue])
    everything = _prepare([*written, *(catalogue[n] for n in np.flatnonzero(near))], memory)

    # A few files and a share of the catalogue's examples at a time, read by a model that has not seen them.
    files = sorted({e.file for e in written})
    of_file = np.array([files.index(e.file) % SHARES for e in written])
    share = np.empty(len(catalogue), int)
    share[order] = np.arange(len(catalogue)) % SHARES
    part = np.concatenate([of_file, share[near]])
    margins, plain_margins = np.zeros(len(written)), np.full(len(catalogue), -np.inf)

    def left_out(number: int) -> DangerModel:
        return _fit(everything, np.flatnonzero(part != number), encoder)

    # The fitting is done outside of Python's lock, so that threads use the cores.
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number, model in enumerate(threads.map(left_out, range(SHARES))):
            for n in np.flatnonzero(of_file == number):
                margins[n] = _margin(model, written[n].text, memory)
            for n in np.flatnonzero(near & (share == number)):
                plain_margins[n] = _margin(model, catalogue[n].text, memory)
    danger = np.array([e.kind != NO_DANGER for e in written])
    bar = _bar(_setting_the_limit(written), danger, margins, FALSE_ALARMS)
    _report(written, danger, margins, bar)
    print(
        f"catalogue examples, not fitted on: false alarms {np.mean(plain_margins >= bar):.2%}"
    )

    platt = LogisticRegression(C=1e6).fit(margins[:, None], danger)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    model = _fit(everything, np.arange(len(everything.examples)), encoder)
    fitted = replace(
        _with_kinds(model.fitted, everything),
        slope=np.float32(slope),
        offset=np.float32(offset),
        limit=np.float32(1 / (1 + np.exp(-(slope * bar + offset)))),
    )
    save_fitted(fitted)
    print(f"{len(written)} messages, {danger.sum()} of danger, {near.sum()} catalogue examples; "
          f"{len(fitted.meaning) >> 20} MB of likeness; limit {fitted.limit:.3f}")  # fmt: skip
    return 0


def _prepare(examples: list[Example], memory: VectorMemory) -> Prepared:
    texts = [e.text for e in examples]
    # How rare a word piece is tells nothing of danger: reckoned once, with the files that are left out.
    rarity = _rarity(texts)
    words, vectors = _words(texts, rarity), memory.vectors(texts)
    squares = np.einsum("nw,nw->n", vectors, vectors)
    kernel = np.empty((len(texts), len(texts)), np.float32)
    for start in range(0, len(texts), ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        distances = squares[some, None] + squares - 2 * (vectors[some] @ vectors.T)
        kernel[some] = np.exp(-SHARPNESS * distances)
        kernel[some] += WORD_WEIGHT * (words[some] @ words.T).toarray()
    danger = np.array([e.kind != NO_DANGER for e in examples])
    return Prepared(examples, danger, rarity, words, vectors, kernel)


def _fit(of: Prepared, keep: NDArray[np.intp], encoder: Encodes) -> DangerModel:
    """Return a model fitted on the examples to keep; it tells no kinds yet."""
    machine = SVC(kernel="precomputed", C=COST, cache_size=500)
    machine.fit(of.kernel[np.ix_(keep, keep)], of.danger[keep])
    kept, shares = keep[machine.support_], machine.dual_coef_[0].astype(np.float32)
    return DangerModel(
        Fitted(
            kinds=np.array("[]"),
            rarity=of.rarity.astype(np.float16),
            word_weights=(WORD_WEIGHT * (of.words[kept].T @ shares)).astype(np.float16),
            meaning=meaning_graph(of.vectors[kept], shares, SHARPNESS),
            bias=np.float32(machine.intercept_[0]),
            slope=np.float32(1),
            offset=np.float32(0),
            limit=np.float32(0.5),
            kind_words=np.zeros((BOXES, 0), np.float16),
            kind_meanings=np.zeros((of.vectors.shape[1], 0), np.float16),
            kind_bias=np.zeros(0, np.float32),
        ),
        encoder,
    )


def _with_kinds(fitted: Fitted, of: Prepared) -> Fitted:
    """Return the model's arrays with those that tell the kinds of danger."""
    kinds = sorted({e.kind for e in of.examples} - {NO_DANGER})
    both = sp.hstack([of.words, sp.csr_matrix(MEANING_WEIGHT * of.vectors)]).tocsr()[of.danger]
    kind = LogisticRegression(C=4.0, max_iter=200)
    kind.fit(both, [kinds.index(e.kind) for e in of.examples if e.kind != NO_DANGER])
    weights = kind.coef_.T.astype(np.float16)
    return replace(
        fitted,
        kinds=np.array(json.dumps(kinds)),
        kind_words=weights[:BOXES],
        kind_meanings=weights[BOXES:],
        kind_bias=kind.intercept_.astype(np.float32),
    )


def _margin(model: DangerModel, text: str, memory: VectorMemory) -> float:
    parts = sentences(text)
    return float(model.margins(parts, memory.vectors(parts)).max()) + lean(match(text))


def _setting_the_limit(written: list[Example]) -> NDArray[np.bool_]:
    return np.array([e.file in SETS_THE_LIMIT for e in written])


def _bar(
    setting: NDArray[np.bool_],
    danger: NDArray[np.bool_],
    margins: NDArray[np.float64],
    false_alarms: float,
) -> float:
    """Return the margin that so large a share of the ordinary messages that set the limit exceeds."""
    calm = np.sort(margins[~danger & setting])[::-1]
    return float(calm[int(false_alarms * len(calm))]) + 1e-6


def _report(
    written: list[Example], danger: NDArray[np.bool_], margins: NDArray[np.float64], bar: float
) -> None:
    setting = _setting_the_limit(written)
    for share in (0.01, 0.015, 0.02, 0.03, 0.04):
        at = _bar(setting, danger, margins, share)
        print(f"false alarms {share:.1%} on the files that set the limit: danger told "
              f"{np.mean(margins[danger & setting] >= at):.1%}; on all files false alarms "
              f"{np.mean(margins[~danger] >= at):.1%}, danger told {np.mean(margins[danger] >= at):.1%}")  # fmt: skip
    by_rule = np.array([match(e.text) is not None for e in written])
    print(f"rules alone: danger told {np.mean(by_rule[danger]):.1%}, "
          f"false alarms {np.mean(by_rule[~danger]):.1%}")  # fmt: skip
    for file in sorted({e.file for e in written}):
        its = np.array([e.file == file for e in written])
        # A file may hold ordinary messages alone.
        shares = [
            f"{what} {np.mean(margins[its & which] >= bar):.1%}"
            for what, which in (("danger told", danger), ("false alarms", ~danger))
            if (its & which).any()
        ]
        print(f"{file}, not fitted on: {', '.join(shares)}")


def _read(file: Path) -> list[Example]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Example(mended(r["text"]), r["kind"] if r["danger"] else NO_DANGER, file.stem)
        for r in rows
    ]


def _catalogue() -> list[Example]:
    return [
        Example(mended(text), NO_DANGER, CATALOGUE)
        for entry in read_entries("toronto")
        if entry.id not in LEFT_OUT
        for text in entry.questions
        # A few other examples tell plainly of danger as well.
        if not ((found := match(text)) and found.plain)
    ]


def _rarity(texts: list[str]) -> NDArray[np.float32]:
    """Return how much each box weighs: the logarithm of how few texts hold it (idf), 1 on average."""
    held = np.zeros(BOXES)
    for text in texts:
        held[list(box_counts(text))] += 1
    rarity = np.log((1 + len(texts)) / (1 + held))
    # Kept with 16 bits: fitted as it will be read.
    return (rarity / rarity.mean()).astype(np.float16).astype(np.float32)


def _words(texts: list[str], rarity: NDArray[np.float32]) -> sp.csr_matrix:
    rows, columns, values = [], [], []
    for n, text in enumerate(texts):
        boxes, weights = features(text, rarity)
        rows += [n] * len(boxes)
        columns += boxes.tolist()
        values += weights.tolist()
    return sp.csr_matrix((values, (rows, columns)), shape=(len(texts), BOXES), dtype=np.float32)


if __name__ == "__main__":
    sys.exit(main())
