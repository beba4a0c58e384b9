"""A line as processes of its own, each of which can be killed at any moment and comes back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.chaos.processes import Process, environment_of, free_port
from tests.triage.twin import API_SECRET, SECRET

OPENS_WITHIN_SECONDS = 120


class KillableLine:
    """Front doors and workers on one database; they end with the stack.

    Args:
        kinds: what each process is, "door" or "worker".
        settings: of all of them, as `Settings` names them.
    """

    def __init__(
        self,
        stack: ExitStack,
        folder: Path,
        kinds: Sequence[str],
        database_url: str,
        assistant_url: str,
        **settings: Any,
    ) -> None:
        log = stack.enter_context((folder / "triage.log").open("wb"))
        given = {
            "database_url": database_url,
            "gateway_secret": SECRET,
            "api_secret": API_SECRET,
            "media_dir": str(folder / "media"),
            "rasa_urls": assistant_url,
            "actions_url": assistant_url,
            **settings,
        }
        environment = environment_of(given)
        self._processes: list[Process] = []
        for kind in kinds:
            port = free_port()
            command = ["-m", "tests.chaos.programs", kind]
            variables = environment | {"PORT": str(port)}
            process = Process(command, variables, log, f"http://127.0.0.1:{port}")
            stack.callback(process.end)
            self._processes.append(process)
        for process in self._processes:
            process.wait_until_up()

    @property
    def urls(self) -> list[str]:
        """Where each process is, in the order of their kinds."""
        return [process.url for process in self._processes]

    def kill_one(self, rng: random.Random) -> None:
        """Kill any of them, and have it come back."""
        process = rng.choice(self._processes)
        process.kill()
        process.start()
        # One that is killed before it opens, again and again, would show nothing.
        process.wait_until_up()
