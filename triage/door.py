"""What every app of triage is: headers on every answer, and a way to let waiting readers go."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from triage.kit.bell import Bell
from triage.kit.edge import SecurityHeaders
from triage.settings import Settings


class Door(FastAPI):
    """An app, with `close_readers` for whoever stops the server."""

    settings: Settings
    bell: Bell

    def build_middleware_stack(self) -> ASGIApp:
        # Around everything, also around the answer to an error that nobody expected.
        return SecurityHeaders(
            super().build_middleware_stack(),
            frame_ancestors=self.settings.frame_ancestors,
            hsts_seconds=self.settings.hsts_seconds,
        )

    def close_readers(self) -> None:
        """End every long poll and event stream, so that they do not hold up the end."""
        self.bell.close()
