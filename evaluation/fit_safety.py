"""Fit the danger model on invented messages of danger and ordinary ones: `make fit-safety` (several minutes, 4 GB of memory).

Ordinary ones are those written to resemble danger, and the catalogue's examples but for the entries about danger
itself. Each file was written by another hand. The limit is the lowest at which no more than `FALSE_ALARMS`
of the ordinary messages are told as danger, each file being read by a model that has not seen it; the model that
is kept has seen all. The messages that judge it (danger.jsonl) are not read here.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from evaluation.questions import FOLDER
from services_catalog.encoder import open_encoder
from services_catalog.packs import read_entries
from services_catalog.search.vectors import VectorMemory
from triage.danger_model import (
    BOXES,
    MEANING_WEIGHT,
    RULE_BONUS,
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
from triage.safety import kind_by_rule

FILES = (*sorted(FOLDER.glob("danger_training*.jsonl")), FOLDER / "danger_development.jsonl")
CATALOGUE = "catalogue"
NO_DANGER = ""
FALSE_ALARMS = 0.02
# What an error on an example may cost the fit; chosen, as the model's weights were, on files left out.
COST = 4.0
# So many of the catalogue's examples are fitted on at first, then those that come near danger.
FROM_CATALOGUE = 4000
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
    }
)


@dataclass(frozen=True)
class Example:
    """One labelled message."""

    text: str
    kind: str  # NO_DANGER, or the kind of danger
    file: str  # who wrote it


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
    first = _fit([*written, *(catalogue[n] for n in order[:FROM_CATALOGUE])], memory, encoder)
    near = np.array([_margin(first, e.text, memory) > -1 for e in catalogue])
    near[order[:FROM_CATALOGUE]] = True

    # A file and a share of the catalogue's examples at a time, read by a model that has not seen them.
    files = sorted({e.file for e in written})
    share = np.empty(len(catalogue), int)
    share[order] = np.arange(len(catalogue)) % len(files)
    margins, plain_margins = np.zeros(len(written)), np.zeros(len(catalogue))
    for number, file in enumerate(files):
        plain = [catalogue[n] for n in np.flatnonzero(near & (share != number))]
        model = _fit([e for e in written if e.file != file] + plain, memory, encoder)
        for n, example in enumerate(written):
            if example.file == file:
                margins[n] = _margin(model, example.text, memory)
        for n in np.flatnonzero(share == number):
            plain_margins[n] = _margin(model, catalogue[n].text, memory)
    danger = np.array([e.kind != NO_DANGER for e in written])
    bar = np.sort(margins[~danger])[::-1][int(FALSE_ALARMS * (~danger).sum())] + 1e-6
    _report(written, danger, margins, bar)
    print(
        f"catalogue examples, not fitted on: false alarms {np.mean(plain_margins >= bar):.2%}"
    )

    platt = LogisticRegression(C=1e6).fit(margins[:, None], danger)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    fitted = replace(
        _fit([*written, *(catalogue[n] for n in np.flatnonzero(near))], memory, encoder).fitted,
        slope=np.float32(slope),
        offset=np.float32(offset),
        limit=np.float32(1 / (1 + np.exp(-(slope * bar + offset)))),
    )
    save_fitted(fitted)
    print(f"{len(written)} messages, {danger.sum()} of danger, {near.sum()} catalogue examples; "
          f"{len(fitted.shares)} examples kept; limit {fitted.limit:.3f}")  # fmt: skip
    return 0


def _fit(examples: list[Example], memory: VectorMemory, encoder: Encodes) -> DangerModel:
    texts = [e.text for e in examples]
    danger = np.array([e.kind != NO_DANGER for e in examples])
    rarity = _rarity(texts)
    words, vectors = _words(texts, rarity), memory.vectors(texts)
    kernel = (WORD_WEIGHT * (words @ words.T)).toarray()
    squares = np.einsum("nw,nw->n", vectors, vectors)
    kernel += np.exp(
        -SHARPNESS * (squares[:, None] + squares - 2 * (vectors @ vectors.T))
    ).astype(np.float32)
    machine = SVC(kernel="precomputed", C=COST, cache_size=500).fit(kernel, danger)
    kept, shares = machine.support_, machine.dual_coef_[0].astype(np.float32)
    step = np.float32(np.abs(vectors[kept]).max() / 127)

    kinds = sorted({e.kind for e in examples} - {NO_DANGER})
    both = sp.hstack([words, sp.csr_matrix(MEANING_WEIGHT * vectors)]).tocsr()[danger]
    kind = LogisticRegression(C=4.0, max_iter=200)
    kind.fit(both, [kinds.index(e.kind) for e in examples if e.kind != NO_DANGER])
    kind_weights = kind.coef_.T.astype(np.float16)
    return DangerModel(
        Fitted(
            kinds=np.array(json.dumps(kinds)),
            rarity=rarity.astype(np.float16),
            word_weights=(WORD_WEIGHT * (words[kept].T @ shares)).astype(np.float16),
            examples=np.rint(vectors[kept] / step).astype(np.int8),
            step=step,
            shares=shares,
            bias=np.float32(machine.intercept_[0]),
            slope=np.float32(1),
            offset=np.float32(0),
            limit=np.float32(0.5),
            kind_words=kind_weights[:BOXES],
            kind_meanings=kind_weights[BOXES:],
            kind_bias=kind.intercept_.astype(np.float32),
        ),
        encoder,
    )


def _margin(model: DangerModel, text: str, memory: VectorMemory) -> float:
    parts = sentences(text)
    bonus = RULE_BONUS * (kind_by_rule(text) is not None)
    return float(model.margins(parts, memory.vectors(parts)).max()) + bonus


def _report(
    written: list[Example], danger: NDArray[np.bool_], margins: NDArray[np.float64], bar: float
) -> None:
    calm = np.sort(margins[~danger])[::-1]
    for share in (0.01, 0.02, 0.03, 0.04, 0.06):
        at = calm[int(share * len(calm))] + 1e-6
        print(f"false alarms {share:.0%}: danger told {np.mean(margins[danger] >= at):.1%}")
    by_rule = np.array([kind_by_rule(e.text) is not None for e in written])
    print(f"rules alone: danger told {np.mean(by_rule[danger]):.1%}, "
          f"false alarms {np.mean(by_rule[~danger]):.1%}")  # fmt: skip
    for file in sorted({e.file for e in written}):
        its = np.array([e.file == file for e in written])
        told, alarms = (np.mean(margins[its & d] >= bar) for d in (danger, ~danger))
        print(f"{file}, not fitted on: danger told {told:.1%}, false alarms {alarms:.1%}")


def _read(file: Path) -> list[Example]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Example(r["text"], r["kind"] if r["danger"] else NO_DANGER, file.stem) for r in rows
    ]


def _catalogue() -> list[Example]:
    return [
        Example(text, NO_DANGER, CATALOGUE)
        for entry in read_entries("toronto")
        if entry.id not in LEFT_OUT
        for text in entry.questions
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
