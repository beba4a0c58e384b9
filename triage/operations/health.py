"""Whether this process lives, and whether everything it needs can do its part, each by name.

A front door is ready when questions can be answered. A worker is when it reaches the database: nobody waits at its door,
and what its other neighbours do not take now, it tries again.

The neighbours are asked at most once a second however often this is asked, each with a short time-out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select, text

from services_catalog.tables import catalogue_revisions
from triage.errors import DatabaseUnavailable
from triage.kit.db import Database
from triage.operations.versions import ENCODER, Versions

ASK_SECONDS = 2.0
REMEMBER_SECONDS = 1.0
# What the action server calls its search while sentence vectors are part of it.
_SEARCH_WITH_ENCODER = frozenset({"all", "nearest"})


class Dependency(BaseModel):
    """One thing the line needs: whether it is well, and if not, in which way."""

    ok: bool
    detail: str = ""


class Encoder(BaseModel):
    """The sentence encoder. Without it, search goes by words and letters alone: less well, but it goes."""

    ok: bool
    sha256: str | None = None


class CatalogueHealth(Dependency):
    """The catalogue, as the database has it and as the action server finds answers in it."""

    revision: int = 0
    encoder: Encoder


class Dependencies(BaseModel):
    """All that the line needs."""

    database: Dependency
    assistant: Dependency
    actions: Dependency
    catalogue: CatalogueHealth
    carrier: Dependency | None = Field(
        None,
        description="Who carries text messages, where the line has any. The line is ready without it: "
        "what was to be sent waits, and the web chat goes on.",
    )
    updates: Dependency = Field(
        description="Whether residents are told of their reports in time. The line is ready without it.",
    )


class Readiness(BaseModel):
    """Whether questions can be answered now."""

    ready: bool
    dependencies: Dependencies


class WorkerDependencies(BaseModel):
    """All that a worker cannot do without."""

    database: Dependency


class WorkerReadiness(BaseModel):
    """Whether a worker can work now."""

    ready: bool
    dependencies: WorkerDependencies


class Alive(BaseModel):
    """This process lives."""

    status: str


class Health:
    """Asks all that the line needs how it is."""

    def __init__(
        self,
        database: Database,
        city: str,
        rasa_urls: Sequence[str],
        actions_url: str,
        versions: Versions,
        gateway_secret: str,
        updates_trouble: Callable[[], Awaitable[str]],
        carriers_trouble: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._updates_trouble = updates_trouble
        self._carriers_trouble = carriers_trouble
        self._database = database
        self._city = city
        self._rasa_urls = rasa_urls
        self._actions_url = actions_url.rstrip("/")
        self._versions = versions
        self._to_gateway = {"Authorization": f"Bearer {gateway_secret}"}
        self._client = httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False)
        self._asking = asyncio.Lock()
        self._last: Readiness | None = None
        self._asked_at = 0.0

    async def look(self) -> Readiness:
        """Return how everything is, at most a second old."""
        async with self._asking:
            if self._last is None or time.monotonic() - self._asked_at > REMEMBER_SECONDS:
                self._last = await self._ask_all()
                self._asked_at = time.monotonic()
            return self._last

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def _ask_all(self) -> Readiness:
        database, (actions, told), *assistants = await asyncio.gather(
            self._revision(),
            self._ask(f"{self._actions_url}/health"),
            *(
                self._ask(f"{url}/webhooks/gateway/", self._to_gateway)
                for url in self._rasa_urls
            ),
        )
        answering = [state for state, _ in assistants if state.ok]
        troubles = sorted({state.detail for state, _ in assistants if not state.ok})
        # Conversations whose own assistant is away are taken by another.
        assistant = Dependency(
            ok=bool(answering),
            detail=f"{len(answering)} of {len(assistants)} answer: {', '.join(troubles)}"
            if troubles
            else "",
        )
        found = Dependencies(
            database=Dependency(
                ok=database is not None, detail="" if database is not None else "unavailable"
            ),
            assistant=assistant,
            actions=actions,
            catalogue=await self._catalogue(database, told),
            carrier=await self._carrier(),
            updates=await self._updates(),
        )
        ready = all(
            d.ok for d in (found.database, found.assistant, found.actions, found.catalogue)
        )
        return Readiness(ready=ready, dependencies=found)

    async def _carrier(self) -> Dependency | None:
        if self._carriers_trouble is None:
            return None
        trouble = await self._carriers_trouble()
        return Dependency(ok=not trouble, detail=trouble)

    async def _updates(self) -> Dependency:
        try:
            trouble = await self._updates_trouble()
        except DatabaseUnavailable:
            trouble = "database unavailable"
        return Dependency(ok=not trouble, detail=trouble)

    async def _revision(self) -> int | None:
        def question(connection: Connection) -> int:
            connection.execute(text("SELECT 1"))
            return (
                connection.execute(
                    select(catalogue_revisions.c.revision).where(
                        catalogue_revisions.c.city == self._city
                    )
                ).scalar()
                or 0
            )

        try:
            return await self._database.read(question)
        except DatabaseUnavailable:
            return None

    async def _ask(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> tuple[Dependency, dict[str, Any]]:
        try:
            response = await self._client.get(url, headers=headers)
        except httpx.TimeoutException:
            return Dependency(ok=False, detail="timeout"), {}
        except httpx.HTTPError:
            return Dependency(ok=False, detail="unreachable"), {}
        try:
            told = response.json()
        except ValueError:
            told = {}
        told = told if isinstance(told, dict) else {}
        if response.status_code != 200:
            # The action server says in a word what is wrong; how much more, its own /health tells.
            detail = str(told.get("status") or f"status {response.status_code}")
            return Dependency(ok=False, detail=detail), told
        return Dependency(ok=True), told

    async def _catalogue(self, revision: int | None, told: dict[str, Any]) -> CatalogueHealth:
        # The action server is the one that runs the encoder; where it does not say, the file must do.
        sha256 = await self._versions.sha256(ENCODER)
        search = told.get("search")
        runs = search in _SEARCH_WITH_ENCODER if search else sha256 is not None
        encoder = Encoder(ok=runs, sha256=sha256)
        if revision is None:
            return CatalogueHealth(ok=False, detail="database unavailable", encoder=encoder)
        if revision == 0:
            return CatalogueHealth(ok=False, detail="nothing imported yet", encoder=encoder)
        return CatalogueHealth(
            ok=True,
            revision=revision,
            detail="" if encoder.ok else "without the sentence encoder: by words alone",
            encoder=encoder,
        )


def health_routes(health: Health) -> APIRouter:
    """Return the routes under /health."""
    router = _alive_route()

    @router.get(
        "/ready",
        response_model=Readiness,
        responses={
            503: {"model": Readiness, "description": "Something that is needed is not well."}
        },
    )
    async def is_ready() -> Response:
        """Say whether questions can be answered, and how each thing is that it takes."""
        found = await health.look()
        told = found.model_dump()
        if found.dependencies.carrier is None:
            del told["dependencies"]["carrier"]
        return JSONResponse(told, status_code=200 if found.ready else 503)

    return router


def worker_health_routes(database: Database) -> APIRouter:
    """Return a worker's routes under /health."""
    router = _alive_route()

    @router.get("/ready", response_model=WorkerReadiness)
    async def is_ready() -> Response:
        """Say whether work can be taken and recorded."""
        try:
            await database.read(lambda c: c.execute(text("SELECT 1")))
        except DatabaseUnavailable:
            state = Dependency(ok=False, detail="unavailable")
        else:
            state = Dependency(ok=True)
        found = WorkerReadiness(ready=state.ok, dependencies=WorkerDependencies(database=state))
        return JSONResponse(found.model_dump(), status_code=200 if found.ready else 503)

    return router


def _alive_route() -> APIRouter:
    router = APIRouter(prefix="/health", tags=["operation"])

    @router.get("/live", response_model=Alive)
    async def is_alive() -> Response:
        """Say that this process lives."""
        return JSONResponse({"status": "alive"})

    return router
