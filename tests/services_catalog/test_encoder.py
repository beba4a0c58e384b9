"""The committed 8-bit encoder says what the float network said when it was built."""

import json
from pathlib import Path

import numpy as np
import pytest

from services_catalog.encoder import REMEMBERED, WIDTH, Encoder, open_encoder
from services_catalog.search.vectors import VectorMemory

REFERENCE = json.loads((Path(__file__).parent / "encoder_reference.json").read_text())


def test_each_sentence_means_what_the_float_network_says() -> None:
    encoder = open_encoder()
    assert encoder is not None
    found = encoder.encode(list(REFERENCE))
    for (sentence, exact), vector in zip(REFERENCE.items(), found, strict=True):
        assert float(np.array(exact) @ vector) > 0.98, sentence


def test_alike_sentences_are_nearer_than_others() -> None:
    encoder = open_encoder()
    assert encoder is not None
    bin_day, trash_day, dog = encoder.encode(
        ["when is garbage day", "what day do you pick up trash", "my dog needs a licence"]
    )
    assert bin_day @ trash_day > bin_day @ dog + 0.2


@pytest.fixture
def encoder() -> Encoder:
    encoder = open_encoder()
    assert encoder is not None
    return encoder


def test_what_was_read_lately_is_handed_on_and_nothing_else_is(encoder: Encoder) -> None:
    assert encoder.hand_on("when is garbage day") is None
    encoder.encode(["when is garbage day"])
    # The network does not see capitals and spaces; a question mark it sees.
    given = encoder.hand_on("When  is garbage day")
    assert given is not None
    assert encoder.hand_on("when is garbage day?") is None
    for number in range(REMEMBERED):
        assert encoder.hand_on("when is garbage day") == given
        encoder.encode([f"number {number}"])
    assert encoder.hand_on("when is garbage day") is None


def test_what_another_process_has_read_is_not_read_again(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_encoder()
    assert other is not None
    [vector] = other.encode(["when is garbage day"])
    assert encoder.take_over(
        "When is garbage day", json.loads(json.dumps(other.hand_on("When is garbage day")))
    )
    monkeypatch.setattr(encoder, "_session", None)  # reading would fail
    assert (encoder.encode(["when is garbage day"])[0] == vector).all()
    with pytest.raises(AttributeError):
        encoder.encode(["when is garbage day?"])


@pytest.mark.parametrize(
    "changed",
    [
        {"encoder": "another"},
        {"encoder": None},
        {"values": "AAAA"},
        {"values": "no base 64!"},
        {"values": 5},
        {"values": None},
    ],
)
def test_a_vector_that_is_not_this_encoders_is_not_taken(
    encoder: Encoder, changed: dict[str, object]
) -> None:
    [vector] = encoder.encode(["when is garbage day"])
    right = encoder.hand_on("when is garbage day")
    assert right is not None
    other = open_encoder()
    assert other is not None
    assert not other.take_over("when is garbage day", right | changed)
    assert not other.take_over("when is garbage day", "nonsense")
    assert other.hand_on("when is garbage day") is None
    assert (other.encode(["when is garbage day"])[0] == vector).all()


def test_without_its_files_there_is_no_encoder(tmp_path: Path) -> None:
    assert open_encoder(tmp_path) is None


class Counting:
    sha256 = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts):
        self.encoded += texts
        return np.ones((len(texts), WIDTH), np.float32)


def test_only_new_texts_are_encoded_also_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    encoder = Counting()
    VectorMemory(encoder, file).vectors(["a", "b"])
    VectorMemory(encoder, file).vectors(["b", "c", "a"])
    assert encoder.encoded == ["a", "b", "c"]


def test_a_broken_cache_is_made_anew_and_said(tmp_path: Path, caplog) -> None:
    file = tmp_path / "vectors.npz"
    file.write_bytes(b"not a zip")
    encoder = Counting()
    assert VectorMemory(encoder, file).vectors(["a"]).shape == (1, WIDTH)
    assert "saved vectors are not readable" in caplog.text
