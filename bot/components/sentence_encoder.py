"""A message's meaning as 384 numbers, for the classifier: the catalogue's sentence encoder in Rasa's pipeline.

The encoder is read from a folder on this machine (`encoder` in config.yml, or ASK311_ENCODER) and is never
fetched from anywhere. A missing folder stops training and start with a sentence that says what to do.

Reading a message takes longer than anything else that is done with it. So where the relay has handed on what
another process read it as (`handed_on`), that is taken.
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

FOLDER_VARIABLE = "ASK311_ENCODER"
FILES = ("model.onnx", "tokenizer.json")
WIDTH = 384

# The words of the message under way, and what the relay says they were read as (services_catalog/encoder): set by
# the gateway for one turn. Not in the message's metadata, which Rasa copies, and keeps with the conversation.
handed_on: ContextVar[tuple[str, Any]] = ContextVar("handed_on", default=("", None))


def encoder_folder(config: dict[str, Any]) -> Path:
    """Return the folder of the encoder: the environment's, else the configuration's.

    Raises:
        InvalidConfigException: a file of it is missing.
    """
    folder = Path(os.environ.get(FOLDER_VARIABLE) or config["encoder"])
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise InvalidConfigException(
            f"The sentence encoder is not complete: {' and '.join(missing)} missing in {folder.resolve()}. "
            f"Run from the project's folder, set {FOLDER_VARIABLE} to the folder that has it, or build it "
            "with scripts/build_encoder.py."
        )
    return folder


def normalised(text: str) -> str:
    """Return the text as the encoder reads it: the same as services_catalog.text.normalise."""
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(text.lower().split())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one sentence vector to a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml says nothing."""
        return {**DenseFeaturizer.get_default_config(), "encoder": "services_catalog/encoder"}

    @staticmethod
    def required_packages() -> list[str]:
        """Return what must be installed."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check the configuration (before training)."""
        encoder_folder({**cls.get_default_config(), **config})

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make Rasa train again when the encoder's file is another one."""
        folder = encoder_folder({**cls.get_default_config(), **config})
        return hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Make the component for training or for answering."""
        return cls(config, execution_context.node_name)

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        # Here, not above: these two are needed where sentences are encoded, not where config is read.
        import onnxruntime
        from tokenizers import Tokenizer

        folder = encoder_folder(config)
        options = onnxruntime.SessionOptions()
        # One thread: the answer's other processes need the cores too.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = (folder / "model.onnx").read_bytes()
        self._sha256 = hashlib.sha256(model).hexdigest()
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def encode(self, text: str) -> np.ndarray:
        """Return the sentence's unit vector."""
        ids = np.array([self._tokenizer.encode(normalised(text)).ids], np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return self._session.run(None, feed)[0][0]

    def _handed_on(self, text: str) -> np.ndarray | None:
        """Return the vector that came with the message, if it is one of this text and this same encoder."""
        words, vector = handed_on.get()
        if not isinstance(vector, dict) or vector.get("encoder") != self._sha256:
            return None
        if words.strip() != text.strip():
            return None
        try:
            values = base64.b64decode(vector["values"], validate=True)
        except (KeyError, TypeError, ValueError):
            return None
        return np.frombuffer(values, "<f4") if len(values) == 4 * WIDTH else None

    def process(self, messages: list[Message]) -> list[Message]:
        """Add its vector to each message that has words."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                vector = self._handed_on(text)
                if vector is None:
                    vector = self.encode(text)
                alias = self._config[FEATURIZER_CLASS_ALIAS]
                message.add_features(
                    Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, alias)
                )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors of the training examples."""
        self.process(training_data.training_examples)
        return training_data
