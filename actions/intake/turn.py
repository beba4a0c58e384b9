"""One message within a report: the line, what was said, and the report as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.heard import Heard
from actions.intake.memory import IntakeMemory
from actions.intake.reading import still_valid
from actions.line import Line
from actions.replies import Reply
from actions.replies_intake import About
from actions.triage_client import Cases
from services_catalog.model import ServiceEntry

# What the assistant says to a message outside of a report.
Otherwise = Callable[[Heard], Sequence[Reply]]


@dataclass(frozen=True)
class Turn:
    """What a message meets. The questions are the catalogue's of this moment."""

    line: Line
    cases: Cases
    said: Heard
    about: About

    @property
    def memory(self) -> IntakeMemory:
        """The report as it stands."""
        return self.about.memory

    @property
    def may_be_anonymous(self) -> bool:
        """Say whether nobody has to know how to reach them; who joins is not asked for it."""
        return self.about.may_be_anonymous

    def having(self, **changes: Any) -> Turn:
        """Return the turn with the report changed."""
        memory = replace(self.memory, **changes)
        return replace(self, about=replace(self.about, memory=memory))

    def answering(self, **answers: Any) -> Turn:
        """Return the turn with more answers."""
        return self.having(answers={**self.memory.answers, **answers}, tries=0)

    def without(self, code: str) -> Turn:
        """Return the turn with a question open again."""
        left = {c: v for c, v in self.memory.answers.items() if c != code}
        skipped = tuple(c for c in self.memory.skipped if c != code)
        return self.having(answers=left, skipped=skipped, tries=0)

    def moved_to(self, entry: ServiceEntry) -> Turn | None:
        """Return the turn as a report of another entry, or None: that cannot be reported here."""
        if entry.request is None:
            return None
        answers = still_valid(entry.request.by_code, self.memory.answers)
        turn = replace(self, about=replace(self.about, entry=entry, definition=entry.request))
        left = (*self.memory.left, self.memory.service_id)
        return turn.having(service_id=entry.id, answers=answers, left=left, tries=0)


def turn_of(line: Line, cases: Cases, said: Heard, memory: IntakeMemory) -> Turn | None:
    """Return the turn of a message in a report, or None: the entry is gone or cannot be reported any more."""
    catalogue = line.now().catalogue
    entry = catalogue.by_id.get(memory.service_id)
    if entry is None or entry.request is None:
        return None
    answers = still_valid(entry.request.by_code, memory.answers)
    about = About(entry, entry.request, replace(memory, answers=answers), catalogue.revision)
    return Turn(line, cases, said, about)
