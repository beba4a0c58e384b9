"""The HTTP server around the front door or a worker, with the settings that their promises depend on."""

from __future__ import annotations

from types import FrameType

import uvicorn

from triage.door import Door

# What is under way at the end may take so long; supervisors kill after about ten seconds.
GRACE_SECONDS = 6


class Server(uvicorn.Server):
    """Serves one app; waiting readers go first when it is told to end, or they would hold it up."""

    def __init__(self, app: Door, host: str = "127.0.0.1", port: int = 8000) -> None:
        super().__init__(
            uvicorn.Config(
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
        )
        self._door = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        self._door.close_readers()
        super().handle_exit(sig, frame)
