"""Fit the calibration on labelled questions: `make fit-search` (evaluation/README.md says which).

Two small models are fitted for every mode. First, how the signals weigh against each other: the weights under
which the accepted entries are likeliest (a softmax over the entries, like a race). Then, how sure the winner
is: logistic regression over what the race looked like.

The limits, and the report, are read off confidences that questions get from models fitted without them
(cross-validation): on the questions that a model was fitted on, it looks surer than it is.
The questions must be none of those that the service is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

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
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A direct answer must be right this often.
ANSWER_PRECISION = 0.97
# Of questions that no entry covers, no more than this share may be answered. The limit is such that the share is
# below it with this assurance, whatever chance did in the choice of the questions.
UNCOVERED_ANSWERED = 0.04
ASSURANCE = 0.9
# Among residents' messages so many are taken to be covered by no entry. The development set holds more, for a
# sharp look at them; where covered and uncovered ones are counted together, each of these counts for less.
UNCOVERED_SHARE = 1 / 6
# Choices are offered when the right entry is among them at least this often, of the next so many.
CHOICES_PRECISION = 0.45
CHOICES_LOOKED_AT = 40
LOOKED_AT = 5
RIDGE = 1e-3
FOLDS = 10


@dataclass(frozen=True)
class Labelled:
    """A message of one matter, with the ids of the entries that are right for it (none: not covered)."""

    text: str
    expect: frozenset[str]


@dataclass(frozen=True)
class _Seen:
    """A question as the models see it: its signals, and the columns that are right."""

    signals: Signals
    right: list[int]


@dataclass(frozen=True)
class _Models:
    """Both models of a mode."""

    signals: Floats
    uncovered: float
    evidence: Floats
    bias: float

    def weights(self, answer: float = 1.0, choices: float = 1.0) -> Weights:
        return Weights(self.signals, self.uncovered, self.evidence, self.bias, answer, choices)


def fit_mode(
    index: SearchIndex, questions: Sequence[Labelled]
) -> tuple[Weights, dict[str, Any]]:
    """Fit one mode's weights; return them with a report of what they reach on questions they did not see."""
    place = {e.id: n for n, e in enumerate(index.entries)}
    covered: Flags = np.array([bool(q.expect) for q in questions])
    counts = _counts(covered)
    seen = [_Seen(index.signals(q.text), _right(q, place)) for q in questions]
    confident, labels = _unseen(index.mode, seen, covered)
    first, tops = confident[:, 0], labels[:, 0]
    three = np.minimum(1.0, confident[:, :3].sum(axis=1))
    in_three: Flags = np.any(labels[:, :3], axis=1)
    answer = max(
        _lowest_limit(first, tops, counts, ANSWER_PRECISION),
        _keeping_out(first[~covered], UNCOVERED_ANSWERED, ASSURANCE),
    )
    waits: Flags = first < answer
    choices = _lowest_limit(
        three[waits], in_three[waits], counts[waits], CHOICES_PRECISION, CHOICES_LOOKED_AT
    )
    answered: Flags = first >= answer
    hit = answered & tops
    offered: Flags = waits & in_three & (three >= choices)
    report = {
        "questions": len(questions),
        "uncovered_questions": int((~covered).sum()),
        "best_match_right": _share(tops[covered]),
        "right_in_best_three": _share(in_three[covered]),
        "answered_rightly": _share(hit[covered]),
        "answers_right": round(float(np.average(tops[answered], weights=counts[answered])), 4)
        if answered.any()
        else 0.0,
        "right_answered_or_offered": _share((hit | offered)[covered]),
        "uncovered_answered": _share(answered[~covered]),
        "uncovered_offered_choices": _share((three >= choices)[~covered & ~answered]),
    }
    return _fit(index.mode, seen).weights(answer, choices), report


def _counts(covered: Flags) -> Numbers:
    """Return how much each question counts where the uncovered ones are to be UNCOVERED_SHARE of all."""
    number = int(covered.sum())
    each = UNCOVERED_SHARE / (1 - UNCOVERED_SHARE) * number / max(1, len(covered) - number)
    return np.where(covered, 1.0, each)


def _unseen(mode: Mode, seen: Sequence[_Seen], covered: Flags) -> tuple[Numbers, Flags]:
    """Return the confidences of each question's best entries, and which are right, by models without it."""
    confident = np.zeros((len(seen), LOOKED_AT))
    labels = np.zeros((len(seen), LOOKED_AT), bool)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=311)
    for others, these in folds.split(covered, covered):
        calibration = Calibration({mode: _fit(mode, [seen[n] for n in others]).weights()})
        for n in these:
            signals = seen[n].signals
            chances = calibration.chances(mode, signals.table)
            order = _best(chances)
            confident[n, : len(order)] = calibration.confidences(mode, signals, chances, order)
            labels[n, : len(order)] = np.isin(order, seen[n].right)
    return confident, labels


def _fit(mode: Mode, seen: Sequence[_Seen]) -> _Models:
    signal_weights, uncovered = _fit_signals(seen)
    none = np.zeros(len(EVIDENCE), np.float32)
    race = Calibration({mode: _Models(signal_weights, uncovered, none, 0.0).weights()})
    rows, labels = [], []
    for question in seen:
        chances = race.chances(mode, question.signals.table)
        order = _best(chances)
        rows.append(evidence(mode, question.signals, chances, order))
        labels.append(np.isin(order, question.right))
    model = LogisticRegression(C=1.0, max_iter=1_000)
    model.fit(np.concatenate(rows), np.concatenate(labels))
    return _Models(
        signal_weights,
        uncovered,
        model.coef_[0].astype(np.float32),
        float(model.intercept_[0]),
    )


def _best(chances: Floats) -> NDArray[np.intp]:
    return np.argsort(-chances[:-1], kind="stable")[:LOOKED_AT]


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


def _fit_signals(seen: Sequence[_Seen]) -> tuple[Floats, float]:
    signals = seen[0].signals.table.shape[0]
    number = len(seen)

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = 0.0, np.zeros_like(weights)
        for question in seen:
            table = question.signals.table
            logits = weights[:-1] @ table
            logits[-1] += weights[-1]
            logits -= logits.max()
            shares = np.exp(logits)
            shares /= shares.sum()
            won = shares[question.right].sum() + 1e-12
            total -= np.log(won)
            wanted = np.zeros_like(shares)
            wanted[question.right] = shares[question.right] / won
            slope[:-1] += table @ (shares - wanted)
            slope[-1] += shares[-1] - wanted[-1]
        return (
            total / number + RIDGE * float(weights @ weights) / 2,
            slope / number + RIDGE * weights,
        )

    start = np.append(np.ones(signals), 0.0)
    # No signal may count against an entry that it speaks for.
    bounds = [(0.0, None)] * signals + [(None, None)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return best.x[:-1].astype(np.float32), float(best.x[-1])


def _lowest_limit(
    confidence: Numbers,
    is_right: Flags,
    counts: Numbers,
    precision: float,
    of_the_next: float | None = None,
) -> float:
    """Return the lowest limit above which at least `precision` are right (1: there is none).

    Of all above it, or, where `of_the_next` is given, of so many just above it (so that the easy ones do
    not pay for the doubtful ones).
    """
    order = np.argsort(-confidence, kind="stable")
    hits = np.append(0.0, np.cumsum((counts * is_right)[order]))
    total = np.append(0.0, np.cumsum(counts[order]))
    limit = 1.0
    for n in range(1, len(total)):
        since = 0
        if of_the_next is not None:
            since = int(np.searchsorted(total[:n], total[n] - of_the_next))
        if hits[n] - hits[since] >= precision * (total[n] - total[since]):
            limit = float(confidence[order[n - 1]])
        elif since > 0:
            break
    return limit


def _keeping_out(confidence: Numbers, share: float, assurance: float) -> float:
    """Return the lowest limit that at most `share` of such questions reach, with so much assurance.

    As many of these may reach it as leave the upper end of the one-sided interval (Clopper and Pearson) at or
    below `share`. With too few questions to be assured of anything it is 1.
    """
    number = len(confidence)
    may = np.arange(number)
    few_enough = may[beta.ppf(assurance, may + 1, number - may) <= share]
    if not len(few_enough):
        return 1.0
    highest_first = np.append(1.0, np.sort(confidence)[::-1])
    out = highest_first[int(few_enough[-1]) + 1]
    # Those that are just as sure as the first one to be kept out are kept out with it.
    above = highest_first[highest_first > out].min(initial=1.0)
    return float(above + out) / 2


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
