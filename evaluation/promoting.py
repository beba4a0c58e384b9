"""Put something fitted anew in the place of what is in use, and put the former one back: `make rollback`.

What was in use before is kept in `var/models`, its name with the moment it was kept at. Nothing here decides whether the new
one is better: whoever fitted it has compared them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "models"


@dataclass(frozen=True)
class Promoted:
    """Something that is fitted and then used: the file that the line reads, and what takes it up."""

    name: str
    file: Path
    ending: str
    next: str  # what has to be done until the line goes by another file


THINGS = {
    thing.name: thing
    for thing in (
        Promoted(
            "assistant",
            ROOT / "bot" / "models" / "ask311.tar.gz",
            ".tar.gz",
            "A line that runs goes on with the model it has read. Restart the assistant: messages wait meanwhile."
            "\n    .venv/bin/supervisorctl -c var/supervisord.conf restart rasa",
        ),
        Promoted(
            "search",
            ROOT / "services_catalog" / "search" / "calibration.json",
            ".json",
            "A line that runs goes on with the calibration it has read. Restart the action server: messages wait meanwhile."
            "\n    .venv/bin/supervisorctl -c var/supervisord.conf restart actions",
        ),
    )
}


class NothingKept(ValueError):
    """There is no former one to go back to."""


def promote(
    thing: Promoted, candidate: Path, *, kept: Path = KEPT, now: datetime
) -> Path | None:
    """Put a candidate in its place; return where the former one is kept, or None where there was none."""
    former = None
    if thing.file.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        former = kept / f"{thing.name}-{now:%Y%m%dT%H%M%S%fZ}{thing.ending}"
        shutil.copyfile(thing.file, former)
    _put(candidate, thing.file)
    candidate.unlink()
    return former


def roll_back(thing: Promoted, *, kept: Path = KEPT) -> Path:
    """Put the one that was in use before back in its place; return where it was kept. It is kept no longer.

    The one that it replaces is set beside the kept ones, named `...-withdrawn`, so that it can be looked at.

    Raises:
        NothingKept: none is kept.
    """
    former = max(kept.glob(f"{thing.name}-2*Z{thing.ending}"), default=None)
    if former is None:
        raise NothingKept(f"No former {thing.name} is kept in {kept}.")
    if thing.file.is_file():
        shutil.copyfile(thing.file, kept / f"{thing.name}-withdrawn{thing.ending}")
    _put(former, thing.file)
    former.unlink()
    return former


def last_promoted(kept: Path = KEPT) -> Promoted:
    """Return what was promoted last.

    Raises:
        NothingKept: nothing was, or all of it was put back.
    """
    moments = {
        file.name.removeprefix(f"{thing.name}-").removesuffix(thing.ending): thing
        for thing in THINGS.values()
        for file in kept.glob(f"{thing.name}-2*Z{thing.ending}")
    }
    if not moments:
        raise NothingKept(f"Nothing is kept in {kept}: there is nothing to put back.")
    return moments[max(moments)]


def _put(source: Path, place: Path) -> None:
    # Written whole under another name, then renamed: whoever starts meanwhile reads one or the other.
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    shutil.copyfile(source, part)
    part.replace(place)


def main(arguments: Sequence[str] | None = None, *, kept: Path = KEPT) -> int:
    """Put back what was in use before; say what takes it up."""
    parser = argparse.ArgumentParser(prog="make rollback", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=[*THINGS], help="default: what was promoted last"
    )
    options = parser.parse_args(arguments)
    try:
        thing = THINGS[options.what] if options.what else last_promoted(kept)
        former = roll_back(thing, kept=kept)
    except NothingKept as nothing:
        print(nothing, file=sys.stderr)
        return 1
    print(f"The {thing.name} is again the one that was kept as {former.name}.\n{thing.next}")
    return 0


def now() -> datetime:
    """Return the moment, for a name."""
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
