"""What GeoReport v2 says of a city: discovery, services and their questions. Pure: entries in, documents out.

Field names and rules are the specification's (https://wiki.open311.org/GeoReport_v2/). Ids are strings.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from services_catalog.definition import Attribute, Datatype, LocationRule
from services_catalog.model import ServiceEntry
from triage.open311.wire import Document, Format

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"

# When what this server offers last changed.
CHANGED = datetime(2026, 11, 29, tzinfo=UTC)

# Our datatypes that the specification does not know.
_ON_THE_WIRE = {Datatype.YES_NO: Datatype.SINGLEVALUELIST}


def discovery(url: str, *, contact: str, key_service: str, changed: datetime) -> Document:
    """Return where the city's Open311 is found.

    Args:
        url: the base address of GeoReport v2, without a slash at its end.
        contact: how to reach whoever runs it.
        key_service: how to get an API key.
        changed: when this last changed.
    """
    changeset = iso(changed)
    endpoint = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": changeset,
        "type": "production",
        "formats": [f.content_type.split(";")[0] for f in (Format.XML, Format.JSON)],
    }
    return Document(
        "discovery",
        {
            "changeset": changeset,
            "contact": contact,
            "key_service": key_service,
            "endpoints": [endpoint],
        },
    )


def services(entries: Iterable[ServiceEntry]) -> Document:
    """Return what can be reported, in the catalogue's order."""
    return Document("services", [_service(e) for e in entries if e.request])


def _service(entry: ServiceEntry) -> dict[str, Any]:
    assert entry.request is not None  # noqa: S101 (the caller takes only those)
    names = dict.fromkeys([*entry.also_called, *entry.request.request_types])
    return {
        "service_code": entry.id,
        "service_name": entry.title,
        "description": entry.summary,
        "metadata": bool(asked_outside(entry)),
        "type": "realtime",
        # A comma parts the keywords, so none may have one inside.
        "keywords": ", ".join(name.replace(",", " ") for name in names),
        "group": entry.division,
    }


def service_definition(entry: ServiceEntry) -> Document:
    """Return an entry's own questions."""
    return Document(
        "service_definition",
        {
            "service_code": entry.id,
            "attributes": [
                _attribute(a, order) for order, a in enumerate(asked_outside(entry), 1)
            ],
        },
    )


def asked_outside(entry: ServiceEntry) -> list[Attribute]:
    """Return the questions that are attributes on the wire: all but photos, which travel as media."""
    assert entry.request is not None  # noqa: S101 (the caller takes only those)
    return [a for a in entry.request.attributes if a.datatype is not Datatype.PHOTO]


def wants_location(entry: ServiceEntry) -> bool:
    """Say whether a request of this service must say where."""
    return entry.request is not None and entry.request.location is LocationRule.REQUIRED


def _attribute(attribute: Attribute, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": attribute.code,
        "datatype": _ON_THE_WIRE.get(attribute.datatype, attribute.datatype).value,
        # A question that is put only after a certain answer cannot be demanded of everybody.
        "required": attribute.required and not attribute.only_if,
        "datatype_description": attribute.datatype_description or None,
        "order": order,
        "description": attribute.description,
    }
    if attribute.datatype.is_list:
        told["values"] = [{"key": v.key, "name": v.name} for v in attribute.values]
    return told


def iso(moment: datetime) -> str:
    """Return a moment as the specification writes it, with its zone."""
    return moment.isoformat(timespec="seconds")
