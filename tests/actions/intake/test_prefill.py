from datetime import date
from typing import Any

import pytest

from actions.intake.prefill import prefill
from tests.actions.intake.questions import LAND, REASON, SINCE, TROUBLES, WIRES, definition

TODAY = date(2026, 3, 2)
ALL = definition(LAND, TROUBLES, WIRES, SINCE, REASON)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("mice in my yard since last tuesday", {"land": "yard", "troubles": ["pests"], "since": "2026-02-24"}),
        ("no heat and mold", {"troubles": ["heat", "mould"]}),
        ("a tree on the boulevard, no wires", {"land": "street", "wires": "no"}),
        ("it touches a power line", {"wires": "yes"}),
        ("not in a park", {}),
        ("the wire is not down", {"wires": "no"}),
        ("between the park and the yard", {}),
        ("no parking on this street", {}),
        ("yes please", {}),
    ],
)  # fmt: skip
def test_answers_are_taken_from_what_was_said_and_never_from_what_is_denied(
    text: str, answers: dict[str, Any]
) -> None:
    assert prefill(ALL, text, TODAY) == answers


def test_what_was_answered_before_stays() -> None:
    assert prefill(ALL, "in the park", TODAY, {"land": "yard"}) == {"land": "yard"}
