"""How well locations in words are found and resolved: `python -m evaluation.locations`.

Phrases with the place that they mean are read and resolved by the pack's tables. A point is right within 150 m of
the place (an area: within its own radius), or at the right corner. What is not in the tables is counted apart: it
must be named as not found. `--check` also fails beneath a floor in floors.json; `--faults FILE` writes down what
went wrong, never for the judging phrases while the reader is being worked on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from evaluation.figures import share
from evaluation.floors import compare_with_floors, read_floors
from evaluation.questions import FOLDER
from services_catalog.packs import load_city
from services_catalog.places.areas import Areas
from services_catalog.places.geocode import (
    SURE,
    Ambiguous,
    Geocoder,
    Located,
    OutsideCity,
    Resolved,
)
from services_catalog.places.model import Point
from services_catalog.places.tables import read_gazetteer

CITY = "toronto"
JUDGING = FOLDER / "locations.jsonl"
DEVELOPMENT = FOLDER / "locations_development.jsonl"
RIGHT_METRES = 150.0


class Expect(StrEnum):
    """What a sensible person would make of a phrase."""

    POINT = "point"  # the place that is given
    ASK = "ask"  # several places may be meant
    OUTSIDE = "outside"  # another municipality
    MISSING = "unknown"  # a street or corner that is not in the tables
    NOTHING = "none"  # no place at all


class Outcome(StrEnum):
    """What became of a phrase."""

    RIGHT = "right"
    CONFIRM = "right, to be confirmed"
    WRONG = "wrong, stated"
    WRONG_CONFIRM = "wrong, to be confirmed"
    ASKED = "asked, right one offered"
    ASKED_WRONG = "asked, right one not offered"
    OUTSIDE = "outside"
    UNKNOWN = "named as not found"
    NOTHING = "no place"


@dataclass(frozen=True)
class Phrase:
    """One phrase and what it means. `points`: any of them is right."""

    id: str
    kind: str
    text: str
    expect: Expect
    points: tuple[Point, ...]
    metres: float
    has_typos: bool


def read_phrases(file: Path) -> list[Phrase]:
    """Read labelled phrases.

    Raises:
        ValueError: a line is none; the message names it.
    """
    phrases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            phrases.append(_phrase(json.loads(line)))
        except (ValueError, KeyError, TypeError) as fault:
            raise ValueError(f"{file.name}, line {number}: {fault!r}") from fault
    return phrases


def _phrase(data: dict[str, Any]) -> Phrase:
    points = [data] if data.get("lat") is not None else []
    return Phrase(
        data["id"],
        data["kind"],
        data["text"],
        Expect(data["expect"]),
        tuple(Point(p["lat"], p["long"]) for p in (*points, *data.get("accept", ()))),
        float(data.get("metres") or RIGHT_METRES),
        bool(data.get("typo")),
    )


def outcome(phrase: Phrase, found: Resolved | None) -> Outcome:
    """Say what became of a phrase."""
    if found is None:
        return Outcome.NOTHING
    if isinstance(found, OutsideCity):
        return Outcome.OUTSIDE
    if isinstance(found, Ambiguous):
        # Where no point is labelled, any question back is right.
        offered = not phrase.points or any(_is_right(phrase, o) for o in found.options)
        return Outcome.ASKED if offered else Outcome.ASKED_WRONG
    if isinstance(found, Located):
        if _is_right(phrase, found):
            return Outcome.RIGHT if found.confidence >= SURE else Outcome.CONFIRM
        return Outcome.WRONG if found.confidence >= SURE else Outcome.WRONG_CONFIRM
    return Outcome.UNKNOWN


def _is_right(phrase: Phrase, found: Located) -> bool:
    return any(found.point.metres_to(p) <= phrase.metres for p in phrase.points)


def figures(judged: Sequence[tuple[Phrase, Outcome]]) -> dict[str, float]:
    """Return the figures that are promised, each between 0 and 1."""
    here = [o for p, o in judged if p.expect is Expect.POINT]
    ask = [o for p, o in judged if p.expect is Expect.ASK]
    missing = [o for p, o in judged if p.expect is Expect.MISSING]
    outside = [o for p, o in judged if p.expect is Expect.OUTSIDE]
    nothing = [o for p, o in judged if p.expect is Expect.NOTHING]
    placed = (Outcome.RIGHT, Outcome.CONFIRM, Outcome.WRONG, Outcome.WRONG_CONFIRM)
    stated = [o for _, o in judged if o in (Outcome.RIGHT, Outcome.WRONG)]
    asked = (Outcome.ASKED, Outcome.ASKED_WRONG)
    return {
        "locations resolved to the right point": _share(here, Outcome.RIGHT, Outcome.CONFIRM),
        "stated points that are right": _share(stated, Outcome.RIGHT),
        "wrong points stated with confidence": _share([o for _, o in judged], Outcome.WRONG),
        "locations with two meanings asked about": _share(ask, *asked),
        "places elsewhere told so": _share(outside, Outcome.OUTSIDE),
        "missing streets and corners placed somewhere": _share(missing, *placed),
        "missing streets and corners named as not found": _share(missing, Outcome.UNKNOWN),
        "ordinary sentences taken for a place": 1 - _share(nothing, Outcome.NOTHING)
        if nothing
        else 0.0,
    }


def _share(outcomes: Sequence[Outcome], *which: Outcome) -> float:
    return share(sum(o in which for o in outcomes), len(outcomes))


def main() -> int:
    """Resolve the phrases, report, and with `--check` compare with the floors; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.locations", description=__doc__)
    parser.add_argument(
        "--development", action="store_true", help="the phrases it is worked on with"
    )
    parser.add_argument("--check", action="store_true", help="fail beneath a floor")
    parser.add_argument("--faults", type=Path, help="file for what went wrong")
    options = parser.parse_args()
    file = DEVELOPMENT if options.development else JUDGING
    phrases = read_phrases(file)
    gazetteer = read_gazetteer(CITY)
    geocoder = Geocoder(gazetteer, Areas(gazetteer), load_city(CITY).elsewhere)
    seen, faults, times = [], [], []
    for phrase in phrases:
        started = time.perf_counter()
        found = geocoder.locate(phrase.text)
        times.append(time.perf_counter() - started)
        seen.append((phrase, outcome(phrase, found)))
        faults.append(f"{seen[-1][1]:28} {phrase.kind:14} {phrase.text!r}: {_told(found)}")
    print(f"{len(phrases)} phrases ({file.name}), median {sorted(times)[len(times) // 2] * 1e3:.1f} ms\n")  # fmt: skip
    _print_kinds(seen)
    found_figures = figures(seen)
    print()
    for name, value in found_figures.items():
        print(f"{value:7.1%}  {name}")
    if options.faults:
        wrong = [f for f, (p, o) in zip(faults, seen, strict=True) if not _is_good(p, o)]
        options.faults.write_text("\n".join(wrong) + "\n", encoding="utf-8")
    return (
        compare_with_floors(found_figures, read_floors()["locations"]) if options.check else 0
    )


def _is_good(phrase: Phrase, found: Outcome) -> bool:
    good = {
        Expect.POINT: (Outcome.RIGHT,),
        Expect.ASK: (Outcome.ASKED,),
        Expect.OUTSIDE: (Outcome.OUTSIDE,),
        Expect.MISSING: (Outcome.UNKNOWN,),
        Expect.NOTHING: (Outcome.NOTHING,),
    }
    return found in good[phrase.expect]


def _print_kinds(seen: Iterable[tuple[Phrase, Outcome]]) -> None:
    groups: dict[tuple[str, str, bool], Counter[Outcome]] = {}
    for phrase, found in seen:
        key = (phrase.expect.value, phrase.kind, phrase.has_typos)
        groups.setdefault(key, Counter())[found] += 1
    print(f"{'expected':9} {'kind':16} {'typos':6} {'phrases':>7}  outcomes")
    for (expect, kind, has_typos), counts in sorted(groups.items()):
        told = ", ".join(f"{n} {o.value}" for o, n in counts.most_common())
        print(f"{expect:9} {kind:16} {'yes' if has_typos else '':6} {counts.total():7}  {told}")


def _told(found: Resolved | None) -> str:
    if isinstance(found, Located):
        return f"{found.label} ({found.confidence:.2f}, {found.reason})"
    if isinstance(found, Ambiguous):
        return " or ".join(o.label for o in found.options)
    return repr(found)


if __name__ == "__main__":
    sys.exit(main())
