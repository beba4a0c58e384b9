"""How what was found reads to a resident on the web. Pure: values in, replies out.

Answers are composed of the catalogue's own texts; every other sentence is a `Wording` of bot/domain/, but for
the few words that tie a fact to its age.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.names import Outcome, Wording
from services_catalog.model import Aspect, Fact, ServiceEntry
from services_catalog.search.aspects import aspect_of
from services_catalog.search.choose import Answer, Choices, NotFound
from services_catalog.search.index import Match
from services_catalog.text import terms, words

# A source this many years old is named with its year: prices and rules may have moved since.
OLD_AFTER_YEARS = 3
MOST_FACTS = 2
# A sentence of the summary that shares this much of its words with a fact just told is not said again.
SAME_SHARE = 0.6
MOST_MATCHES = 5

PERSON = {"label": "Talk to a person", "service_id": None, "value": {"move": "person"}}

# What an aspect is called where nothing is known about it.
CALLED: Mapping[Aspect, str] = {
    Aspect.WHAT: "more",
    Aspect.HOW: "how to do this",
    Aspect.COST: "the cost",
    Aspect.HOURS: "the hours",
    Aspect.WHO: "who can use this",
    Aspect.DOCUMENTS: "what to bring",
    Aspect.DEADLINE: "the deadline",
    Aspect.CONTACT: "a contact",
    Aspect.WHERE: "the place",
    Aspect.TIME: "how long it takes",
    Aspect.RULE: "the rule",
}


@dataclass(frozen=True)
class Reply:
    """One reply: its words (a text, or a wording to be filled), and where they come from."""

    outcome: Outcome
    text: str = ""
    wording: Wording | None = None
    filled_with: Mapping[str, str] = field(default_factory=dict)
    service_id: str | None = None
    revision: int | None = None
    confidence: float | None = None
    source_url: str | None = None
    last_verified: str | None = None
    choices: Sequence[Mapping[str, Any]] = ()
    places: Sequence[Mapping[str, Any]] = ()
    location: Mapping[str, Any] | None = None
    ask: str = ""  # what the page can help with: "location"
    # What to know with the next message; None forgets.
    remember: Mapping[str, Any] = field(default_factory=dict)
    unanswered: bool = False
    matches: Sequence[Mapping[str, Any]] = ()

    def fields(self) -> dict[str, Any]:
        """Return what travels beside the words, without what does not apply."""
        told = {
            "text": self.text,
            "outcome": self.outcome.value,
            "service_id": self.service_id,
            "revision": self.revision,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "source_url": self.source_url,
            "last_verified": self.last_verified,
            "choices": list(self.choices),
            "places": list(self.places),
            "location": self.location,
            "ask": self.ask,
            "remember": dict(self.remember),
            "unanswered": self.unanswered,
            "matches": list(self.matches),
        }
        return {k: v for k, v in told.items() if v not in (None, "", [], {}, False)}


def answer(found: Answer, revision: int, today: date, phone: str) -> Reply:
    """Say what an entry says: the fact that was asked for first, if one was."""
    return Reply(
        Outcome.ANSWER,
        text=spoken(found, today, phone),
        service_id=found.entry.id,
        revision=revision,
        confidence=found.confidence,
        source_url=found.entry.source_url,
        last_verified=found.entry.last_verified.isoformat(),
        matches=_matches(found.matches),
    )


def choices(found: Choices, revision: int) -> Reply:
    """Offer what may be meant; put the deciding question where there is one."""
    aspect = aspect_of(found.matter)
    options = [
        {"label": o.label, "service_id": o.entry.id, "value": _value(o.entry.id, aspect)}
        for o in found.options
    ]
    return Reply(
        Outcome.CHOICES,
        text=found.question,
        wording=None if found.question else Wording.WHICH,
        revision=revision,
        confidence=found.matches[0].confidence if found.matches else None,
        choices=options,
        matches=_matches(found.matches),
    )


def not_found(found: NotFound, revision: int, *, before: int, is_part: bool = False) -> Reply:
    """Say that nothing was found; the second time in a row, how to reach a person now."""
    if found.elsewhere:
        wording, filling = Wording.ELSEWHERE, {"place": found.elsewhere}
    elif is_part:
        wording, filling = Wording.NOT_FOUND_MATTER, {"matter": _quoted(found.matter)}
    else:
        wording, filling = (Wording.NOT_FOUND_AGAIN if before else Wording.NOT_FOUND), {}
    return Reply(
        Outcome.NOT_FOUND,
        wording=wording,
        filled_with=filling,
        revision=revision,
        choices=(PERSON,),
        unanswered=True,
        matches=_matches(found.matches),
    )


def small_talk(wording: Wording, *, offer_person: bool = False) -> Reply:
    """Say one of the fixed texts."""
    return Reply(Outcome.SMALL_TALK, wording=wording, choices=(PERSON,) if offer_person else ())


def spoken(found: Answer, today: date, phone: str) -> str:
    """Return an answer's words; `phone` is where the city confirms what is not verified."""
    entry, aspect = found.entry, found.aspect
    # What it is, how and where are what a summary says; a follow-up asks for more than that.
    is_summary = aspect in (Aspect.HOW, Aspect.WHAT, Aspect.WHERE) and not found.is_follow_up
    facts = best_facts(entry, aspect, found.matter) if aspect and not is_summary else []
    if facts:
        told = " ".join(with_age(f, today, phone) for f in facts)
        rest = "" if found.is_follow_up else summary_without(entry.summary, facts)
        parts = [told, rest]
    elif aspect and found.is_follow_up:
        parts = [f"I do not know {CALLED[aspect]}. This is what I have:", entry.summary]
    else:
        parts = [entry.summary]
    if entry.is_past_review(today):
        last = f"{entry.last_verified:%B} {entry.last_verified.day}, {entry.last_verified.year}"
        parts.append(
            f"We last checked this on {last}, so please make sure before you rely on it."
        )
    return "\n\n".join(p for p in parts if p)


def best_facts(entry: ServiceEntry, aspect: Aspect, matter: str) -> list[Fact]:
    """Return the facts of an aspect that are nearest to the question, in the maintainer's order."""
    facts = entry.facts_about(aspect)
    asked = set(terms(words(matter)))
    shared = [len(asked & set(terms(words(f.text)))) for f in facts]
    nearest = sorted(range(len(facts)), key=lambda n: (-shared[n], n))[:MOST_FACTS]
    return [facts[n] for n in sorted(nearest)]


def with_age(fact: Fact, today: date, phone: str) -> str:
    """Return a fact's words, with its age where it is old and advice to check where it is not verified."""
    notes = []
    if (year := old_since(fact.as_of, today)) is not None:
        notes.append(f"this is from {year}" if year else "this is from an older page")
    if fact.unverified:
        notes.append(f"please check with {phone}")
    if not notes:
        return fact.text
    note = "; ".join(notes)
    return f"{fact.text} ({note[0].upper()}{note[1:]}.)"


def old_since(as_of: str, today: date) -> int | None:
    """Return the year that an old source is from, 0 when it is old without a year, None when not old."""
    years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", as_of)]
    if years:
        return max(years) if today.year - max(years) >= OLD_AFTER_YEARS else None
    return 0 if as_of.startswith("older") else None


def summary_without(summary: str, told: Sequence[Fact]) -> str:
    """Return a summary without the sentences that say again what was just told."""
    said = set(terms(w for f in told for w in words(f.text)))
    kept = []
    for sentence in re.split(r"(?<=[.!?])\s+", summary):
        telling = set(terms(words(sentence)))
        if not telling or len(telling & said) / len(telling) < SAME_SHARE:
            kept.append(sentence)
    return " ".join(kept)


def _value(service_id: str, aspect: Aspect | None) -> dict[str, str]:
    value = {"service_id": service_id}
    # The fact that was asked for is still wanted after the pick.
    return value | {"aspect": aspect.value} if aspect else value


def _matches(matches: Sequence[Match]) -> list[dict[str, Any]]:
    return [
        {"service_id": m.entry.id, "confidence": round(m.confidence, 4)}
        for m in matches[:MOST_MATCHES]
    ]


def _quoted(matter: str) -> str:
    plain = " ".join(matter.split())
    return plain if len(plain) <= 80 else f"{plain[:77].rsplit(' ', 1)[0]}..."
