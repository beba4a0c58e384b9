"""A city's catalogue and places in the words of HSDS 3.1 (Open Referral): services, organizations, locations, taxonomies.

An object is whole, as `/services/{id}` gives it; `lean` leaves what belongs to it alone, as the lists do. An id is made
from the city and our own id, so that it stays the same from one day to the next and from one process to another. What is
unverified stays out: HSDS has no word for it, and a reader could not tell. No files, no database, no web here.

Source: openreferral/specification, branch 3.1-dev, schema/*.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services_catalog.formats.locations import location
from services_catalog.formats.values import Ids, Object, by_id, filled, phones, tags
from services_catalog.model import Aspect, Catalogue, Fact, Kind, ServiceEntry
from services_catalog.packs import City
from services_catalog.places.model import Place
from services_catalog.places.types import PlaceType, PlaceTypes

_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.INFORMATION: ("Information", "An answer to a question."),
    Kind.REQUEST: ("Request", "Work by the City, asked for with a report."),
    Kind.BOTH: ("Information and request", "An answer, and a report where it is still needed."),
    Kind.REFERRAL: ("Referral", "Another body's job: whose, and how to reach them."),
    Kind.PLACE: ("Place", "Somewhere to go."),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LANGUAGES = {"en": "English", "fr": "French"}


@dataclass(frozen=True)
class AtLocation:
    """A place at which a service is found."""

    id: str
    entry: ServiceEntry
    place: Place


class Directory:
    """The objects of one city. Those of places are made when they are asked for: there are thousands.

    Args:
        modified: when each entry was changed last, by the entry's id.

    Attributes:
        organizations, taxonomies, taxonomy_terms: whole, by id.
        services: by id, without the places at which they are found.
        at_locations: by id.
    """

    def __init__(
        self,
        city: City,
        catalogue: Catalogue,
        places: Sequence[Place],
        types: PlaceTypes,
        modified: Mapping[str, datetime],
    ) -> None:
        self._city = city
        self._ids = Ids(city.jurisdiction_id)
        self._types = types
        self._modified = modified
        self._kinds = self._ids.of("taxonomy", "kind")
        self._place_types = self._ids.of("taxonomy", "place_type")
        self.taxonomies = by_id(self._taxonomies())
        self.taxonomy_terms = by_id(
            [*self._kind_terms(), *map(self._type_term, types.by_id.values())]
        )
        self.organizations = by_id(
            [self._municipality(), *map(self._provider, catalogue.entries)]
        )
        self.services = by_id(map(self._service, catalogue.entries))
        self.at_locations = self._at_locations(catalogue, places)
        self._of_service: dict[str, list[AtLocation]] = {}
        for at in self.at_locations.values():
            self._of_service.setdefault(self._ids.of("service", at.entry.id), []).append(at)

    def service(self, id: str) -> Object | None:
        """Return a service whole, with all places at which it is found; None: there is none."""
        service = self.services.get(id)
        here = self._of_service.get(id)
        if service is None or not here:
            return service
        return {**service, "service_at_locations": [self.at_location(at) for at in here]}

    def at_location(self, at: AtLocation) -> Object:
        """Return a service at a location whole."""
        return {
            "id": at.id,
            "service_id": self._ids.of("service", at.entry.id),
            "location_id": self._ids.of("location", at.place.id),
            "location": location(self._ids, self._city, at.place, self._kinds_of(at.place)),
        }

    def service_at(self, at: AtLocation) -> Object:
        """Return the service that is found there, without its places."""
        return self.services[self._ids.of("service", at.entry.id)]

    def tags_of(self, place: Place) -> Object:
        """Return which kinds of place it is, as its location has them."""
        own = self._ids.of("location", place.id)
        return {"attributes": tags(self._ids, "location", own, self._kinds_of(place))}

    def _kinds_of(self, place: Place) -> Iterator[Object]:
        for type in self._types.by_id.values():
            if type.counts(place):
                yield self._term_of(type)

    # ── who ──

    def _municipality(self) -> Object:
        city = self._city
        return {
            "id": self._ids.of("organization"),
            "name": city.name,
            "description": f"The municipality of {city.name}. Call {city.phone_and_hours}.",
            "website": city.website,
        }

    def _provider(self, entry: ServiceEntry) -> Object:
        name = entry.referral_body or entry.division
        whose = {"id": self._ids.of("organization", name), "name": name}
        if entry.kind is Kind.REFERRAL:
            return {
                **whose,
                "description": f"Not part of the municipality of {self._city.name}.",
            }
        return {
            **whose,
            "description": f"Provides services of the municipality of {self._city.name}.",
            "parent_organization_id": self._ids.of("organization"),
        }

    # ── what ──

    def _service(self, entry: ServiceEntry) -> Object:
        own = self._ids.of("service", entry.id)
        provider = str(self._provider(entry)["id"])
        contact = entry.contact
        changed = self._modified.get(entry.id)
        service: Object = {
            "id": own,
            "organization_id": provider,
            "name": entry.title,
            "alternate_name": ", ".join(entry.also_called),
            "description": entry.summary,
            "url": entry.source_url,
            "email": contact.email if _EMAIL.fullmatch(contact.email) else "",
            "status": "active",
            "application_process": _told(entry, Aspect.HOW),
            "fees_description": _told(entry, Aspect.COST),
            "eligibility_description": _told(entry, Aspect.WHO),
            "assured_date": entry.last_verified.isoformat(),
            "last_modified": changed.isoformat() if changed else "",
            "organization": self.organizations[provider],
            "additional_urls": self._urls(own, contact.online),
            "phones": phones(self._ids, "service_id", own, contact.phone),
            "schedules": [
                {
                    "id": self._ids.of("schedule", own, n),
                    "service_id": own,
                    "description": fact.text,
                }
                for n, fact in enumerate(_known(entry, Aspect.HOURS))
            ],
            "service_areas": [
                {
                    "id": self._ids.of("area", own),
                    "service_id": own,
                    "name": self._city.name,
                    "extent": self._city.name,
                    "extent_type": "text",
                }
            ],
            "languages": [
                {
                    "id": self._ids.of("language", own, code),
                    "service_id": own,
                    "name": _LANGUAGES.get(code, code),
                    "code": code,
                }
                for code in entry.languages
            ],
            "required_documents": [
                {
                    "id": self._ids.of("document", own, n),
                    "service_id": own,
                    "document": fact.text,
                }
                for n, fact in enumerate(_known(entry, Aspect.DOCUMENTS))
            ],
            "attributes": tags(self._ids, "service", own, self._terms_of(entry)),
        }
        return filled(service)

    def _urls(self, service_id: str, online: str) -> list[Object]:
        if not online:
            return []
        return [
            {
                "id": self._ids.of("url", service_id),
                "service_id": service_id,
                "label": "Online",
                "url": online,
            }
        ]

    # ── where ──

    def _at_locations(
        self, catalogue: Catalogue, places: Sequence[Place]
    ) -> dict[str, AtLocation]:
        found: dict[str, AtLocation] = {}
        for type in self._types.by_id.values():
            entry = catalogue.by_id.get(type.service_id)
            if entry is None:
                continue
            for place in places:
                if type.counts(place):
                    id = self._ids.of("service_at_location", entry.id, place.id)
                    found[id] = AtLocation(id, entry, place)
        return found

    # ── kinds and types ──

    def _taxonomies(self) -> Iterator[Object]:
        yield {
            "id": self._kinds,
            "name": "Kinds of entries",
            "description": "What a resident can get: an answer, work by the City, a way to another body, a place.",
        }
        yield {
            "id": self._place_types,
            "name": "Kinds of places",
            "description": "Where residents go: libraries, child care, rinks and the like.",
        }

    def _kind_terms(self) -> Iterator[Object]:
        for kind, (name, description) in _KINDS.items():
            yield self._term("kind", kind.value, name, description, self._kinds)

    def _type_term(self, type: PlaceType) -> Object:
        return self._term(
            "place_type", type.id, type.one.capitalize(), type.many, self._place_types
        )

    def _term(self, of: str, code: str, name: str, description: str, taxonomy: str) -> Object:
        return {
            "id": self._ids.of(of, code),
            "code": code,
            "name": name,
            "description": description,
            "taxonomy_id": taxonomy,
        }

    def _terms_of(self, entry: ServiceEntry) -> Iterator[Object]:
        yield self.taxonomy_terms[self._ids.of("kind", entry.kind.value)]
        for type in self._types.by_id.values():
            if type.service_id == entry.id:
                yield self._term_of(type)

    def _term_of(self, type: PlaceType) -> Object:
        return self.taxonomy_terms[self._ids.of("place_type", type.id)]


def _known(entry: ServiceEntry, aspect: Aspect) -> list[Fact]:
    return [fact for fact in entry.facts_about(aspect) if not fact.unverified]


def _told(entry: ServiceEntry, aspect: Aspect) -> str:
    return " ".join(fact.text for fact in _known(entry, aspect))
