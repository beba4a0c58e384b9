"""Which move a message is, from its words, its letters and its meaning: one logistic regression over all three.

The same model as Rasa's CountVectorsFeaturizer twice (words; runs of two to four letters) before its
LogisticRegressionClassifier, in a fifth of the time: those build a dozen sparse matrices for each message, where
here the weights of the few pieces that a message has are added up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.components.sentence_encoder import SentenceEncoderFeaturizer

FILE = "moves.npz"
RANKED = 10  # so many moves are named with their confidence
MOST_ITERATIONS = 300
# So many words' letters are remembered, of words up to this length.
MOST_WORDS = 20_000
LONGEST_WORD = 30
_NUMBER = re.compile(r"\b[0-9]+\b")
Analyse = Callable[[str], list[str]]


def analysers() -> tuple[Analyse, Analyse]:
    """Return what cuts a text into words, and what cuts it into runs of letters."""
    by_word = CountVectorizer(token_pattern=r"(?u)\b\w+\b")  # noqa: S106 (not a password)
    by_letters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    return by_word.build_analyzer(), by_letters.build_analyzer()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoveReader(IntentClassifier, GraphComponent):
    """Reads the move that a message is."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come before: tokens for the words, a vector for the meaning."""
        return [Tokenizer, SentenceEncoderFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings: there are none."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """Return what must be installed."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoveReader:
        """Make the component, to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MoveReader:
        """Make the component from what was trained."""
        reader = cls(model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as saved,
        ):
            reader._moves = json.loads(str(saved["moves"]))
            reader._vocabularies = tuple(
                json.loads(str(saved[n])) for n in ("words", "letters")
            )
            reader._weights, reader._bias = saved["weights"], saved["bias"]
        return reader

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._analysers = analysers()
        self._moves: list[str] = []
        # Where the weights of a word, or of a run of letters, stand. Those of the vector come after all of them.
        self._vocabularies: tuple[dict[str, int], ...] = ()
        self._letters_of: dict[str, tuple[int, ...]] = {}
        self._weights = np.zeros((0, 0))  # (features, moves)
        self._bias = np.zeros(0)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model to the examples and keep it in the model's storage.

        Raises:
            ValueError: there are fewer than three moves to tell apart.
        """
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        pieces = [[a(_read(e)) for e in examples] for a in self._analysers]
        self._vocabularies = _vocabularies(pieces)
        self._letters_of.clear()
        known = [self._places(_read(e)) for e in examples]
        counts = sp.csr_matrix(
            (
                np.ones(sum(map(len, known))),
                np.concatenate(known),
                np.cumsum([0, *map(len, known)]),
            ),
            (len(examples), sum(map(len, self._vocabularies))),
        )
        vectors = np.stack([_vector(e) for e in examples])
        model = LogisticRegression(
            class_weight="balanced", max_iter=MOST_ITERATIONS, random_state=42
        )
        model.fit(
            sp.hstack([counts, sp.csr_matrix(vectors)]), [e.get(INTENT) for e in examples]
        )
        if len(model.classes_) < 3:
            raise ValueError("there must be at least three moves to tell apart")
        self._moves = [str(m) for m in model.classes_]
        self._weights, self._bias = model.coef_.T.copy(), model.intercept_
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                moves=json.dumps(self._moves),
                words=json.dumps(self._vocabularies[0]),
                letters=json.dumps(self._vocabularies[1]),
                weights=self._weights,
                bias=self._bias,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say of each message which move it is, and how sure that is."""
        for message in messages:
            if not message.get(TEXT_TOKENS):
                continue
            shares = self._shares(_read(message), _vector(message))
            order = np.argsort(-shares, kind="stable")[:RANKED]
            ranking = [{"name": self._moves[n], "confidence": float(shares[n])} for n in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the examples, for what is trained on top of this."""
        self.process(training_data.training_examples)
        return training_data

    def _shares(self, text: str, vector: np.ndarray) -> np.ndarray:
        """Return the probability of each move."""
        sums = self._bias + vector @ self._weights[-len(vector) :]
        sums = sums + self._weights[self._places(text)].sum(axis=0)
        shares = np.exp(sums - sums.max())
        return shares / shares.sum()

    def _places(self, text: str) -> np.ndarray:
        """Return where the weights of a text's pieces stand, as often as each piece is in it."""
        by_word, letters = self._analysers[0], self._places_of_letters
        known = self._vocabularies[0]
        found = [known[w] for w in by_word(text) if w in known]
        return np.array([*found, *(p for w in text.split() for p in letters(w))], np.intp)

    def _places_of_letters(self, word: str) -> tuple[int, ...]:
        """Return where the runs of letters of a word stand. They never cross words, and words come again and again."""
        places = self._letters_of.get(word)
        if places is None:
            known = self._vocabularies[1]
            places = tuple(known[p] for p in self._analysers[1](word) if p in known)
            if len(word) <= LONGEST_WORD:
                if len(self._letters_of) >= MOST_WORDS:
                    self._letters_of.clear()
                self._letters_of[word] = places
        return places


def _vocabularies(pieces: list[list[list[str]]]) -> tuple[dict[str, int], ...]:
    found, first = [], 0
    for of_kind in pieces:
        known = sorted({p for of_example in of_kind for p in of_example})
        found.append({piece: first + n for n, piece in enumerate(known)})
        first += len(known)
    return tuple(found)


def _read(message: Message) -> str:
    """Return the message's words in small letters, single spaces between them, each number as the same word."""
    text = " ".join(token.text for token in message.get(TEXT_TOKENS))
    return _NUMBER.sub("__number__", text).lower()


def _vector(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0]
