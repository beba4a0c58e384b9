"""Fit the calibration on labelled questions: `make fit-search` (evaluation/README.md says which).

Two small models are fitted for every mode. First, how the signals weigh against each other: the weights under
which the accepted entries are likeliest (a softmax over the entries, like a race). Then, how sure the winner
is: logistic regression over what the race looked like. The limits are read off the precision curve.
The questions must be none of those that the service is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from services_catalog.search.calibration import (
    EVIDENCE,
    SIGNALS,
    Calibration,
    Mode,
    Signals,
    Weights,
    evidence,
)
from services_catalog.search.index import SearchIndex

Floats = NDArray[np.float32]

# A direct answer must be right this often (the promise is 97 in 100; the rest is for what differs between
# these questions and residents').
ANSWER_PRECISION = 0.97
# Of questions that no entry covers, no more than this share may be answered.
UNCOVERED_ANSWERED = 0.025
# Choices are offered when the right entry is among them at least this often.
CHOICES_PRECISION = 0.45
LOOKED_AT = 5
RIDGE = 1e-3


@dataclass(frozen=True)
class Labelled:
    """A message of one matter, with the ids of the entries that are right for it (none: not covered)."""

    text: str
    expect: frozenset[str]


def fit_mode(
    index: SearchIndex, questions: Sequence[Labelled]
) -> tuple[Weights, dict[str, Any]]:
    """Fit one mode's weights; return them with a report of what they reach on the questions."""
    place = {e.id: n for n, e in enumerate(index.entries)}
    read = [index.signals(q.text) for q in questions]
    right = [_right(q, place) for q in questions]
    signal_weights, uncovered = _fit_signals(read, right)
    bare = Weights(
        signal_weights, uncovered, np.zeros(len(EVIDENCE), np.float32), 0.0, 1.0, 1.0
    )
    race = Calibration({index.mode: bare})
    rows, labels, tops = [], [], []
    for signals, accepted in zip(read, right, strict=True):
        chances = race.chances(index.mode, signals.table)
        order = np.argsort(-chances[:-1], kind="stable")[:LOOKED_AT]
        rows.append(evidence(signals, chances, order))
        labels.append(np.isin(order, accepted))
        tops.append(bool(labels[-1][0]))
    model = LogisticRegression(C=1.0, max_iter=1_000)
    model.fit(np.concatenate(rows), np.concatenate(labels))
    confident = [model.predict_proba(r)[:, 1] for r in rows]
    first = np.array([c[0] for c in confident])
    covered = np.array([bool(q.expect) for q in questions])
    answer = max(
        _lowest_limit(first, np.array(tops), ANSWER_PRECISION),
        float(np.quantile(first[~covered], 1 - UNCOVERED_ANSWERED)),
    )
    three = np.array([min(1.0, c[:3].sum()) for c in confident])
    in_three = np.array([bool(found[:3].any()) for found in labels])
    waits = first < answer
    choices = _lowest_limit(three[waits], in_three[waits], CHOICES_PRECISION, of_the_next=40)
    weights = Weights(
        signal_weights,
        uncovered,
        model.coef_[0].astype(np.float32),
        float(model.intercept_[0]),
        answer,
        choices,
    )
    answered = first >= answer
    report = {
        "questions": len(questions),
        "best_match_right": _share(np.array(tops)[covered]),
        "right_in_best_three": _share(in_three[covered]),
        "answered": _share(answered[covered]),
        "answers_right": _share(np.array(tops)[answered]),
        "uncovered_answered": _share(answered[~covered]),
        "uncovered_offered_choices": _share((three[~covered] >= choices) & ~answered[~covered]),
    }
    return weights, report


def as_json(fitted: Mapping[Mode, tuple[Weights, dict[str, Any]]]) -> dict[str, Any]:
    """Return fitted weights as `load_calibration` reads them, each with its report."""
    return {
        "modes": {
            mode.value: {
                "signals": _named(SIGNALS[mode], weights.signals),
                "uncovered": round(weights.uncovered, 4),
                "evidence": _named(EVIDENCE, weights.evidence),
                "bias": round(weights.bias, 4),
                "answer": round(weights.answer, 4),
                "choices": round(weights.choices, 4),
                "report": report,
            }
            for mode, (weights, report) in fitted.items()
        }
    }


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {n: round(float(v), 4) for n, v in zip(names, values, strict=True)}


def _right(question: Labelled, place: Mapping[str, int]) -> list[int]:
    return [place[i] for i in question.expect] or [len(place)]


def _fit_signals(read: Sequence[Signals], right: Sequence[list[int]]) -> tuple[Floats, float]:
    tables = [s.table for s in read]
    count = tables[0].shape[0]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for table, accepted in zip(tables, right, strict=True):
            logits = weights[:-1] @ table
            logits[-1] += weights[-1]
            logits -= logits.max()
            shares = np.exp(logits)
            shares /= shares.sum()
            won = shares[accepted].sum() + 1e-12
            total -= np.log(won)
            wanted = np.zeros_like(shares)
            wanted[accepted] = shares[accepted] / won
            slope[:-1] += table @ (shares - wanted)
            slope[-1] += shares[-1] - wanted[-1]
        number = len(tables)
        return (
            total / number + RIDGE * float(weights @ weights) / 2,
            slope / number + RIDGE * weights,
        )

    start = np.append(np.ones(count), 0.0)
    # No signal may count against an entry that it speaks for.
    bounds = [(0.0, None)] * count + [(None, None)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return best.x[:-1].astype(np.float32), float(best.x[-1])


def _lowest_limit(
    confidence: NDArray[np.float64],
    is_right: NDArray[np.bool_],
    precision: float,
    of_the_next: int | None = None,
) -> float:
    """Return the lowest limit above which at least `precision` are right.

    Of all above it, or, where `of_the_next` is given, of so many just above it (so that the easy ones do
    not pay for the doubtful ones).
    """
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(is_right[order]).astype(float)
    limit = 1.0
    for n in range(len(order)):
        if of_the_next is None:
            share = hits[n] / (n + 1)
        else:
            before = n - of_the_next
            share = (hits[n] - (hits[before] if before >= 0 else 0)) / min(n + 1, of_the_next)
        if share >= precision:
            limit = float(confidence[order[n]])
        elif of_the_next is not None and n >= of_the_next:
            break
    return limit


def _share(flags: NDArray[np.bool_]) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
