"""The first rule that fits wins, says why, and what else would have fitted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.packs import PackError
from triage.routing.pack import read_routing
from triage.routing.rules import OTHERWISE, Facts, Priority, route

ROUTING = read_routing("""
queues:
  - {id: forestry, name: Forestry, division: Trees}
  - {id: storm, name: Storm crew, division: Trees}
  - {id: east, name: East yard, division: Roads}
  - {id: roads, name: Roads, division: Roads}
  - {id: desk, name: Desk, division: "311"}
rules:
  - {id: on_a_wire, if: {services: [tree], answers: {touches: [wire, house]}}, queue: storm, priority: urgent,
     because: A tree on a wire cannot wait.}
  - {id: trees, if: {divisions: [Trees]}, queue: forestry, because: Forestry looks after trees.}
  - {id: east, if: {divisions: [Roads], wards: ["24", "25"]}, queue: east, priority: high, because: The yard is near.}
  - {id: roads, if: {divisions: [Roads], sections: [Repair]}, queue: roads, because: Roads repairs them.}
otherwise: desk
""")


@pytest.mark.parametrize(
    ("facts", "rule", "queue", "priority"),
    [
        (Facts("tree", "Trees", answers={"touches": "wire"}), "on_a_wire", "storm", "urgent"),
        (Facts("tree", "Trees", answers={"touches": ["car", "house"]}), "on_a_wire", "storm", "urgent"),
        (Facts("tree", "Trees", answers={"touches": "car"}), "trees", "forestry", "normal"),
        (Facts("tree", "Trees"), "trees", "forestry", "normal"),
        (Facts("stump", "Trees", answers={"touches": "wire"}), "trees", "forestry", "normal"),
        (Facts("pothole", "Roads", "Repair", ward="24"), "east", "east", "high"),
        (Facts("pothole", "Roads", "Repair", ward="11"), "roads", "roads", "normal"),
        (Facts("pothole", "Roads", "Repair"), "roads", "roads", "normal"),
        (Facts("sign", "Roads", "Signs"), OTHERWISE, "desk", "normal"),
        (Facts("bin", "Waste"), OTHERWISE, "desk", "normal"),
    ],
)  # fmt: skip
def test_a_case_goes_to_the_queue_of_the_first_rule_that_fits(
    facts: Facts, rule: str, queue: str, priority: str
) -> None:
    decision = route(facts, ROUTING.rules, ROUTING.otherwise)
    assert (decision.rule, decision.queue, decision.priority) == (rule, queue, priority)
    assert decision.because


def test_a_decision_tells_what_it_looked_at_and_what_else_would_have_fitted() -> None:
    facts = Facts("tree", "Trees", ward="24", answers={"touches": "wire", "name": "private"})
    told = route(facts, ROUTING.rules, ROUTING.otherwise).as_data()
    assert told == {
        "queue": "storm",
        "priority": Priority.URGENT,
        "rule": "on_a_wire",
        "because": "A tree on a wire cannot wait.",
        "inputs": {
            "service_id": "tree",
            "division": "Trees",
            "section": "",
            "ward": "24",
            # Of the answers, only what a rule looks at.
            "answers": {"touches": "wire"},
        },
        "alternatives": ({"rule": "trees", "queue": "forestry", "priority": Priority.NORMAL},),
    }
    assert json.loads(json.dumps(told))["priority"] == "urgent"


texts = st.sampled_from(["tree", "Trees", "Roads", "Repair", "24", "wire", ""])


@given(st.builds(Facts, texts, texts, texts, texts, st.dictionaries(st.just("touches"), texts)))
def test_every_case_goes_somewhere_and_the_same_case_to_the_same_place(facts: Facts) -> None:
    decision = route(facts, ROUTING.rules, ROUTING.otherwise)
    assert decision.queue in ROUTING.queues
    assert route(facts, ROUTING.rules, ROUTING.otherwise) == decision
    # A rule below the one that fitted changes nothing.
    fitted = (
        [r.id for r in ROUTING.rules].index(decision.rule) if decision.rule != OTHERWISE else 3
    )
    above = ROUTING.rules[: fitted + 1]
    assert route(facts, above, ROUTING.otherwise).queue == decision.queue


def changed(**parts: Any) -> str:
    """A routing file that is right, with parts exchanged for others."""
    whole = {
        "queues": "[{id: a, name: A, division: D}]",
        "rules": "[{id: r, if: {services: [s]}, queue: a, because: B.}]",
        "otherwise": "a",
    }
    return "\n".join(f"{key}: {value}" for key, value in (whole | parts).items() if value)


def test_what_is_right_is_read() -> None:
    routing = read_routing(changed(reopen_within_days="14", request_types="{Pothole: s}"))
    assert (routing.reopen_within_days, routing.request_types) == (14, {"Pothole": "s"})
    assert read_routing(changed()).reopen_within_days == 30


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file must be"),
        ("- a list", 1, "the file must be"),
        ("queues: ]", 1, "not YAML"),
        (changed(queues=""), 1, "'queues' is missing"),
        (changed(rules=""), 1, "'rules' is missing"),
        (changed(otherwise=""), 1, "'otherwise' is missing"),
        (changed(otherwise="b"), 3, "no queue named 'b'"),
        (changed(rule="x"), 4, "'rule' is not known here; there are: queues, rules"),
        (changed(queues="a"), 1, "must be a list"),
        (changed(queues="[a]"), 1, "must be 'name: value' lines"),
        (changed(queues="[{id: a, name: A}]"), 1, "'division' is missing"),
        (changed(queues="\n- {id: a, name: A, division: D}\n- {id: a, name: B, division: D}"), 3, "two queues"),
        (changed(rules="\n- id: r\n  if: {services: s}\n  queue: b\n  because: B."), 5, "no queue named 'b'"),
        (changed(rules="\n- id: r\n  if: {service: s}\n  queue: a\n  because: B."), 4, "'service' is not known"),
        (changed(rules="\n- id: r\n  if: {services: []}\n  queue: a\n  because: B."), 4, "must be a list"),
        (changed(rules="\n- id: r\n  if: {services: [{a: b}]}\n  queue: a\n  because: B."), 4, "list of texts"),
        (changed(rules="\n- id: r\n  queue: a\n  because: B."), 3, "'if' is missing"),
        (changed(rules="\n- id: r\n  if: {}\n  queue: a"), 3, "'because' is missing"),
        (changed(rules="\n- id: r\n  if: {}\n  queue: a\n  priority: soon\n  because: B."), 6, "'soon' is none of: urgent"),
        (changed(rules="\n- id: r\n  if: {}\n  queue: a\n  queue: a\n  because: B."), 6, "written twice"),
        (changed(rules="\n- &r {id: r, if: {}, queue: a, because: B.}\n- *r"), 3, "two rules"),
        (changed(reopen_within_days="soon"), 4, "whole number"),
        (changed(request_types="[a]"), 4, "'name: value' lines"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(PackError) as fault:
        read_routing(text)
    assert str(fault.value).startswith(f"routing.yaml, line {line}: ")
    assert says in str(fault.value)
