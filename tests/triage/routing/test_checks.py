"""The lint of the routing finds what would send a case nowhere, before a resident meets it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from services_catalog.definition import Attribute, AttributeValue, Datatype, ServiceDefinition
from services_catalog.model import ServiceEntry
from services_catalog.packs import CITIES
from tests.support.small_town import make_entry
from triage import cli
from triage.routing.checks import check_routing
from triage.routing.pack import load_routing, read_routing


def entry(id: str, division: str, **questions: list[AttributeValue]) -> ServiceEntry:
    asked = tuple(
        Attribute(code, "?", Datatype.SINGLEVALUELIST, values=tuple(values))
        for code, values in questions.items()
    )
    made = make_entry(id, id, "A service.", request=ServiceDefinition(attributes=asked))
    return replace(made, division=division)


def value(key: str, **more: str) -> AttributeValue:
    return AttributeValue(key, key, **more)  # type: ignore[arg-type]


ENTRIES = [
    entry(
        "tree",
        "Trees",
        touches=[value("wire"), value("car"), value("fence", referral="Yours.")],
    ),
    entry("stump", "Trees"),
    entry("pothole", "Roads"),
    make_entry("hours", "Hours", "An answer alone."),
]
QUEUES = """
queues:
  - {id: trees, name: T, division: Trees}
  - {id: roads, name: R, division: Roads}
otherwise: roads
rules:
"""
# The first rule is in line 7.
GOOD = """\
  - {id: wire, if: {services: [tree], answers: {touches: wire}}, queue: trees, priority: urgent, because: B.}
  - {id: trees, if: {divisions: [Trees]}, queue: trees, because: B.}
  - {id: roads, if: {divisions: [Roads]}, queue: roads, because: B.}
"""


def faults(rules: str, more: str = "") -> list[str]:
    return [str(f) for f in check_routing(read_routing(QUEUES + rules + more), ENTRIES)]


def test_nothing_is_said_of_what_is_right() -> None:
    assert faults(GOOD) == []
    assert faults(GOOD, "request_types: {Tree Emergency: tree, Roads: roads}\n") == []


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        # An entry without a queue, always or for some answers.
        (GOOD.replace("[Trees]", "[Trees]").replace("divisions: [Roads]", "services: [stump]"),
         ["line 9: no rule sends 'pothole' (Roads) to a queue; it would go to the queue 'otherwise'.",
          "line 9: the rule 'roads' is never reached: rules above it take all it looks for."]),
        (GOOD.replace("divisions: [Trees]", "services: [tree], answers: {touches: car}")
             .replace("[Roads]", "[Roads, Trees]").replace("divisions: [Roads, Trees]", "services: [pothole, stump]"),
         ["line 9: no rule sends 'tree' (Trees) to a queue; it would go to the queue 'otherwise'."]),
        # A rule that nothing reaches.
        (GOOD + "  - {id: late, if: {services: [stump]}, queue: trees, because: B.}\n",
         ["line 10: the rule 'late' is never reached: rules above it take all it looks for."]),
        # Names that are not there.
        (GOOD + "  - {id: x, if: {services: [trees]}, queue: trees, because: B.}\n",
         ["line 10: the rule 'x' names 'trees': there is no service that can be reported of that name."]),
        (GOOD + "  - {id: x, if: {services: [hours]}, queue: trees, because: B.}\n",
         ["line 10: the rule 'x' names 'hours': there is no service that can be reported of that name."]),
        (GOOD + "  - {id: x, if: {divisions: [Parks]}, queue: trees, because: B.}\n",
         ["line 10: the rule 'x' names 'Parks': there is no division with such a service of that name."]),
        (GOOD.replace("touches: wire", "touch: wire"),
         ["line 7: the rule 'wire' looks at 'touch', which none of its services asks."]),
        (GOOD.replace("touches: wire", "touches: wires"),
         ["line 7: the rule 'wire' looks for 'wires', which is no answer to 'touches'."]),
        (GOOD.replace("touches: wire", "touches: fence"),
         ["line 7: the rule 'wire' looks for 'fence', an answer to 'touches' with which no case is opened."]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_with_its_line(rules: str, says: list[str]) -> None:
    assert faults(rules) == [f"routing.yaml, {s}" for s in says]


def test_a_request_type_stands_for_something() -> None:
    (fault,) = faults(GOOD, "request_types:\n  Tree Emergency: tree\n  Lost Cat: cat\n")
    assert fault == (
        "routing.yaml, line 12: the request type 'Lost Cat' stands for 'cat', which is neither a service that "
        "can be reported nor a queue."
    )


def test_rules_for_wards_leave_no_ward_out() -> None:
    rules = GOOD.replace("{divisions: [Roads]}", '{divisions: [Roads], wards: ["1"]}')
    (fault,) = faults(rules)
    assert "no rule sends 'pothole'" in fault


def test_the_command_says_what_is_wrong_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["check-routing"]) == 0
    assert "services reach" in capsys.readouterr().out
    shutil.copytree(
        CITIES / "toronto", tmp_path / "toronto", ignore=shutil.ignore_patterns("places")
    )
    file = tmp_path / "toronto" / "routing.yaml"
    file.write_text(
        file.read_text().replace(
            "rules:",
            "rules:\n  - {id: x, if: {services: [no_such]}, queue: desk, because: B.}",
            1,
        )
    )
    monkeypatch.setattr(cli, "load_routing", lambda city: load_routing(city, tmp_path))
    assert cli.main(["check-routing"]) == 1
    assert "names 'no_such'" in capsys.readouterr().out
    file.write_text("queues: ]")
    assert cli.main(["check-routing"]) == 1
    assert "routing.yaml, line 1: this is not YAML" in capsys.readouterr().err
