"""Processes that can be killed without warning, hung, and started again; and where they listen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

# On a busy machine a process may take long to open.
OPENS_WITHIN_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=2, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def environment_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return settings of ours as variables."""
    return {
        f"ASK311_{name.upper()}": ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in settings.items()
    }


class Process:
    """A Python process of ours. Several may kill and start it at once.

    Args:
        command: what follows "python".
        url: where it listens; empty: nowhere.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Any, url: str = ""
    ) -> None:
        self.url = url
        self._command = command
        self._environment = dict(os.environ) | dict(environment)
        self._log = log
        self._changing = threading.RLock()
        self._run()

    def _run(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self._command],
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
        )

    def start(self) -> None:
        """Start it, unless it runs."""
        with self._changing:
            if self.process.poll() is not None:
                self._run()

    def wait_until_up(self) -> None:
        """Wait until it answers; where it ends by itself, as it may without a database, start it again, as supervisord does."""
        ends = time.monotonic() + OPENS_WITHIN_SECONDS
        while not is_up(self.url):
            assert time.monotonic() < ends, f"{self._command} does not open"
            time.sleep(0.05)
            self.start()

    def kill(self) -> None:
        with self._changing:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def tell_to_end(self) -> None:
        if self.process.poll() is None:
            self.go_on()
            self.process.terminate()

    def end(self) -> None:
        self.tell_to_end()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
