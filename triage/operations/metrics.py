"""/metrics for Prometheus: this process's counters, and the inbox as the database has it now."""

from __future__ import annotations

import logging
from datetime import timedelta

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from triage.conversations import repository
from triage.conversations.figures import Figures
from triage.errors import DatabaseUnavailable, documented
from triage.kit.clock import Clock
from triage.kit.db import Database

log = logging.getLogger(__name__)


def metrics_route(database: Database, figures: Figures, clock: Clock) -> APIRouter:
    """Return the route /metrics."""
    router = APIRouter(tags=["operation"])

    @router.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses=documented(DatabaseUnavailable),
    )
    async def metrics() -> Response:
        """Return all figures in Prometheus's text format. They hold kinds and numbers, no resident's data."""
        now = clock.now()
        backlog = await database.read(
            lambda c: repository.backlog(c, dead_since=now - timedelta(hours=24))
        )
        figures.show(backlog, now)
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)

    return router
