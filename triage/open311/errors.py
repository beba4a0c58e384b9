"""What can be wrong with an Open311 request, told as GeoReport v2 tells it: always a list, with a true status."""

from __future__ import annotations

from typing import Any

from triage.open311.wire import Document


class Refused(Exception):
    """A request is answered with errors: `status` is the HTTP status, each text says what to do."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(*descriptions)
        self.status = status
        self.descriptions = descriptions

    def document(self) -> Document:
        """Return the errors as a document."""
        errors: list[dict[str, Any]] = [
            {"code": self.status, "description": text} for text in self.descriptions
        ]
        return Document("errors", errors)


def not_understood(*descriptions: str) -> Refused:
    """Return the refusal of something in the request: 400."""
    return Refused(400, *descriptions)


def unknown(what: str) -> Refused:
    """Return the refusal for something that is not there: 404."""
    return Refused(404, what)


def key_missing() -> Refused:
    """Return the refusal of a caller without a valid key: 403."""
    return Refused(
        403, "A valid api_key is needed to send requests or updates; ask the city for one."
    )
