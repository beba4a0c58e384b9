"""How an entry and its questions are said, where both the assistant and the preview of its maintainer say them. Pure."""

from __future__ import annotations

import re
from datetime import date

from services_catalog.definition import Attribute, Datatype, LocationRule, ServiceDefinition
from services_catalog.fact_ages import ages_in_summary
from services_catalog.model import ServiceEntry

SKIP_LABEL = "Skip this"
WHERE = "Where is it? Send an address or the nearest corner."
REPORT_NOW = "Report this now"
SEVERAL = 'Please pick one or more, or write their numbers, like "1 and 3".'


_TELL_ME = ("tell me here", "Tell me here")
_WEBSITE = r"(?:www\.)?[a-z0-9-]+(?:\.[a-z]+)+(?:/\w+)*"


def in_chat(entry: ServiceEntry, today: date) -> str:
    """Return an entry as the web chat says it to whoever asks for it without more."""
    return "\n\n".join(
        [entry.summary, *ages_in_summary(entry, today), *past_review(entry, today)]
    )


def by_text(entry: ServiceEntry, today: date) -> str:
    """Return an entry as a text message says it."""
    # First: what stands behind may come only with the next text.
    return "\n".join([*past_review_short(entry, today), entry.sms])


def past_review(entry: ServiceEntry, today: date) -> list[str]:
    """Return what is said of an entry that somebody should have looked at again by now; nothing of another."""
    if not entry.is_past_review(today):
        return []
    return [
        f"We last checked this on {last_checked(entry)}, so please make sure before you rely on it."
    ]


def past_review_short(entry: ServiceEntry, today: date) -> list[str]:
    """Do what `past_review` does, for a text message."""
    if not entry.is_past_review(today):
        return []
    return [f"Last checked {last_checked(entry)}, so please make sure."]


def last_checked(entry: ServiceEntry) -> str:
    """Return the day that an entry's facts are good for, as people write it."""
    return f"{entry.last_verified:%B} {entry.last_verified.day}, {entry.last_verified.year}"


def question_words(attribute: Attribute) -> str:
    """Return a question as it is put; one of several answers says so."""
    is_many = attribute.datatype is Datatype.MULTIVALUELIST
    says_many = "more" in attribute.description
    hint = f" {SEVERAL}" if is_many and not says_many else ""
    return f"{attribute.description}{hint}"


def choice_labels(attribute: Attribute) -> list[str]:
    """Return what can be picked at a question."""
    listed = [v.name for v in attribute.values] if attribute.datatype.is_list else []
    return listed if attribute.required else [*listed, SKIP_LABEL]


def location_words(definition: ServiceDefinition) -> tuple[str, list[str]] | None:
    """Return how the place is asked for and what can be picked there; None: it is not asked for."""
    if definition.location is LocationRule.NONE:
        return None
    skip = [] if definition.location is LocationRule.REQUIRED else [SKIP_LABEL]
    return definition.location_question or WHERE, skip


def report_here(text: str, phone: str) -> str:
    """Return an answer about what can be reported here with that offered where it says to call or to go to a website.

    Advice to call at once, which names no website, stays.
    """
    elsewhere = re.compile(
        rf"\b(?:call|phone|report to|tell) {re.escape(phone)}(?:,? or (?:(?:go to|use) )?{_WEBSITE}| (?=with\b))",
        re.IGNORECASE,
    )
    by_calling = re.compile(rf"\bby calling {re.escape(phone)} or at {_WEBSITE}", re.IGNORECASE)
    told = elsewhere.sub(lambda m: _TELL_ME[m[0][0].isupper()] + " " * m[0].endswith(" "), text)
    return by_calling.sub("here", told)
