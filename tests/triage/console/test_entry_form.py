"""The forms of an entry: what they show, sent back as it came, is the entry again; for every entry of Toronto."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services_catalog.model import entry_from_dict, entry_to_dict
from services_catalog.packs import load_city, read_entries
from tests.support.forms import Forms
from triage.console import catalogue_words
from triage.console.entry_form import SPARE_ROWS, SPARE_VALUES, questions_read, words_read
from triage.console.entry_preview import asked_of, preview_of
from triage.console.frame import Frame
from triage.editing.draft import Draft, Stands

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ENTRIES = read_entries("toronto")


@pytest.fixture(scope="module")
def frame() -> Frame:
    shared = {"city": load_city("toronto"), "is_demo": False, "shortcuts": ()}
    return Frame(ZoneInfo("America/Toronto"), (), shared | {"shortcuts_for_script": ""})


def sent(frame: Frame, template: str, content: Mapping[str, Any]) -> dict[str, str]:
    """Return what a form sends that shows just this."""
    entry_id = str(content["id"])
    draft = Draft(
        "drf_1", "toronto", entry_id, 1, content, 1, Stands.WRITING, "ana", "Ana", NOW, NOW
    )
    page = frame.render(
        template,
        member=None, csrf="", ways=(), current=None, draft=draft, content=content, done="", fault="",
        fault_at="", saved_elsewhere=[], faults=[], by_field={}, entries=ENTRIES[:3],
        file=SimpleNamespace(since=(), draft=draft), spare_rows=SPARE_ROWS, spare_values=SPARE_VALUES,
        kinds=catalogue_words.KINDS, aspects=catalogue_words.ASPECTS, units=catalogue_words.UNITS,
        datatypes=catalogue_words.DATATYPES, locations=catalogue_words.LOCATIONS, dangers={},
        stands=catalogue_words.STANDS, asked=asked_of(content), preview=preview_of(content, NOW.date(), "311"),
    )  # fmt: skip
    way = "/questions" if "questions" in template else ""
    return Forms(page).fields(f"/staff/catalogue/{entry_id}/edit{way}")


def test_every_entrys_words_come_back_as_they_were(frame: Frame) -> None:
    for entry in ENTRIES:
        content = entry_to_dict(entry)
        fields = sent(frame, "catalogue_edit.html", content)
        assert words_read(fields.items(), content) == content


def test_every_entrys_questions_come_back_as_they_were(frame: Frame) -> None:
    for entry in ENTRIES:
        content = entry_to_dict(entry)
        fields = sent(frame, "catalogue_questions.html", content)
        read = questions_read(fields.items(), content)
        assert entry_from_dict(read) == entry
        assert read == content


def test_what_is_no_number_and_no_question_is_kept_as_it_was_typed(frame: Frame) -> None:
    typed = {
        "reportable": "yes", "location": "everywhere", "join_within": "far", "standard.amount": "soon",
        "ask.0.code": "", "ask.0.description": "No code", "ask.0.only_if": "issue: a, b",
    }  # fmt: skip
    request = questions_read(typed.items(), {"id": "x"})["request"]
    assert request["join_within"] == "far"
    assert request["standard"] == {"amount": "soon"}
    assert request["attributes"][0]["only_if"] == {"issue": ["a", "b"]}
    fields = sent(
        frame, "catalogue_questions.html", {"id": "x", "title": "X", "request": request}
    )
    again = questions_read(fields.items(), {"id": "x"})["request"]
    assert again["standard"] == {"amount": "soon", "unit": "working_days"}
    assert {**again, "standard": {}, "attributes": []} == {
        **request,
        "standard": {},
        "attributes": [],
    }
    assert again["attributes"][0]["description"] == "No code"


def test_the_preview_of_an_entry_past_its_date_says_when_it_was_checked() -> None:
    entry = next(e for e in ENTRIES if not e.request)
    shown = preview_of(entry_to_dict(entry), date(2040, 1, 1), "311")
    assert "We last checked this on" in shown.web
    assert shown.texts[0].words.startswith("Last checked")
