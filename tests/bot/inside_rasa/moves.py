"""How the moves are read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.move_reader import MoveReader
from bot.components.sentence_encoder import SentenceEncoderFeaturizer
from bot.protected_talk import read_and_decided, wrongly_read
from tests.bot.inside_rasa.ground import component, trained


def check_the_move_reader_is_the_model_that_rasas_own_components_make() -> None:
    examples = {
        "greet": ["hello there", "Hi!", "good morning"],
        "ask": [
            "when is garbage day?",
            "how much is 1 dog licence",
            "where do I pay, 24 or 31?",
        ],
        "thanks": ["thanks a lot", "Thank you so much", "thanks, that's all"],
    }
    unseen = [
        "hello, when is it",
        "don't know 5.50 what to pay #7",
        "\u4e0b \U0001f44d",
        "morning",
    ]

    def messages() -> list[Message]:
        named = [(t, i) for i, texts in examples.items() for t in texts]
        return [Message({TEXT: t, INTENT: i}) for t, i in named] + [
            Message({TEXT: t}) for t in unseen
        ]

    def made(kind: Any, storage: LocalModelStorage, **config: Any) -> Any:
        return kind.create(
            {**kind.get_default_config(), **config},
            storage,
            Resource(f"{kind.__name__}{config.get('analyzer', '')}"),
            ExecutionContext(GraphSchema({})),
        )

    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        tokens = made(WhitespaceTokenizer, storage)
        sentence = made(SentenceEncoderFeaturizer, storage)
        own = tokens.process(messages())
        data = TrainingData(own[:9])
        for counts in (
            made(CountVectorsFeaturizer, storage),
            made(CountVectorsFeaturizer, storage, analyzer="char_wb", min_ngram=2, max_ngram=4),
        ):
            counts.train(data)
            counts.process(own)
        sentence.process(own)
        classifier = made(LogisticRegressionClassifier, storage, max_iter=300)
        classifier.train(data)
        classifier.process(own)

        ours = sentence.process(tokens.process(messages()))
        made(MoveReader, storage).train(TrainingData(ours[:9]))
        reader = MoveReader.load(
            {}, storage, Resource("MoveReader"), ExecutionContext(GraphSchema({}))
        )
        reader.process(ours)
    for one, other in zip(own, ours, strict=True):
        for mine, theirs in zip(
            other.get("intent_ranking"), one.get("intent_ranking"), strict=True
        ):
            assert mine["name"] == theirs["name"], other.get(TEXT)
            assert abs(mine["confidence"] - theirs["confidence"]) < 1e-3, other.get(TEXT)
    # They are worth something only if the model knows the examples, and not all are alike.
    assert [m.get(INTENT)["name"] for m in ours[:9]] == ["greet"] * 3 + ["ask"] * 3 + [
        "thanks"
    ] * 3


def check_a_message_without_words_is_no_move() -> None:
    reader = component(trained(), MoveReader)
    message = Message({INTENT: {"name": "choose", "confidence": 1.0}})
    reader.process([message])
    assert message.get(INTENT)["name"] == "choose"


def check_moves_are_read_from_words_that_were_not_trained_on() -> None:
    wrong = wrongly_read(trained())
    assert not wrong, wrong


def check_no_text_is_too_odd_to_be_read() -> None:
    # Without a vector or without tokens the classifier would fail, and the message with it, for ever.
    for text in (
        "\U0001f44d",
        "???",
        "...",
        "-",
        ":)",
        "\u200b?",
        "\u4e0b\u6c34\u9053",
        "a",
        "5",
        "x" * 1_600,
        "a b " * 400,
    ):
        _, decided = read_and_decided(trained(), text)
        assert decided is not None
        assert decided.startswith("action_"), text
