"""What exactly is running: source, catalogue, the assistant's model, the sentence encoder."""

from __future__ import annotations

import asyncio
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Connection, select

import services_catalog
from services_catalog.tables import catalogue_revisions
from triage.errors import DatabaseUnavailable, documented
from triage.kit.db import Database

# By its path, not by its module: that would load the network's engine into this process.
ENCODER = Path(services_catalog.__file__).parent / "encoder" / "model.onnx"


class CatalogueVersion(BaseModel):
    """Whose catalogue, and its revision."""

    city: str
    revision: int


class ModelVersion(BaseModel):
    """The assistant's model: its file's name and digest; null where there is none."""

    name: str | None
    sha256: str | None


class EncoderVersion(BaseModel):
    """The sentence encoder's digest; null where there is none."""

    sha256: str | None


class Version(BaseModel):
    """What exactly is running."""

    version: str
    git_sha: str | None
    catalogue: CatalogueVersion
    model: ModelVersion
    encoder: EncoderVersion


class Versions:
    """Names what is running; a file's digest is computed once for each state of the file."""

    def __init__(self, database: Database, city: str, model_dir: Path, git_sha: str) -> None:
        self._database = database
        self._city = city
        self._model_dir = model_dir
        self._git_sha = git_sha
        self._digests: dict[tuple[Path, int, int], str] = {}

    async def sha256(self, file: Path) -> str | None:
        """Return a file's digest, or None where there is no such file."""
        try:
            state = file.stat()
            key = (file, state.st_mtime_ns, state.st_size)
            if key not in self._digests:
                self._digests[key] = await asyncio.to_thread(_digest, file)
        except FileNotFoundError:
            return None
        return self._digests[key]

    async def now(self) -> Version:
        """Return what is running."""
        model = self._newest_model()

        def revision(connection: Connection) -> Any:
            return connection.execute(
                select(catalogue_revisions.c.revision).where(
                    catalogue_revisions.c.city == self._city
                )
            ).scalar()

        return Version(
            version=_own_version(),
            git_sha=self._git_sha or None,
            catalogue=CatalogueVersion(
                city=self._city, revision=await self._database.read(revision) or 0
            ),
            model=ModelVersion(
                name=model.name if model else None,
                sha256=await self.sha256(model) if model else None,
            ),
            encoder=EncoderVersion(sha256=await self.sha256(ENCODER)),
        )

    def _newest_model(self) -> Path | None:
        models = [p for p in self._model_dir.glob("*.tar.gz") if p.is_file()]
        return max(models, key=lambda p: (p.stat().st_mtime_ns, p.name), default=None)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _own_version() -> str:
    try:
        return metadata.version("ask311")
    except metadata.PackageNotFoundError:
        return "source"  # run from the source tree, not installed


def version_route(versions: Versions) -> APIRouter:
    """Return the route /version."""
    router = APIRouter(tags=["operation"])

    @router.get("/version", response_model=Version, responses=documented(DatabaseUnavailable))
    async def version() -> Response:
        """Say what exactly is running."""
        return JSONResponse((await versions.now()).model_dump())

    return router
