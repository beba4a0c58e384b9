"""`python -m triage`: serve (the default), migrate, settings."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services_catalog.database import open_database
from services_catalog.packs import PackError
from triage.app import create_app
from triage.kit.log import set_up_logging
from triage.migrations import migrate
from triage.serve import Server
from triage.settings import Settings, settings_table


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
    from services_catalog.encoder import open_encoder
    from triage.danger_model import DangerModelError, load_danger_model
    from triage.safety import Safety

    encoder = open_encoder()
    try:
        safety = Safety(load_danger_model(encoder) if encoder else None)
    except DangerModelError as fault:
        print(fault, file=sys.stderr)
        return 1
    app = create_app(
        settings,
        safety.look,
        # Looking for danger, the encoder has read the message already.
        hand_on=encoder.hand_on if encoder else None,
        on_death=lambda: signal.raise_signal(signal.SIGTERM),
    )
    server = Server(app, host, port)
    # What is loaded now stays: the garbage collector need not walk over it again and again.
    gc.collect()
    gc.freeze()
    server.run()
    return 0 if server.started else 1
