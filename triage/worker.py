"""The worker: answers what waits in the inbox and does the jobs, without a door for residents.

Its small HTTP server is for those who run it: whether it lives, whether it is ready, its figures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from triage.door import Door
from triage.errors import install_error_handlers
from triage.operations.health import worker_health_routes
from triage.operations.metrics import metrics_route
from triage.parts import Parts


def create_worker(parts: Parts) -> Door:
    """Return the worker, as an app whose life is the jobs' life."""

    jobs = parts.jobs()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.running(*jobs):
            yield

    worker = Door(
        title=f"Ask 311 {parts.city.name}: worker",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    worker.settings, worker.bell = parts.settings, parts.bell
    install_error_handlers(worker)
    worker.include_router(worker_health_routes(parts.database))
    worker.include_router(
        metrics_route(parts.database, parts.figures, parts.clock, parts.looks)
    )
    return worker
