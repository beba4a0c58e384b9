"""Danger told in French: rules alone, and the assistant's notice after them."""

from __future__ import annotations

import json

import pytest

from evaluation.questions import FOLDER
from triage.safety import look
from triage.safety_french import danger_in_french

LINES = [
    json.loads(line)
    for line in (FOLDER / "danger_french.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line["text"]))
def test_danger_told_in_french_is_known_and_what_is_ordinary_is_not(
    line: dict[str, str],
) -> None:
    assert danger_in_french(line["text"]) == (line["kind"] if line["danger"] else "")


def test_the_notice_in_french_follows_whatever_the_danger() -> None:
    found = look("je veux mourir")
    assert found is not None
    assert not found.says_all


def test_what_is_ordinary_in_english_tells_of_no_danger_in_french() -> None:
    ordinary = [
        row["text"]
        for file in sorted(FOLDER.glob("danger_training_*.jsonl"))
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()[::10])
        if not row["danger"]
    ]
    assert ordinary
    assert [text for text in ordinary if danger_in_french(text)] == []
