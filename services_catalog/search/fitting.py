"""Fits the linear model in a process of its own, and once for all processes that share a cache.

A city of 250 entries with 23,000 examples takes a minute of one core. In the process that answers residents, they would
wait for it; in each of several processes at once, an edit would come late to all of them.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from services_catalog.search import linear
from services_catalog.search.linear import Floats, LinearModel

# A process that nobody waits for gives way to those that answer, and still gets a tenth of a busy core.
NICENESS = 10
# Up to so many examples times entries (half a second), a process of its own takes longer to start than to fit.
FIT_HERE_UP_TO = 50_000
_LOOK_EVERY_SECONDS = 0.2
_ROOT = Path(__file__).parents[2]


class FittingError(Exception):
    """The linear model could not be fitted."""


class Fitting:
    """Gives the linear model of a training set. `close()` ends a fit that is under way.

    Args:
        file: where the model is kept, for the next start and for all who share the folder; None: nowhere.
        encoder: what tells the encoder from any other, or "".
    """

    def __init__(self, file: Path | None, encoder: str) -> None:
        self._file = file
        self._encoder = encoder
        self._closed = threading.Event()

    def fingerprint(self, texts: Sequence[str], labels: Sequence[str]) -> str:
        """Return what tells the model of this training set from any other."""
        return linear.fingerprint(texts, labels, self._encoder)

    def close(self) -> None:
        """End a fit that is under way; none is begun any more."""
        self._closed.set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other process that shares the file fits a model, and keep them from it."""
        if self._file is None:
            yield
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.with_suffix(".lock").open("w") as lock:
            while not self._closed.is_set() and not _locked(lock.fileno()):
                self._closed.wait(_LOOK_EVERY_SECONDS)
            # Closing the file gives the lock back, and so does a kill.
            yield

    def kept(self, fingerprint: str) -> LinearModel | None:
        """Return the model that is kept, if it is the one with this fingerprint."""
        return linear.read_model(self._file, fingerprint) if self._file else None

    def fitted(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: Floats | None,
        *,
        is_waited_for: bool,
    ) -> LinearModel | None:
        """Return the model of a training set, fitted now and kept; None: closed meanwhile.

        Args:
            is_waited_for: whether it may take as much of the machine as it can get.

        Raises:
            FittingError: the process that fits it failed.
            OSError: the model cannot be kept.
        """
        if len(texts) * len(set(labels)) <= FIT_HERE_UP_TO:
            model = linear.fit(texts, labels, vectors, self._encoder)
            if self._file:
                model.save(self._file)
            return model
        with tempfile.TemporaryDirectory(prefix="ask311-fit-") as folder:
            given = Path(folder, "examples.npz")
            file = self._file or Path(folder, "model.npz")
            examples: dict[str, Any] = {
                "texts": json.dumps(list(texts)),
                "labels": json.dumps(list(labels)),
                "encoder": self._encoder,
            }
            if vectors is not None:
                examples["vectors"] = vectors
            np.savez(given, **examples)
            if not self._fit_apart(given, file, 0 if is_waited_for else NICENESS):
                return None
            found = linear.read_model(file, self.fingerprint(texts, labels))
        if found is None:
            raise FittingError("The linear model was fitted and cannot be read.")
        return found

    def _fit_apart(self, given: Path, file: Path, niceness: int) -> bool:
        """Fit in another process; say whether it came to its end."""
        process = subprocess.Popen(  # noqa: S603 (this module, with paths of ours)
            [sys.executable, "-m", __name__, str(given), str(file.resolve()), str(niceness)],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # What ends this process by Ctrl-C ends the other by `close`.
            start_new_session=True,
        )
        try:
            while not self._closed.is_set():
                try:
                    if code := process.wait(timeout=_LOOK_EVERY_SECONDS):
                        raise FittingError(f"Fitting the linear model failed (exit {code}).")
                    return True
                except subprocess.TimeoutExpired:
                    continue
            return False
        finally:
            process.kill()
            process.wait()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main() -> None:
    """Fit the model of the examples in one file and keep it in another."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("niceness", type=int)
    options = parser.parse_args()
    os.nice(options.niceness)
    with np.load(options.examples, allow_pickle=False) as given:
        model = linear.fit(
            json.loads(str(given["texts"])),
            json.loads(str(given["labels"])),
            given.get("vectors"),
            str(given["encoder"]),
        )
    model.save(options.model)


if __name__ == "__main__":
    main()
