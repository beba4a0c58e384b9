"""Assembles the front door from the parts of the line and its routes. Importing this reads no setting and opens no
connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from triage.cases.endpoints import CASE_BODIES, case_routes
from triage.channels import page
from triage.channels.webchat import PHOTO_BODIES, webchat
from triage.console.case_forms import CASE_FORM_BODIES
from triage.console.catalogue_edit import ENTRY_FORM_BODIES
from triage.console.console import console_routers, make_console
from triage.conversations.news import News
from triage.demo.demo import Demo
from triage.demo.endpoints import DEMO_BODIES
from triage.door import Door
from triage.errors import install_error_handlers
from triage.feeds.calendars import CollectionDates, calendar_routes
from triage.feeds.hsds import hsds_routes
from triage.feeds.inquiry_routes import inquiry_routes
from triage.feeds.pages import PublicPages, public_routes
from triage.feeds.source import Source
from triage.kit.edge import SmallBodies
from triage.kit.limits import ClientLimits
from triage.open311.endpoints import BASE, REQUEST_BODIES, open311_routes
from triage.open311.photos import OutsidePhotos
from triage.open311.service import GeoReport
from triage.open311.shape import GeoReportErrors
from triage.open311.where import Whereabouts
from triage.operations.health import Health, health_routes
from triage.operations.metrics import metrics_route
from triage.operations.reference import reference_routes
from triage.operations.versions import Versions, version_route
from triage.parts import Parts
from triage.settings import Settings
from triage.texting.endpoints import WEBHOOK_BODIES, texting_routes
from triage.updates.endpoints import update_routes


def create_app(parts: Parts) -> Door:
    """Return the front door; it does the jobs too, unless the settings leave them to workers."""
    settings, city, database, clock = parts.settings, parts.city, parts.database, parts.clock
    jobs = parts.jobs() if settings.jobs else ()
    demo = Demo(settings, city) if settings.demo else None
    news = News(database, parts.bell, settings.poll_seconds, parts.on_death)
    whereabouts = Whereabouts(parts.gazetteer, city.name)
    georeport = GeoReport(
        database,
        parts.entries,
        parts.cases,
        whereabouts,
        clock,
        jurisdiction_id=city.jurisdiction_id,
    )
    versions = Versions(database, settings.city, Path(settings.model_dir), settings.git_sha)
    health = Health(
        database,
        settings.city,
        settings.rasa_urls,
        settings.actions_url,
        versions,
        settings.gateway_secret.get_secret_value(),
        parts.updates.trouble,
        # Who sends none may not even be let out to the carrier.
        parts.texting.trouble if parts.texting and settings.jobs else None,
    )
    limits = ClientLimits(
        settings.trusted_proxies,
        conversations=settings.conversations_per_minute,
        messages=settings.messages_per_minute,
        photos=settings.photos_per_minute,
        reads=settings.reads_per_minute,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with parts.running(news, *([demo.standin] if demo else []), *jobs):
                try:
                    yield
                finally:
                    parts.bell.close()
        finally:
            await health.close()

    app = Door(
        title=f"Ask 311 {city.name}",
        description="Ask about city services in plain words; get answers with their source.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.settings, app.bell = settings, parts.bell
    install_error_handlers(app)
    app.add_middleware(
        SmallBodies,
        allowances=[
            PHOTO_BODIES,
            CASE_BODIES,
            REQUEST_BODIES,
            WEBHOOK_BODIES,
            CASE_FORM_BODIES,
            ENTRY_FORM_BODIES,
            *(DEMO_BODIES if demo else ()),
        ],
    )
    app.add_middleware(GeoReportErrors, base=BASE)
    if settings.allowed_origins:
        app.add_middleware(CORSMiddleware, **_cors(settings))

    app.include_router(
        webchat(
            parts.conversations,
            parts.conversation_photos,
            parts.feedback,
            parts.bell,
            limits,
            settings.heartbeat_seconds,
        )
    )
    app.include_router(texting_routes(parts.texting))
    api_secret = settings.api_secret.get_secret_value()
    app.include_router(case_routes(parts.cases, api_secret))
    app.include_router(update_routes(parts.consents, api_secret))
    app.include_router(
        open311_routes(
            georeport,
            city,
            limits,
            OutsidePhotos(database, parts.photos, clock),
            settings.public_url,
        )
    )
    source = Source(database, city)
    app.include_router(hsds_routes(source, limits, settings.public_url))
    app.include_router(inquiry_routes(source, city, limits, settings.public_url))
    dates = CollectionDates(city, clock)
    app.include_router(calendar_routes(dates, limits))
    pages = PublicPages(source, city, clock, settings.public_url, parts.notices, dates)
    app.include_router(public_routes(pages, limits))
    app.include_router(page.router(settings, city, parts.notices))
    app.state.console = make_console(parts)
    for router in console_routers():
        app.include_router(router)
    if demo:
        app.include_router(demo.routes())
    app.include_router(health_routes(health))
    app.include_router(version_route(versions))
    app.include_router(metrics_route(database, parts.figures, clock, parts.looks))
    app.include_router(reference_routes(app))
    return app


def _cors(settings: Settings) -> dict[str, Any]:
    return {
        "allow_origins": settings.allowed_origins,
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["Authorization", "Content-Type", "Last-Event-ID"],
        "expose_headers": ["Retry-After"],
        "max_age": 3600,
    }
