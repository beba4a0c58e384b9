"""Assembles the front door; nothing else does. Importing this reads no setting and opens no connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from services_catalog.packs import load_city
from triage.channels import page
from triage.channels.webchat import webchat
from triage.conversations.figures import Figures
from triage.conversations.news import News
from triage.conversations.rasa_client import Assistant, HandOn, RasaGateway
from triage.conversations.relay import Relay
from triage.conversations.service import Conversations, Look
from triage.errors import install_error_handlers
from triage.kit.bell import Bell
from triage.kit.clock import Clock, SystemClock
from triage.kit.db import Database
from triage.kit.edge import SecurityHeaders, SmallBodies
from triage.kit.life import OnDeath
from triage.kit.limits import ClientLimits
from triage.migrations import migrate
from triage.operations.health import Health, health_routes
from triage.operations.metrics import metrics_route
from triage.operations.reference import reference_routes
from triage.operations.versions import Versions, version_route
from triage.settings import Settings


class FrontDoor(FastAPI):
    """The app, with `close_readers` for whoever stops the server, and headers on every answer."""

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


def create_app(
    settings: Settings,
    look: Look,
    *,
    assistant: Assistant | None = None,
    hand_on: HandOn | None = None,
    clock: Clock | None = None,
    on_death: OnDeath = None,
) -> FrontDoor:
    """Return the front door of one city's line.

    Args:
        settings: with the replica named (`Settings.replica_at`).
        look: says what a message tells of danger (`triage.safety.look`).
        assistant: who answers; the gateway of the settings if not given.
        hand_on: gives the assistant what is already known of a message's meaning (`Encoder.hand_on`).
        clock: the time; this machine's if not given.
        on_death: called when a part that everything waits for has died.
    """
    city = load_city(settings.city)
    clock = clock or SystemClock()
    bell, figures = Bell(), Figures()
    database = Database(settings.database_url)
    gateway = None
    if assistant is None:
        assistant = gateway = RasaGateway(
            settings.rasa_urls,
            settings.gateway_secret.get_secret_value(),
            connect_seconds=settings.rasa_connect_seconds,
            total_seconds=settings.rasa_seconds,
            connections=settings.relay_concurrency,
            hand_on=hand_on,
        )
    relay = Relay(database, assistant, city, settings, bell, figures, clock, on_death)
    news = News(database, bell, settings.poll_seconds, on_death)
    conversations = Conversations(database, city, look, relay, bell, figures, clock)
    versions = Versions(database, settings.city, Path(settings.model_dir), settings.git_sha)
    health = Health(
        database,
        settings.city,
        settings.rasa_urls,
        settings.actions_url,
        versions,
        settings.gateway_secret.get_secret_value(),
    )
    limits = ClientLimits(
        settings.trusted_proxies,
        conversations=settings.conversations_per_minute,
        messages=settings.messages_per_minute,
        reads=settings.reads_per_minute,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(migrate, database.engine)
        await relay.start()
        news.start()
        try:
            yield
        finally:
            bell.close()
            await news.stop()
            await relay.stop()
            await health.close()
            if gateway:
                await gateway.close()
            await asyncio.to_thread(database.close)

    app = FrontDoor(
        title=f"Ask 311 {city.name}",
        description="Ask about city services in plain words; get answers with their source.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.settings, app.bell = settings, bell
    install_error_handlers(app)
    app.add_middleware(SmallBodies)
    if settings.allowed_origins:
        app.add_middleware(CORSMiddleware, **_cors(settings))

    app.include_router(webchat(conversations, bell, limits, settings.heartbeat_seconds))
    app.include_router(page.router(settings, city))
    app.include_router(health_routes(health))
    app.include_router(version_route(versions))
    app.include_router(metrics_route(database, figures, clock))
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
