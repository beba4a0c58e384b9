"""An entry as residents would see it, while it is being written: on the web, by text message, and as a report is taken.
Pure: what is missing yet is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services_catalog.definition import (
    Attribute,
    Datatype,
    ServiceDefinition,
    definition_from_dict,
)
from services_catalog.model import Kind, ServiceEntry, entry_from_dict
from services_catalog.readability import HardParts, grade, hard_parts
from services_catalog.segments import Segments, count
from services_catalog.wording import (
    REPORT_NOW,
    by_text,
    choice_labels,
    in_chat,
    location_words,
    question_words,
    report_here,
)
from triage.conversations.schemas import Outcome, Sender
from triage.texting.wording import worded


@dataclass(frozen=True)
class Text:
    """One text message, and what it costs."""

    words: str
    segments: Segments


@dataclass(frozen=True)
class Preview:
    """The answers of an entry.

    Attributes:
        texts: the first is sent at once, the others on request.
        grade: the school grade that the web's answer reads at.
    """

    web: str
    choices: Sequence[str]
    source_url: str
    texts: Sequence[Text]
    grade: float
    hard: HardParts


@dataclass(frozen=True)
class Asked:
    """A question of a report as it is put."""

    words: str
    choices: Sequence[str]
    text: Text
    when: str = ""  # after which answers alone; empty: always
    may_be_left_out: bool = False
    ends: Sequence[tuple[str, str]] = ()  # answers that end the report, with what is said then


def preview_of(content: Mapping[str, Any], today: date, phone: str) -> Preview:
    """Return an entry's answers as they would be said today, in a city with this phone number."""
    entry = _entry(content, today)
    choices = [REPORT_NOW] if content.get("request") else []
    web, short = in_chat(entry, today), by_text(entry, today)
    if choices:
        web, short = report_here(web, phone), report_here(short, phone)
    message = {
        "from": Sender.ASSISTANT,
        "outcome": Outcome.ANSWER,
        "text": web,
        "short": short,
        "source_url": entry.source_url,
        "choices": _choices(choices),
    }
    texts = [Text(part, count(part)) for part in worded(message).parts] if entry.sms else []
    return Preview(
        web, choices, entry.source_url, texts, grade(entry.summary), hard_parts(entry.summary)
    )


def asked_of(content: Mapping[str, Any]) -> list[Asked] | None:
    """Return the questions of a report in the order in which they are put; None: they cannot be read yet."""
    try:
        definition = definition_from_dict(content.get("request") or {})
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return list(_asked(definition))


def _asked(definition: ServiceDefinition) -> Iterator[Asked]:
    by_code = definition.by_code
    for attribute in definition.attributes[: definition.deciding]:
        yield _question(attribute, by_code)
    if where := location_words(definition):
        words, skip = where
        yield Asked(words, skip, _text(words, skip), may_be_left_out=bool(skip))
    for attribute in definition.attributes[definition.deciding :]:
        yield _question(attribute, by_code)


def _question(attribute: Attribute, by_code: Mapping[str, Attribute]) -> Asked:
    words, choices = question_words(attribute), choice_labels(attribute)
    has_numbers = attribute.datatype is not Datatype.NUMBER
    return Asked(
        words,
        choices,
        _text(words, choices, has_numbers=has_numbers),
        _when(attribute, by_code),
        not attribute.required,
        [
            (v.name, v.referral or (f"Goes on as {v.instead}" if v.instead else "Safety text"))
            for v in attribute.values
            if v.ends
        ],
    )


def _when(attribute: Attribute, by_code: Mapping[str, Attribute]) -> str:
    parts = []
    for code, keys in attribute.only_if.items():
        earlier = by_code.get(code)
        names = {v.key: v.name for v in earlier.values} if earlier else {}
        asked = earlier.description if earlier else code
        parts.append(f'"{asked}" is answered {" or ".join(names.get(k, k) for k in keys)}')
    return " and ".join(parts)


def _text(words: str, choices: Sequence[str], *, has_numbers: bool = True) -> Text:
    message = {
        "from": Sender.ASSISTANT,
        "outcome": Outcome.INTAKE,
        "text": words,
        "choices": _choices(choices),
    }
    said = worded(message, has_numbers=has_numbers).parts[0]
    return Text(said, count(said))


def _choices(labels: Sequence[str]) -> list[dict[str, str]]:
    return [{"label": label, "choice_id": str(n)} for n, label in enumerate(labels)]


def _entry(content: Mapping[str, Any], today: date) -> ServiceEntry:
    """Return an entry of what there is; what cannot be read yet is left out."""
    day = today.isoformat()
    blank: dict[str, Any] = {
        name: "" for name in ("title", "division", "summary", "sms", "source_url", "owner")
    }
    texts = {name: str(content.get(name, "")) for name in blank}
    dates = {}
    for name in ("last_verified", "review_by"):
        try:
            dates[name] = date.fromisoformat(str(content.get(name))).isoformat()
        except ValueError:
            dates[name] = day
    return entry_from_dict(
        {"id": str(content.get("id", "")), "kind": Kind.INFORMATION, **texts, **dates}
    )
