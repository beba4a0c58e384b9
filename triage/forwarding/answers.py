"""What an outside endpoint answers in XML, read into values. No database, no network here.

Endpoints differ in what they fill in, so only what is needed must be there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from triage.forwarding.words import sentence_of


class NotReadable(Exception):
    """An answer is no XML, or not of the kind that was asked for."""


@dataclass(frozen=True)
class Accepted:
    """A request was taken. With neither number nor token, there will never be one (`blackbox`)."""

    request_id: str = ""
    token: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Refused:
    """A request was refused, and will be again: the HTTP status, and why in their words."""

    status: int
    why: str


@dataclass(frozen=True)
class Found:
    """A request as the endpoint shows it."""

    request_id: str
    status: str
    notes: str
    description: str
    requested_at: datetime | None
    point: tuple[float, float] | None  # latitude, longitude


@dataclass(frozen=True)
class Update:
    """Something that happened to a request."""

    update_id: str
    request_id: str
    status: str
    text: str
    at: datetime | None


def read_accepted(body: bytes) -> Accepted:
    """Read the answer to a new request, or to the question about a token.

    Raises:
        NotReadable: it is neither.
    """
    for item in _read(body).iter("request"):
        return Accepted(
            _text(item, "service_request_id"),
            _text(item, "token"),
            sentence_of(item.findtext("service_notice")),
        )
    raise NotReadable("no request in it")


def read_requests(body: bytes) -> list[Found]:
    """Read a list of requests; those without a number are passed over.

    Raises:
        NotReadable: it is none.
    """
    root = _read(body)
    if root.tag != "service_requests":
        raise NotReadable("no list of requests")
    return [
        Found(
            _text(item, "service_request_id"),
            _text(item, "status"),
            sentence_of(item.findtext("status_notes")),
            item.findtext("description") or "",
            _moment(item, "requested_datetime"),
            _point(item),
        )
        for item in root.iter("request")
        if _text(item, "service_request_id")
    ]


def read_updates(body: bytes) -> list[Update]:
    """Read a list of updates; those without ids are passed over.

    Raises:
        NotReadable: it is none.
    """
    root = _read(body)
    # The extension's documents name the list in two ways.
    if root.tag not in ("service_request_updates", "service_requests_updates"):
        raise NotReadable("no list of updates")
    return [
        Update(
            _text(item, "update_id"),
            _text(item, "service_request_id"),
            _text(item, "status"),
            sentence_of(item.findtext("description")),
            _moment(item, "updated_datetime"),
        )
        for item in root.iter("request_update")
        if _text(item, "update_id") and _text(item, "service_request_id")
    ]


def read_refusal(status: int, body: bytes) -> Refused:
    """Read why something was refused; an answer that is no list of errors says its status alone."""
    try:
        told = [sentence_of(item.findtext("description")) for item in _read(body).iter("error")]
    except NotReadable:
        told = []
    return Refused(status, sentence_of(" ".join(t for t in told if t)) or f"status {status}")


def _read(body: bytes) -> Any:
    try:
        return fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise NotReadable(type(fault).__name__) from fault


def _text(item: Any, name: str) -> str:
    # Numbers and tokens are kept in 200 characters.
    return (item.findtext(name) or "").strip()[:200]


def _moment(item: Any, name: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(_text(item, name))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _point(item: Any) -> tuple[float, float] | None:
    try:
        point = float(_text(item, "lat")), float(_text(item, "long"))
    except ValueError:
        return None
    return point if all(map(math.isfinite, point)) else None
