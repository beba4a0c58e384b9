"""Sentence vectors of all examples, remembered by their text so that an edit encodes only what it changed."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services_catalog.files import written_whole
from services_catalog.text import normalise

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
# As they are kept, in memory and in the file: so a vector is the same before and after a restart.
Halves = NDArray[np.float16]

# So many messages' vectors are remembered by a `MessageMemory` (15 MB).
MOST_MESSAGES = 10_000


class Encodes(Protocol):
    """Turns sentences into unit vectors whose dot product says how alike they are."""

    @property
    def sha256(self) -> str:
        """Identify the encoder, so that its vectors are not mixed with another's."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows."""


class Reads(Protocol):
    """Gives the vectors of examples and of messages."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector an example, as rows."""

    def encode(self, text: str) -> Vectors:
        """Return the unit vector of a message."""


class VectorMemory:
    """Vectors by text for one encoder, kept in a file between starts where a path is given.

    The file is a cache: losing it costs time only. It is written whole under another name and then
    renamed, so that a process killed while writing leaves the old one.

    Args:
        writes: whether this process adds to the file what it has encoded.
    """

    def __init__(
        self, encoder: Encodes, file: Path | None = None, *, writes: bool = True
    ) -> None:
        self._encoder = encoder
        self._file = file if writes else None
        # One matrix, and the row of each text: taking 300,000 rows out of it is one step.
        self._row: dict[bytes, int] = {}
        self._rows: Halves = np.zeros((0, 0), np.float16)
        self._adding = threading.Lock()
        if file and file.is_file():
            self._read(file)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows; only texts never seen before are encoded."""
        keys = [_key_of_example(t) for t in texts]
        with self._adding:
            missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._row}
            if missing:
                read = self._encoder.encode([normalise(t) for t in missing.values()])
                fresh = read.astype(np.float16)
                known = len(self._row)
                self._rows = np.concatenate([self._rows, fresh]) if known else fresh
                self._row.update({k: known + n for n, k in enumerate(missing)})
                if self._file:
                    self._write(self._file)
            places = np.fromiter((self._row[k] for k in keys), np.intp, len(keys))
            return self._rows[places].astype(np.float32)

    def encode(self, text: str) -> Vectors:
        """Return the unit vector of a message; messages are not remembered."""
        row: Vectors = self._encoder.encode([normalise(text)])[0]
        return row

    def _read(self, file: Path) -> None:
        try:
            with np.load(file, allow_pickle=False) as saved:
                if str(saved["encoder"]) != self._encoder.sha256:
                    return
                rows = saved["vectors"]
                self._row = {k.tobytes(): n for n, k in enumerate(saved["keys"])}
                self._rows = rows[: len(self._row)]
        except (OSError, ValueError, KeyError, EOFError) as fault:
            log.warning(
                "saved vectors are not readable and are made anew", extra={"fault": str(fault)}
            )

    def _write(self, file: Path) -> None:
        with written_whole(file) as temporary:
            np.savez(
                temporary,
                encoder=self._encoder.sha256,
                keys=np.array([np.frombuffer(k, np.uint8) for k in self._row]),
                vectors=self._rows,
            )


class MessageMemory:
    """Examples' vectors from another memory, and the messages' own remembered too, in this process alone.

    For messages that are asked again and again: what an edit would change is looked up with the same ones.
    """

    def __init__(self, examples: Reads) -> None:
        self._examples = examples
        self._messages: dict[bytes, Vectors] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector an example, as rows."""
        return self._examples.vectors(texts)

    def encode(self, text: str) -> Vectors:
        """Return the unit vector of a message."""
        key = _key(text)
        vector = self._messages.get(key)
        if vector is None:
            if len(self._messages) >= MOST_MESSAGES:
                self._messages.clear()
            vector = self._messages[key] = self._examples.encode(text)
        return vector


def _key(text: str) -> bytes:
    return hashlib.blake2b(normalise(text).encode(), digest_size=16).digest()


# All of a city's examples are looked up at each edit.
_key_of_example = lru_cache(maxsize=30_000)(_key)
