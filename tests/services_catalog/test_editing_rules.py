"""Whose changes a second person looks at: as the pack says it, and what is wrong with how it says so."""

from typing import Any

import pytest

from services_catalog.editing_rules import faults_of, rules_from

SOME = {"second_person": {"kinds": ["referral"], "divisions": ["Toronto Fire"]}}


@pytest.mark.parametrize(
    ("written", "kind", "division", "wants"),
    [
        (None, "referral", "Toronto Fire", False),
        ({"second_person": "none"}, "referral", "Toronto Fire", False),
        ({"second_person": "all"}, "information", "Parks", True),
        (SOME, "referral", "Parks", True),
        (SOME, "information", "toronto fire services / Parks", True),
        (SOME, "information", "Parks", False),
    ],
)
def test_a_second_person_looks(written: Any, kind: str, division: str, wants: bool) -> None:
    assert faults_of(written) == []
    assert rules_from(written).wants_second({"kind": kind, "division": division}) is wants


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("all", "must hold named values"),
        ({"second": "all"}, "editing/second is not a name"),
        ({"second_person": "some"}, "is all, none"),
        ({"second_person": ["all"]}, "names kinds and divisions"),
        ({"second_person": {"kinds": ["poem"]}}, "poem is none of"),
        ({"second_person": {"divisions": "Parks"}}, "must be a list"),
    ],
)
def test_what_is_wrong_is_said(written: Any, says: str) -> None:
    assert says in " ".join(faults_of(written))
