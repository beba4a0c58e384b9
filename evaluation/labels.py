"""Labels that people approved (`python -m triage export-labels FILE`), ready to be fitted on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluation.questions import Question, read_questions


@dataclass(frozen=True)
class Approved:
    """What of a file of labels can be used, and how much cannot."""

    questions: tuple[Question, ...]
    gone: int = 0  # name an entry that there is no more
    known: int = 0  # are asked already


def read_labels(file: Path | None) -> list[Question]:
    """Read a file of labels; none where none is named.

    Raises:
        ValueError: a line is no label; the message names it.
        OSError: the file cannot be read.
    """
    return read_questions(file) if file else []


def usable(
    labels: Iterable[Question], entries: Collection[str], asked: Iterable[str]
) -> Approved:
    """Take those whose entries there are and that are not asked anyway, each message once.

    Args:
        entries: ids of the catalogue as it is.
        asked: the messages that are there without them.
    """
    seen = {text.casefold() for text in asked}
    questions, gone, known = [], 0, 0
    for label in labels:
        if not label.accepted <= set(entries):
            gone += 1
        elif label.text.casefold() in seen:
            known += 1
        else:
            seen.add(label.text.casefold())
            questions.append(label)
    return Approved(tuple(questions), gone, known)


def told(approved: Approved) -> str:
    """Say how many there are, in a line."""
    return (
        f"{len(approved.questions)} approved labels; left out: {approved.gone} that name an entry that is gone,"
        f" {approved.known} that are asked already"
    )
