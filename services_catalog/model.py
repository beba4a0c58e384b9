"""What a catalogue holds: frozen values in Open311 and HSDS words. No files, no database, no search here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from services_catalog.definition import (
    ServiceDefinition,
    definition_from_dict,
    definition_to_dict,
)


class Kind(StrEnum):
    """What a resident can get from an entry."""

    INFORMATION = "information"  # an answer
    REQUEST = "request"  # work by the City, asked for with a report
    BOTH = "both"  # an answer, and a report if it is still needed
    REFERRAL = "referral"  # another body's job: whose, and how to reach them
    PLACE = "place"  # somewhere to go


class Aspect(StrEnum):
    """What a fact tells: the part of an entry that a resident can ask about by itself."""

    WHAT = "what"
    HOW = "how"
    COST = "cost"
    HOURS = "hours"
    WHO = "who"
    DOCUMENTS = "documents"
    DEADLINE = "deadline"
    CONTACT = "contact"
    WHERE = "where"
    TIME = "time"
    RULE = "rule"


@dataclass(frozen=True)
class Fact:
    """One thing that is known about a service, with where it was read and how old that is."""

    aspect: Aspect
    text: str
    source: str = ""  # address of the page that it was read on; empty when unverified
    as_of: str = (
        ""  # how old the source is, in its own words ("2018", "before 2018", "unknown")
    )
    unverified: bool = False  # general knowledge: said only with the advice to check


@dataclass(frozen=True)
class Contact:
    """How to reach whoever does this: empty where it is not known."""

    phone: str = ""
    email: str = ""
    online: str = ""


@dataclass(frozen=True)
class Confusion:
    """The one question that tells an entry from a neighbour that residents' words mix it up with."""

    id: str  # the neighbour's id
    ask: str  # put to the resident
    this: str  # the answer that means this entry
    other: str  # the answer that means the neighbour


@dataclass(frozen=True)
class ServiceEntry:
    """A service as a resident meets it: what it is, what is known, and the words it is asked for in."""

    id: str
    kind: Kind
    title: str
    division: str
    summary: str  # the web chat's answer
    sms: str  # the text message's answer, aimed at two segments
    contact: Contact
    facts: tuple[Fact, ...]
    also_called: tuple[str, ...]
    questions: tuple[str, ...]
    source_url: str
    last_verified: date
    review_by: date
    owner: str
    section: str = ""
    # What a report of it needs; None: it cannot be reported here.
    request: ServiceDefinition | None = None
    referral_body: str = ""  # for referrals: whose job it is
    referral_reach: str = ""  # for referrals: how to reach them
    confused_with: tuple[Confusion, ...] = ()
    related: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)

    @property
    def requestable(self) -> bool:
        """Say whether a resident can report it here."""
        return self.request is not None

    def facts_about(self, aspect: Aspect) -> tuple[Fact, ...]:
        """Return the facts about one aspect, in the maintainer's order."""
        return tuple(f for f in self.facts if f.aspect is aspect)

    def is_past_review(self, today: date) -> bool:
        """Say whether the entry's owner should have looked at it again by now."""
        return today > self.review_by


@dataclass(frozen=True)
class Catalogue:
    """All entries of a city as they stood at one revision."""

    city: str
    revision: int
    entries: tuple[ServiceEntry, ...]
    # Messages of the kinds that no city service covers, so that search learns to say so.
    uncovered: tuple[str, ...] = ()
    by_id: dict[str, ServiceEntry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {e.id: e for e in self.entries})


def entry_to_dict(entry: ServiceEntry) -> dict[str, Any]:
    """Return the entry as plain values, in the words and order of a pack's file, ready for JSON or YAML."""
    data: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind.value,
        "title": entry.title,
        "division": entry.division,
        "section": entry.section,
        "summary": entry.summary,
        "sms": entry.sms,
        "contact": {k: v for k, v in asdict(entry.contact).items() if v},
        "referral": {"body": entry.referral_body, "reach": entry.referral_reach},
        "facts": [fact_to_dict(f) for f in entry.facts],
        "also_called": list(entry.also_called),
        "questions": list(entry.questions),
        "confused_with": [asdict(c) for c in entry.confused_with],
        "related": list(entry.related),
        "request": definition_to_dict(entry.request) if entry.request else {},
        "source_url": entry.source_url,
        "last_verified": entry.last_verified.isoformat(),
        "review_by": entry.review_by.isoformat(),
        "owner": entry.owner,
        "languages": list(entry.languages),
    }
    if entry.kind is not Kind.REFERRAL:
        del data["referral"]
    return {k: v for k, v in data.items() if v not in ("", [], {}, False)}


def fact_to_dict(fact: Fact) -> dict[str, Any]:
    """Return the fact as plain values; the aspect goes by the catalogue's word, `field`."""
    data = {"field": fact.aspect.value, "text": fact.text, "source": fact.source}
    data |= {"as_of": fact.as_of}
    if fact.unverified:
        data["unverified"] = True  # type: ignore[assignment]
    return {k: v for k, v in data.items() if v != ""}


def entry_from_dict(data: dict[str, Any]) -> ServiceEntry:
    """Build an entry from plain values as `entry_to_dict` gives them.

    Raises:
        KeyError, ValueError, TypeError: a value is missing or not of its kind. `checks.py` explains
            the same faults in a maintainer's words; call it first for anything a person wrote.
    """
    referral = data.get("referral") or {}
    return ServiceEntry(
        id=data["id"],
        kind=Kind(data["kind"]),
        title=data["title"],
        division=data["division"],
        section=data.get("section", ""),
        request=definition_from_dict(data["request"]) if data.get("request") else None,
        summary=" ".join(data["summary"].split()),
        sms=" ".join(data["sms"].split()),
        contact=Contact(**{k: str(v) for k, v in (data.get("contact") or {}).items()}),
        referral_body=referral.get("body", ""),
        referral_reach=referral.get("reach", ""),
        facts=tuple(
            Fact(
                Aspect(f["field"]),
                " ".join(f["text"].split()),
                f.get("source", ""),
                str(f.get("as_of", "")),
                bool(f.get("unverified", False)),
            )
            for f in data.get("facts", ())
        ),
        also_called=tuple(data.get("also_called", ())),
        questions=tuple(data.get("questions", ())),
        confused_with=tuple(Confusion(**c) for c in data.get("confused_with", ())),
        related=tuple(data.get("related", ())),
        source_url=data["source_url"],
        last_verified=_day(data["last_verified"]),
        review_by=_day(data["review_by"]),
        owner=data["owner"],
        languages=tuple(data.get("languages", ("en",))),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
