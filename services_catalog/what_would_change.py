"""What another catalogue would say to the same questions: better, worse, or otherwise. Pure.

`Rehearsal` asks an index of the catalogue as it is, and one of the catalogue as proposed. Both go by the same linear
model: so does a running line in the first minute after an edit, until the model has been fitted anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from services_catalog.model import Catalogue, ServiceEntry
from services_catalog.search.choose import Answer, Choices, Here, find
from services_catalog.search.index import SearchIndex


@dataclass(frozen=True)
class Question:
    """A message that the catalogue is tried with.

    Attributes:
        wanted: ids of the entries that are right for it; none of them: no entry covers it; None: nobody has said.
        is_protected: whether its answer may not become worse without a reason (`protected.yaml`).
    """

    text: str
    wanted: frozenset[str] | None = None
    is_protected: bool = False


@dataclass(frozen=True)
class Said:
    """What a message gets: the entries that are answered, and those that are offered to choose from."""

    answered: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in a line, with entries' ids."""
        return self.told({})

    def told(self, titles: dict[str, str]) -> str:
        """Say it in a line, with entries' titles where they are known."""
        answered = ", ".join(titles.get(i, i) for i in self.answered)
        offered = ", ".join(titles.get(i, i) for i in self.offered)
        if answered:
            return f"answer: {answered}" + (f"; to choose: {offered}" if offered else "")
        return f"to choose: {offered}" if offered else "not found"


class Worth(IntEnum):
    """How good it is what a message gets, the worst first."""

    WRONG = 0  # something is answered that is not right
    NOTHING = 1  # the right entry is neither answered nor offered, or something is offered where none is right
    OFFERED = 2  # the right entry is among the choices
    RIGHT = 3  # it is answered, or where no entry covers the matter, nothing is said of one


class Verdict(StrEnum):
    """What a difference is to the resident."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"  # as good, or nobody has said what is right


@dataclass(frozen=True)
class Difference:
    """A question that would get something else."""

    question: Question
    before: Said
    after: Said
    verdict: Verdict


@dataclass(frozen=True)
class Changes:
    """All questions that would get something else, the worse ones first, and of how many."""

    differences: tuple[Difference, ...]
    asked: int

    def of(self, verdict: Verdict) -> tuple[Difference, ...]:
        """Return the differences of one kind."""
        return tuple(d for d in self.differences if d.verdict is verdict)

    @property
    def broken(self) -> tuple[Difference, ...]:
        """Return the protected questions that would get something worse."""
        return tuple(d for d in self.of(Verdict.WORSE) if d.question.is_protected)

    @property
    def why_worse(self) -> str:
        """Say in a sentence why all of this together is worse for the protected questions; nothing if it is not.

        It is where one gets something wrong, or where more become worse than better.
        """
        wrong = [
            d
            for d in self.broken
            if worth(d.after, d.question.wanted or frozenset()) is Worth.WRONG
        ]
        if wrong:
            return f"{len(wrong)} protected questions would be answered wrongly"
        better = sum(d.question.is_protected for d in self.of(Verdict.BETTER))
        if len(self.broken) > better:
            return f"{len(self.broken)} protected questions would become worse, and {better} better"
        return ""

    def __str__(self) -> str:
        """Say it in a line."""
        counts = ", ".join(f"{len(self.of(v))} {v}" for v in Verdict)
        return f"{len(self.differences)} of {self.asked} questions would get something else: {counts}"


def proposed(now: Catalogue, save: Iterable[ServiceEntry], retire: Collection[str] = (),
             uncovered: Sequence[str] | None = None) -> Catalogue:  # fmt: skip
    """Return the catalogue as a change would leave it (see `store.Change`)."""
    entries = {**now.by_id, **{e.id: e for e in save}}
    kept = tuple(e for id, e in sorted(entries.items()) if id not in retire)
    others = now.uncovered if uncovered is None else tuple(uncovered)
    return Catalogue(now.city, now.revision, kept, others)


def worth(said: Said, wanted: frozenset[str]) -> Worth:
    """Say how good it is what a message gets."""
    if any(id not in wanted for id in said.answered):
        return Worth.WRONG
    if said.answered:
        return Worth.RIGHT
    if not wanted:
        return Worth.NOTHING if said.offered else Worth.RIGHT
    return Worth.OFFERED if wanted.intersection(said.offered) else Worth.NOTHING


def verdict(question: Question, before: Said, after: Said) -> Verdict:
    """Say what a difference is to the resident."""
    if question.wanted is None:
        return Verdict.OTHER
    was, will_be = worth(before, question.wanted), worth(after, question.wanted)
    if was == will_be:
        return Verdict.OTHER
    return Verdict.BETTER if will_be > was else Verdict.WORSE


def ask(index: SearchIndex, text: str, here: Here) -> Said:
    """Ask an index a message."""
    answered: list[str] = []
    offered: list[str] = []
    for found in find(index, text, here=here):
        if isinstance(found, Answer):
            answered.append(found.entry.id)
        elif isinstance(found, Choices):
            offered += [option.entry.id for option in found.options]
    return Said(tuple(answered), tuple(offered))


class Rehearsal:
    """Tries changes of one catalogue with questions; what is said now is asked only once.

    Args:
        index: of the catalogue as it is. With a `MessageMemory` for its vectors a question is read only once, too.
        here: the city, as in `find`.
    """

    def __init__(self, index: SearchIndex, here: Here) -> None:
        self.index = index
        self._here = here
        self._now: dict[str, Said] = {}

    def now(self, question: Question) -> Said:
        """Return what a question gets as the catalogue is."""
        said = self._now.get(question.text)
        if said is None:
            said = self._now[question.text] = ask(self.index, question.text, self._here)
        return said

    def what_would_change(self, then: Catalogue, questions: Sequence[Question]) -> Changes:
        """Return which of the questions would get something else from another catalogue."""
        return self.compared(self.index.of(then), questions)

    def compared(self, other: SearchIndex, questions: Sequence[Question]) -> Changes:
        """Return which of the questions get something else from another index."""
        found = []
        for question in questions:
            before, after = self.now(question), ask(other, question.text, self._here)
            if before != after:
                found.append(
                    Difference(question, before, after, verdict(question, before, after))
                )
        order = (Verdict.WORSE, Verdict.BETTER, Verdict.OTHER)
        found.sort(key=lambda d: (order.index(d.verdict), not d.question.is_protected))
        return Changes(tuple(found), len(questions))
