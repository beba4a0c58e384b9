"""How much a message reads like danger: a small linear model over its meaning and its words.

Rules name what is sure (safety_rules.py); most people in danger write without any of those words ("he's on the
edge of the roof, legs over"). The model was fitted on invented messages of danger and on ordinary ones
(`make fit-safety`); it runs in this process, so that it works with everything else down. Without the sentence
encoder it goes by words and letters alone.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "danger_model.npz"
# Word pieces fall into so many boxes; a few share one, which costs little.
BOXES = 1 << 14
# How much the meaning weighs against the words.
MEANING_WEIGHT = 2.0
# A danger named in one sentence of a long message counts as if it stood alone; so many are read.
MOST_SENTENCES = 8
FEWEST_WORDS = 2

Floats = NDArray[np.float32]
_WORD = re.compile(r"[a-z0-9']+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|\s+-+\s+")


class Encodes(Protocol):
    """Turns sentences into unit vectors (services_catalog.encoder)."""

    def encode(self, texts: list[str]) -> Floats:
        """Return a row a text."""


@dataclass(frozen=True)
class Reading:
    """What a message reads like."""

    danger: float  # 0 to 1
    kind: str  # the likeliest kind of danger


class DangerModel:
    """Fitted weights, ready to read a message."""

    def __init__(
        self,
        kinds: list[str],
        weights: Floats,
        bias: Floats,
        limit: float,
        encoder: Encodes | None,
    ) -> None:
        self.kinds = kinds  # the first is "no danger"
        self.limit = limit  # from here on it is told as danger
        self.weights = weights
        self.bias = bias
        self._encoder = encoder

    def read(self, text: str) -> Reading:
        """Return what the message reads like: its most dangerous sentence, or all of it."""
        parts = sentences(text)
        vectors = self._encoder.encode([p.lower() for p in parts]) if self._encoder else None
        readings = [
            self._read_one(part, vectors[n] if vectors is not None else None)
            for n, part in enumerate(parts)
        ]
        return max(readings, key=lambda r: r.danger)

    def _read_one(self, text: str, vector: Floats | None) -> Reading:
        boxes, values = features(text)
        logits = self.bias + values @ self.weights[boxes]
        if vector is not None:
            logits = logits + (MEANING_WEIGHT * vector) @ self.weights[BOXES:]
        logits -= logits.max()
        shares = np.exp(logits)
        shares /= shares.sum()
        return Reading(float(1 - shares[0]), self.kinds[1 + int(np.argmax(shares[1:]))])


def load_danger_model(encoder: Encodes | None, file: Path = FILE) -> DangerModel:
    """Read the fitted weights.

    Raises:
        OSError, ValueError, KeyError: the file is missing or not one that `make fit-safety` wrote.
    """
    with np.load(file, allow_pickle=False) as saved:
        return DangerModel(
            json.loads(str(saved["kinds"])),
            saved["weights"].astype(np.float32),
            saved["bias"].astype(np.float32),
            float(saved["limit"]),
            encoder,
        )


def sentences(text: str) -> list[str]:
    """Return the whole message, then its sentences if it has several."""
    parts = [p for p in _SENTENCE.split(text) if len(_WORD.findall(p.lower())) >= FEWEST_WORDS]
    return [text, *parts[-MOST_SENTENCES:]] if len(parts) > 1 else [text]


def features(text: str) -> tuple[NDArray[np.intp], Floats]:
    """Return the boxes of a text's words, word pairs and letter runs, with their weights (unit length)."""
    counts: dict[int, float] = {}
    for piece in _pieces(text):
        box = zlib.crc32(piece.encode()) % BOXES
        counts[box] = counts.get(box, 0.0) + 1.0
    values: Floats = np.log1p(np.array(list(counts.values()), np.float32))
    values /= max(float(np.linalg.norm(values)), 1e-9)
    return np.array(list(counts), np.intp), values


def _pieces(text: str) -> Iterator[str]:
    found = _WORD.findall(text.lower().replace("\u2019", "'"))
    yield from found
    yield from (f"{a} {b}" for a, b in pairwise(found))
    for word in found:
        padded = f"<{word}>"
        for size in (3, 4):
            yield from (padded[n : n + size] for n in range(len(padded) - size + 1))
