"""A complete report becomes a case, once; an incomplete one becomes none, and is told what is missing."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from services_catalog.database import open_database
from services_catalog.references import read_reference
from tests.support.small_town import ENTRIES
from tests.triage.cases.desk import CONVERSATION, Desk, import_entries
from triage.cases.tables import case_contacts, case_events, cases
from triage.routing.pack import load_routing
from triage.routing.rules import Facts, route


def rows(database_url: str, table: Any) -> list[Any]:
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = connection.execute(select(table)).all()
    engine.dispose()
    return list(found)


def test_a_complete_report_becomes_a_case_with_a_reference(desk: Desk) -> None:
    case = desk.opens()
    assert read_reference(case["reference"]) == case["reference"]
    assert (case["service_id"], case["service_name"]) == ("pothole", "Pothole")
    assert (case["status"], case["followers"], case["mine"]) == ("received", 0, True)
    assert case["due"].endswith("-05:00") or case["due"].endswith("-04:00")
    assert not case["is_late"]
    assert case["outcome"] is None
    assert case["can"] == ["add", "withdraw"]
    assert desk.case(case["reference"], conversation_id=CONVERSATION) == case


def test_the_case_keeps_what_was_asked_and_answered_and_why_it_went_where(
    desk: Desk, any_database_url: str
) -> None:
    desk.opens()
    (case,) = rows(any_database_url, cases)
    assert case.answers == {"size": "large"}
    assert case.questions[0] == {
        "code": "size",
        "description": "How big is the hole?",
        "datatype": "singlevaluelist",
        "values": [
            {"key": "small", "name": "Smaller than a plate"},
            {"key": "large", "name": "Bigger than a plate"},
        ],
    }
    assert (case.latitude, case.longitude, case.address, case.ward) == (
        43.65, -79.38, "12 Elm St", "11",
    )  # fmt: skip
    routing = load_routing("toronto")
    decision = route(Facts("pothole", "Works", "", "11"), routing.rules, routing.otherwise)
    events = rows(any_database_url, case_events)
    assert [(e.seq, e.kind, e.audience) for e in events] == [
        (1, "opened", "resident"),
        (2, "routed", "staff"),
    ]
    told = events[1].data
    assert (told["queue"], told["rule"], told["because"]) == (
        decision.queue, decision.rule, decision.because,
    )  # fmt: skip
    assert told["inputs"]["service_id"] == "pothole"
    assert (case.queue, case.priority) == (decision.queue, decision.priority)
    (contact,) = rows(any_database_url, case_contacts)
    assert (contact.case_id, contact.name, contact.follower_id) == (
        case.id,
        "Test Person",
        None,
    )


def test_an_edit_of_the_entry_changes_no_case_but_holds_for_the_next(
    desk: Desk, any_database_url: str
) -> None:
    before = desk.opens()
    import_entries(
        any_database_url,
        [_renamed(e) if e.id == "pothole" else e for e in ENTRIES],
    )
    assert desk.case(before["reference"])["service_name"] == "Pothole"
    assert desk.opens()["service_name"] == "Hole in the road"


def _renamed(entry: Any) -> Any:
    return dataclasses.replace(entry, title="Hole in the road")


def test_the_same_key_again_is_the_same_case(desk: Desk, any_database_url: str) -> None:
    case = desk.opens(key="once")
    again = desk.reports(key="once", description="again, in other words")
    assert (again.status_code, again.json()) == (200, case)
    assert len(rows(any_database_url, cases)) == 1


def test_the_same_key_many_times_at_once_is_one_case(desk: Desk, any_database_url: str) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: desk.reports(key=f"k{n % 3}"), range(36)))
    assert {a.status_code for a in answers} <= {200, 201}
    assert sum(a.status_code == 201 for a in answers) == 3
    assert len({a.json()["reference"] for a in answers}) == 3
    assert len(rows(any_database_url, cases)) == 3
    assert len(rows(any_database_url, case_contacts)) == 3
    assert len(rows(any_database_url, case_events)) == 6


TREE: dict[str, Any] = {
    "service_id": "city_tree",
    "answers": {"land": "city", "reason": "It leans."},
}


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"answers": {}}, 422, {"code": "case_incomplete", "missing": ["size"]}),
        ({"answers": {"size": " "}}, 422, {"code": "case_incomplete", "missing": ["size"]}),
        ({"location": None}, 422, {"code": "case_incomplete", "missing": ["location"]}),
        (TREE | {"contact": None}, 422, {"code": "case_incomplete", "missing": ["contact"]}),
        (TREE | {"contact": {"name": "No Way"}}, 422,
         {"code": "case_incomplete", "missing": ["contact"]}),
        (TREE | {"answers": {"land": "city"}, "location": None, "contact": None}, 422,
         {"code": "case_incomplete", "missing": ["reason", "location", "contact"]}),
        ({"answers": {"size": "enormous"}}, 422, {"code": "answer_not_valid", "attribute": "size"}),
        ({"answers": {"size": "large", "colour": "red"}}, 422,
         {"code": "answer_not_valid", "attribute": "colour"}),
        (TREE | {"answers": {"land": "private"}}, 409,
         {"code": "not_the_citys", "attribute": "land",
          "referral": "A tree in a yard is its owner's to look after. A tree company can prune it."}),
        ({"service_id": "garbage_day", "answers": {}}, 409, {"code": "not_reportable"}),
        ({"service_id": "no_such_thing", "answers": {}}, 409, {"code": "not_reportable"}),
        ({"photos": ["med_of_somebody"]}, 422, {"code": "answer_not_valid", "attribute": "photos"}),
        ({"unknown": 1}, 422, {"code": "not_valid"}),
        ({"description": "a \x00 b"}, 422, {"code": "not_valid"}),
        ({"description": "x" * 4_097}, 422, {"code": "not_valid"}),
    ],
)  # fmt: skip
def test_what_is_no_complete_report_opens_no_case_and_says_why(
    desk: Desk,
    any_database_url: str,
    changes: dict[str, Any],
    status: int,
    error: dict[str, Any],
) -> None:
    answer = desk.reports(**changes)
    found = answer.json()["error"]
    assert answer.status_code == status
    assert found.pop("message")
    assert found == error
    assert rows(any_database_url, cases) == []
    assert rows(any_database_url, case_events) == []
    assert rows(any_database_url, case_contacts) == []


def test_only_who_shows_the_secret_is_answered(desk: Desk) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        desk.headers = headers
        for answer in (desk.reports(), desk.asks("/cases/K4M-9RW-2HX"), desk.sends("/cases")):
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "unauthorized"


def test_a_report_without_a_conversation_belongs_to_nobody_who_asks(desk: Desk) -> None:
    case = desk.opens(conversation_id=None)
    assert case["mine"] is False
    assert case["can"] == ["add"]


def test_a_text_of_the_greatest_length_in_any_script_is_kept(desk: Desk) -> None:
    assert desk.reports(description="\N{EVERGREEN TREE}" * 4_000).status_code == 201


def test_nothing_of_the_public_view_tells_who_reported_it_what_they_said_or_where(
    desk: Desk,
) -> None:
    case = desk.opens()
    desk.sends(f"/cases/{case['reference']}/messages", text="PRIVATE-WORDS too")
    shown = str(desk.case(case["reference"]))
    for private in (
        "PRIVATE-WORDS",
        "Test Person",
        "test@example.org",
        "Elm",
        "43.65",
        CONVERSATION,
    ):
        assert private not in shown
