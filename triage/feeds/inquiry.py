"""What Open311 Inquiry v1 says of a city: its services in words, and its facilities. Pure: entries and places in, documents out.

Field names are the specification's (https://wiki.open311.org/Inquiry_v1/). What is not known is null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from services_catalog.model import ServiceEntry
from services_catalog.packs import City
from services_catalog.places.model import Place
from services_catalog.places.types import PlaceType, PlaceTypes
from triage.open311.errors import unknown
from triage.open311.wire import Document

ALL = "all"
_BRIEF = 160


def services(entries: Sequence[ServiceEntry], name: str, city: City, page: str) -> Document:
    """Return all services, those of a category, or one.

    Args:
        name: "all", a category's word (`toronto_water`), or a service's id.
        page: the address below which each service has its page.

    Raises:
        Refused: there is no such service or category.
    """
    for entry in entries:
        if entry.id == name:
            return Document("service", _service(entry, city, page))
    found = [e for e in entries if name in (ALL, word_of(e.division))]
    if not found:
        raise unknown(f"There is no service and no category {name!r}: services/all lists them.")
    return Document("services", [_service_in_brief(e) for e in found])


def facilities(places: Sequence[Place], types: PlaceTypes, name: str, city: City) -> Document:
    """Return all facilities, those of a kind of place, or one.

    Args:
        name: "all", a kind of place (`library`), or a facility's id.

    Raises:
        Refused: there is no such facility or kind.
    """
    for place in places:
        if place.id == name:
            return Document("facility", _facility(place, _kinds(place, types), city))
    wanted = types.by_id.get(name)
    if name != ALL and wanted is None:
        raise unknown(f"There is no facility and no kind {name!r}: facilities/all lists them.")
    return Document(
        "facilities",
        [
            _facility_in_brief(place, kinds)
            for place in places
            if (kinds := _kinds(place, types)) and (wanted is None or wanted in kinds)
        ],
    )


def word_of(division: str) -> str:
    """Return a category's word in addresses: "Toronto Water" is toronto_water."""
    return re.sub(r"[^a-z0-9]+", "_", division.lower()).strip("_")


def _service_in_brief(entry: ServiceEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "service_name": entry.title,
        "expiration": entry.review_by.isoformat(),
        "brief_description": _brief(entry.summary),
    }


def _service(entry: ServiceEntry, city: City, page: str) -> dict[str, Any]:
    actions = [{"type": "Link", "label": entry.title, "url": entry.source_url}]
    if entry.contact.online and entry.contact.online != entry.source_url:
        kind = "Service Request" if entry.requestable else "Link"
        actions.append({"type": kind, "label": "Online", "url": entry.contact.online})
    return {
        **_service_in_brief(entry),
        "categories": [{"category_name": entry.division}],
        "url": f"{page}/{entry.id}",
        "description": entry.summary,
        "description_html": "".join(
            f"<p>{escape(text)}</p>"
            for text in (entry.summary, *(f.text for f in entry.facts if not f.unverified))
        ),
        "web_actions": actions,
    }


def _facility_in_brief(place: Place, kinds: Sequence[PlaceType]) -> dict[str, Any]:
    one = ", ".join(kind.one for kind in kinds) or place.type
    at = f", {place.address}" if place.address else ""
    return {
        "id": place.id,
        "facility_name": place.name,
        "expiration": None,
        "type": kinds[0].id if kinds else place.type,
        "brief_description": f"{one[0].upper()}{one[1:]}{at}",
    }


def _facility(place: Place, kinds: Sequence[PlaceType], city: City) -> dict[str, Any]:
    holidays = city.holidays
    return {
        **_facility_in_brief(place, kinds),
        "description": f"Known as of {place.as_of}.",
        "features": [{"feature_name": text} for text in _features(place.attributes, kinds)],
        "address": place.address or None,
        "additional_address_information": None,
        "borough": None,
        "city": city.name,
        "state": holidays.subdivision if holidays else None,
        "zipcode": place.postal_code or None,
        "displayed_hours": place.attributes.get("hours"),
        "lat": place.point.lat,
        "long": place.point.long,
        "eligibility_information": None,
    }


def _features(attributes: Mapping[str, Any], kinds: Iterable[PlaceType]) -> Iterable[str]:
    told = dict.fromkeys(
        t.text.replace("{value}", str(attributes[t.attribute]))
        for kind in kinds
        for t in kind.told
        if attributes.get(t.attribute)
    )
    return list(told)


def _kinds(place: Place, types: PlaceTypes) -> list[PlaceType]:
    return [kind for kind in types.by_id.values() if kind.counts(place)]


def _brief(text: str) -> str:
    """Return the first sentences that fit a line or two."""
    brief = ""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if brief and len(brief) + len(sentence) + 1 > _BRIEF:
            break
        brief = f"{brief} {sentence}".strip()
    return brief
