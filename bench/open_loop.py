"""Load that does not wait: each request goes out at its own moment, whether or not those before it were answered.

So a line that stands still for a second is seen by all who came in that second, not by one.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bench.carrier import Webhook

ANSWER_SECONDS = 30
# More than ever wait at once, unless the line is lost.
SENDERS = 48


def evenly(a_second: float) -> Iterator[float]:
    """Yield moments, in seconds from the beginning, one as far from the next as the other."""
    number = 0
    while True:
        yield number / a_second
        number += 1


def at_random(a_second: float, draw: random.Random) -> Iterator[float]:
    """Yield moments as people come, who know nothing of each other (a Poisson process)."""
    moment = 0.0
    while True:
        moment += draw.expovariate(a_second)
        yield moment


def send(
    url: str, webhooks: Sequence[Webhook], moments: Iterator[float], *, senders: int = SENDERS
) -> list[float]:
    """Send each webhook at its moment; return the seconds from that moment to its answer.

    Raises:
        RuntimeError: one was not answered with 204.
    """
    due: queue.SimpleQueue[tuple[float, Webhook] | None] = queue.SimpleQueue()
    seconds: list[float] = []
    faults: list[Exception] = []

    def sender() -> None:
        http = HTTPConnection(urlsplit(url).netloc, timeout=ANSWER_SECONDS)
        while job := due.get():
            moment, webhook = job
            try:
                http.request("POST", webhook.path, webhook.body, dict(webhook.headers))
                answer = http.getresponse()
                answer.read()
                if answer.status != 204:
                    raise RuntimeError(f"a webhook was answered {answer.status}")
                seconds.append(time.monotonic() - moment)
            except (OSError, RuntimeError) as fault:
                faults.append(fault)
            finally:
                # The next request opens a connection anew: a line ends one that was idle for a while.
                http.close()

    threads = [threading.Thread(target=sender) for _ in range(senders)]
    for thread in threads:
        thread.start()
    begin = time.monotonic()
    for webhook, after in zip(webhooks, moments, strict=False):
        moment = begin + after
        time.sleep(max(0.0, moment - time.monotonic()))
        due.put((moment, webhook))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{len(faults)} webhooks were not taken: {faults[0]!r}")
    return seconds
