"""Our whole line and the stock assistant, side by side and by turns.

Both run all the time; one idles while the other is asked the same messages. Who begins changes from round to
round, so that what else the machine does falls on both alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.asking import Client, LineClient, Load, StockClient, ask_at_once
from bench.figures import percentile
from bench.processes import cpu_seconds, load, megabytes
from bench.stock import Running
from evaluation.questions import DEVELOPMENT, read_questions

CLIENTS = 8
WARM_UP = 40
SEED = 311


@dataclass
class Rounds:
    """What one side showed, a value a round."""

    median_ms: list[float] = field(default_factory=list)  # one client
    p95_ms: list[float] = field(default_factory=list)  # one client
    a_second: list[float] = field(default_factory=list)  # eight clients
    median_ms_of_eight: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)  # of all its processes, a message
    megabytes: float = 0.0

    def add(self, one: Load, eight: Load, processor_seconds: float) -> None:
        """Add a round."""
        asked = len(one.seconds_each) + len(eight.seconds_each)
        self.processor_ms.append(1000 * processor_seconds / asked)
        self.median_ms.append(1000 * median(one.seconds_each))
        self.p95_ms.append(1000 * percentile(one.seconds_each, 0.95))
        self.a_second.append(eight.a_second)
        self.median_ms_of_eight.append(1000 * median(eight.seconds_each))


def messages() -> Iterator[str]:
    """Yield the development questions in an order that is the same each time, over and over."""
    texts = [q.text for q in read_questions(DEVELOPMENT)]
    random.Random(SEED).shuffle(texts)
    while True:
        yield from texts


def side_by_side(
    line: Running, stock: Running, rounds: int, each: int, say: Callable[[str], None]
) -> tuple[Rounds, Rounds]:
    """Ask both by turns: in each round `each` messages by one client, then twice as many by eight."""
    ours, theirs = Rounds(), Rounds()

    def our_client() -> Client:
        return LineClient(line.url)

    def their_client() -> Client:
        return StockClient(stock.url)

    sides = ((ours, our_client, line.process), (theirs, their_client, stock.process))
    source = messages()
    warming = _take(source, WARM_UP)
    for _, make, _ in sides:
        ask_at_once(make, warming, CLIENTS)
    for number in range(rounds):
        alone, together = _take(source, each), _take(source, 2 * each)
        for seen, make, process in sides if number % 2 == 0 else sides[::-1]:
            before = cpu_seconds(process)
            one, eight = ask_at_once(make, alone, 1), ask_at_once(make, together, CLIENTS)
            seen.add(one, eight, cpu_seconds(process) - before)
        say(
            f"  round {number + 1}: one client {ours.median_ms[-1]:.1f} ms, stock {theirs.median_ms[-1]:.1f} ms; "
            f"eight clients {ours.a_second[-1]:.0f}/s, stock {theirs.a_second[-1]:.0f}/s ({load()})"
        )
    ours.megabytes, theirs.megabytes = megabytes(line.process), megabytes(stock.process)
    return ours, theirs


def _take(source: Iterator[str], number: int) -> Sequence[str]:
    return [next(source) for _ in range(number)]
