"""Labelled messages: what was asked, of which kind it is, and which entries a sensible person would accept."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "questions"
DEVELOPMENT = FOLDER / "development.jsonl"
EVALUATION = FOLDER / "evaluation.jsonl"
DANGER = FOLDER / "danger.jsonl"


class Kind(StrEnum):
    """What sort of message it is."""

    PLAIN = "plain"  # names the service or asks for a fact
    SITUATION = "situation"  # describes what is the matter, not whose service it is
    ASPECT = "aspect"  # asks for one fact of a service
    OTHER_BODY = "other_body"  # another body's matter that has a referral entry
    SEVERAL = "several"  # two matters in one message
    UNCOVERED = "uncovered"  # no entry covers it
    CHIT_CHAT = "chit_chat"  # greeting, thanks, banter


@dataclass(frozen=True)
class Question:
    """One labelled message; `expect` holds the accepted entry ids of each matter in it."""

    id: str
    kind: Kind
    text: str
    expect: tuple[frozenset[str], ...]

    @property
    def accepted(self) -> frozenset[str]:
        """Return every entry that is right for some matter of the message."""
        return frozenset().union(*self.expect)


def read_questions(file: Path) -> list[Question]:
    """Read labelled questions.

    Raises:
        ValueError: a line is not a labelled question; the message names it.
    """
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            data = json.loads(line)
            kind = Kind(data["kind"])
            matters = data["expect"] if kind is Kind.SEVERAL else [data["expect"]]
            expect = tuple(frozenset(m) for m in matters if m)
            questions.append(Question(data["id"], kind, data["text"], expect))
        except (ValueError, KeyError, TypeError) as fault:
            raise ValueError(f"{file.name}, line {number}: {fault!r}") from fault
    return questions


def misspelt(
    questions: Sequence[Question], share: float = 0.1, seed: int = 311
) -> list[Question]:
    """Return the questions with a share of all their words (of four letters and more) misspelt.

    Each such word has one letter dropped, doubled, swapped with the next or replaced by its neighbour on
    the keyboard, drawn with a fixed seed so that every run asks the same.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing secret)
    return [
        replace(q, text=" ".join(_misspell(w, share, draw) for w in q.text.split()))
        for q in questions
    ]


_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    letter: row[max(0, n - 1)] if n else row[1]
    for row in _KEYBOARD
    for n, letter in enumerate(row)
}


def _misspell(word: str, share: float, draw: random.Random) -> str:
    # Short words are left alone, so a larger share of the longer ones is hit: three words in five have four letters.
    if len(word) < 4 or not word.isalpha() or draw.random() > share / 0.6:
        return word
    at = draw.randrange(1, len(word) - 1)
    kind = draw.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + _BESIDE.get(word[at].lower(), word[at]) + word[at + 1 :]
