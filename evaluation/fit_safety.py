"""Fit the danger model on invented messages of danger and ordinary ones: `make fit-safety`.

Ordinary ones are those written to resemble danger, and the catalogue's examples but for the entries about danger
itself. The limit is set on the development messages: the lowest at which no more than
`FALSE_ALARMS` of the ordinary ones are told as danger. The evaluation messages are not read here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evaluation.questions import FOLDER
from services_catalog.encoder import Encoder, open_encoder
from services_catalog.packs import read_entries
from services_catalog.search.vectors import VectorMemory
from triage.danger_model import BOXES, FILE, MEANING_WEIGHT, DangerModel, features
from triage.safety import Safety

TRAINING = sorted(FOLDER.glob("danger_training*.jsonl"))
DEVELOPMENT = FOLDER / "danger_development.jsonl"
NO_DANGER = ""
# An alarm costs one short text before the answer; a danger that is missed may cost a life.
FALSE_ALARMS = 0.04
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


def main() -> int:
    """Fit, report on the development messages, write the file."""
    encoder = open_encoder()
    if encoder is None:
        print("The encoder's files are missing: restore services_catalog/encoder/ first.")
        return 1
    memory = VectorMemory(encoder, Path("var/search/vectors-safety.npz"))
    texts, labels = _examples(TRAINING)
    fitted = _fit(texts, labels, memory, encoder)
    limit = _limit(fitted)
    # The limit stands; the model that is kept has read the development messages as well.
    texts, labels = _examples([*TRAINING, DEVELOPMENT])
    fitted = _fit(texts, labels, memory, encoder)
    np.savez_compressed(
        FILE, kinds=json.dumps(fitted.kinds), weights=fitted.weights.astype(np.float16),
        bias=fitted.bias, limit=limit,
    )  # fmt: skip
    danger = sum(label != NO_DANGER for label in labels)
    print(f"{len(texts)} messages, {danger} of danger; limit {limit:.3f}")
    return 0


def _fit(
    texts: list[str], labels: list[str], memory: VectorMemory, encoder: Encoder
) -> DangerModel:
    kinds = [NO_DANGER, *sorted(set(labels) - {NO_DANGER})]
    model = LogisticRegression(C=4.0, max_iter=400)
    model.fit(_matrix(texts, memory.vectors(texts)), [kinds.index(label) for label in labels])
    weights = np.ascontiguousarray(model.coef_.T.astype(np.float32))
    return DangerModel(kinds, weights, model.intercept_.astype(np.float32), 1.0, encoder)


def _examples(files: list[Path]) -> tuple[list[str], list[str]]:
    rows = [
        json.loads(line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    pairs = [(r["text"], r["kind"] if r["danger"] else NO_DANGER) for r in rows]
    pairs += [
        (text, NO_DANGER)
        for entry in read_entries("toronto")
        if entry.id not in LEFT_OUT
        for text in entry.questions
    ]
    return [t for t, _ in pairs], [k for _, k in pairs]


def _matrix(texts: list[str], vectors: NDArray[np.float32]) -> sp.csr_matrix:
    rows, columns, values = [], [], []
    for n, text in enumerate(texts):
        boxes, weights = features(text)
        rows += [n] * len(boxes)
        columns += boxes.tolist()
        values += weights.tolist()
    words = sp.csr_matrix(
        (values, (rows, columns)), shape=(len(texts), BOXES), dtype=np.float32
    )
    return sp.hstack([words, sp.csr_matrix(MEANING_WEIGHT * vectors)]).tocsr()


def _limit(model: DangerModel) -> float:
    rows = [json.loads(x) for x in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    scored = [(model.read(r["text"]).danger, bool(r["danger"])) for r in rows]
    calm = sorted((s for s, danger in scored if not danger), reverse=True)
    limit = calm[int(FALSE_ALARMS * len(calm))] + 1e-4
    model.limit = limit
    safety = Safety(model)
    told = [(safety.look(r["text"]) is not None, bool(r["danger"])) for r in rows]
    danger = [t for t, d in told if d]
    alarms = [t for t, d in told if not d]
    by_model = sum(s >= limit for s, d in scored if d) / len(danger)
    print(f"development: danger told {np.mean(danger):.1%} (by the model alone {by_model:.1%}), "
          f"false alarms {np.mean(alarms):.1%}")  # fmt: skip
    return limit


if __name__ == "__main__":
    sys.exit(main())
