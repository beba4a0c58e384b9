"""Toronto's routing: every report reaches a queue, what cannot wait does not, and request types find their entry."""

from collections.abc import Mapping

import pytest

from services_catalog.packs import read_entries
from triage.routing.checks import check_routing
from triage.routing.pack import load_routing
from triage.routing.rules import OTHERWISE, Decision, Facts, route

ENTRIES = {e.id: e for e in read_entries("toronto")}
ROUTING = load_routing("toronto")


def decide(service_id: str, answers: Mapping[str, str | list[str]]) -> Decision:
    entry = ENTRIES[service_id]
    facts = Facts(entry.id, entry.division, entry.section, answers=answers)
    return route(facts, ROUTING.rules, ROUTING.otherwise)


def test_the_routing_has_no_fault() -> None:
    assert [str(f) for f in check_routing(ROUTING, ENTRIES.values())] == []


def test_no_report_is_left_to_whoever_finds_it() -> None:
    left = [e.id for e in ENTRIES.values() if e.request and decide(e.id, {}).rule == OTHERWISE]
    assert left == []


@pytest.mark.parametrize(
    ("service_id", "answers", "queue", "priority"),
    [
        ("street_sign_missing", {"sign": "stop", "state": "missing"}, "traffic_signals_signs", "urgent"),
        ("street_sign_missing", {"sign": "name", "state": "faded"}, "traffic_signals_signs", "normal"),
        ("tree_emergency", {"what": "tree_down", "on": ["yard", "road"]}, "forestry_emergency", "urgent"),
        ("tree_emergency", {"what": "branch_down", "on": ["car"]}, "forestry_emergency", "high"),
        ("injured_wildlife", {"problem": ["baby"], "bitten": "yes"}, "animal_services", "urgent"),
        ("injured_wildlife", {"problem": ["bleeding"], "bitten": "no"}, "animal_services", "urgent"),
        ("injured_wildlife", {"problem": ["baby"], "bitten": "no"}, "animal_services", "high"),
        ("dog_bite", {"what": "bit_person"}, "animal_services", "urgent"),
        ("dog_off_leash", {"what": "off_leash", "place": "park"}, "parks_enforcement", "normal"),
        ("dog_off_leash", {"what": "mess", "place": "street"}, "animal_services", "normal"),
        ("no_heat", {"issue": "heat", "vulnerable": "yes"}, "rentsafe", "urgent"),
        ("no_heat", {"issue": "heat", "vulnerable": "no"}, "rentsafe", "high"),
        ("property_standards", {"what": ["stairs"], "danger": "yes"}, "bylaw_investigation", "urgent"),
        ("temporary_signs", {"kind": "billboard"}, "sign_unit", "normal"),
        ("temporary_signs", {"kind": "a_frame"}, "bylaw_investigation", "normal"),
        ("illegal_parking", {"what": "permit_misuse"}, "right_of_way", "normal"),
        ("park_litter_bin", {"problem": "full", "bin": "wheeled"}, "waste_collection", "normal"),
        ("park_litter_bin", {"problem": "full", "bin": "basket"}, "parks", "normal"),
        ("street_outreach", {"what": "tents"}, "encampment_office", "high"),
        ("street_outreach", {"what": "person"}, "streets_to_homes", "high"),
        ("needles", {"land": "park", "children": "yes"}, "parks", "urgent"),
        ("needles", {"land": "street", "children": "yes"}, "litter", "urgent"),
        ("graffiti", {"surface": "signal", "hate": "no"}, "traffic_signals_signs", "normal"),
        ("pothole", {"road_part": "expressway"}, "expressways", "urgent"),
        ("catch_basin", {"problem": "not_draining"}, "water_districts", "high"),
        ("sewer_backup_basement_flooding", {"rising": "yes"}, "water_emergency", "urgent"),
        ("sewer_backup_basement_flooding", {"rising": "no"}, "water_emergency", "high"),
        ("watermain_break", {"flow": "geyser"}, "water_emergency", "urgent"),
        ("no_water", {"neighbours": "without"}, "water_emergency", "urgent"),
        ("maintenance_hole", {"problem": "missing"}, "water_emergency", "urgent"),
        ("maintenance_hole", {"problem": "noisy"}, "water_districts", "normal"),
        ("water_meter", {}, "water_meters", "normal"),
        ("animal_noise", {"animal": "dog"}, "animal_services", "normal"),
        ("noise_music_party", {"source": "venue"}, "noise", "normal"),
        ("missed_garbage_collection", {"building": "house"}, "waste_collection", "normal"),
    ],
)  # fmt: skip
def test_a_report_goes_to_those_who_can_act_and_as_soon_as_it_must(
    service_id: str, answers: dict[str, str | list[str]], queue: str, priority: str
) -> None:
    decision = decide(service_id, answers)
    assert (decision.queue, str(decision.priority)) == (queue, priority)


def test_a_request_type_that_an_entry_names_stands_for_that_entry() -> None:
    named = {t: e.id for e in ENTRIES.values() if e.request for t in e.request.request_types}
    assert {t: ROUTING.request_types.get(t) for t in named} == named


def test_every_division_that_residents_matters_may_need_has_a_queue() -> None:
    divisions = {q.division for q in ROUTING.queues.values()}
    needed = {
        "Revenue Services",
        "Court Services",
        "Children's Services",
        "City Planning",
        "Toronto Fire Services",
    }
    assert needed <= divisions


def test_every_reason_can_be_read_as_a_sentence() -> None:
    for rule in ROUTING.rules:
        assert not rule.because[0].islower(), rule.id
        assert rule.because.endswith("."), rule.id
