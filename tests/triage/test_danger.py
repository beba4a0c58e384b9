"""The danger model's file, and what becomes of a message with and without it."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.danger_graph import meaning_graph
from evaluation.questions import FOLDER
from services_catalog.encoder import WIDTH, Encoder, open_encoder
from services_catalog.packs import load_city
from triage import cli
from triage.danger_model import (
    BOXES,
    FILE,
    SHARPNESS,
    DangerModel,
    DangerModelError,
    features,
    load_danger_model,
    save_fitted,
)
from triage.safety import LEAN, LEAN_WHERE_PLAIN, SURE, Danger, Safety, look


def _encoder() -> Encoder:
    encoder = open_encoder()
    assert encoder is not None
    return encoder


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return load_danger_model(_encoder())


def test_the_file_fits_the_encoder_and_the_boxes(model: DangerModel) -> None:
    found = model.fitted
    assert model.margins(["x"], _encoder().encode(["x"])).shape == (1,)
    assert found.rarity.shape == found.word_weights.shape == (BOXES,)
    kinds = len(found.kind_bias)
    assert (found.kind_words.shape, found.kind_meanings.shape) == (
        (BOXES, kinds), (WIDTH, kinds),
    )  # fmt: skip
    for field in fields(found):
        array = getattr(found, field.name)
        assert array.dtype.kind in "Ui" or np.isfinite(array).all(), field.name
    assert 0 < model.limit < 1


def test_the_graph_adds_up_the_likeness_to_each_example(model: DangerModel) -> None:
    random = np.random.default_rng(311)
    vectors = random.normal(size=(50, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = random.normal(size=40).astype(np.float32)
    kept = replace(model.fitted, meaning=meaning_graph(vectors[:40], shares, SHARPNESS))
    kept = replace(kept, bias=np.float32(0), word_weights=np.zeros_like(kept.word_weights))
    reads = DangerModel(kept, _encoder())
    # Some that are like an example, some like none.
    asked = (vectors[10:] + vectors[:40] * random.uniform(size=(40, 1))).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    found = np.array([reads.margins(["x"], one[None])[0] for one in asked])
    distances = ((asked[:, None] - vectors[None, :40]) ** 2).sum(axis=2)
    wanted = np.exp(-SHARPNESS * distances) @ shares
    assert np.abs(wanted).max() > 1
    # 8 bits a number.
    assert np.abs(found - wanted).max() < 0.02


def test_what_is_saved_reads_the_same(model: DangerModel, tmp_path: Path) -> None:
    save_fitted(model.fitted, tmp_path / "m.npz")
    again = load_danger_model(_encoder(), tmp_path / "m.npz")
    text = "he is on the edge of the roof, legs over. Also when is garbage day?"
    assert again.read(text) == model.read(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i smell gas in the hallway", "gas"),
        ("my house is on fire", "fire"),
        ("i want to kill myself", "crisis"),
        ("she stopped breathing", "medical"),
        ("there is a power line down and it is sparking", "wire"),
        ("When is garbage day? Also there is a man in the river and he can't swim.", "water"),
        ("hlp ther is smok comin frm the kitchin", "fire"),
        ("my bro od'd n hes not breethin", "medical"),
        ("whole street reeks of gas since they dug up the sewer", "gas"),
    ],
)
def test_plain_danger_is_told(model: DangerModel, text: str, kind: str) -> None:
    danger = Safety(model).look(text)
    assert danger is not None
    assert danger.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "where can I throw out an old gas barbecue",
        "how do i fight a parking ticket",
        "this property tax bill is killing me, can i pay monthly",
        "when does the fire station open for tours",
        "swimming lessons for my kid",
        "wen do u pik up leafs on my st",
        "my brother is moving n has a couch 2 throw out",
    ],
)
def test_ordinary_matters_are_not(model: DangerModel, text: str) -> None:
    assert Safety(model).look(text) is None


def test_what_is_ordinary_in_french_is_not(model: DangerModel) -> None:
    rows = map(json.loads, (FOLDER / "danger_french.jsonl").read_text("utf-8").splitlines())
    ordinary = [row["text"] for row in rows if not row["danger"]]
    assert ordinary
    assert [text for text in ordinary if Safety(model).look(text)] == []


def _with_margin(model: DangerModel, margin: float) -> DangerModel:
    """Return a model that reads every message with this margin."""
    found = model.fitted
    nothing = meaning_graph(
        np.eye(1, WIDTH, dtype=np.float32), np.zeros(1, np.float32), SHARPNESS
    )
    flat = replace(
        found,
        meaning=nothing,
        word_weights=np.zeros_like(found.word_weights),
        bias=np.float32(margin),
    )
    return DangerModel(flat, _encoder())


def test_a_rule_leans_the_model_and_cannot_overrule_it(model: DangerModel) -> None:
    found = model.fitted
    odds = np.log(model.limit / (1 - model.limit))
    bar = float((odds - found.offset) / found.slope)
    for text, kind, leans in (
        ("i smell gas", "gas", LEAN_WHERE_PLAIN),
        ("he has a gun", "violence", LEAN),
    ):
        told = Danger(kind, says_all=False)
        assert look(text) == told
        assert Safety(_with_margin(model, bar - leans + 0.05)).look(text) == told
        assert Safety(_with_margin(model, bar - leans - 0.05)).look(text) is None
    assert Safety(_with_margin(model, bar - 0.05)).look("hello there") is None


def test_only_a_sure_model_leaves_the_question_unanswered(model: DangerModel) -> None:
    found = model.fitted
    text = "the voices told me what day it is"
    crisis = replace(found, kind_bias=np.where(np.array(model.kinds) == "crisis", 99.0, 0.0))

    def at(danger: float) -> Danger | None:
        margin = (np.log(danger / (1 - danger)) - found.offset) / found.slope
        return Safety(_with_margin(DangerModel(crisis, _encoder()), float(margin))).look(text)

    assert look(text) is None
    assert model.limit < SURE
    assert at((model.limit + SURE) / 2) == Danger("crisis", says_all=False)
    assert at((1 + SURE) / 2) == Danger("crisis", says_all=True)


def test_every_kind_has_a_text(model: DangerModel) -> None:
    assert set(model.kinds) <= set(load_city("toronto").safety)


def test_words_without_a_letter_read_as_something(model: DangerModel) -> None:
    boxes, values = features("??? 😀", np.ones(BOXES, np.float32))
    assert len(boxes) == len(values) == 0
    assert 0 <= model.read("😀").danger <= 1


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half a file"])
def test_without_the_file_the_start_ends_with_the_remedy(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / FILE.name
    if content is not None:
        file.write_bytes(content)

    def load(encoder: object) -> DangerModel:
        return load_danger_model(encoder, file)  # type: ignore[arg-type]

    monkeypatch.setattr("triage.danger_model.load_danger_model", load)
    monkeypatch.setattr(cli, "set_up_logging", lambda level: None)
    monkeypatch.setenv("ASK311_GATEWAY_SECRET", "x" * 40)
    monkeypatch.setenv("ASK311_API_SECRET", "y" * 40)
    assert cli.main([]) == 1
    said = capsys.readouterr().err
    assert "make fit-safety" in said
    assert len(said.strip().splitlines()) == 1


def test_a_file_of_another_making_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "old.npz", weights=np.zeros(3))
    with pytest.raises(DangerModelError, match="fit-safety"):
        load_danger_model(_encoder(), tmp_path / "old.npz")
