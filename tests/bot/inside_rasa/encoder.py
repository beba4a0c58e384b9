"""The sentence encoder as a component of Rasa's."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from typing import Any

import numpy as np
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components import sentence_encoder
from bot.components.sentence_encoder import SentenceEncoderFeaturizer, encoder_folder
from tests.bot.inside_rasa.ground import fault_of


def check_the_encoder_component_gives_the_catalogues_vectors() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    known = json.loads(os.environ["KNOWN_VECTORS"])
    for text, vector in known.items():
        message = Message({TEXT: text})
        component.process([message])
        _sequence, sentence = message.get_dense_features(TEXT)
        assert sentence.features.shape == (1, 384)
        assert float(sentence.features[0] @ np.array(vector, np.float32)) > 0.999, text


def check_a_vector_that_came_along_is_taken_if_it_is_this_texts_and_this_encoders() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    ones = np.ones(384, "<f4")
    right = {"encoder": component._sha256, "values": base64.b64encode(ones.tobytes()).decode()}

    def vector(text: str, vector: Any) -> np.ndarray:
        before = sentence_encoder.handed_on.set(("When is garbage day ", vector))
        try:
            message = Message({TEXT: text})
            component.process([message])
            return message.get_dense_features(TEXT)[1].features[0]
        finally:
            sentence_encoder.handed_on.reset(before)

    own = component.encode("When is garbage day")
    assert (vector("When is garbage day", right) == ones).all()
    assert (vector("When is garbage day?", right) != ones).any()
    for wrong in (
        None,
        "nonsense",
        {**right, "encoder": "another"},
        {**right, "values": "AAAA"},
        {**right, "values": "no base 64!"},
        {"encoder": right["encoder"]},
    ):
        assert (vector("When is garbage day", wrong) == own).all(), wrong
    # Nothing of it is left for the next message.
    message = Message({TEXT: "When is garbage day"})
    component.process([message])
    assert (message.get_dense_features(TEXT)[1].features[0] == own).all()


def check_a_message_without_words_gets_no_vector() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    message = Message({"intent": "choose"})
    component.process([message])
    assert message.get_dense_features(TEXT) == (None, None)


def check_a_missing_encoder_is_said_with_the_remedy() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fault = fault_of(lambda: encoder_folder({"encoder": folder}), InvalidConfigException)
    assert fault is not None
    for words in (
        "model.onnx and tokenizer.json missing in",
        "ASK311_ENCODER",
        "build_encoder",
    ):
        assert words in str(fault), str(fault)
