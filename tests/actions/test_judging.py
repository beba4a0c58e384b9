"""What counts as a word about the answer before, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from actions.choose import choose
from actions.heard import Heard
from actions.judging import CHOICES, Judged, judged
from actions.line import Line
from actions.names import Move, Wording
from actions.replies import Reply
from actions.small_talk import small_talk

YES, NO = Judged.HELPFUL, Judged.NOT_HELPFUL


@pytest.mark.parametrize(
    ("said", "move", "what"),
    [
        ("that did not help", Move.FEEDBACK, NO),
        ("that didnt help at all", Move.FEEDBACK, NO),
        ("not very helpful", Move.FEEDBACK, NO),
        ("that's not what i asked", Move.FEEDBACK, NO),
        ("you didn't answer me", Move.FEEDBACK, NO),
        ("u dont understand", Move.FEEDBACK, NO),
        ("wrong answer", Move.FEEDBACK, NO),
        ("useless bot", Move.FEEDBACK, NO),
        ("thanks but it didn't help", Move.THANKS, NO),
        ("thanks for nothing", Move.THANKS, NO),
        ("that was helpful", Move.FEEDBACK, YES),
        ("that helped", Move.FEEDBACK, YES),
        ("great job", Move.FEEDBACK, YES),
        ("five stars", Move.FEEDBACK, YES),
        ("thanks, just what i needed", Move.THANKS, YES),
        # Polite, or about something else.
        ("thanks", Move.THANKS, None),
        ("great, thank you", Move.THANKS, None),
        ("haha", Move.FEEDBACK, None),
        ("the chat window is hard to read", Move.FEEDBACK, None),
        ("can you help me, that did not help", Move.ASK, None),
    ],
)
def test_words_about_the_answer_before_are_read(
    said: str, move: Move, what: Judged | None
) -> None:
    assert judged(said, move) is what


def texted(line: Line, said: Move, **known: Any) -> list[Reply]:
    return small_talk(line, Heard("thx", said, channel="sms", **known))


def test_a_text_of_thanks_is_asked_once_for_each_answer_whether_it_helped(
    line: Line,
) -> None:
    (asked,) = texted(line, Move.THANKS, about="dog_licence")
    assert [c["label"] for c in asked.choices] == ["That helped", "That did not help"]
    (again,) = texted(line, Move.THANKS, about="dog_licence", memory=asked.remember)
    assert again.choices == ()
    (other,) = texted(line, Move.THANKS, about="tree_care", memory=asked.remember)
    assert other.choices
    # Nothing was answered; or the page has buttons for it.
    assert texted(line, Move.THANKS)[0].choices == ()
    on_page = Heard("thx", Move.THANKS, channel="webchat", about="dog_licence")
    assert small_talk(line, on_page)[0].choices == ()


@pytest.mark.parametrize(
    ("number", "what", "wording"),
    [(0, YES, Wording.FEEDBACK_HELPFUL), (1, NO, Wording.FEEDBACK)],
)
def test_what_was_picked_is_what_was_said(
    line: Line, number: int, what: Judged, wording: Wording
) -> None:
    picked = Heard("/choose", Move.CHOOSE, choice=CHOICES[number]["value"])
    (reply,) = choose(line, picked)
    assert (reply.judged, reply.wording) == (what, wording)
    assert reply.fields()["judged"] == what.value
