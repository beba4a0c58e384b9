"""The figures about locations count what they say they count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.locations import (
    DEVELOPMENT,
    JUDGING,
    Expect,
    Outcome,
    Phrase,
    figures,
    outcome,
    read_phrases,
)
from services_catalog.places.geocode import SURE, Ambiguous, Located, OutsideCity, Unknown
from services_catalog.places.mentions import MentionKind
from services_catalog.places.model import Point

HERE, NEAR, FAR = Point(43.65, -79.38), Point(43.651, -79.38), Point(43.66, -79.38)


def phrase(expect: Expect = Expect.POINT, metres: float = 150) -> Phrase:
    return Phrase("1", "address", "12 elm", expect, (HERE,), metres, False)


def located(point: Point, confidence: float = 0.9) -> Located:
    return Located(point, "12 Elm St", MentionKind.ADDRESS, confidence, "known")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (located(NEAR), Outcome.RIGHT),
        (located(NEAR, SURE - 0.01), Outcome.CONFIRM),
        (located(FAR), Outcome.WRONG),
        (located(FAR, SURE - 0.01), Outcome.WRONG_CONFIRM),
        (Ambiguous((located(FAR), located(NEAR)), "two"), Outcome.ASKED),
        (Ambiguous((located(FAR), located(FAR)), "two"), Outcome.ASKED_WRONG),
        (OutsideCity("Ajax", "Ajax", "another"), Outcome.OUTSIDE),
        (Unknown("zork", "not known"), Outcome.UNKNOWN),
        (None, Outcome.NOTHING),
    ],
)
def test_a_result_is_judged_by_its_point_and_its_confidence(found, expected):
    assert outcome(phrase(), found) is expected


def test_missing_streets_are_counted_apart():
    judged = [
        (phrase(), Outcome.RIGHT),
        (phrase(), Outcome.ASKED),
        (phrase(Expect.MISSING), Outcome.UNKNOWN),
        (phrase(Expect.MISSING), Outcome.WRONG),
        (phrase(Expect.NOTHING), Outcome.NOTHING),
        (phrase(Expect.ASK), Outcome.ASKED),
    ]
    found = figures(judged)
    assert found["locations resolved to the right point"] == 0.5
    assert found["missing streets and corners placed somewhere"] == 0.5
    assert found["wrong points stated with confidence"] == pytest.approx(1 / 6)
    assert found["ordinary sentences taken for a place"] == 0
    assert found["locations with two meanings asked about"] == 1


def test_a_line_that_is_no_phrase_is_named(tmp_path: Path):
    file = tmp_path / "phrases.jsonl"
    good = {
        "id": "1",
        "kind": "address",
        "text": "12 elm",
        "expect": "point",
        "lat": 43,
        "long": -79,
    }
    file.write_text(json.dumps(good) + "\n{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"phrases\.jsonl, line 2"):
        read_phrases(file)


def test_the_committed_phrases_can_be_read_and_say_where_they_are() -> None:
    sets = [read_phrases(file) for file in (JUDGING, DEVELOPMENT)]
    assert len(sets[0]) >= 400
    assert not {p.text.lower() for p in sets[0]} & {p.text.lower() for p in sets[1]}
    for phrases in sets:
        assert all(p.points for p in phrases if p.expect is Expect.POINT)
        assert 0.25 <= sum(p.has_typos for p in phrases) / len(phrases) <= 0.4
