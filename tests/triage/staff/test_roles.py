"""What each role may do, as a table that can be read aloud."""

from __future__ import annotations

import pytest

from triage.staff.roles import RIGHTS, Member, Right, Role

AGENT = {"see_cases", "see_people", "work_cases", "see_conversations", "take_conversations"}


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("agent", AGENT),
        ("supervisor", AGENT | {"export", "see_board", "see_insight", "post_notices"}),
        ("maintainer", {"see_cases", "edit_catalogue", "post_notices"}),
        ("auditor", {"see_audit"}),
        ("administrator", {"manage_staff", "see_audit", "see_insight"}),
    ],
)
def test_a_role_may_do_this_and_nothing_else(role: str, rights: set[str]) -> None:
    assert RIGHTS[Role(role)] == rights


def test_who_says_who_is_staff_sees_no_residents() -> None:
    managing = [role for role in Role if Right.MANAGE_STAFF in RIGHTS[role]]
    assert not any(Right.SEE_PEOPLE in RIGHTS[role] for role in managing)


@pytest.mark.parametrize(
    ("role", "queues", "sees"),
    [
        (Role.AGENT, None, True),
        (Role.AGENT, frozenset({"roads"}), True),
        (Role.AGENT, frozenset({"trees"}), False),
        (Role.AGENT, frozenset(), False),
        # Queues give no right that the role does not.
        (Role.AUDITOR, frozenset({"roads"}), False),
    ],
)
def test_who_sees_the_cases_of_the_roads_queue(
    role: Role, queues: frozenset[str] | None, sees: bool
) -> None:
    assert Member("mem_1", "a@city.example", "A.", role, queues).sees("roads") is sees
