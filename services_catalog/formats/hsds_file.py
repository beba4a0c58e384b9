"""Entries as one HSDS 3.1 document, both ways. Pure.

What HSDS has a word for stands there and is read from there. What it has none for (example wordings, the text message's
answer, facts with their sources, intake questions) stands beside it under `ask311`, so that nothing is lost on the way.
A document of another system has no `ask311`: its services become drafts, and `check` says what they still need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services_catalog.formats.directory import Directory
from services_catalog.formats.values import VERSION, Ids
from services_catalog.model import Aspect, Catalogue, Kind, entry_to_dict
from services_catalog.packs import City
from services_catalog.places.types import PlaceTypes
from services_catalog.segments import SEGMENTS_AIMED_AT, count

OURS = "ask311"
# Read from HSDS's own words, so that an edit made there counts.
_IN_HSDS = ("title", "summary", "source_url", "last_verified", "languages")
_FACTS = {
    "application_process": Aspect.HOW,
    "fees_description": Aspect.COST,
    "eligibility_description": Aspect.WHO,
}


class DocumentNotRead(ValueError):
    """A document is no HSDS services document; the message says what is missing."""


def write_hsds(
    city: City, catalogue: Catalogue, modified: Mapping[str, datetime]
) -> dict[str, Any]:
    """Return the catalogue as a document.

    Args:
        modified: when each entry was changed last, by its id.
    """
    directory = Directory(city, catalogue, (), PlaceTypes(), modified)
    ids = Ids(city.jurisdiction_id)
    services = []
    for entry in catalogue.entries:
        ours = {k: v for k, v in entry_to_dict(entry).items() if k not in _IN_HSDS}
        whole = directory.services[ids.of("service", entry.id)]
        services.append({**whole, OURS: ours})
    return {"version": VERSION, "services": services}


def read_hsds(document: Any) -> list[dict[str, Any]]:
    """Return the services of a document as entries in plain values; `checks.py` says what they lack.

    Raises:
        DocumentNotRead: it has no services, or one has no name.
    """
    services = document.get("services") if isinstance(document, dict) else document
    if isinstance(document, dict) and services is None:
        services = document.get("contents")  # a page of an API's list
    if not isinstance(services, list):
        raise DocumentNotRead("This is no HSDS document: it needs a list, services.")
    return [_entry(number, service) for number, service in enumerate(services, 1)]


def _entry(number: int, service: Any) -> dict[str, Any]:
    if not isinstance(service, dict) or not isinstance(service.get("name"), str):
        raise DocumentNotRead(f"Service {number} has no name: each needs one.")
    data = dict(service[OURS]) if isinstance(service.get(OURS), dict) else _draft(service)
    data |= {
        "title": service["name"],
        "summary": service.get("description", ""),
        "source_url": service.get("url", ""),
        "languages": [
            language["code"] for language in service.get("languages", ()) if "code" in language
        ],
    }
    if service.get("assured_date"):
        data["last_verified"] = service["assured_date"]
    provider = (service.get("organization") or {}).get("name", "")
    if provider and data["kind"] != Kind.REFERRAL.value:
        data["division"] = provider
    return {k: v for k, v in data.items() if v not in ("", [], {})}


def _draft(service: Mapping[str, Any]) -> dict[str, Any]:
    phones: Sequence[Mapping[str, Any]] = service.get("phones") or ()
    urls: Sequence[Mapping[str, Any]] = service.get("additional_urls") or ()
    contact = {
        "phone": "; ".join(str(p["number"]) for p in phones if p.get("number")),
        "email": service.get("email") or "",
        "online": str(urls[0].get("url", "")) if urls else "",
    }
    names = re.split(r"[,;]", service.get("alternate_name") or "")
    return {
        "id": re.sub(r"[^a-z0-9]+", "_", service["name"].lower()).strip("_"),
        "kind": Kind.INFORMATION.value,
        "sms": _short(service.get("description") or ""),
        "contact": {k: v for k, v in contact.items() if v},
        "facts": list(_facts(service)),
        "also_called": [name.strip() for name in names if name.strip()],
        "questions": [],
        "owner": service.get("assurer_email") or "",
    }


def _facts(service: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    source = {"source": service["url"]} if service.get("url") else {}
    told = [(aspect, service.get(name)) for name, aspect in _FACTS.items()]
    told += [
        (Aspect.DOCUMENTS, one.get("document"))
        for one in service.get("required_documents") or ()
    ]
    told += [(Aspect.HOURS, one.get("description")) for one in service.get("schedules") or ()]
    for aspect, text in told:
        if text:
            yield {"field": aspect.value, "text": str(text), **source}


def _short(text: str) -> str:
    """Return the first sentences that fit a text message."""
    short = ""
    for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
        longer = f"{short} {sentence}".strip()
        if count(longer).segments > SEGMENTS_AIMED_AT:
            break
        short = longer
    return short
