"""The assistant to compare with: what `rasa init` makes, untouched, trained once and kept under var/bench/.

It runs from the same environment as ours (bot/.venv), with the same numbers of threads, and is asked over its
own REST channel.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
RASA = ROOT / "bot" / ".venv" / "bin" / "rasa"
TRAINED_WITHIN_SECONDS = 900
STARTED_WITHIN_SECONDS = 300

# As scripts/run.py sets them for ours.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Running:
    """A running assistant: its address, and the process that it all comes of."""

    url: str
    process: int


def make_stock(folder: Path) -> None:
    """Have `rasa init` make and train its starter assistant, unless that was done before.

    Raises:
        RuntimeError: it was not made; the message holds what Rasa said.
    """
    if any((folder / "models").glob("*.tar.gz")):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _rasa(["init", "--no-prompt", "--init-dir", str(folder)], folder)


def seconds_to_train_after_an_edit(stock: Path, copy: Path) -> float:
    """Change an example and a reply in a copy of the starter assistant, and time `rasa train`.

    Raises:
        RuntimeError: the starter is not as expected, or was not trained.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(stock, copy)
    _edit(copy / "data" / "nlu.yml", "- good morning\n", "- a very good morning\n")
    _edit(copy / "domain.yml", 'text: "Bye"', 'text: "Goodbye"')
    started = time.perf_counter()
    _rasa(["train"], copy)
    return time.perf_counter() - started


@contextmanager
def running_stock(folder: Path, port: int) -> Iterator[Running]:
    """Start the starter assistant with its REST channel; stop it afterwards.

    Raises:
        RuntimeError: it does not answer.
    """
    log_file = folder / "run.log"
    with log_file.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [RASA, "run", "--interface", "127.0.0.1", "--port", str(port)],
            cwd=folder, env=os.environ | ENVIRONMENT, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        running = Running(f"http://127.0.0.1:{port}", process.pid)
        _wait_until_it_answers(process, running.url, log_file)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            # Its greeting, not its port: the port opens before the model is loaded.
            answer = httpx.post(
                f"{url}/webhooks/rest/webhook",
                json={"sender": "start", "message": "hello"},
                timeout=10,
                trust_env=False,
            )
            if answer.status_code == 200 and answer.json():
                return
        except httpx.HTTPError:
            pass  # not up yet
        time.sleep(0.5)
    raise RuntimeError(f"The stock assistant did not start; {log} says why.")


def _rasa(arguments: list[str], folder: Path) -> None:
    done = subprocess.run(
        [RASA, *arguments], cwd=folder, env=os.environ | ENVIRONMENT, capture_output=True,
        text=True, timeout=TRAINED_WITHIN_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode or not any((folder / "models").glob("*.tar.gz")):
        raise RuntimeError(f"rasa {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")


def _edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    if before not in text:
        raise RuntimeError(f"{file} is not what rasa init makes: {before!r} is not in it.")
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
