"""Every city's catalogue goes out in each form and comes back the same; what is wrong with a file is said in words."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
import yaml

from services_catalog.checks import check_entries
from services_catalog.exchange import as_yaml
from services_catalog.formats.csv_file import COLUMNS, TableNotRead, read_csv_edits, write_csv
from services_catalog.formats.hsds_file import DocumentNotRead, read_hsds, write_hsds
from services_catalog.model import Catalogue, entry_from_dict, entry_to_dict
from services_catalog.packs import cities, load_city, read_entries


def catalogue_of(city: str) -> Catalogue:
    return Catalogue(city, 1, tuple(read_entries(city)))


@pytest.fixture(scope="module")
def toronto() -> Catalogue:
    return catalogue_of("toronto")


@pytest.mark.parametrize("city", cities())
def test_a_pack_is_the_same_after_a_way_through_each_form(city: str) -> None:
    catalogue = catalogue_of(city)
    hsds = json.loads(json.dumps(write_hsds(load_city(city), catalogue, {})))
    written = yaml.load(
        as_yaml([entry_to_dict(e) for e in catalogue.entries]), Loader=yaml.CSafeLoader
    )
    for came in (
        read_hsds(hsds),
        written,
        read_csv_edits(write_csv(catalogue.entries), catalogue),
    ):
        assert [entry_from_dict(data) for data in came] == list(catalogue.entries)


def test_an_edit_in_hsds_words_counts(toronto: Catalogue) -> None:
    document = write_hsds(load_city("toronto"), toronto, {})
    service = document["services"][0]
    service |= {"name": "Noisy pets", "assured_date": "2026-11-01"}
    service["organization"] = {**service["organization"], "name": "Pets"}
    entry = entry_from_dict(read_hsds(document)[0])
    assert (entry.title, entry.division) == ("Noisy pets", "Pets")
    assert entry.last_verified == date(2026, 11, 1)
    assert entry.facts == toronto.entries[0].facts


def test_a_service_of_another_system_becomes_a_draft_and_check_says_what_it_needs() -> None:
    foreign = {
        "contents": [
            {
                "id": "0d2f0c52-6b0c-4a35-b7a4-3e2a3bb5a0de",
                "name": "Tool Library",
                "description": "Borrow tools for a week. Bring them back clean.",
                "url": "https://tools.example/",
                "status": "active",
                "fees_description": "Free with a library card.",
                "phones": [{"id": "x", "number": "519-555-0101"}],
                "alternate_name": "tool lending, borrow a drill",
            }
        ]
    }
    (draft,) = read_hsds(foreign)
    assert draft["id"] == "tool_library"
    assert draft["sms"] == "Borrow tools for a week. Bring them back clean."
    assert draft["facts"] == [
        {
            "field": "cost",
            "text": "Free with a library card.",
            "source": "https://tools.example/",
        }
    ]
    assert draft["also_called"] == ["tool lending", "borrow a drill"]
    said = " ".join(fault.says for fault in check_entries([("here", draft)]) if fault.stops)
    assert "questions" in said
    assert "owner" in said


@pytest.mark.parametrize(
    ("document", "says"),
    [({}, "needs a list"), ("x", "needs a list"), ({"services": [{"id": "a"}]}, "Service 1")],
)
def test_what_is_no_document_is_refused_with_what_is_missing(
    document: object, says: str
) -> None:
    with pytest.raises(DocumentNotRead, match=says):
        read_hsds(document)


def test_a_table_with_two_columns_changes_only_these(toronto: Catalogue) -> None:
    one, two = toronto.entries[:2]
    text = f"\ufeffid,title\r\n{one.id},Another title\r\n"
    (edited,) = [entry_from_dict(data) for data in read_csv_edits(text, toronto)]
    assert edited.title == "Another title"
    assert entry_to_dict(edited) == entry_to_dict(one) | {"title": "Another title"}
    assert two.id != edited.id


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back(
    toronto: Catalogue,
) -> None:
    data = entry_to_dict(toronto.entries[0]) | {"title": "=HYPERLINK(1)", "section": "-1+1"}
    entry = entry_from_dict(data)
    text = write_csv([entry])
    (row,) = csv.DictReader(io.StringIO(text))
    assert not row["title"].startswith("=")
    assert not row["section"].startswith("-")
    (back,) = read_csv_edits(text, toronto)
    assert (back["title"], back["section"]) == ("=HYPERLINK(1)", "-1+1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "column id"),
        ("title\nx\n", "column id"),
        ("id,colour\npothole,red\n", "colour"),
        ("id,title\nno_such,x\n", "line 2: there is no entry"),
        ("id,title\npothole,x\npothole,y\n", "twice"),
        ("id,title\npothole\n", "cells"),
        ("id,title\npothole,x,y\n", "cells"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(text: str, says: str, toronto: Catalogue) -> None:
    with pytest.raises(TableNotRead, match=says):
        read_csv_edits(text, toronto)


def test_the_columns_are_fields_of_an_entry() -> None:
    fields = set(entry_to_dict(read_entries("toronto")[0])) | {"phone", "email", "online"}
    assert set(COLUMNS) - {"section", "related"} <= fields
