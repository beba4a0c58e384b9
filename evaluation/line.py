"""The line as residents meet it: started whole in a folder of its own, asked over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
# The first time, search reads all examples: a minute or two, longer beside others.
START_SECONDS = 900
ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Heard:
    """What the line said to one message."""

    replies: tuple[dict[str, Any], ...]
    safety: bool = field(default=False)

    def outcomes(self) -> list[str]:
        """Return the replies' outcomes, in order."""
        return [r.get("outcome", "") for r in self.replies]


@contextmanager
def running_line(
    port: int | None = None, var: Path | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start the whole line (`make run`'s own script) and give its address; stop it afterwards.

    Args:
        settings: what is set in its environment beside the rest.

    Raises:
        RuntimeError: it did not become ready; the message holds what it printed.
    """
    with tempfile.TemporaryDirectory(prefix="ask311-") as folder:
        state = var or Path(folder)
        at = port or free_port()
        state.mkdir(parents=True, exist_ok=True)
        said = (state / "run.out").open("wb")
        process = subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "run.py", "--port", str(at), "--var", state],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | {"ASK311_DATABASE_URL": f"sqlite:///{state}/ask311.db"}
            # What search computes from the catalogue is the same each time.
            | {"ASK311_SEARCH_CACHE": str(ROOT / "var" / "search")}
            # One address asks here for all residents.
            | {f"ASK311_{kind}_PER_MINUTE": "1000000" for kind in ("MESSAGES", "CONVERSATIONS", "READS")}
            # Figures are of a line that has no part for show.
            | {"ASK311_DEMO": "false"}
            | dict(settings or {}),
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_ready(process, at, Path(said.name))
            yield f"http://127.0.0.1:{at}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=45)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            said.close()


def free_port() -> int:
    """Return a port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The line ended while starting:\n{said.read_text()}")
        try:
            answer = httpx.get(
                f"http://127.0.0.1:{port}/health/ready", timeout=3, trust_env=False
            )
            if answer.status_code == 200:
                return
        except httpx.HTTPError:
            pass  # not up yet
        time.sleep(0.5)
    raise RuntimeError(f"The line was not ready after {START_SECONDS} s.")


def ask_all(url: str, texts: Sequence[str], *, at_once: int = 4) -> list[Heard]:
    """Ask each message in a conversation of its own; return what was heard, in the same order."""
    return asyncio.run(_ask_all(url, texts, at_once))


async def _ask_all(url: str, texts: Sequence[str], at_once: int) -> list[Heard]:
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(
        base_url=url, timeout=ANSWER_SECONDS + 15, trust_env=False
    ) as http:

        async def one(text: str) -> Heard:
            async with gate:
                return await ask(http, text)

        return list(await asyncio.gather(*(one(t) for t in texts)))


async def ask(http: httpx.AsyncClient, text: str) -> Heard:
    """Ask one message in a new conversation and wait until nothing more is to come.

    Raises:
        httpx.HTTPError: the line did not take or answer it.
        TimeoutError: the answer did not come in time.
    """
    started = (await http.post("/api/chat/conversations", json={})).raise_for_status().json()
    path = f"/api/chat/conversations/{started['conversation_id']}/messages"
    headers = {"Authorization": f"Bearer {started['token']}"}
    body = {"client_message_id": str(uuid.uuid4()), "text": text}
    sent = (await http.post(path, json=body, headers=headers)).raise_for_status().json()
    replies: list[dict[str, Any]] = []
    after = sent["seq"]
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until:
        answer = await http.get(path, params={"after": after, "wait": 10}, headers=headers)
        page = answer.raise_for_status().json()
        for message in page["messages"]:
            after = message["seq"]
            if message["from"] != "resident":
                replies.append(message)
        if not page["pending"]:
            safety = any(r.get("outcome") == "safety" for r in replies)
            return Heard(tuple(replies), safety)
    raise TimeoutError(f"no whole answer within {ANSWER_SECONDS} s")
