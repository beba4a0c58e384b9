"""Which addresses a part of the line answers at, asked of its own code."""

from __future__ import annotations

from functools import cache
from typing import Any

import actions.server
from tests.deploy.images import ROOT
from tests.triage.talking import make_settings
from triage.app import create_app
from triage.parts import Parts
from triage.safety import look
from triage.worker import create_worker


@cache
def paths_of(of: str) -> frozenset[str]:
    """Return every path that triage, a worker or the actions answer at."""
    if of == "actions":
        nothing: Any = None  # to answer with, which nobody asks for
        app: Any = actions.server.create_app(nothing, nothing)
    else:
        parts = Parts(make_settings("sqlite://", "http://127.0.0.1:9"), look)
        app = create_app(parts) if of == "triage" else create_worker(parts)
    return frozenset(
        route.path
        for included in app.routes
        for route in getattr(included, "original_router", app).routes
        if hasattr(route, "path")
    )


def answers_to(part: str, path: str) -> bool:
    if part == "rasa":  # in another Python
        text = (ROOT / "bot" / "channels" / "gateway.py").read_text(encoding="utf-8")
        return path == "/webhooks/gateway/" and 'add_route(health, "/"' in text
    return path in paths_of(part)
