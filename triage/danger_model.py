"""How much a message reads like danger: likeness to fitted examples, and the words that tell it.

Rules name what is sure (safety_rules.py); most people in danger write without any of those words ("he's on the
edge of the roof, legs over"). The model was fitted on invented messages of danger and on ordinary ones
(`make fit-safety`); it runs in this process, so that it works with everything else down.

It is a support vector machine. Its kernel is the likeness of meaning, exp(-SHARPNESS * squared distance of the
sentence vectors), plus WORD_WEIGHT times the likeness of words and letters. The words' part is linear, so it is kept
as one weight a box; the meaning's part keeps the vectors that matter, with 8 bits a number, in a graph that onnxruntime
multiplies out with 8 bits (ADR 0058). A second, linear model says which kind of danger it is likest.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from services_catalog.text import normalise

FILE = Path(__file__).parent / "danger_model.npz"
# Word pieces fall into so many boxes; a few share one, which costs little.
BOXES = 1 << 14
SHARPNESS = 2.0
WORD_WEIGHT = 0.3
# How much the meaning weighs against the words where the kind is told.
MEANING_WEIGHT = 4.0
# A danger named in one sentence of a long message must be plainer than in a message by itself: the sentence
# lacks the words beside it that may excuse it. In units of the margin.
SENTENCE_DISCOUNT = 0.5
MOST_SENTENCES = 8
LONGEST_REMEMBERED = 30  # letters of a word whose boxes are remembered
FEWEST_WORDS = 2

Floats = NDArray[np.float32]
_WORD = re.compile(r"[a-z0-9']+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|\s+-+\s+")


class DangerModelError(Exception):
    """The model's file cannot be used; the message says what helps."""


class Encodes(Protocol):
    """Turns sentences into unit vectors (services_catalog.encoder)."""

    def encode(self, texts: list[str]) -> Floats:
        """Return a row a text."""


@dataclass(frozen=True)
class Reading:
    """What a message reads like."""

    danger: float  # 0 to 1
    kind: str  # the likeliest kind of danger; empty where it is not told as danger


@dataclass(frozen=True)
class Fitted:
    """What `make fit-safety` found: the arrays of the model's file."""

    kinds: NDArray[np.str_]  # JSON: the kinds' names in the order of kind_bias
    rarity: NDArray[np.float16]  # (BOXES,) how much a word piece weighs, being rare
    word_weights: NDArray[np.float16]  # (BOXES,) from ordinary (-) to danger (+)
    meaning: NDArray[
        np.uint8
    ]  # an ONNX graph: unit vectors (parts, width) in, sums (parts,) out
    bias: Floats  # ()
    # From margin to probability (Platt), found on authors who were left out.
    slope: Floats  # ()
    offset: Floats  # ()
    limit: Floats  # () from here on a message is told as danger
    kind_words: NDArray[np.float16]  # (BOXES, kinds)
    kind_meanings: NDArray[np.float16]  # (width, kinds)
    kind_bias: Floats  # (kinds,)


class DangerModel:
    """Fitted arrays, ready to read a message."""

    def __init__(self, fitted: Fitted, encoder: Encodes) -> None:
        self.fitted = fitted
        self.limit = float(fitted.limit)
        self.kinds: list[str] = json.loads(str(fitted.kinds))
        self._rarity = fitted.rarity.astype(np.float32)
        self._encoder = encoder
        options = onnxruntime.SessionOptions()
        # As the encoder: several messages at once use the cores better than one message on all of them.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._meaning = onnxruntime.InferenceSession(
            fitted.meaning.tobytes(), options, providers=["CPUExecutionProvider"]
        )

    def read(self, text: str, lean: float = 0.0) -> Reading:
        """Return what the message reads like; `lean` is added to its margin, where a rule matches."""
        parts = sentences(text)
        vectors = self._encoder.encode([normalise(p) for p in parts])
        margins = self.margins(parts, vectors)
        worst = int(np.argmax(margins))
        danger = self.probability(float(margins[worst]) + lean)
        # Nearly no message is danger, so for nearly none its kind is looked for.
        kind = self._kind(parts[worst], vectors[worst]) if danger >= self.limit else ""
        return Reading(danger, kind)

    def margins(self, parts: list[str], vectors: Floats) -> Floats:
        """Return how far each part is on danger's side; the first is the message, then its sentences."""
        found = self.fitted
        margins: Floats = self._meaning.run(None, {"vectors": vectors})[0] + found.bias
        for n, part in enumerate(parts):
            boxes, values = features(part, self._rarity)
            margins[n] += values @ found.word_weights[boxes].astype(np.float32)
        margins[1:] -= SENTENCE_DISCOUNT
        return margins

    def probability(self, margin: float) -> float:
        """Return how likely danger is, of messages as in the files it was fitted on (half of them danger)."""
        return float(1 / (1 + np.exp(-(self.fitted.slope * margin + self.fitted.offset))))

    def _kind(self, text: str, vector: Floats) -> str:
        boxes, values = features(text, self._rarity)
        found = self.fitted
        words = values @ found.kind_words[boxes].astype(np.float32)
        meaning = (MEANING_WEIGHT * vector) @ found.kind_meanings.astype(np.float32)
        return self.kinds[int(np.argmax(found.kind_bias + words + meaning))]


def load_danger_model(encoder: Encodes, file: Path = FILE) -> DangerModel:
    """Read the fitted arrays.

    Raises:
        DangerModelError: the file is missing or not one that `make fit-safety` wrote.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as saved:
            arrays = {f.name: saved[f.name] for f in fields(Fitted)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as fault:
        raise DangerModelError(
            f"The danger model {file.name} is missing or damaged: restore it from version control"
            " or write it anew with `make fit-safety`."
        ) from fault
    return DangerModel(Fitted(**arrays), encoder)


def save_fitted(fitted: Fitted, file: Path = FILE) -> None:
    """Write the model's file."""
    np.savez_compressed(file, **{f.name: getattr(fitted, f.name) for f in fields(Fitted)})


def sentences(text: str) -> list[str]:
    """Return the whole message, then its sentences if it has several."""
    parts = [p for p in _SENTENCE.split(text) if len(_WORD.findall(p.lower())) >= FEWEST_WORDS]
    return [text, *parts[-MOST_SENTENCES:]] if len(parts) > 1 else [text]


def features(text: str, rarity: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the boxes of a text's words, word pairs and letter runs, with their weights (unit length)."""
    counts = box_counts(text)
    boxes = np.array(list(counts), np.intp)
    values: Floats = np.log1p(np.array(list(counts.values()), np.float32)) * rarity[boxes]
    values /= max(float(np.linalg.norm(values)), 1e-9)
    return boxes, values


def box_counts(text: str) -> dict[int, float]:
    """Return how often each box is met in a text."""
    counts: dict[int, float] = {}
    found = _WORD.findall(text.lower().replace("\u2019", "'"))
    for word in found:
        for box in (_boxes_of if len(word) <= LONGEST_REMEMBERED else _reckoned_boxes_of)(word):
            counts[box] = counts.get(box, 0.0) + 1.0
    for one, other in pairwise(found):
        box = _box(f"{one} {other}")
        counts[box] = counts.get(box, 0.0) + 1.0
    return counts


def _box(piece: str) -> int:
    return zlib.crc32(piece.encode()) % BOXES


def _reckoned_boxes_of(word: str) -> tuple[int, ...]:
    """Return the boxes of a word and of its runs of letters."""
    padded = f"<{word}>"
    runs = [padded[n : n + size] for size in (3, 4) for n in range(len(padded) - size + 1)]
    return tuple(_box(piece) for piece in (word, *runs))


# Words come again and again.
_boxes_of = lru_cache(maxsize=10_000)(_reckoned_boxes_of)
