"""Every action that the code writes into the audit trail has words for those who read it, and carries nobody's facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import triage
from triage.staff.actions import ACTIONS

FOLDER = Path(triage.__file__).parent
# What could carry a resident's words or who they are.
FORBIDDEN = {"text", "words", "note", "phone", "body", "address", "name", "sentence", "message"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of `record`, with where it stands."""
    for source in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) >= 3:
                called = node.func
                name = (
                    called.attr
                    if isinstance(called, ast.Attribute)
                    else getattr(called, "id", "")
                )
                if name == "record":
                    yield f"{source.relative_to(FOLDER)}:{node.lineno}", node


def test_every_action_that_is_written_has_its_words() -> None:
    for where, call in calls():
        action = call.args[2]
        if isinstance(action, ast.Constant):
            assert action.value in ACTIONS, f"{where}: {action.value} stands not in ACTIONS"
        else:
            # f"conversation.{verb}"
            assert isinstance(action, ast.JoinedStr), where
            start = action.values[0]
            assert isinstance(start, ast.Constant), where
            assert any(name.startswith(str(start.value)) for name in ACTIONS), where


def test_no_words_are_kept_for_what_is_never_written() -> None:
    constants = {
        node.value
        for source in FOLDER.rglob("*.py")
        if source.name != "actions.py"
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = {a for a in ACTIONS if not {a, a.partition(".")[2]} & constants}
    assert unused == set()


def test_an_action_is_named_by_its_subject_and_verb() -> None:
    assert [a for a in ACTIONS if not re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", a)] == []


def test_no_entry_carries_what_a_resident_said_or_who_they_are() -> None:
    found = list(calls())
    assert len(found) > 10
    for where, call in found:
        assert not {k.arg for k in call.keywords} & FORBIDDEN, where
