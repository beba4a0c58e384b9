"""What comes next in a report: one pure function of the entry's definition and what is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.intake.memory import IntakeMemory, Topic
from services_catalog.definition import (
    Attribute,
    AttributeValue,
    Datatype,
    LocationRule,
    ServiceDefinition,
)


@dataclass(frozen=True)
class AskAttribute:
    """Put one of the entry's questions."""

    attribute: Attribute


@dataclass(frozen=True)
class AskLocation:
    """Ask where."""


@dataclass(frozen=True)
class LookNear:
    """See whether it was reported already, within so many metres."""

    metres: int


@dataclass(frozen=True)
class AskContact:
    """Ask how the resident can be reached."""


@dataclass(frozen=True)
class Join:
    """Have them join another's report."""

    reference: str


@dataclass(frozen=True)
class ReadBack:
    """Everything is known: read it back and ask whether to send it."""


@dataclass(frozen=True)
class Divert:
    """An answer makes it somebody else's matter, another entry's, or a danger. The value says which."""

    attribute: Attribute
    value: AttributeValue


Step = AskAttribute | AskLocation | LookNear | AskContact | Join | ReadBack | Divert


def next_step(definition: ServiceDefinition, memory: IntakeMemory) -> Step:
    """Return what comes next.

    The entry's questions come in its maintainer's order. Where is asked after those that decide whose job it is,
    so that nobody gives an address for nothing, and before the others.
    """
    if diverted := diverting(definition, memory.answers):
        return diverted
    for asked in _questions(definition, memory):
        if isinstance(asked, AskLocation) or _is_open(asked.attribute, memory):
            return asked
    if definition.join_within and memory.spot and not memory.knows_near:
        return LookNear(definition.join_within)
    if memory.contact is None:
        return AskContact()
    return Join(memory.joining) if memory.joining else ReadBack()


def diverting(definition: ServiceDefinition, answers: Mapping[str, Any]) -> Divert | None:
    """Return the answer that makes it another's matter, if there is one; danger before all else."""
    found = []
    for attribute in definition.attributes:
        if attribute.code not in answers or not attribute.applies(answers):
            continue
        given = answers[attribute.code]
        keys = given if isinstance(given, list | tuple) else (given,)
        found += [Divert(attribute, v) for v in attribute.values if v.key in keys and v.ends]
    # Sorting keeps the order of the questions otherwise.
    return min(found, key=lambda d: not d.value.danger, default=None)


def not_diverting(attribute: Attribute, answers: Mapping[str, Any]) -> list[str]:
    """Return the keys of a question with several answers that do not end the report."""
    given = answers.get(attribute.code)
    by_key = attribute.value_by_key
    return [k for k in given if not by_key[k].ends] if isinstance(given, list) else []


def optional_left(definition: ServiceDefinition, memory: IntakeMemory) -> list[Attribute]:
    """Return the questions that may be left out, apply, and were neither answered nor left out."""
    return [
        a
        for a in definition.attributes
        if not a.required
        and a.applies(memory.answers)
        and a.code not in memory.answers
        and a.code not in memory.skipped
        and not (a.datatype is Datatype.PHOTO and memory.photos)
    ]


def _questions(
    definition: ServiceDefinition, memory: IntakeMemory
) -> Iterator[AskAttribute | AskLocation]:
    for attribute in definition.attributes[: definition.deciding]:
        yield AskAttribute(attribute)
    if _asks_where(definition, memory):
        yield AskLocation()
    for attribute in definition.attributes[definition.deciding :]:
        yield AskAttribute(attribute)


def _asks_where(definition: ServiceDefinition, memory: IntakeMemory) -> bool:
    if memory.spot or definition.location is LocationRule.NONE:
        return False
    if definition.location is LocationRule.REQUIRED:
        return True
    return memory.wants_optional and Topic.LOCATION not in memory.skipped


def _is_open(attribute: Attribute, memory: IntakeMemory) -> bool:
    if attribute.code in memory.answers or not attribute.applies(memory.answers):
        return False
    if attribute.datatype is Datatype.PHOTO and memory.photos:
        return False
    if attribute.required:
        return attribute.datatype is not Datatype.PHOTO or attribute.code not in memory.skipped
    return memory.wants_optional and attribute.code not in memory.skipped
