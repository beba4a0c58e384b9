"""What is wrong with a city's routing, held against its catalogue: one sentence per fault. Pure.

Every entry that can be reported is tried with every combination of the answers and wards that rules name. So a
service without a queue, and a rule that nothing ever reaches, are seen before a resident meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from services_catalog.definition import Attribute
from services_catalog.model import ServiceEntry
from triage.routing.forward_checks import check_forwards
from triage.routing.pack import FILE, Routing
from triage.routing.rules import Facts, Rule, matching


@dataclass(frozen=True)
class Fault:
    """Something to put right."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"{FILE}, line {self.line}: {self.says}"


def check_routing(routing: Routing, entries: Iterable[ServiceEntry]) -> list[Fault]:
    """Return what is wrong, in the order of the lines."""
    reportable = [e for e in entries if e.request]
    names = list(_names(routing, reportable))
    reached: set[str] = set()
    unrouted: list[Fault] = []
    queues: dict[str, set[str]] = {}  # of each entry: those that its reports may go to
    for entry in reportable:
        tried = _Tried()
        unrouted += _try(entry, routing, tried)
        reached |= tried.rules
        queues[entry.id] = tried.queues
    # A rule that names what is not there is not reached either; one fault says it.
    named = {f.line for f in names}
    unreached = [
        Fault(
            r.line, f"the rule {r.id!r} is never reached: rules above it take all it looks for."
        )
        for r in routing.rules
        if r.id not in reached and r.line not in named
    ]
    forwards = [Fault(line, says) for line, says in check_forwards(routing, reportable, queues)]
    return sorted([*names, *unrouted, *unreached, *forwards], key=lambda f: f.line)


@dataclass(frozen=True)
class _Tried:
    """What reports of one entry reach."""

    rules: set[str] = field(default_factory=set)
    queues: set[str] = field(default_factory=set)


def _try(entry: ServiceEntry, routing: Routing, tried: _Tried) -> Iterator[Fault]:
    concerned = [r for r in routing.rules if _may_concern(r, entry)]
    misses: list[dict[str, Any]] = []
    for facts in _all_facts(entry, concerned):
        first = next(matching(facts, concerned), None)
        tried.queues.add(first.queue if first else routing.otherwise)
        if first:
            tried.rules.add(first.id)
        else:
            misses.append(dict(facts.answers) | ({"ward": facts.ward} if facts.ward else {}))
    if misses:
        when = ", ".join(f"{code}: {key}" for code, key in misses[0].items())
        yield Fault(
            routing.rules[-1].line if routing.rules else 1,
            f"no rule sends {entry.id!r} ({entry.division}) to a queue"
            + (f", as when it says {when}" if when else "")
            + "; it would go to the queue 'otherwise'.",
        )


def _may_concern(rule: Rule, entry: ServiceEntry) -> bool:
    """Say whether a rule can fit an entry at all, whatever is answered."""
    c = rule.condition
    return (
        (not c.services or entry.id in c.services)
        and (not c.divisions or entry.division in c.divisions)
        and (not c.sections or entry.section in c.sections)
        and all(code in _questions(entry) for code in c.answers)
    )


def _all_facts(entry: ServiceEntry, rules: Sequence[Rule]) -> Iterator[Facts]:
    """Return every combination of what the rules look at: each key they name, and anything else."""
    codes = sorted({code for r in rules for code in r.condition.answers})
    wards = sorted({ward for r in rules for ward in r.condition.wards})
    choices: list[list[str | None]] = [
        [None, *(k for k in _keys(_questions(entry)[code]) if _is_named(k, code, rules))]
        for code in codes
    ]
    for ward, *keys in product([None, *wards], *choices):
        answers = {c: k for c, k in zip(codes, keys, strict=True) if k is not None}
        yield Facts(entry.id, entry.division, entry.section, ward or "", answers)


def _is_named(key: str, code: str, rules: Sequence[Rule]) -> bool:
    return any(key in r.condition.answers.get(code, ()) for r in rules)


def _questions(entry: ServiceEntry) -> dict[str, Attribute]:
    return entry.request.by_code if entry.request else {}


def _keys(attribute: Attribute) -> list[str]:
    """Return the answers with which a case can be opened."""
    return [v.key for v in attribute.values if not (v.referral or v.instead or v.danger)]


def _names(routing: Routing, entries: Sequence[ServiceEntry]) -> Iterator[Fault]:
    ids = {e.id: e for e in entries}
    divisions = {e.division for e in entries}
    sections = {e.section for e in entries}
    for rule in routing.rules:
        c = rule.condition
        for what, named, known in (
            ("service that can be reported", c.services, ids.keys()),
            ("division with such a service", c.divisions, divisions),
            ("section with such a service", c.sections, sections),
        ):
            for name in named:
                if name not in known:
                    yield Fault(
                        rule.line,
                        f"the rule {rule.id!r} names {name!r}: there is no {what} of that name.",
                    )
        yield from _answers(rule, [e for e in entries if not c.services or e.id in c.services])
    used = {r.queue for r in routing.rules} | {
        routing.otherwise,
        *routing.request_types.values(),
    }
    for queue in routing.queues.values():
        if queue.by_hand and queue.id in used:
            yield Fault(
                queue.line, f"the queue {queue.id!r} is filled by hand, but is sent to."
            )
        elif not queue.by_hand and queue.id not in used:
            yield Fault(
                queue.line,
                f"nothing ever goes to the queue {queue.id!r}; if staff move cases there, say 'by_hand: true'.",
            )
    for name, target in routing.request_types.items():
        if target not in ids and target not in routing.queues:
            yield Fault(
                routing.lines[name],
                f"the request type {name!r} stands for {target!r}, which is neither a service that can be "
                "reported nor a queue.",
            )


def _answers(rule: Rule, entries: Sequence[ServiceEntry]) -> Iterator[Fault]:
    for code, keys in rule.condition.answers.items():
        asked = [_questions(e)[code] for e in entries if code in _questions(e)]
        if not asked:
            yield Fault(
                rule.line,
                f"the rule {rule.id!r} looks at {code!r}, which none of its services asks.",
            )
            continue
        open_a_case = {k for a in asked for k in _keys(a)}
        for key in keys:
            if not any(key in a.value_by_key for a in asked):
                yield Fault(
                    rule.line,
                    f"the rule {rule.id!r} looks for {key!r}, which is no answer to {code!r}.",
                )
            elif key not in open_a_case:
                yield Fault(
                    rule.line,
                    f"the rule {rule.id!r} looks for {key!r}, an answer to {code!r} with which no case is opened.",
                )
