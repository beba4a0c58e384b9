"""What pages are made of: templates, and files as they are sent, packed for those who can unpack them, and not at all to
those who have them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".geojson": "application/geo+json",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str

    @classmethod
    def read(cls, path: Path) -> StaticFile:
        """Return a file of the disk."""
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:16]
        return cls(content, _packed(content), _TYPES[path.suffix], f'"{digest}"')

    def answer(self, request: Request, **headers: str) -> Response:
        """Return the file, packed for those who can unpack it; nothing if they have it."""
        headers = {"ETag": self.tag, "Vary": "Accept-Encoding", **headers}
        if request.headers.get("if-none-match", "").removeprefix("W/") == self.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, media_type=self.media_type, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    # Packing takes longer than all else at the start; the same files serve every door of a process.
    return gzip.compress(content, mtime=0)


def static_files(folder: Path) -> dict[str, StaticFile]:
    """Return the files below a folder that pages are made of, by their path in it, in its order."""
    return {
        path.relative_to(folder).as_posix(): StaticFile.read(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TYPES
    }


class FileSet:
    """The files below a folder, read once. Their version stands in each address, so that a browser keeps a file until any
    of them changes."""

    def __init__(self, folder: Path) -> None:
        self._files = static_files(folder)
        tags = "".join(file.tag for file in self._files.values())
        self.version = hashlib.sha256(tags.encode()).hexdigest()[:12]

    def __getitem__(self, name: str) -> StaticFile:
        return self._files[name]

    def answer(self, request: Request, of_version: str, name: str) -> Response | None:
        """Return a file by its path in the folder; an older version's address gets today's. None: there is none."""
        if name not in self._files:
            return None
        keep = _FOR_EVER if of_version == self.version else ASK_AGAIN
        return self._files[name].answer(request, **{"Cache-Control": keep})


def templates_in(folder: Path) -> Environment:
    """Return the templates of a folder. What they show is escaped, and what they lack is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
