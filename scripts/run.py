"""Start the whole line and keep it running: `make run`.

Imports the city pack, then lets supervisord run Rasa, the action server and triage; it restarts one that
dies. Ctrl-C stops everything. All state is under var/.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
READY_WITHIN_SECONDS = 180
CARRIERS_SETTINGS = ("ASK311_TWILIO_", "ASK311_TEXT_KEYS", "ASK311_TEXT_MATCH_KEY")

PROGRAM = """\
[program:{name}]
command={command}
directory={directory}
environment={environment}
autorestart=true
startsecs=2
startretries=1000
stopasgroup=true
killasgroup=true
stopwaitsecs=10
stdout_logfile={log}
redirect_stderr=true
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=2

"""

SUPERVISOR = """\
[supervisord]
nodaemon=true
logfile={var}/log/supervisord.log
pidfile={var}/supervisord.pid
childlogdir={var}/log
silent=true

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket}

"""


def main() -> int:
    """Set up, start, wait until everything answers, say where, and stay until stopped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--city", default="toronto")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="address that the line listens on")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="folder for all state")
    options = parser.parse_args()
    # A shell that starts this in the background has Ctrl-C ignored; here it always stops.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    var: Path = options.var.resolve()
    if not _is_free(options.host, options.port):
        print(
            f"Port {options.port} is taken by another program. "
            f"Stop it, or choose another: make run PORT={options.port + 1}"
        )
        return 1
    (var / "log").mkdir(parents=True, exist_ok=True)
    # Beside each other's ports where several lines run on one machine: another's Rasa would refuse ours.
    rasa, actions = (
        _free_port(5005 + options.port - 8000),
        _free_port(5055 + options.port - 8000),
    )
    try:
        demo = demo_environment(var, options.host, options.port, os.environ)
    except ValueError as fault:
        print(fault)
        return 1
    environment = (
        _environment(var, options.city, options.host, options.port, rasa, actions) | demo
    )
    for command in (
        ("triage", "migrate"),
        ("services_catalog", "import"),
        ("services_catalog", "prepare"),
    ):
        done = subprocess.run([PYTHON, "-m", *command], cwd=ROOT, env=os.environ | environment)
        if done.returncode:
            return done.returncode
    config = _write_config(var, environment, options.host, options.port, rasa, actions)
    print(
        "Starting the assistant, its actions and the front door (half a minute)...", flush=True
    )
    supervisor = subprocess.Popen(
        [ROOT / ".venv" / "bin" / "supervisord", "-c", config], start_new_session=True
    )
    phone = f"http://{options.host}:{options.port}/demo/phone" if demo else ""
    return _stay(supervisor, f"http://{options.host}:{options.port}", phone, var)


def _stay(supervisor: subprocess.Popen[bytes], address: str, phone: str, var: Path) -> int:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        if not _wait_until_ready(supervisor, address):
            print(f"The line is not ready after {READY_WITHIN_SECONDS} s; {var}/log says why.")
            return 1
        text_phone = (
            f"  A text phone:      {phone}  (for trying: no text leaves this machine)\n"
        )
        print(
            f"\nAsk 311 is ready.\n  The page:          {address}/\n  Its API:           {address}/docs\n"
            f"  The staff's console: {address}/staff\n"
            f"{text_phone if phone else ''}"
            f"  How it is:         {address}/health/ready\n  In this terminal:  make chat"
            f"  (in a second one)\nLogs are in {var}/log. Ctrl-C stops everything.",
            flush=True,
        )
        return supervisor.wait()
    except KeyboardInterrupt:
        print("\nStopping...", flush=True)
        return 0
    finally:
        if supervisor.poll() is None:
            supervisor.terminate()
            try:
                supervisor.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(supervisor.pid, signal.SIGKILL)


def _wait_until_ready(supervisor: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until and supervisor.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=3) as answer:  # noqa: S310 (our own)
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            pass  # not up yet; the loop says so if it stays that way
        time.sleep(0.5)
    return False


def _environment(
    var: Path, city: str, host: str, port: int, rasa: int, actions: int
) -> dict[str, str]:
    # Where triage listens everywhere, its neighbours on this machine find it here.
    near = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    return {
        "ASK311_CITY": city,
        "ASK311_DATABASE_URL": os.environ.get(
            "ASK311_DATABASE_URL", f"sqlite:///{var}/ask311.db"
        ),
        "ASK311_SEARCH_CACHE": os.environ.get("ASK311_SEARCH_CACHE", f"{var}/search"),
        "ASK311_GATEWAY_SECRET": _secret(var / "gateway-secret"),
        "ASK311_API_SECRET": _secret(var / "api-secret"),
        # A key is 32 bytes in base64, with its padding.
        "ASK311_STAFF_KEYS": os.environ.get(
            "ASK311_STAFF_KEYS", f"{_secret(var / 'staff-key')}="
        ),
        "ASK311_MEDIA_DIR": os.environ.get("ASK311_MEDIA_DIR", f"{var}/media"),
        "ASK311_RASA_URLS": f"http://127.0.0.1:{rasa}",
        "ASK311_ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "ASK311_TRIAGE_URL": f"http://{near}:{port}",
        "ASK311_GIT_SHA": _git_sha(),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": f"{var}/rasa-cache",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        # One core each is enough, and two processes do not fight over both.
        "OMP_NUM_THREADS": "1",
        # Each of a process's many threads would keep memory of its own for later.
        "MALLOC_ARENA_MAX": "2",
    }


def demo_environment(
    var: Path, host: str, port: int, given: Mapping[str, str]
) -> dict[str, str]:
    """Return what makes texts go through the stand-in for a carrier; nothing where they shall not.

    Args:
        given: the environment. A real carrier's settings in it, or ASK311_DEMO=false, are left as they are. A line
            that others reach is none for show; one with a public address only if ASK311_DEMO says so.

    Raises:
        ValueError: a demonstration is asked for and cannot be; the message says why.
    """
    is_asked_for = given.get("ASK311_DEMO", "").strip().lower()
    if is_asked_for and is_asked_for not in ("1", "true", "t", "yes", "y", "on"):
        return {}
    real = sorted(n for n, value in given.items() if value and n.startswith(CARRIERS_SETTINGS))
    if real:
        if is_asked_for:
            raise ValueError(
                f"ASK311_DEMO is for a line without a carrier. Take it away, or {', '.join(real)}."
            )
        return {}
    if host not in ("127.0.0.1", "localhost"):
        if is_asked_for:
            raise ValueError("ASK311_DEMO needs a line at 127.0.0.1: leave --host away.")
        return {}
    if given.get("ASK311_PUBLIC_URL") and not is_asked_for:
        return {}
    address = f"http://{host}:{port}"
    made = {
        "ASK311_DEMO": "true",
        "ASK311_TWILIO_ACCOUNT_SID": f"AC{311:032}",
        "ASK311_TWILIO_AUTH_TOKEN": _secret(var / "demo-carrier-token"),
        "ASK311_TWILIO_NUMBERS": "+14165550311,whatsapp:+14165550311",
        "ASK311_TWILIO_URL": f"{address}/demo/carrier",
        "ASK311_TWILIO_SECONDS": "5",
        # A key is 32 bytes in base64, with its padding.
        "ASK311_TEXT_KEYS": f"{_secret(var / 'demo-text-key')}=",
        "ASK311_TEXT_MATCH_KEY": _secret(var / "demo-text-match-key"),
    }
    # So that somebody who looks on sees what happens after the carrier was down.
    patience = {
        "ASK311_PUBLIC_URL": address,
        "ASK311_TEXT_RETRY_LONGEST_SECONDS": "10",
        "ASK311_TEXT_RECONCILE_MINUTES": "0.2",
    }
    return made | {name: value for name, value in patience.items() if not given.get(name)}


def _write_config(
    var: Path, environment: dict[str, str], host: str, port: int, rasa: int, actions: int
) -> Path:
    commands = {
        "rasa": [
            str(ROOT / "bot/.venv/bin/rasa"), "run", "--model", "bot/models/ask311.tar.gz",
            "--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml",
            "--interface", "127.0.0.1", "--port", str(rasa),
        ],
        "actions": [str(PYTHON), "-m", "actions", "--port", str(actions)],
        "triage": [str(PYTHON), "-m", "triage", "serve", "--host", host, "--port", str(port)],
    }  # fmt: skip
    # supervisord's own socket path must be short (the system's limit is about 100 bytes).
    parts = [SUPERVISOR.format(var=var, socket=f"/tmp/ask311-{os.getpid()}.sock")]  # noqa: S108
    for name, command in commands.items():
        parts.append(
            PROGRAM.format(
                name=name,
                command=" ".join(command),
                directory=ROOT,
                # In supervisord's files a percent sign is written twice.
                environment=",".join(
                    f'{k}="{v}"'.replace("%", "%%") for k, v in environment.items()
                ),
                log=f"{var}/log/{name}.log",
            )
        )
    config = var / "supervisord.conf"
    config.touch(mode=0o600)
    config.write_text("".join(parts), encoding="utf-8")
    return config


def _secret(file: Path) -> str:
    if not file.is_file():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _free_port(wanted: int) -> int:
    if 1024 <= wanted < 65536 and _is_free("127.0.0.1", wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _git_sha() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped before everything was started.")
        sys.exit(130)
