"""`python -m triage export-labels`. See cli.py."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from services_catalog import store
from services_catalog.database import open_database, read_only
from triage.learning import labels
from triage.learning.labels import Kind
from triage.settings import Settings

Run = Callable[[argparse.Namespace], int]
MakeCommand = Callable[[str, Run], argparse.ArgumentParser]


def add_commands(command: MakeCommand) -> None:
    """Add the commands to a parser, by what makes one of a name and a function."""
    export = command("export-labels", _export)
    export.add_argument("file", type=Path, help="where to write them, as JSON lines")
    export.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.QUESTION)


def _export(options: argparse.Namespace) -> int:
    """Write the approved labels into a file, as make fit-search reads them (docs/learning.md)."""
    settings = Settings()  # from the environment
    engine = open_database(settings.database_url)
    try:
        with read_only(engine).begin() as connection:
            found = labels.approved(connection, options.kind)
            known = {entry.id for entry in store.load_in(connection, settings.city).entries}
    finally:
        engine.dispose()
    if options.kind is Kind.QUESTION:
        # The entry may have been withdrawn since.
        kept = [label for label in found if not label.wanted or label.wanted in known]
    else:
        kept = list(found)
    lines = [json.dumps(labels.exported(label), ensure_ascii=False) + "\n" for label in kept]
    try:
        options.file.write_text("".join(lines), encoding="utf-8")
    except OSError as fault:
        print(f"{options.file} cannot be written: {fault.strerror}.", file=sys.stderr)
        return 1
    left_out = len(found) - len(kept)
    because = f"; {left_out} name an entry that is not there any more" if left_out else ""
    print(f"{len(kept)} labels written to {options.file}{because}.")
    return 0
