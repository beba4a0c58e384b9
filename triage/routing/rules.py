"""Which queue a case goes to: the first rule that fits wins, and says why. No files, no database, no clock here.

The rules are a city's data (pack.py reads them). A decision carries what it was made from and what else would have
fitted, so that staff can see why a case came to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Priority(StrEnum):
    """How soon a case is to be looked at among those of its queue."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"


@dataclass(frozen=True)
class Queue:
    """Where the cases of one team wait."""

    id: str
    name: str
    division: str
    # No rule sends a case here; staff move one here.
    by_hand: bool = False
    line: int = 0  # where it was written


@dataclass(frozen=True)
class Condition:
    """What a rule looks at. Each part that is given must fit; within a part any of its values will do."""

    services: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, facts: Facts) -> bool:
        """Say whether a case's facts are what this looks for."""
        return (
            _is_in(facts.service_id, self.services)
            and _is_in(facts.division, self.divisions)
            and _is_in(facts.section, self.sections)
            and _is_in(facts.ward, self.wards)
            and all(
                any(key in keys for key in facts.keys_of(code))
                for code, keys in self.answers.items()
            )
        )


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    id: str
    condition: Condition
    queue: str
    priority: Priority
    because: str
    line: int = 0  # where it was written


@dataclass(frozen=True)
class Facts:
    """What is looked at of a case."""

    service_id: str
    division: str
    section: str = ""
    ward: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def keys_of(self, code: str) -> tuple[str, ...]:
        """Return what a question was answered with, as keys; nothing if it was not."""
        answer = self.answers.get(code)
        if answer is None:
            return ()
        return tuple(map(str, answer)) if isinstance(answer, list | tuple) else (str(answer),)


@dataclass(frozen=True)
class Alternative:
    """A later rule that would have fitted too."""

    rule: str
    queue: str
    priority: Priority


@dataclass(frozen=True)
class Decision:
    """Where a case goes, and why."""

    queue: str
    priority: Priority
    rule: str  # its id; `OTHERWISE` if none fitted
    because: str
    inputs: Mapping[str, Any]
    alternatives: tuple[Alternative, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as plain values, to be kept with the case."""
        return asdict(self)


OTHERWISE = "otherwise"
# So many of the later rules that fit are kept.
MOST_ALTERNATIVES = 3


def route(facts: Facts, rules: Sequence[Rule], otherwise: str) -> Decision:
    """Choose the queue of a case: the first rule that fits wins; if none does, the queue `otherwise`."""
    fitting = matching(facts, rules)
    first = next(fitting, None)
    if first is None:
        return Decision(
            otherwise,
            Priority.NORMAL,
            OTHERWISE,
            "No rule is about this service; somebody has to decide.",
            _inputs(facts, rules),
        )
    others = [
        Alternative(rule.id, rule.queue, rule.priority)
        for rule, _ in zip(fitting, range(MOST_ALTERNATIVES), strict=False)
    ]
    return Decision(
        first.queue,
        first.priority,
        first.id,
        first.because,
        _inputs(facts, rules),
        tuple(others),
    )


def matching(facts: Facts, rules: Sequence[Rule]) -> Iterator[Rule]:
    """Return the rules that fit, in their order."""
    return (rule for rule in rules if rule.condition.fits(facts))


def _inputs(facts: Facts, rules: Sequence[Rule]) -> dict[str, Any]:
    """Return what the rules could look at: of the answers, only those that any rule asks for."""
    asked_for = {code for rule in rules for code in rule.condition.answers}
    return {
        "service_id": facts.service_id,
        "division": facts.division,
        "section": facts.section,
        "ward": facts.ward,
        "answers": {c: a for c, a in facts.answers.items() if c in asked_for},
    }


def _is_in(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted
