"""Lets residents talk while one thing after another fails, at moments of its own."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.chaos.ledger import Ledger, count_pages
from tests.chaos.residents import Resident, Says, Visitor, any_question


def storm(
    residents: Sequence[tuple[Resident, int]],
    troubles: Sequence[Iterable[Callable[[], None]]],
    pause: tuple[float, float],
    seed: int,
) -> None:
    """Let residents talk until each has said so much at least and all troubles are over.

    Args:
        troubles: rows of them, which go on beside each other; in a row one begins when the one before it is over.
        pause: seconds between two of a row, from and to.
    """
    goes_on = threading.Event()
    goes_on.set()

    def one_after_the_other(row: Iterable[Callable[[], None]], rng: random.Random) -> None:
        for trouble in row:
            time.sleep(rng.uniform(*pause))
            trouble()

    with ThreadPoolExecutor(len(residents) + len(troubles)) as pool:
        talks = [pool.submit(r.talk, at_least, goes_on) for r, at_least in residents]
        rows = [
            pool.submit(one_after_the_other, row, random.Random(f"{seed} {n}"))
            for n, row in enumerate(troubles)
        ]
        try:
            for row in rows:
                row.result()
        finally:
            goes_on.clear()
        for talk in talks:
            talk.result()


def talk_and_kill(
    urls: Sequence[str],
    kill_one: Callable[[random.Random], None],
    *,
    says: Says = any_question,
    messages: int = 200,
    kills: int = 10,
    residents: int = 8,
    pause: tuple[float, float] = (0.2, 1.5),
    seed: int = 0,
) -> Ledger:
    """Let residents talk by the page while `kill_one` is called at random moments; then count everything."""
    rng = random.Random(seed)
    visitors = [Visitor(urls, seed * 1000 + n, says) for n in range(residents)]
    each = -(-messages // residents)
    storm([(v, each) for v in visitors], [[lambda: kill_one(rng)] * kills], pause, seed)
    ledger = Ledger(kills=kills)
    count_pages(ledger, visitors)
    return ledger
