"""Search alone over made-up catalogues of growing size: building the index, and finding.

A process of its own with one thread, as the action server has it. The wordings' vectors are computed before
and kept, as they are in a running line; what is timed is what happens on an edit, and for each message.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from bench.beside import messages
from bench.figures import percentile
from bench.made_up import BlendingEncoder, make_up, wordings
from services_catalog.encoder import Encoder
from services_catalog.model import Catalogue
from services_catalog.packs import read_entries, read_uncovered
from services_catalog.search import linear
from services_catalog.search.calibration import load_calibration
from services_catalog.search.choose import find
from services_catalog.search.index import SearchIndex, training_set
from services_catalog.search.matters import matters
from services_catalog.search.vectors import VectorMemory

CITY = "toronto"
SIZES = (200, 1_000, 2_000, 5_000)
REBUILDS = 3
WARM_UP = 30
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Size:
    """What search showed at one size. Times of finding are medians over the passes."""

    entries: int
    examples: int
    model: bool  # whether the linear model was part of it
    first_build_seconds: float  # as when a process starts
    build_seconds: list[float]  # as after each edit
    p50_ms: list[float]  # a value a pass
    p95_ms: list[float]
    p95_ms_of_one_matter: list[float]
    encoder_p50_ms: float


def measured_apart(
    sizes: Sequence[int], questions: int, passes: int, cache: Path
) -> list[Size]:
    """Measure in a process of its own, with one thread.

    Raises:
        CalledProcessError: it failed; what it said stands on this terminal.
    """
    command = [sys.executable, "-m", "bench.growth", str(cache), str(questions), str(passes)]
    done = subprocess.run(
        [*command, *map(str, sizes)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Size(**json.loads(line)) for line in done.stdout.splitlines()]


def measure(
    real: Catalogue,
    encoder: Encoder,
    known: VectorMemory,
    size: int,
    texts: list[str],
    passes: int,
) -> Size:
    """Build the index of a made-up catalogue and find in it."""
    made = make_up(real, size)
    vectors = VectorMemory(BlendingEncoder(encoder, known, made.parents))
    examples = wordings(made.catalogue)
    vectors.vectors(examples)
    builds = []
    for _ in range(1 + REBUILDS):
        started = time.perf_counter()
        index = SearchIndex(
            made.catalogue,
            load_calibration(),
            vectors=vectors,
            real_words=encoder.whole_words(),
        )
        builds.append(time.perf_counter() - started)
    with_model = size <= len(real.entries)
    if with_model:
        known_texts, labels = training_set(made.catalogue)
        index = index.with_linear(linear.fit(known_texts, labels, vectors.vectors(known_texts)))
    for text in texts[:WARM_UP]:
        find(index, text)
    p50, p95, p95_of_one = [], [], []
    for _ in range(passes):
        seen = [_milliseconds(lambda t=text: find(index, t)) for text in texts]
        p50.append(percentile(seen, 0.5))
        p95.append(percentile(seen, 0.95))
        single = [ms for ms, t in zip(seen, texts, strict=True) if len(matters(t)) < 2]
        p95_of_one.append(percentile(single, 0.95))
    encoding = median(_milliseconds(lambda t=text: vectors.encode(t)) for text in texts)
    return Size(
        size, len(examples), with_model, builds[0], builds[1:], p50, p95, p95_of_one, encoding
    )


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def main() -> int:
    """Measure the sizes on the command line; print a line of JSON for each."""
    cache, questions, passes, *sizes = sys.argv[1:]
    real = Catalogue(CITY, 1, tuple(read_entries(CITY)), tuple(read_uncovered(CITY)))
    encoder = Encoder()
    known = VectorMemory(encoder, Path(cache))
    known.vectors(wordings(real))
    texts = list(islice(messages(), int(questions)))
    for size in map(int, sizes):
        found = measure(real, encoder, known, size, texts, int(passes))
        print(json.dumps(asdict(found)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
