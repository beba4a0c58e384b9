"""Measure speed and memory beside the stock assistant, and search as the catalogue grows: `make bench`.

Prints a table of what was promised and what was measured, and writes everything to var/bench/latest.json.
`--quick` goes through all of it in small numbers, to see that it works; its figures mean little.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.beside import Rounds, side_by_side
from bench.cases import bench_cases
from bench.console import bench_console
from bench.dashboard import bench_dashboard
from bench.edit import edit_and_ask
from bench.edits import bench_edits
from bench.figures import Promise, promise_of_ratio, table
from bench.growth import SIZES, Size, measured_apart
from bench.listening import CONSOLES, bench_listening
from bench.processes import load, tree, wait_until_idle
from bench.stock import Running, make_stock, running_stock, seconds_to_train_after_an_edit
from bench.texts import Numbers as OfTexts
from bench.texts import bench_texts
from bench.where import where
from evaluation.line import free_port, running_line
from services_catalog.database import open_database

VAR = Path(__file__).resolve().parents[1] / "var" / "bench"
PARTS = (
    "beside",
    "edit",
    "edits",
    "search",
    "where",
    "cases",
    "console",
    "dashboard",
    "listening",
    "text",
)


@dataclass(frozen=True)
class Numbers:
    """How much is measured."""

    rounds: int
    messages: int
    edits: int
    published: int
    questions: int
    passes: int
    cases: int
    open_cases: int
    figures_of: int  # messages that the page of figures is about
    consoles: int
    texts: OfTexts


FULL = Numbers(
    rounds=5,
    messages=120,
    edits=5,
    published=20,
    questions=300,
    passes=3,
    cases=100_000,
    open_cases=50_000,
    figures_of=1_000_000,
    consoles=CONSOLES,
    texts=OfTexts(rounds=5, seconds=20, burst=240, storm_seconds=240),
)
QUICK = Numbers(
    rounds=2,
    messages=16,
    edits=1,
    published=3,
    questions=40,
    passes=1,
    cases=2_000,
    open_cases=2_000,
    figures_of=50_000,
    consoles=20,
    texts=OfTexts(rounds=1, seconds=4, burst=30, storm_seconds=10),
)


def main() -> int:
    """Measure, print, write down; return 1 if a promise is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of it")
    parser.add_argument("--port", type=int, help="port of our line (default: a free one)")
    parser.add_argument("--stock-port", type=int, help="port of the stock assistant")
    options = parser.parse_args()
    parts = options.only or PARTS
    numbers = QUICK if options.quick else FULL
    VAR.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load before": load(),
        "numbers": asdict(numbers),
    }
    print(found["machine"], load(), sep="; ")
    promises: list[Promise] = []
    try:
        if {"beside", "edit"} & set(parts):
            _against_stock(parts, numbers, options.port, options.stock_port, found, promises)
        if "edits" in parts:
            _say("Publishing edits until three processes answer from them...")
            promises += bench_edits(numbers.published, VAR, found)
        if "search" in parts:
            promises += _search(numbers, found)
        if "where" in parts:
            promises += where(numbers.questions, VAR, found)
        if "cases" in parts:
            _say("Opening, listing and finding cases...")
            promises += bench_cases(numbers.questions, VAR, found, stored=numbers.cases)
        if "console" in parts:
            _say("Opening the console's pages...")
            promises += bench_console(
                numbers.questions // 3, VAR, found, open_cases=numbers.open_cases
            )
        if "dashboard" in parts:
            _say("Opening the page of figures...")
            promises += bench_dashboard(
                numbers.questions // 10, VAR, found, of_messages=numbers.figures_of
            )
        if "listening" in parts:
            _say("Listening at the console while residents chat...")
            promises += bench_listening(
                numbers.questions // 3, VAR, found, consoles=numbers.consoles
            )
        if "text" in parts:
            promises += bench_texts(numbers.texts, VAR, found, _say)
    finally:
        # What was measured before something failed is not lost.
        _write_down(found, promises)
    return 0 if all(p.is_kept for p in promises) else 1


def _write_down(found: dict[str, Any], promises: list[Promise]) -> None:
    found["load after"] = load()
    found["promises"] = [asdict(p) | {"is_kept": p.is_kept} for p in promises]
    print(f"\n{table(promises)}\n\n{load()}")
    file = VAR / "latest.json"
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Everything measured is in {file}.")


def _against_stock(
    parts: Sequence[str],
    numbers: Numbers,
    port: int | None,
    stock_port: int | None,
    found: dict[str, Any],
    promises: list[Promise],
) -> None:
    _say("Making the stock assistant (rasa init; once, about two minutes)...")
    make_stock(VAR / "stock")
    state = VAR / "line"
    for file in state.glob("ask311.db*"):
        file.unlink()  # a new database each time; the search's cache stays
    _say("Starting the stock assistant and our line...")
    with (
        running_stock(VAR / "stock", stock_port or free_port()) as stock,
        running_line(port, state) as url,
    ):
        line = Running(url, _process_of_the_line())
        wait_until_idle(os.getpid())
        if "beside" in parts:
            _say("Asking both by turns...")
            ours, theirs = side_by_side(line, stock, numbers.rounds, numbers.messages, _say)
            found["ours"], found["stock"] = asdict(ours), asdict(theirs)
            promises += _promises_beside(ours, theirs)
        if "edit" in parts:
            _say("Editing entries until they answer in their new words...")
            engine = open_database(f"sqlite:///{state}/ask311.db")
            seconds = edit_and_ask(line, engine, numbers.edits)
            engine.dispose()
            wait_until_idle(line.process)
            _say("Training the stock assistant after an edit...")
            training = seconds_to_train_after_an_edit(VAR / "stock", VAR / "stock-edited")
            found["edit seconds"], found["stock training seconds"] = seconds, training
            spread = (
                f"{min(seconds):.2f} to {max(seconds):.2f} of {len(seconds)}; "
                f"stock: {training:.0f} s of training, then a restart"
            )
            promises.append(Promise("an edit answers", max(seconds), 2.0, True, "s", spread))
    return promises


def _promises_beside(ours: Rounds, theirs: Rounds) -> list[Promise]:
    print(f"\n{'':22}{'ours':>8}{'stock':>8}   medians of rounds")
    for name, mine, stock in (
        ("one client, p50 ms", ours.median_ms, theirs.median_ms),
        ("one client, p95 ms", ours.p95_ms, theirs.p95_ms),
        ("eight clients, a second", ours.a_second, theirs.a_second),
        ("eight clients, p50 ms", ours.median_ms_of_eight, theirs.median_ms_of_eight),
        ("processor ms a message", ours.processor_ms, theirs.processor_ms),
        ("memory, MB (PSS)", [ours.megabytes], [theirs.megabytes]),
    ):
        print(f"{name:24}{median(mine):6.1f}{median(stock):8.1f}")
    memory = ours.megabytes / theirs.megabytes
    return [
        promise_of_ratio(
            "latency, ours to stock", ours.median_ms, theirs.median_ms, 0.75, at_most=True
        ),
        promise_of_ratio(
            "throughput of 8, ours to stock", ours.a_second, theirs.a_second, 2.5, at_most=False
        ),
        Promise("memory, ours to stock", memory, 1.3, True),
    ]


def _search(numbers: Numbers, found: dict[str, Any]) -> list[Promise]:
    _say("Searching made-up catalogues (one thread; the wordings' vectors are known before)...")
    sizes = measured_apart(SIZES, numbers.questions, numbers.passes, VAR / "vectors-real.npz")
    found["search"] = [asdict(s) for s in sizes]
    print(f"\n{'entries':>8}{'examples':>9}{'first build s':>14}{'rebuild s':>10}{'find p50':>9}{'p95 ms':>8}"
          f"{'p95 of one matter':>19}  linear model")  # fmt: skip
    for s in sizes:
        model = "yes" if s.model else "no: it is not fitted on a made-up catalogue"
        print(f"{s.entries:8,}{s.examples:9,}{s.first_build_seconds:14.2f}{median(s.build_seconds):10.2f}{median(s.p50_ms):9.1f}{median(s.p95_ms):8.1f}"
              f"{median(s.p95_ms_of_one_matter):19.1f}  {model}")  # fmt: skip
    return _promises_of_search(sizes[-1])


def _promises_of_search(largest: Size) -> list[Promise]:
    of = f"of {largest.entries:,} entries"
    builds, finds = largest.build_seconds, largest.p95_ms
    return [
        Promise(f"find p95 {of}", median(finds), 15.0, True, "ms",
                f"{min(finds):.1f} to {max(finds):.1f} in {len(finds)} passes"),
        Promise(f"index rebuilt {of}", median(builds), 10.0, True, "s",
                f"{min(builds):.1f} to {max(builds):.1f} in {len(builds)}; first {largest.first_build_seconds:.1f}"),
    ]  # fmt: skip


def _process_of_the_line() -> int:
    """Return the process that `running_line` started: ours that runs scripts/run.py.

    Raises:
        RuntimeError: there is none.
    """
    for process in tree(os.getpid()):
        if b"scripts/run.py" in Path(f"/proc/{process}/cmdline").read_bytes():
            return process
    raise RuntimeError("the line's process is not found")


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
