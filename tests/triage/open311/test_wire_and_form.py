"""What goes over the wire, and how what comes in is read. No database here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.small_town import ENTRIES
from triage.open311.documents import discovery, service_definition, services
from triage.open311.errors import Refused
from triage.open311.form import by_name, read_new_request
from triage.open311.queries import read_filter
from triage.open311.wire import Document, Format

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
POTHOLE = next(e for e in ENTRIES if e.id == "pothole")
TREE = next(e for e in ENTRIES if e.id == "city_tree")


def json_of(document: Document):
    return json.loads(document.written_as(Format.JSON))


def test_a_list_is_bare_in_json_and_wrapped_in_xml() -> None:
    document = Document("services", [{"service_code": "a", "metadata": True, "group": None}])
    assert json_of(document) == [{"service_code": "a", "metadata": True, "group": None}]
    assert document.written_as(Format.XML) == (
        b'<?xml version="1.0" encoding="utf-8"?><services><service><service_code>a</service_code>'
        b"<metadata>true</metadata><group /></service></services>"
    )


def test_what_xml_cannot_hold_is_replaced_and_what_it_must_escape_is_escaped() -> None:
    document = Document("errors", [{"code": 400, "description": "a\x00b <c> & \U0001f333"}])
    assert "a\ufffdb &lt;c&gt; &amp; \U0001f333" in document.written_as(Format.XML).decode()


def test_discovery_names_both_formats_and_an_address() -> None:
    told = json_of(
        discovery(
            "https://smalltown.example/open311/v2", contact="c", key_service="k", changed=NOW
        )
    )
    (endpoint,) = told["endpoints"]
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["url"] == "https://smalltown.example/open311/v2"
    assert told["changeset"] == "2026-11-29T12:00:00+00:00"


def test_only_what_can_be_reported_is_a_service() -> None:
    listed = {s["service_code"]: s for s in json_of(services(ENTRIES))}
    assert set(listed) == {e.id for e in ENTRIES if e.requestable} < {e.id for e in ENTRIES}
    assert listed["pothole"]["metadata"] is True
    assert "hole in the road" in listed["pothole"]["keywords"].split(", ")


def test_a_yes_or_no_question_is_a_list_of_two() -> None:
    told = json_of(service_definition(POTHOLE))
    assert [a["order"] for a in told["attributes"]] == [1, 2]
    damage = told["attributes"][1]
    assert (damage["datatype"], damage["required"]) == ("singlevaluelist", False)
    assert damage["values"] == [{"key": "yes", "name": "Yes"}, {"key": "no", "name": "No"}]


def read(*fields: tuple[str, str], entry=POTHOLE):
    return read_new_request(by_name(fields), entry)


def test_a_request_is_read_with_names_in_place_of_keys_and_empty_fields_passed_over() -> None:
    request = read(
        ("lat", "43.65"),
        ("long", "-79.38"),
        ("address_string", " "),
        ("attribute[size]", "bigger than a plate"),
        ("attribute[damage]", ""),
        ("attribute[unheard_of]", "x"),
        ("first_name", "Ann"),
        ("last_name", "Tester"),
        ("deviceid", "123"),
        ("address_id", "#NOTPINPOINTED#"),
    )
    assert (request.lat, request.long, request.address) == (43.65, -79.38, "")
    assert request.answers == {"size": "large"}
    assert request.name == "Ann Tester"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ([("lat", "43.6")], "belong together"),
        ([("lat", "north"), ("long", "1")], "must be numbers"),
        ([("lat", "nan"), ("long", "1")], "between -90 and 90"),
        ([("lat", "91"), ("long", "1")], "between -90 and 90"),
        ([("lat", "1"), ("long", "inf")], "between -90 and 90"),
        ([], "needs a location"),
        ([("address_id", "17")], "have no ids"),
        ([("address_string", "x" * 501)], "address_string: at most 500"),
        (
            [("address_string", "1 Elm St"), ("description", "x" * 4_001)],
            "description: at most",
        ),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_with_the_reason(fields, fault) -> None:
    with pytest.raises(Refused) as refusal:
        read(*fields)
    assert refusal.value.status == 400
    assert any(fault in d for d in refusal.value.descriptions)


def test_without_dates_the_last_ninety_days_are_asked_for() -> None:
    asked = read_filter({"start_date": " ", "status": ""}, NOW)
    assert (asked.end - asked.start, asked.end) == (timedelta(days=90), NOW)
    assert (asked.is_open, asked.limit, asked.offset) == (None, 1_000, 0)


def test_filters_are_lists_with_commas_and_pages_count_from_one() -> None:
    asked = read_filter(
        {
            "service_code": "pothole, city_tree",
            "status": "Closed",
            "page": "3",
            "page_size": "50",
            "start_date": "2026-11-01T00:00:00 01:00",
            "bbox": "-79.5,43.6,-79.3,43.7",
        },
        NOW,
    )
    assert asked.service_ids == ("pothole", "city_tree")
    assert (asked.is_open, asked.limit, asked.offset) == (False, 50, 100)
    assert asked.start.utcoffset() == timedelta(hours=1)
    assert asked.bbox == (-79.5, 43.6, -79.3, 43.7)
    assert read_filter({"status": "open,closed"}, NOW).is_open is None


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"start_date": "yesterday"}, "start_date: send it like"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, "90 days"),
        (
            {"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
            "lies after",
        ),
        ({"status": "pending"}, "status: open, closed"),
        ({"page": "0"}, "page: a whole number"),
        ({"page_size": "\u0663"}, "page_size: a whole number"),
        ({"bbox": "1,2,3"}, "bbox: send west"),
        ({"bbox": "nan,0,1,1"}, "bbox: send west"),
    ],
)
def test_a_filter_that_is_none_is_refused_with_the_reason(query, fault) -> None:
    with pytest.raises(Refused) as refusal:
        read_filter(query, NOW)
    assert any(fault in d for d in refusal.value.descriptions)
