"""From signals to probabilities: weights that were fitted on labelled questions, read from a file.

`make fit-search` writes `calibration.json` with its report; nothing here is set by hand. Each mode (which
signals there are) has its own weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services_catalog.search.lexical import Repair

FILE = Path(__file__).parent / "calibration.json"

Floats = NDArray[np.float32]


class Mode(StrEnum):
    """Which signals an index has."""

    ALL = "all"  # words, nearest example and linear model
    NEAREST = "nearest"  # words and nearest example: the linear model is still being fitted
    WORDS_AND_LINEAR = "words_and_linear"  # no encoder
    WORDS = "words"


# The rows of a signal table, in order, by mode.
_LEXICAL = ("lexical_share", "lexical_behind_best")
_NEAREST = ("nearest_example", "examples_near")
SIGNALS: Mapping[Mode, tuple[str, ...]] = {
    Mode.ALL: (*_LEXICAL, *_NEAREST, "linear_margin"),
    Mode.NEAREST: (*_LEXICAL, *_NEAREST),
    Mode.WORDS_AND_LINEAR: (*_LEXICAL, "linear_margin"),
    Mode.WORDS: _LEXICAL,
}

# What the confidence of a match is judged by, in order.
EVIDENCE = (
    "log_odds",  # of its share of the chances
    "behind_best",  # log of its share to the best one's (0 for the best)
    "ahead_of_next",  # log of the best one's share to the second's
    "nearest",  # likeness of the nearest example of any entry
    "best_lexical",
    "known",
    "short",  # 1 for one or two words, falling to 0
    "lexical",  # its own share of the score that a perfect one would have
    "ahead_of_uncovered",  # its margin in the linear model above that of no entry (0 without the model)
)

# A margin below this says no more than this one: the entry is out of the question.
LEAST_MARGIN = np.float32(-2)


@dataclass(frozen=True)
class Signals:
    """What each signal says, as one row a signal and one column an entry; the last column: no entry."""

    table: Floats
    known: float
    nearest: float  # likeness of the nearest example of any entry, -1 to 1
    best_lexical: float  # the best entry's share of the score that a perfect one would have
    word_count: int
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Weights:
    """The weights of one mode."""

    signals: Floats  # one a signal
    uncovered: float  # added to the case that no entry covers the matter
    evidence: Floats  # one for each of EVIDENCE
    bias: float
    answer: float  # the lowest confidence of a direct answer
    choices: float  # the lowest sum of confidences of two or three choices


@dataclass(frozen=True)
class Calibration:
    """Fitted weights for every mode."""

    by_mode: Mapping[Mode, Weights]

    def chances(self, mode: Mode, table: Floats) -> Floats:
        """Return each column's share of the probability (they add to 1); the last column: no entry."""
        weights = self.by_mode[mode]
        logits = weights.signals @ table
        logits[-1] += weights.uncovered
        logits -= logits.max()
        shares = np.exp(logits)
        result: Floats = shares / shares.sum()
        return result

    def confidences(
        self, mode: Mode, signals: Signals, chances: Floats, order: NDArray[np.intp]
    ) -> Floats:
        """Return the calibrated probability of each entry in `order` to be what is meant."""
        weights = self.by_mode[mode]
        logits = evidence(mode, signals, chances, order) @ weights.evidence + weights.bias
        result: Floats = 1 / (1 + np.exp(-logits))
        return result


def evidence(mode: Mode, signals: Signals, chances: Floats, order: NDArray[np.intp]) -> Floats:
    """Return a row of EVIDENCE for each entry in `order` (best first)."""
    shares = np.clip(chances[order], 1e-6, 1 - 1e-6)
    best, second = np.clip(_two_largest(chances), 1e-6, 1)
    rows = np.zeros((len(order), len(EVIDENCE)), np.float32)
    rows[:, 0] = np.log(shares / (1 - shares))
    rows[:, 1] = np.log(shares / best)
    rows[:, 2] = np.log(best / second)
    rows[:, 3] = signals.nearest
    rows[:, 4] = signals.best_lexical
    rows[:, 5] = signals.known
    rows[:, 6] = max(0.0, (4 - signals.word_count) / 3)
    rows[:, 7] = signals.table[SIGNALS[mode].index("lexical_share"), order]
    if "linear_margin" in SIGNALS[mode]:
        margins = signals.table[SIGNALS[mode].index("linear_margin")]
        margins = np.maximum(margins, LEAST_MARGIN)
        rows[:, 8] = margins[order] - margins[-1]
    return rows


def _two_largest(values: Floats) -> tuple[np.float32, np.float32]:
    """Return the largest value and the next one; the only one twice."""
    largest = values[[0, 0]] if len(values) < 2 else np.partition(values, -2)[-2:]
    return largest[1], largest[0]


def load_calibration(file: Path = FILE) -> Calibration:
    """Read the fitted weights.

    Raises:
        OSError, KeyError, ValueError: the file is missing or not one that `make fit-search` wrote.
    """
    return calibration_of(json.loads(file.read_text(encoding="utf-8")))


def calibration_of(data: Mapping[str, Any]) -> Calibration:
    """Return the fitted weights that a file holds.

    Raises:
        KeyError, ValueError: it is not one that `make fit-search` wrote.
    """
    return Calibration(
        {Mode(name): _weights(Mode(name), w) for name, w in data["modes"].items()}
    )


def _weights(mode: Mode, data: dict[str, Any]) -> Weights:
    return Weights(
        np.array([data["signals"][name] for name in SIGNALS[mode]], np.float32),
        float(data["uncovered"]),
        np.array([data["evidence"][name] for name in EVIDENCE], np.float32),
        float(data["bias"]),
        float(data["answer"]),
        float(data["choices"]),
    )
