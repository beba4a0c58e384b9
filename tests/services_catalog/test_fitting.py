"""The linear model is fitted apart from what answers, and once for all who share a cache."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services_catalog import store
from services_catalog.live import LiveCatalogue
from services_catalog.search import fitting
from services_catalog.search.fitting import Fitting, FittingError
from services_catalog.search.index import training_set
from tests.support.small_town import ENTRIES, TOWN, open_town, simple_calibration

TEXTS = ["green bin day", "green bin pickup", "parking ticket", "pay a parking ticket"] * 3
LABELS = ["bin", "bin", "ticket", "ticket"] * 3


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fit even a small model in a process of its own."""
    monkeypatch.setattr(fitting, "FIT_HERE_UP_TO", 0)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that a model was fitted for."""
    begun: list[Path] = []
    usual = Fitting._fit_apart

    def noted(self: Fitting, given: Path, file: Path, niceness: int) -> bool:
        begun.append(file)
        return usual(self, given, file, niceness)

    monkeypatch.setattr(Fitting, "_fit_apart", noted)
    return begun


def following(live: LiveCatalogue, cache: Path) -> LiveCatalogue:
    return LiveCatalogue(
        live._engine, TOWN.id, encoder=None, cache=cache, calibration=simple_calibration()
    )


@pytest.mark.usefixtures("apart")
def test_a_model_fitted_apart_scores_as_one_fitted_here(tmp_path: Path) -> None:
    vectors = np.eye(len(TEXTS), 8, dtype=np.float32)
    apart = Fitting(tmp_path / "model.npz", "e").fitted(
        TEXTS, LABELS, vectors, is_waited_for=True
    )
    here = fitting.linear.fit(TEXTS, LABELS, vectors, "e")
    assert apart is not None
    assert apart.fingerprint == here.fingerprint
    for text in ("my green bin", "a ticket"):
        assert apart.scores(text, vectors[0]) == pytest.approx(
            here.scores(text, vectors[0]), abs=0.01
        )


def until_all_have_the_model(lives: Sequence[LiveCatalogue], revision: int) -> None:
    ends = time.monotonic() + 60
    for live in lives:
        wanted = live._fitting.fingerprint(*training_set(store.load(live._engine, TOWN.id)))
        while (
            live.now().catalogue.revision != revision
            or live._model is None
            or live._model.fingerprint != wanted
        ):
            assert time.monotonic() < ends, "an edit did not come to the model"
            time.sleep(0.02)


@pytest.mark.usefixtures("apart")
def test_processes_that_share_a_cache_fit_an_edit_once(
    tmp_path: Path, fits: list[Path]
) -> None:
    town = open_town(tmp_path)
    town.close()
    cache = tmp_path / "cache"
    both = [following(town, cache) for _ in range(2)]
    try:
        for live in both:
            live.start()
        until_all_have_the_model(both, 1)
        edited = replace(ENTRIES[0], questions=("zamboni parade",))
        store.apply(town._engine, TOWN.id, store.Change([edited]), by="m", reason="new words")
        until_all_have_the_model(both, 2)
    finally:
        for live in both:
            live.close()
    assert [file for file in fits if file.parent == cache] == [
        cache / "linear-smalltown.npz"
    ] * 2


@pytest.mark.usefixtures("apart")
def test_closing_ends_a_fit_that_is_under_way(tmp_path: Path) -> None:
    given = Fitting(tmp_path / "model.npz", "")
    texts = [f"text {n} of many" for n in range(3_000)]
    labels = [f"entry {n % 300}" for n in range(3_000)]
    found: list[object] = []
    thread = threading.Thread(
        target=lambda: found.append(given.fitted(texts, labels, None, is_waited_for=False))
    )
    thread.start()
    given.close()
    thread.join(timeout=30)
    assert found == [None]
    assert not (tmp_path / "model.npz").exists()


@pytest.mark.usefixtures("apart")
def test_a_fit_that_fails_is_said(tmp_path: Path) -> None:
    with pytest.raises(FittingError, match="exit 1"):
        Fitting(tmp_path / "model.npz", "").fitted(TEXTS, LABELS[:-1], None, is_waited_for=True)


def test_whoever_waits_for_its_turn_can_be_closed(tmp_path: Path) -> None:
    first, second = (Fitting(tmp_path / "model.npz", "") for _ in range(2))
    with first.turn():
        waits = threading.Thread(target=lambda: second.turn().__enter__())
        waits.start()
        assert waits.is_alive()
        second.close()
        waits.join(timeout=30)
        assert not waits.is_alive()
