"""Sentences as vectors: a small sentence encoder (all-MiniLM-L6-v2, 8-bit), run on this machine's processor.

Optional at run time: without its files `open_encoder` returns None and search goes by words and letters alone.

Reading a message takes longer than anything else that is done with it, and three processes need its vector. So
the last few vectors are remembered, and one process takes over what another has read (`hand_on`, `take_over`).
They are found by the numbers that the network reads, not by the words: what is found again is the same to it.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from services_catalog.text import normalise

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
WIDTH = 384
# onnxruntime joins an addition and the normalisation after it into one step, which takes longer than the two: a fifth of
# the time that a sentence takes (onnxruntime 1.32, on processors with AVX-512).
SLOWER_FUSION = "SkipLayerNormFusion"
# More than are under way at once in one process.
REMEMBERED = 64


class Encoder:
    """Turns sentences into unit vectors of 384 numbers whose dot product says how alike they mean.

    Each sentence is run by itself: the network's 8-bit arithmetic is scaled to what it is given together,
    so that a neighbour in a batch would change a sentence's vector.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        model = (folder / "model.onnx").read_bytes()
        self.sha256 = hashlib.sha256(model).hexdigest()
        options = onnxruntime.SessionOptions()
        # One thread: several messages at once use the cores better than one message on all of them.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=[SLOWER_FUSION],
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._read: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._remembering = threading.Lock()

    def hand_on(self, text: str) -> dict[str, str] | None:
        """Return a message's vector for another process, if it was read lately.

        JSON: which encoder it is of, and the numbers in base 64.
        """
        vector = self._read.get(normalise(text))
        if vector is None:
            return None
        values = np.asarray(vector, "<f4").tobytes()
        return {"encoder": self.sha256, "values": base64.b64encode(values).decode("ascii")}

    def take_over(self, text: str, given: Any) -> bool:
        """Take over a message's vector from another process; False if it is not one of this same encoder."""
        if not isinstance(given, dict) or given.get("encoder") != self.sha256:
            return False
        try:
            values = base64.b64decode(given["values"], validate=True)
        except (KeyError, TypeError, ValueError):
            return False
        if len(values) != 4 * WIDTH:
            return False
        vector = np.frombuffer(values, "<f4").astype(np.float32)
        self._remember(normalise(text), vector)
        return True

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, as rows of a (texts, 384) array."""
        rows = [self._encode_one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, WIDTH), np.float32)

    def whole_words(self) -> frozenset[str]:
        """Return the words that the encoder's vocabulary knows whole: common words of the language."""
        return frozenset(
            w for w in self._tokenizer.get_vocab() if w.isascii() and w.isalpha() and len(w) > 3
        )

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        known = self._read.get(text)
        if known is not None:
            return known
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        vector: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        self._remember(text, vector)
        return vector

    def _remember(self, text: str, vector: NDArray[np.float32]) -> None:
        with self._remembering:
            self._read[text] = vector
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)


def open_encoder(folder: Path = FOLDER) -> Encoder | None:
    """Return the encoder, or None where its files are missing (said in the log and by /health/ready)."""
    if not (folder / "model.onnx").is_file():
        log.warning("no sentence encoder here; search goes by words and letters alone")
        return None
    return Encoder(folder)
