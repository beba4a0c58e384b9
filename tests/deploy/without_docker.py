"""The services of docker-compose.yml as processes of this machine: their commands, their environments, their files.

Each runs where its image's files are laid out, unwritable and without root's powers, as Docker would have it. Names of
services become addresses of this machine; nothing else is changed but what the caller asks for.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from tests.deploy.compose import SECRETS, services
from tests.deploy.images import DOCKERFILES, lay_out, stages
from tests.deploy.layout import EVERYWHERE
from tests.support import rasa

STARTS_WITHIN_SECONDS = 240
_BINARIES = {
    "ask311-services": Path(sys.executable).parent,
    "ask311-rasa": rasa.PYTHON.parent,
}


class Layout:
    """`with Layout(...) as layout:` ends what was started in it.

    Args:
        at: for each service's name, the address on this machine under which the others find it.
        environment: what is set for all of them beside what the file says.
    """

    def __init__(
        self, folder: Path, at: Mapping[str, str], environment: Mapping[str, str]
    ) -> None:
        self._folder = folder
        self._at = at
        self._environment = environment
        self._services = services()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for image, dockerfile in DOCKERFILES.items():
            lay_out(dockerfile, folder / image)
        model = "bot/models/ask311.tar.gz"  # made while the image is built
        (folder / "ask311-rasa" / model).parent.mkdir()
        shutil.copyfile(rasa.MODEL, folder / "ask311-rasa" / model)
        for image in DOCKERFILES:
            for file in (folder / image, *(folder / image).rglob("*")):
                file.chmod(0o555 if file.is_dir() else 0o444)

    def __enter__(self) -> Layout:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for image in DOCKERFILES:
            for file in (self._folder / image, *(self._folder / image).rglob("*")):
                if file.is_dir():
                    file.chmod(0o755)

    def run(self, service: str) -> None:
        """Run a service that ends by itself."""
        self.start(service, service, 0)
        code = self._running[service].wait(STARTS_WITHIN_SECONDS)
        del self._running[service]
        assert code == 0, self._log(service)

    def start(self, instance: str, service: str, port: int) -> None:
        """Start an instance of a service on a port of its own."""
        given = self._services[service]
        image = given["image"].split(":")[0]
        home = self._folder / f"{instance}.tmp"
        home.mkdir(exist_ok=True)
        environment = stages(DOCKERFILES[image])[-1].environment()
        environment |= {k: self._here(v, port) for k, v in given["environment"].items()}
        environment |= self._environment
        environment |= {
            "PATH": f"{_BINARIES[image]}:/usr/bin:/bin",
            "HOME": str(home),
            "TMPDIR": str(home),
            "MPLCONFIGDIR": str(home),
        }
        command = [w.replace(EVERYWHERE, "127.0.0.1") for w in given["command"]]
        if "--port" in command:
            command[command.index("--port") + 1] = str(port)
        with (self._folder / f"{instance}.log").open("wb") as log:
            self._running[instance] = subprocess.Popen(
                [*_without_powers(), *command],
                cwd=self._folder / image,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, instance: str, url: str) -> None:
        """Wait until an instance answers at an address."""
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until and self._running[instance].poll() is None:
            try:
                if httpx.get(url, timeout=2, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                pass  # not listening yet
            time.sleep(0.1)
        raise AssertionError(f"{instance} did not start:\n{self._log(instance)}")

    def is_running(self, instance: str) -> bool:
        return instance in self._running

    def signal(self, instance: str, what: signal.Signals) -> None:
        self._running[instance].send_signal(what)

    def kill(self, instance: str) -> None:
        """End an instance without warning."""
        process = self._running.pop(instance)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _here(self, value: str, port: int) -> str:
        def replaced(match: re.Match[str]) -> str:
            host = match["host"]
            return f"http://127.0.0.1:{port}" if host == EVERYWHERE else self._at[host]

        return re.sub(r"http://(?P<host>[\w.-]+):\d+", replaced, value)

    def _log(self, instance: str) -> str:
        log = (self._folder / f"{instance}.log").read_text(errors="replace")[-3_000:]
        assert not any(secret in log for secret in SECRETS.values()), "a secret is in a log"
        return log


def _without_powers() -> list[str]:
    """Return what comes before a command so that it runs like `cap_drop: [ALL]`, where that can be had."""
    if os.geteuid() == 0 and shutil.which("setpriv"):
        return ["setpriv", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
    return []
