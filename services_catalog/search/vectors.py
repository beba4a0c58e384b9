"""Sentence vectors of all examples, remembered by their text so that an edit encodes only what it changed."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services_catalog.text import normalise

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


class Encodes(Protocol):
    """Turns sentences into unit vectors whose dot product says how alike they are."""

    @property
    def sha256(self) -> str:
        """Identify the encoder, so that its vectors are not mixed with another's."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows."""


class VectorMemory:
    """Vectors by text for one encoder, kept in a file between starts where a path is given.

    The file is a cache: losing it costs time only. It is written whole under another name and then
    renamed, so that a process killed while writing leaves the old one.
    """

    def __init__(self, encoder: Encodes, file: Path | None = None) -> None:
        self._encoder = encoder
        self._file = file
        # One matrix, and the row of each text: taking 300,000 rows out of it is one step.
        self._row: dict[bytes, int] = {}
        self._rows: Vectors = np.zeros((0, 0), np.float32)
        self._adding = threading.Lock()
        if file and file.is_file():
            self._read(file)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows; only texts never seen before are encoded."""
        keys = [_key(t) for t in texts]
        with self._adding:
            missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._row}
            if missing:
                fresh = self._encoder.encode([normalise(t) for t in missing.values()])
                known = len(self._row)
                self._rows = np.concatenate([self._rows, fresh]) if known else fresh
                self._row.update({k: known + n for n, k in enumerate(missing)})
                if self._file:
                    self._write(self._file)
            places = np.fromiter((self._row[k] for k in keys), np.intp, len(keys))
            return self._rows[places]

    def encode(self, text: str) -> Vectors:
        """Return the unit vector of a message; messages are not remembered."""
        row: Vectors = self._encoder.encode([normalise(text)])[0]
        return row

    def _read(self, file: Path) -> None:
        try:
            with np.load(file, allow_pickle=False) as saved:
                if str(saved["encoder"]) != self._encoder.sha256:
                    return
                rows = saved["vectors"].astype(np.float32)
                self._row = {k.tobytes(): n for n, k in enumerate(saved["keys"])}
                self._rows = rows[: len(self._row)]
        except (OSError, ValueError, KeyError, EOFError) as fault:
            log.warning(
                "saved vectors are not readable and are made anew", extra={"fault": str(fault)}
            )

    def _write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".part.npz")
        np.savez(
            temporary,
            encoder=self._encoder.sha256,
            keys=np.array([np.frombuffer(k, np.uint8) for k in self._row]),
            vectors=self._rows.astype(np.float16),
        )
        temporary.replace(file)


def _key(text: str) -> bytes:
    return hashlib.blake2b(normalise(text).encode(), digest_size=16).digest()
