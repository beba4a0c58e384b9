"""How well the packs of other cities answer: labelled messages, asked of the search alone.

    .venv/bin/python -m evaluation.other_cities             # the figures of each pack
    .venv/bin/python -m evaluation.other_cities --faults    # and every message that went wrong

A pack of fifteen entries covers little, so what counts is that a confident answer is right, and that the rest is said to
be not found. The calibration is the one that was fitted on Toronto's questions.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.encoder import open_encoder
from services_catalog.live import LiveCatalogue
from services_catalog.packs import load_city
from services_catalog.search.choose import Answer, Choices, Found, Here, find
from services_catalog.transfer import apply_plan, plan_import

FILE = Path(__file__).parent / "questions" / "other_cities.jsonl"
CACHE = Path("var/search")


@dataclass(frozen=True)
class Labelled:
    """A message, and the entries that a sensible person would accept; none: the pack does not cover it."""

    city: str
    text: str
    expect: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What search made of a message."""

    question: Labelled
    found: Found

    @property
    def is_confident(self) -> bool:
        """Say whether it was answered directly."""
        return isinstance(self.found, Answer)

    @property
    def is_right(self) -> bool:
        """Say whether the direct answer is an accepted one."""
        return isinstance(self.found, Answer) and self.found.entry.id in self.question.expect

    @property
    def is_offered(self) -> bool:
        """Say whether an accepted entry is among the choices."""
        return isinstance(self.found, Choices) and any(
            o.entry.id in self.question.expect for o in self.found.options
        )


@dataclass(frozen=True)
class Figures:
    """What one pack reaches."""

    covered: int
    uncovered: int
    confident: int
    confident_right: int
    answered: int  # covered ones that were answered directly and rightly
    reached: int  # and those whose entry is among the choices
    answered_wrongly: int  # uncovered ones that got an answer all the same

    @property
    def precision(self) -> float:
        """The share of confident answers that are right; 1 where there is none."""
        return self.confident_right / self.confident if self.confident else 1.0


def read_labelled(file: Path = FILE) -> list[Labelled]:
    """Read the labelled messages."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [Labelled(r["city"], r["text"], frozenset(r["expect"])) for r in rows]


@contextmanager
def opened(city: str, cache: Path | None = None) -> Iterator[LiveCatalogue]:
    """Open a city's pack as its files stand, with the linear model fitted."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/catalogue.db")
        store.create_tables(engine)
        apply_plan(engine, plan_import(engine, city), by="evaluation")
        live = LiveCatalogue(engine, city, encoder=open_encoder(), cache=cache)
        live.start(wait_for_model=True)
        yield live
        live.close()
        engine.dispose()


def asked(live: LiveCatalogue, city: str, questions: Sequence[Labelled]) -> list[Outcome]:
    """Ask a city's catalogue every message about it."""
    known = load_city(city)
    here = Here(known.name, known.elsewhere)
    index = live.now().index
    return [Outcome(q, find(index, q.text, here=here)[0]) for q in questions if q.city == city]


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Count what came of the messages."""
    covered = [o for o in outcomes if o.question.expect]
    confident = [o for o in outcomes if o.is_confident]
    return Figures(
        covered=len(covered),
        uncovered=len(outcomes) - len(covered),
        confident=len(confident),
        confident_right=sum(o.is_right for o in confident),
        answered=sum(o.is_right for o in covered),
        reached=sum(o.is_right or o.is_offered for o in covered),
        answered_wrongly=sum(not o.question.expect for o in confident),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each pack that has labelled messages."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.other_cities")
    parser.add_argument("--faults", action="store_true", help="also list what went wrong")
    options = parser.parse_args(arguments)
    questions = read_labelled()
    for city in sorted({q.city for q in questions}):
        with opened(city, CACHE) as live:
            outcomes = asked(live, city, questions)
        told = figures(outcomes)
        print(
            f"{city}: {told.confident_right} of {told.confident} confident answers right ({told.precision:.1%}); of "
            f"{told.covered} covered messages {told.answered} answered and {told.reached} answered or offered; of "
            f"{told.uncovered} not covered {told.answered_wrongly} answered."
        )
        if options.faults:
            for outcome in outcomes:
                if _went_wrong(outcome):
                    print(f"  {_told(outcome)}")
    return 0


def _went_wrong(outcome: Outcome) -> bool:
    if outcome.question.expect:
        return not outcome.is_right
    return outcome.is_confident


def _told(outcome: Outcome) -> str:
    found = outcome.found
    near = ", ".join(f"{m.entry.id} {m.confidence:.2f}" for m in found.matches[:3])
    wanted = ", ".join(sorted(outcome.question.expect)) or "nothing"
    return f"{type(found).__name__}: {outcome.question.text!r} wants {wanted}; nearest: {near}"


if __name__ == "__main__":
    sys.exit(main())
