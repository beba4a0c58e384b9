"""Sentence vectors of all examples, remembered by their text so that an edit encodes only what it changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
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
        self._known: dict[bytes, Vectors] = {}
        if file and file.is_file():
            self._read(file)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, as rows; only texts never seen before are encoded."""
        keys = [_key(t) for t in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if missing:
            fresh = self._encoder.encode([normalise(t) for t in missing.values()])
            self._known.update(zip(missing, fresh, strict=True))
            if self._file:
                self._write(self._file)
        return (
            np.stack([self._known[k] for k in keys]) if keys else np.zeros((0, 0), np.float32)
        )

    def encode(self, text: str) -> Vectors:
        """Return the unit vector of a message; messages are not remembered."""
        row: Vectors = self._encoder.encode([normalise(text)])[0]
        return row

    def forget_all_but(self, texts: Iterable[str]) -> None:
        """Drop the vectors of texts that no entry holds any more."""
        kept = {_key(t) for t in texts}
        self._known = {k: v for k, v in self._known.items() if k in kept}

    def _read(self, file: Path) -> None:
        try:
            with np.load(file, allow_pickle=False) as saved:
                if str(saved["encoder"]) != self._encoder.sha256:
                    return
                rows = saved["vectors"].astype(np.float32)
                keys = saved["keys"]
                self._known = {k.tobytes(): v for k, v in zip(keys, rows, strict=True)}
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
            keys=np.array([np.frombuffer(k, np.uint8) for k in self._known]),
            vectors=np.stack(list(self._known.values())).astype(np.float16),
        )
        temporary.replace(file)


def _key(text: str) -> bytes:
    return hashlib.blake2b(normalise(text).encode(), digest_size=16).digest()
