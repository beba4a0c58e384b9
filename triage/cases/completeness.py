"""Whether a report has all that its service asks for. No database, no clock, no network here.

This is the gate: no case is opened that does not pass it, whoever brings it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services_catalog.definition import Attribute, Datatype, LocationRule, ServiceDefinition

Answer = str | float | bool | list[str]

LONGEST_LINE = 500
LONGEST_TEXT = 4_000
# What is missing beside answers, by the name that stands for it.
LOCATION, CONTACT = "location", "contact"


@dataclass(frozen=True)
class Complete:
    """All is there: the answers that count, each in its one form."""

    answers: dict[str, Answer]


@dataclass(frozen=True)
class Incomplete:
    """What is missing: codes of questions in their order, then `location`, `contact`."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class NotValid:
    """An answer that the question cannot have, and why."""

    attribute: str
    why: str


@dataclass(frozen=True)
class NotTheCitys:
    """An answer that makes it somebody else's job: whose, in the entry's own words."""

    attribute: str
    referral: str


@dataclass(frozen=True)
class AnotherMatter:
    """An answer that makes it a matter of another entry, or of danger to life."""

    attribute: str
    instead: str = ""
    danger: str = ""


Finding = Complete | Incomplete | NotValid | NotTheCitys | AnotherMatter


def check(
    definition: ServiceDefinition,
    answers: Mapping[str, Any],
    *,
    has_location: bool,
    has_contact: bool,
    photos: int = 0,
) -> Finding:
    """Return what stands between a report and its case: first what is wrong, last what is missing.

    Args:
        answers: by the question's code. What was answered to a question that does not apply, as after a change of
            mind, does not count.
        has_contact: there is an email address or a telephone number.
        photos: how many came along; any answers a question for a photo.
    """
    for code in answers:
        if code not in definition.by_code:
            return NotValid(code, "There is no such question.")
    kept: dict[str, Answer] = {}
    missing: list[str] = []
    for attribute in definition.attributes:
        if not attribute.applies(kept):
            continue
        given = answers.get(attribute.code)
        if _is_empty(given):
            is_answered = attribute.datatype is Datatype.PHOTO and photos
            if attribute.required and not is_answered:
                missing.append(attribute.code)
            continue
        answer = _READ[attribute.datatype](attribute, given)
        if isinstance(answer, NotValid):
            return answer
        kept[attribute.code] = answer
    if elsewhere := _elsewhere(definition, kept):
        return elsewhere
    if definition.location is LocationRule.REQUIRED and not has_location:
        missing.append(LOCATION)
    if not definition.anonymous and not has_contact:
        missing.append(CONTACT)
    return Incomplete(tuple(missing)) if missing else Complete(kept)


def _elsewhere(
    definition: ServiceDefinition, answers: Mapping[str, Answer]
) -> NotTheCitys | AnotherMatter | None:
    for code, answer in answers.items():
        values = definition.by_code[code].value_by_key
        for key in answer if isinstance(answer, list) else [answer]:
            value = values.get(str(key))
            if value is None:
                continue
            if value.danger or value.instead:
                return AnotherMatter(code, value.instead, value.danger)
            if value.referral:
                return NotTheCitys(code, value.referral)
    return None


def _is_empty(given: Any) -> bool:
    return given is None or given == [] or (isinstance(given, str) and not given.strip())


# ── how each kind of answer is read ──


def _text(attribute: Attribute, given: Any) -> Answer | NotValid:
    longest = LONGEST_TEXT if attribute.datatype is Datatype.TEXT else LONGEST_LINE
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return NotValid(attribute.code, "Words are wanted here.")
    words = str(given).strip()
    if len(words) > longest:
        return NotValid(attribute.code, f"At most {longest} characters are kept here.")
    return words


def _number(attribute: Attribute, given: Any) -> Answer | NotValid:
    fault = NotValid(attribute.code, "A number is wanted here.")
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return fault
    try:
        number = float(given)
    except ValueError:
        return fault
    if not math.isfinite(number):
        return fault
    return int(number) if number.is_integer() else number


def _moment(attribute: Attribute, given: Any) -> Answer | NotValid:
    try:
        datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return NotValid(
            attribute.code, "A date is wanted here, as 2026-11-29 or 2026-11-29T14:30."
        )
    return str(given)


def _one(attribute: Attribute, given: Any) -> Answer | NotValid:
    if isinstance(given, bool) and attribute.datatype is Datatype.YES_NO:
        given = "yes" if given else "no"
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if str(given) not in attribute.value_by_key or isinstance(given, bool | list):
        return NotValid(attribute.code, _choose_from(attribute))
    return str(given)


def _several(attribute: Attribute, given: Any) -> Answer | NotValid:
    keys = [str(k) for k in (given if isinstance(given, list) else [given])]
    known = attribute.value_by_key
    if any(k not in known for k in keys):
        return NotValid(attribute.code, _choose_from(attribute))
    # In the entry's order, each once.
    return [k for k in known if k in keys]


def _choose_from(attribute: Attribute) -> str:
    return f"One of these is wanted here: {', '.join(attribute.value_by_key)}."


_READ: Mapping[Datatype, Callable[[Attribute, Any], Answer | NotValid]] = {
    Datatype.STRING: _text,
    Datatype.TEXT: _text,
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _moment,
    Datatype.SINGLEVALUELIST: _one,
    Datatype.MULTIVALUELIST: _several,
    Datatype.YES_NO: _one,
    Datatype.PHOTO: _text,
}
