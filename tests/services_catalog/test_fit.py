"""How the search's limits are set: with a bound for chance, and by models that did not see the question."""

import numpy as np
import pytest
from scipy.stats import binom

from services_catalog.model import Catalogue
from services_catalog.search.calibration import (
    EVIDENCE,
    LEAST_MARGIN,
    SIGNALS,
    Calibration,
    Mode,
    Signals,
    evidence,
)
from services_catalog.search.fit import (
    ASSURANCE,
    UNCOVERED_ANSWERED,
    UNCOVERED_SHARE,
    Labelled,
    _counts,
    _keeping_out,
    _lowest_limit,
    as_json,
    fit_mode,
)
from services_catalog.search.index import SearchIndex
from tests.support.small_town import ENTRIES, TOWN

NOT_OURS = tuple(
    f"{what} {more}"
    for what in ("pizza", "hockey score", "horoscope", "movie", "recipe", "bitcoin")
    for more in ("please", "tonight", "for my aunt", "quickly", "in spanish")
)


@pytest.mark.parametrize("number", [60, 110, 480, 5_000])
@pytest.mark.parametrize("share", [0.04, 0.1])
def test_no_more_reach_the_limit_than_leave_the_share_assured(
    number: int, share: float
) -> None:
    confidence = np.linspace(0.01, 0.99, number)
    limit = _keeping_out(confidence, share, 0.9)
    reach = int((confidence >= limit).sum())
    # Were the true share larger, so few would reach it less than one time in ten ...
    assert binom.cdf(reach, number, share) <= 0.1
    # ... which cannot be said of one more.
    assert binom.cdf(reach + 1, number, share) > 0.1


def test_with_too_few_questions_to_be_assured_nothing_is_answered() -> None:
    assert _keeping_out(np.full(40, 0.001), 0.04, 0.9) == 1.0


def test_of_equally_sure_ones_all_are_kept_out_or_none() -> None:
    confidence = np.repeat([0.9, 0.5, 0.1], [1, 20, 79])
    limit = _keeping_out(confidence, 0.1, 0.9)
    assert 0.5 < limit <= 0.9


def test_the_lowest_limit_keeps_its_precision_as_questions_count() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    is_right = np.array([True, True, False, True])
    assert _lowest_limit(confidence, is_right, np.ones(4), 0.75) == 0.6
    assert _lowest_limit(confidence, is_right, np.ones(4), 0.8) == 0.8
    # What is wrong counts for little.
    assert _lowest_limit(confidence, is_right, np.array([1, 1, 0.1, 1]), 0.9) == 0.6
    assert _lowest_limit(confidence, ~is_right, np.ones(4), 0.9) == 1.0


def test_the_easy_ones_do_not_pay_for_the_doubtful_ones() -> None:
    confidence = np.linspace(1, 0.01, 100)
    is_right = np.arange(100) < 50
    of_all = _lowest_limit(confidence, is_right, np.ones(100), 0.6)
    of_the_next_ten = _lowest_limit(confidence, is_right, np.ones(100), 0.6, 10)
    assert (confidence >= of_all).sum() == 83
    assert (confidence >= of_the_next_ten).sum() == 54


def test_uncovered_questions_count_for_their_share_however_many_there_are() -> None:
    covered = np.arange(100) < 30
    counts = _counts(covered)
    assert counts[~covered].sum() / counts.sum() == pytest.approx(UNCOVERED_SHARE)


def test_evidence_holds_an_entrys_own_words_and_its_margin_above_no_entry() -> None:
    table = np.array(
        [[0.9, 0.2, 0], [0, -0.7, 0], [0.8, 0.5, 0.6], [-4, -9, -5], [0.5, -8.0, -1.0]],
        np.float32,
    )
    signals = Signals(table, 1.0, 0.8, 0.9, 5)
    chances = np.array([0.7, 0.1, 0.2], np.float32)
    rows = evidence(Mode.ALL, signals, chances, np.array([0, 1]))
    assert rows[:, EVIDENCE.index("lexical")] == pytest.approx([0.9, 0.2])
    ahead = rows[:, EVIDENCE.index("ahead_of_uncovered")]
    assert ahead == pytest.approx([1.5, LEAST_MARGIN + 1])
    without = Signals(table[: len(SIGNALS[Mode.NEAREST])], 1.0, 0.8, 0.9, 5)
    rows = evidence(Mode.NEAREST, without, chances, np.array([0, 1]))
    assert not rows[:, EVIDENCE.index("ahead_of_uncovered")].any()


def test_a_fitted_mode_tells_covered_from_uncovered() -> None:
    index = SearchIndex(
        Catalogue(TOWN.id, 1, ENTRIES, NOT_OURS[:5]),
        Calibration({}),
    )
    covered = [Labelled(q, frozenset({e.id})) for e in ENTRIES for q in e.questions]
    weights, report = fit_mode(
        index, covered + [Labelled(q, frozenset()) for q in NOT_OURS[5:] * 4]
    )
    assert report["uncovered_questions"] == 100
    assert report["best_match_right"] > 0.9
    assert report["answered_rightly"] > 0.5
    most = report["uncovered_answered"] * report["uncovered_questions"]
    assert binom.cdf(round(most), 100, UNCOVERED_ANSWERED) <= 1 - ASSURANCE
    assert 0 < weights.answer < 1
    written = as_json({index.mode: (weights, report)})["modes"][index.mode.value]
    assert set(written["evidence"]) == set(EVIDENCE)
