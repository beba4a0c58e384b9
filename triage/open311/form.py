"""What was sent in: GeoReport v2's form fields, read into values. Pure.

An optional argument that is empty counts as not sent (the specification says so). What clients send beside it,
as FixMyStreet does (`deviceid`, `address_id=#NOTPINPOINTED#`, `photo1`...), is taken or passed over, never refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services_catalog.definition import Attribute, Datatype
from services_catalog.model import ServiceEntry
from triage.open311.documents import asked_outside, wants_location
from triage.open311.errors import not_understood

LONGEST_DESCRIPTION = 4_000
LONGEST_FIELD = 500
_ATTRIBUTE = re.compile(r"attribute\[([^\]]*)\](\[\d*\])?")
# FixMyStreet's way of saying that a report has no point.
_NOT_PINPOINTED = "#NOTPINPOINTED#"

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class NewRequest:
    """A service request as a client sent it; not yet checked against what the service asks."""

    service_code: str
    lat: float | None = None
    long: float | None = None
    address: str = ""
    description: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    phone: str = ""
    media_urls: tuple[str, ...] = ()


def one(fields: Mapping[str, list[str]], name: str) -> str:
    """Return a field's first value without white space around it, or "" where it was not sent."""
    return next((v.strip() for v in fields.get(name, ()) if v.strip()), "")


def by_name(fields: Fields) -> dict[str, list[str]]:
    """Gather repeated fields under their name."""
    gathered: dict[str, list[str]] = {}
    for name, value in fields:
        gathered.setdefault(name, []).append(value)
    return gathered


def read_new_request(fields: Mapping[str, list[str]], entry: ServiceEntry) -> NewRequest:
    """Read the fields of POST requests.

    Raises:
        Refused: with everything that is wrong, each in a sentence.
    """
    faults: list[str] = []
    lat, long = _point(fields, faults)
    address = one(fields, "address_string")
    address_id = one(fields, "address_id")
    is_placed = lat is not None or bool(address)
    if address_id and address_id != _NOT_PINPOINTED and not is_placed and not faults:
        faults.append(
            "address_id: addresses have no ids here; send lat and long, or address_string."
        )
    if wants_location(entry) and lat is None and not address and not faults:
        faults.append("This service needs a location: send lat and long, or address_string.")
    description = one(fields, "description")
    if len(description) > LONGEST_DESCRIPTION:
        faults.append(f"description: at most {LONGEST_DESCRIPTION} characters are read.")
    short = {n: one(fields, n) for n in ("first_name", "last_name", "email", "phone")}
    faults += [
        f"{name}: at most {LONGEST_FIELD} characters are read."
        for name, value in {**short, "address_string": address}.items()
        if len(value) > LONGEST_FIELD
    ]
    if faults:
        raise not_understood(*faults)
    return NewRequest(
        service_code=entry.id,
        lat=lat,
        long=long,
        address=address,
        description=description,
        answers=_answers(fields, entry),
        name=" ".join(n for n in (short["first_name"], short["last_name"]) if n),
        email=short["email"],
        phone=short["phone"],
        media_urls=tuple(u.strip() for u in fields.get("media_url", ()) if u.strip()),
    )


def _point(
    fields: Mapping[str, list[str]], faults: list[str]
) -> tuple[float | None, float | None]:
    lat, long = one(fields, "lat"), one(fields, "long")
    if not lat and not long:
        return None, None
    if not (lat and long):
        faults.append("lat and long belong together: send both or none.")
        return None, None
    try:
        point = float(lat), float(long)
    except ValueError:
        faults.append("lat and long must be numbers, in degrees.")
        return None, None
    if not (math.isfinite(point[0]) and abs(point[0]) <= 90 and abs(point[1]) <= 180):
        faults.append("lat lies between -90 and 90, long between -180 and 180.")
        return None, None
    return point


def _answers(fields: Mapping[str, list[str]], entry: ServiceEntry) -> dict[str, Any]:
    """Gather the attributes; whether they are what the service asks is the gate's to say (triage/cases)."""
    sent: dict[str, list[str]] = {}
    for name, values in fields.items():
        if match := _ATTRIBUTE.fullmatch(name):
            sent.setdefault(match[1], []).extend(v.strip() for v in values if v.strip())
    return {a.code: _answer(a, sent[a.code]) for a in asked_outside(entry) if sent.get(a.code)}


def _answer(attribute: Attribute, values: list[str]) -> str | list[str]:
    if attribute.datatype is Datatype.MULTIVALUELIST:
        return [key for v in values for key in _keys(attribute, v)]
    return _key(attribute, values[0]) or values[0]


def _keys(attribute: Attribute, value: str) -> list[str]:
    if key := _key(attribute, value):
        return [key]
    # Some clients send the keys of a multivaluelist in one field.
    parts = [part.strip() for part in value.split(",")]
    return [_key(attribute, part) or part for part in parts if part]


def _key(attribute: Attribute, value: str) -> str | None:
    """Return the key that a client means, which sends the name in its place."""
    for known in attribute.values:
        if value == known.key or value.casefold() == known.name.casefold():
            return known.key
    return None


def moment(value: str) -> datetime | None:
    """Read a moment of the W3C's date and time formats; without a zone it counts as UTC. None: it is none."""
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
