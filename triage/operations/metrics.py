"""/metrics for Prometheus: this process's counters, and the inbox as the database has it now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection

from triage.conversations import repository
from triage.conversations.figures import Figures
from triage.errors import DatabaseUnavailable, documented
from triage.kit.clock import Clock
from triage.kit.db import Database

log = logging.getLogger(__name__)


# Takes over the state of something from the database into its figures.
Look = Callable[[Connection, datetime], None]


def metrics_route(
    database: Database, figures: Figures, clock: Clock, looks: Sequence[Look] = ()
) -> APIRouter:
    """Return the route /metrics.

    Args:
        looks: of parts with figures of their own, in the same registry.
    """
    router = APIRouter(tags=["operation"])

    @router.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses=documented(DatabaseUnavailable),
    )
    async def metrics() -> Response:
        """Return all figures in Prometheus's text format. They hold kinds and numbers, no resident's data."""
        now = clock.now()

        def look(connection: Connection) -> None:
            backlog = repository.backlog(connection, dead_since=now - timedelta(hours=24))
            figures.show(backlog, now)
            for also in looks:
                also(connection, now)

        await database.read(look)
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)

    return router
