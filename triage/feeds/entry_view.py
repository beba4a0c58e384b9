"""What the public page of an entry shows, and how search engines read it (schema.org). No web, no database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from services_catalog.formats.values import phones_in
from services_catalog.model import Aspect, Catalogue, Fact, Kind, ServiceEntry
from services_catalog.packs import City


@dataclass(frozen=True)
class Told:
    """The facts about one aspect."""

    aspect: Aspect
    facts: Sequence[Fact]


@dataclass(frozen=True)
class EntryView:
    """An entry as its page shows it.

    Attributes:
        told: what is known, in the order of the aspects.
        related: entries that a reader may want instead, by the maintainer's word.
        is_old: whether somebody should have looked at it again by now.
    """

    entry: ServiceEntry
    provider: str
    told: Sequence[Told]
    phones: Sequence[tuple[str, str]]
    related: Sequence[ServiceEntry]
    is_old: bool


def view_of(entry: ServiceEntry, catalogue: Catalogue, today: date) -> EntryView:
    """Return what the page of an entry shows today."""
    near = [*entry.related, *(confusion.id for confusion in entry.confused_with)]
    return EntryView(
        entry,
        entry.referral_body or entry.division,
        [Told(a, facts) for a in Aspect if (facts := entry.facts_about(a))],
        phones_in(entry.contact.phone),
        [catalogue.by_id[i] for i in dict.fromkeys(near) if i in catalogue.by_id],
        entry.is_past_review(today),
    )


def linked_data(view: EntryView, city: City, address: str) -> Mapping[str, Any]:
    """Return a page about an entry as JSON-LD: https://schema.org/GovernmentService.

    Args:
        address: of the page.
    """
    entry = view.entry
    is_citys = entry.kind is not Kind.REFERRAL
    channel: dict[str, Any] = {"@type": "ServiceChannel"}
    if entry.contact.online:
        channel["serviceUrl"] = entry.contact.online
    if view.phones:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": view.phones[0][0]}
    service: dict[str, Any] = {
        "@type": "GovernmentService" if is_citys else "Service",
        "name": entry.title,
        "description": entry.summary,
        "url": address,
        "provider": {
            "@type": "GovernmentOrganization" if is_citys else "Organization",
            "name": view.provider,
        },
        "areaServed": {"@type": "City", "name": city.name},
        "sameAs": entry.source_url,
    }
    if len(channel) > 1:
        service["availableChannel"] = channel
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": entry.title,
        "inLanguage": list(entry.languages),
        "lastReviewed": entry.last_verified.isoformat(),
        "mainEntity": service,
    }


def site_of(url: str) -> str:
    """Return the name of the site that an address is on, as a reader knows it (toronto.ca)."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
