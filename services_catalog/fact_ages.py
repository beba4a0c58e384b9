"""How old what is known is, as it is said to residents. Pure.

A fact that is told says its age itself. A summary tells many at once; of these only what moves is said to be old or without
a date: what something costs, when it is open, until when and how long, where the summary gives the fact's own figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from services_catalog.model import Aspect, Fact, ServiceEntry

# A source this many years old is named with its year: prices and rules may have moved since.
OLD_AFTER_YEARS = 3
# A source says when it is from by a year, or by being the newest there is.
_SAYS_WHEN = re.compile(r"\b(?:19|20)\d\d|recent|current|new|latest|live", re.IGNORECASE)
# What moves, as a summary's reader calls it.
_MOVES: Mapping[Aspect, str] = {
    Aspect.COST: "the cost",
    Aspect.HOURS: "the hours",
    Aspect.DEADLINE: "the deadline",
    Aspect.TIME: "how long it takes",
}
_PHONE = re.compile(r"\b(?:1-)?\d{3}-\d{3}-\d{4}\b|\b[2-9]11\b")
_FIGURE = re.compile(r"\$?\d(?:[\d.,:]*\d)?")


def age_of(fact: Fact, today: date) -> str:
    """Return what is said of a fact's age; empty where it is new enough."""
    if (year := old_since(fact.as_of, today)) is not None:
        return f"this is from {year}" if year else "this is from an older page"
    if fact.source and not _SAYS_WHEN.search(fact.as_of) and "undated" not in fact.text:
        return "the source has no date"
    return ""


def old_since(as_of: str, today: date) -> int | None:
    """Return the year that an old source is from, 0 when it is old without a year, None when not old."""
    years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", as_of)]
    if years:
        return max(years) if today.year - max(years) >= OLD_AFTER_YEARS else None
    return 0 if as_of.startswith("older") else None


def ages_in_summary(entry: ServiceEntry, today: date) -> list[str]:
    """Return what is said behind a summary of the figures in it that are old or without a date; nothing of others."""
    told = _figures(entry.summary)
    by_age: dict[str, list[str]] = defaultdict(list)
    for aspect, called in _MOVES.items():
        facts = [f for f in entry.facts_about(aspect) if _figures(f.text) & told]
        ages = [age for f in facts if (age := age_of(f, today))]
        if ages and not _says_itself(entry.summary, ages[0]):
            by_age[ages[0]].append(called)
    said = [f"Please check {' and '.join(names)}: {age}." for age, names in by_age.items()]
    return [" ".join(said)] if said else []


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(_PHONE.sub("", text)))


def _says_itself(summary: str, age: str) -> bool:
    year = re.search(r"\d{4}", age)
    return bool(year and year[0] in summary)
