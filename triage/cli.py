"""`python -m triage`: serve (the default), migrate, settings."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services_catalog.database import open_database
from services_catalog.packs import PackError
from triage.app import FrontDoor, create_app
from triage.kit.log import set_up_logging
from triage.migrations import migrate
from triage.settings import Settings, settings_table

# What is under way at the end may take so long; supervisors kill after about ten seconds.
GRACE_SECONDS = 6


class _Server(uvicorn.Server):
    """Lets waiting readers go first when it is told to end; they would hold it up."""

    def __init__(self, config: uvicorn.Config, app: FrontDoor) -> None:
        super().__init__(config)
        self._front_door = app

    def handle_exit(self, sig: int, frame: object) -> None:
        self._front_door.close_readers()
        super().handle_exit(sig, frame)  # type: ignore[arg-type]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 when something is wrong (said on standard error)."""
    options = _parser().parse_args(arguments)
    if options.command == "settings":
        print(settings_table())
        return 0
    try:
        settings = Settings().replica_at(options.port)  # from the environment
        set_up_logging(settings.log_level)
        if options.command == "migrate":
            migrate(open_database(settings.database_url))
            return 0
        return _serve(settings, options.host, options.port)
    except ValidationError as fault:
        for error in fault.errors():
            name = ".".join(map(str, error["loc"])).upper()
            print(f"ASK311_{name}: {error['msg']}", file=sys.stderr)
    except PackError as fault:
        print(fault, file=sys.stderr)
    except SQLAlchemyError as fault:
        print(f"The database cannot be used: {type(fault).__name__}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m triage", description=__doc__)
    parser.add_argument(
        "command", nargs="?", default="serve", choices=("serve", "migrate", "settings")
    )
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    return parser


def _serve(settings: Settings, host: str, port: int) -> int:
    # Here, so that the other commands need none of it.
    from triage.safety import look

    app = create_app(settings, look, on_death=lambda: signal.raise_signal(signal.SIGTERM))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # X-Forwarded-For is read by triage.kit.limits, from trusted proxies only.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, app)
    server.run()
    return 0 if server.started else 1
