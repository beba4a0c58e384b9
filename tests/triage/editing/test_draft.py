"""What may be done with a draft, by whom, and what comes of two changes of one entry: as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from triage.editing.draft import Deed, Draft, Stands, deeds_of
from triage.editing.merging import merged

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DRAFT = Draft("drf_1", "toronto", "pothole", 3, {}, 1, Stands.WRITING, "ana", "Ana", NOW, NOW)


@pytest.mark.parametrize(
    ("stands", "wants_second", "author", "colleague"),
    [
        ("writing", False, "save publish schedule drop", ""),
        ("writing", True, "save ask_review drop", ""),
        ("waiting", True, "save drop", "approve send_back"),
        ("approved", True, "save publish schedule drop", "send_back publish schedule"),
        ("scheduled", False, "take_back", "take_back"),
        ("held_up", False, "save drop", ""),
        ("published", False, "", ""),
        ("dropped", False, "", ""),
    ],
)
def test_who_may_do_what_with_a_draft(
    stands: str, wants_second: bool, author: str, colleague: str
) -> None:
    draft = replace(DRAFT, stands=Stands(stands))
    for member, deeds in (("ana", author), ("ben", colleague)):
        found = deeds_of(draft, member, wants_second=wants_second)
        assert found == {Deed(deed) for deed in deeds.split()}, member


BEFORE = {"title": "Dogs", "summary": "All about dogs.", "questions": ["dog?", "hound?"]}


@pytest.mark.parametrize(
    ("theirs", "mine", "comes_of_it", "both"),
    [
        ({"title": "A"}, {"summary": "B"}, {"title": "A", "summary": "B"}, ()),
        ({"title": "A"}, {"title": "B"}, {"title": "B"}, ("title",)),
        ({"title": "A"}, {"title": "A"}, {"title": "A"}, ()),
        ({"sms": "new"}, {}, {"sms": "new"}, ()),
        (
            {"questions": ["dog?", "hound?", "puppy?"]},
            {"questions": ["dog?", "whelp?"]},
            {"questions": ["dog?", "whelp?", "puppy?"]},
            (),
        ),
        (
            {"questions": ["hound?"]},
            {"title": "B"},
            {"questions": ["hound?"], "title": "B"},
            (),
        ),
    ],
)
def test_what_comes_of_two_changes(
    theirs: dict[str, Any], mine: dict[str, Any], comes_of_it: dict[str, Any], both: tuple[str]
) -> None:
    found = merged(BEFORE, BEFORE | theirs, BEFORE | mine)
    assert found.content == BEFORE | comes_of_it
    assert found.both == both


@pytest.mark.parametrize(
    ("theirs", "needs_nobody"),
    [
        ({"questions": ["dog?", "hound?", "puppy?"]}, True),
        ({"review_by": "2027-01-01"}, True),
        ({"summary": "All about cats."}, False),
    ],
)
def test_a_wording_or_a_date_of_somebody_else_needs_no_look(
    theirs: dict[str, Any], needs_nobody: bool
) -> None:
    found = merged(BEFORE, BEFORE | theirs, BEFORE | {"title": "B"})
    assert found.is_beside_the_words is needs_nobody


def test_what_one_takes_out_stays_out() -> None:
    mine = {k: v for k, v in BEFORE.items() if k != "summary"}
    assert "summary" not in merged(BEFORE, BEFORE, mine).content
    assert "summary" not in merged(BEFORE, mine, BEFORE).content
