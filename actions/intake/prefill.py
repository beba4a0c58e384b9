"""Answers that a message holds before they are asked for: "a big branch fell on my car last night". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.intake.choosing import said_of
from actions.intake.dates import day_within
from services_catalog.definition import Attribute, Datatype, ServiceDefinition


def prefill(
    definition: ServiceDefinition,
    text: str,
    today: date,
    answers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return answers by code: those given, and those that the text holds and that were not given yet.

    A choice counts only by a whole phrase of its own that is not denied. Where two choices of one are said,
    neither is taken. Words and numbers are never guessed at.

    Args:
        definition: the questions.
        text: what the resident wrote, without the names of places in it ("12 Park Rd" is no park).
        today: the day it was written.
        answers: what is known already.
    """
    known = dict(answers or {})
    has_day = any(
        a.code in known for a in definition.attributes if a.datatype is Datatype.DATETIME
    )
    for attribute in definition.attributes:
        if attribute.code in known or not attribute.applies(known):
            continue
        value = _found(attribute, text, today, has_day=has_day)
        if value is not None:
            known[attribute.code] = value
            has_day = has_day or attribute.datatype is Datatype.DATETIME
    return known


def _found(attribute: Attribute, text: str, today: date, *, has_day: bool) -> Any:
    if attribute.datatype is Datatype.DATETIME:
        # One day in a sentence is the answer to the first question for a day.
        return None if has_day else day_within(text, today)
    if not attribute.datatype.is_list:
        return None
    affirmed, denied = said_of(attribute, text)
    if attribute.datatype is Datatype.MULTIVALUELIST:
        return list(affirmed) or None
    if len(affirmed) == 1:
        return affirmed[0]
    if attribute.datatype is Datatype.YES_NO and denied == ("yes",) and not affirmed:
        return "no"
    return None
