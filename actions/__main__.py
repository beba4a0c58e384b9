"""Start the action server: `python -m actions [--port N]`. It listens where ASK311_ACTIONS_URL says."""

from __future__ import annotations

import argparse
import logging
import sys

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from actions.server import KEEP_ALIVE_SECONDS, create_app
from actions.settings import Settings
from actions.wiring import executor_for, open_cases, open_line
from services_catalog.loaded import settle
from services_catalog.packs import PackError


def main() -> int:
    """Run until told to stop."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # It names each action at every registration; one line a start is enough, and uvicorn writes that.
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    settings = Settings()
    parser = argparse.ArgumentParser(prog="actions", description="The action server.")
    parser.add_argument("--port", type=int, default=settings.port)
    port = parser.parse_args().port
    try:
        line = open_line(settings)
    except PackError as fault:
        print(fault, file=sys.stderr)
        return 1
    except SQLAlchemyError as fault:
        print(f"The catalogue's database cannot be read ({type(fault).__name__}). "
              "Check ASK311_DATABASE_URL and that the catalogue was imported.", file=sys.stderr)  # fmt: skip
        return 1
    app = create_app(executor_for(line, open_cases(settings)), line)
    settle()
    try:
        uvicorn.run(
            app,
            host=settings.host,
            port=port,
            access_log=False,
            proxy_headers=False,
            log_level="warning",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    finally:
        line.catalogue.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
