"""A real Rasa for tests: started once, with the committed model's files, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
MODEL = ROOT / "bot" / "models" / "ask311.tar.gz"
SECRET = "a secret for tests only"
STARTS_WITHIN_SECONDS = 240


def why_not() -> str:
    """Return why Rasa cannot be started here, or nothing."""
    if not PYTHON.is_file():
        return "bot/.venv is not installed: make train"
    return "" if MODEL.is_file() else "no model is trained: make train"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rasa(actions_url: str, log: Path) -> Iterator[str]:
    """Start Rasa as `make run` does; yield its address; stop it."""
    port = free_port()
    command = [
        PYTHON, "-m", "rasa", "run", "--model", "bot/models/ask311.tar.gz",
        "--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml",
        "--interface", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    environment = os.environ | {
        "ASK311_GATEWAY_SECRET": SECRET,
        "ASK311_ACTIONS_URL": actions_url,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/webhooks/gateway/", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass  # not listening yet
        time.sleep(0.3)
    raise AssertionError(f"Rasa did not start:\n{log.read_text(errors='replace')[-3000:]}")


class Served:
    """An application served on a port of this machine, which can go away and come back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen."""
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=self.port, log_level="error", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(timeout=10)
        self._server = self._thread = None
