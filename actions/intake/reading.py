"""What a text means as the answer to one question of an entry, and how an answer reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any

from actions.intake.choosing import chosen, unsure
from actions.intake.dates import day_said, spoken_day
from actions.intake.forms import is_skip, is_unknown, plain
from actions.intake.numbers import number_said
from services_catalog.definition import Attribute, Datatype

# What a case keeps of one line, and of more.
LONGEST_LINE = 500
LONGEST_TEXT = 1_600
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?")


@dataclass(frozen=True)
class Taken:
    """An answer: a key, a list of keys, a number, an ISO day or words.

    `is_words`: any text would be one.
    """

    value: Any
    is_words: bool = False


class Unread(Enum):
    """Why there is no answer in a text."""

    UNCLEAR = auto()
    UNKNOWN = auto()  # the resident does not know
    SKIP = auto()  # the resident leaves it out


Read = Taken | Unread


def read(attribute: Attribute, text: str, today: date) -> Read:
    """Return what a text means as the answer to a question."""
    if attribute.datatype.is_list and (keys := chosen(attribute, text)):
        return _as_answer(attribute, keys)
    if is_skip(text):
        return Unread.SKIP
    if is_unknown(text):
        keys = unsure(attribute)
        return _as_answer(attribute, keys) if keys else Unread.UNKNOWN
    value: Any = None
    match attribute.datatype:
        case Datatype.DATETIME:
            value = day_said(text, today)
        case Datatype.NUMBER:
            value = number_said(plain(text))
        case Datatype.STRING:
            return Taken(" ".join(text.split())[:LONGEST_LINE], is_words=True)
        case Datatype.TEXT:
            return Taken(text.strip()[:LONGEST_TEXT], is_words=True)
    return Unread.UNCLEAR if value is None else Taken(value)


def told(attribute: Attribute, value: Any) -> str:
    """Return an answer as the resident reads it."""
    by_key = attribute.value_by_key
    if isinstance(value, list | tuple):
        return ", ".join(by_key[k].name if k in by_key else str(k) for k in value)
    if attribute.datatype.is_list:
        return by_key[value].name if value in by_key else str(value)
    return spoken_day(value) if attribute.datatype is Datatype.DATETIME else str(value)


def still_valid(by_code: Mapping[str, Attribute], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the questions of today take: a maintainer may have changed them in between."""
    return {c: v for c, v in answers.items() if c in by_code and _is_valid(by_code[c], v)}


def _is_valid(attribute: Attribute, value: Any) -> bool:
    keys = attribute.value_by_key
    match attribute.datatype:
        case Datatype.MULTIVALUELIST:
            return isinstance(value, list) and bool(value) and all(k in keys for k in value)
        case Datatype.SINGLEVALUELIST | Datatype.YES_NO:
            return isinstance(value, str) and value in keys
        case Datatype.NUMBER:
            return isinstance(value, int | float)
        case Datatype.DATETIME:
            return isinstance(value, str) and bool(_MOMENT.fullmatch(value))
    return isinstance(value, str)


def _as_answer(attribute: Attribute, keys: tuple[str, ...]) -> Taken:
    is_many = attribute.datatype is Datatype.MULTIVALUELIST
    return Taken(list(keys) if is_many else keys[0])
