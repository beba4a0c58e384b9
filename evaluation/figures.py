"""From what the line said to figures. Pure: labelled questions and replies in, counts out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.line import Heard
from evaluation.questions import Kind, Question

COVERED = (Kind.PLAIN, Kind.SITUATION, Kind.ASPECT, Kind.OTHER_BODY)


@dataclass(frozen=True)
class Verdict:
    """How one message fared."""

    question: Question
    answered: int  # confident answers given
    answered_right: int  # of those, the ones that name an accepted entry
    choices: bool  # choices were offered
    right_offered: bool  # an accepted entry was answered or is among the choices
    not_found: bool
    said: str  # the entries answered or offered, for the list of faults

    @property
    def is_right(self) -> bool:
        """Say whether the message was answered, and with nothing wrong."""
        return self.answered > 0 and self.answered == self.answered_right


def judge(question: Question, heard: Heard) -> Verdict:
    """Compare what was heard with what is accepted."""
    # Places near by are an answer too, of the entry about such places.
    answers = [
        r
        for r in heard.replies
        if r.get("outcome") in ("answer", "place") and r.get("service_id")
    ]
    ids = [r["service_id"] for r in answers]
    offered = [c.get("service_id") for r in heard.replies for c in r.get("choices", [])]
    accepted = question.accepted
    return Verdict(
        question,
        len(ids),
        sum(i in accepted for i in ids),
        any(r.get("outcome") == "choices" for r in heard.replies),
        any(i in accepted for i in [*ids, *offered]),
        any(r.get("outcome") == "not_found" for r in heard.replies),
        " ".join([*ids, *(f"?{i}" for i in offered if i)]) or ",".join(heard.outcomes()),
    )


def share(hits: float, of: float) -> float:
    """Return a share between 0 and 1 (0 of nothing is 0)."""
    return hits / of if of else 0.0


def by_kind(verdicts: Iterable[Verdict]) -> dict[Kind, list[Verdict]]:
    """Group verdicts by the kind of message."""
    groups: dict[Kind, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.question.kind, []).append(verdict)
    return groups


def precision(verdicts: Iterable[Verdict]) -> float:
    """Return the share of confident answers that name an accepted entry."""
    kept = list(verdicts)
    return share(sum(v.answered_right for v in kept), sum(v.answered for v in kept))


def several_right(verdict: Verdict, heard: Heard) -> int:
    """Return how many of a message's matters were answered rightly or are among the choices."""
    ids = {r.get("service_id") for r in heard.replies}
    ids |= {c.get("service_id") for r in heard.replies for c in r.get("choices", [])}
    return sum(bool(matter & ids) for matter in verdict.question.expect)


def figures(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Return the figures that the service promises, each between 0 and 1."""
    covered = [v for v in verdicts if v.question.kind in COVERED]
    groups = by_kind(verdicts)
    uncovered = groups.get(Kind.UNCOVERED, [])
    return {
        "confident answers right": precision(verdicts),
        "covered questions answered directly and rightly": share(
            sum(v.is_right for v in covered), len(covered)
        ),
        "covered questions with the right entry answered or offered": share(
            sum(v.right_offered for v in covered), len(covered)
        ),
        "uncovered questions answered (wrongly)": share(
            sum(v.answered > 0 for v in uncovered), len(uncovered)
        ),
    }
