"""The maintainer's commands: `python -m services_catalog check | import | export | convert | search | what-would-change |
prepare | import-places | import-schedule | new-city`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from services_catalog import store
from services_catalog.checks import check_entries
from services_catalog.database import open_database
from services_catalog.encoder import open_encoder
from services_catalog.exchange import FORMATS, as_yaml, plan_file, read_file, write
from services_catalog.live import LiveCatalogue
from services_catalog.model import Catalogue
from services_catalog.new_city import files_of, id_of, left_over, write_pack
from services_catalog.packs import (
    PackError,
    load_city,
    read_entries,
    read_uncovered,
    read_written,
)
from services_catalog.places.checks import check_places
from services_catalog.places.imports.places import apply_places, plan_places
from services_catalog.places.imports.schedules import (
    DEFAULT_SOURCE,
    apply_schedule,
    plan_schedule,
)
from services_catalog.places.tables import places_folder
from services_catalog.protected import protected_faults, read_protected
from services_catalog.rehearsing import Rehearsing
from services_catalog.search.choose import Answer, Choices, Found, Here, find
from services_catalog.transfer import apply_plan, check_pack, plan_import
from services_catalog.what_would_change import Question

DEFAULT_DATABASE = "sqlite:///var/ask311.db"
DEFAULT_CACHE = "var/search"
# The most lines of a plan that are printed.
MOST_LINES = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 when something is wrong (said on standard error)."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (PackError, store.RevisionMoved) as fault:
        print(fault, file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as fault:
        # Without the password that the address may hold.
        address = make_url(options.database).render_as_string()
        print(
            f"The database {address} cannot be used ({type(fault).__name__}).", file=sys.stderr
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services_catalog", description=__doc__)
    parser.set_defaults(database=os.environ.get("ASK311_DATABASE_URL", DEFAULT_DATABASE))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--city", default=os.environ.get("ASK311_CITY", "toronto"))
        added.add_argument("--database", default=parser.get_default("database"))
        added.set_defaults(run=run)
        return added

    check = command("check", _check, "say what is wrong with a city pack, with file and line")
    check.add_argument("--remarks", action="store_true", help="also say what could be better")
    imports = command(
        "import", _import, "bring a city pack, or a file of entries, into the database"
    )
    imports.add_argument(
        "--from", dest="file", type=Path, help="YAML, CSV or HSDS JSON, instead of the pack"
    )
    imports.add_argument(
        "--retire-missing", action="store_true", help="entries that the file lacks are to go"
    )
    imports.add_argument(
        "--over-edits",
        action="store_true",
        help="take the pack's entries also where they were changed by hand since",
    )
    imports.add_argument("--plan", action="store_true", help="only say what would change")
    export = command("export", _export, "print the database's entries")
    export.add_argument("--format", choices=FORMATS, default="yaml")
    convert = command(
        "convert", _convert, "print a file's entries as YAML, with what they still need"
    )
    convert.add_argument("file", type=Path, help="HSDS JSON, of another system too, or CSV")
    new_city = command("new-city", _new_city, "write the first files of a city's pack")
    new_city.add_argument("name", help="as people write it, in quotes: 'Thunder Bay'")
    new_city.add_argument("--phone", default="", help="the number that residents call")
    new_city.add_argument("--website", default="", help="the city's web site, with https://")
    command(
        "prepare", _prepare, "compute ahead what search needs, so that the service starts fast"
    )
    places = command(
        "import-places",
        _import_places,
        "bring a newer open-data list of places into the city pack",
    )
    places.add_argument("file", type=Path, help="CSV or GeoJSON")
    places.add_argument("--type", required=True, help="which places: child_care, park ...")
    places.add_argument("--source", default="", help="a key of sources.yaml")
    places.add_argument("--as-of", type=date.fromisoformat, help="how old the list is")
    places.add_argument("--plan", action="store_true", help="only say what would change")
    places.add_argument("--yes-retire", action="store_true", help="also if a third would go")
    schedule = command(
        "import-schedule",
        _import_schedule,
        "bring dates of waste collection into the city pack",
    )
    schedule.add_argument("file", type=Path, help="CSV or iCalendar")
    schedule.add_argument(
        "--calendar", default="", help="whose dates an .ics file has: 'Tuesday 1'"
    )
    schedule.add_argument("--source", default=DEFAULT_SOURCE, help="a key of sources.yaml")
    schedule.add_argument("--as-of", type=date.fromisoformat, help="how old the file is")
    schedule.add_argument("--plan", action="store_true", help="only say what would change")
    search = command("search", _search, "say what a resident's message finds")
    search.add_argument("text", help="the message, in quotes")
    search.add_argument("--json", action="store_true", help="print the result as JSON")
    search.add_argument("--about", help="id of the service just discussed")
    would = command(
        "what-would-change",
        _what_would_change,
        "say which questions would get something else if the pack, or a file of entries, were imported",
    )
    would.add_argument(
        "--entry-file", type=Path, help="YAML, CSV or HSDS JSON, instead of the pack"
    )
    would.add_argument(
        "--questions", type=Path, help="further messages to try, one a line (none is kept)"
    )
    return parser


def _check(options: argparse.Namespace) -> int:
    services = {str(w.data.get("id")) for w in read_written(options.city)}
    faults = [
        *check_pack(options.city),
        *check_places(options.city, services),
        *left_over(load_city(options.city)),
        *protected_faults(read_protected(options.city), services),
    ]
    read_uncovered(options.city)
    stopping = [f for f in faults if f.stops]
    for fault in faults if options.remarks else stopping:
        print(fault)
    entries = read_entries(options.city) if not stopping else []
    if stopping:
        print(f"{len(stopping)} faults to mend.")
        return 1
    more = "" if options.remarks else " (--remarks shows them)"
    remarks = len(faults) - len(stopping)
    print(f"{options.city}: {len(entries)} entries, no fault, {remarks} remarks{more}.")
    return 0


def _import(options: argparse.Namespace) -> int:
    engine = _opened(options.database)
    if options.retire_missing and not options.file:
        raise PackError("--retire-missing is for --from FILE: a pack is always the whole.")
    if options.over_edits and options.file:
        raise PackError("--over-edits is for the pack: a file always changes what it names.")
    if options.file:
        plan = plan_file(engine, options.city, options.file, retires=options.retire_missing)
    else:
        plan = plan_import(engine, options.city, over_edits=options.over_edits)
    if options.plan or plan.is_empty:
        print(f"{options.city}: {plan}.")
        return 0
    revision = apply_plan(engine, plan, by="python -m services_catalog import")
    print(f"{options.city}: {plan}. The catalogue is now at revision {revision}.")
    return 0


def _what_would_change(options: argparse.Namespace) -> int:
    """Return 1 where a protected question would get something worse."""
    engine = _opened(options.database)
    file = options.entry_file
    plan = plan_file(engine, options.city, file) if file else plan_import(engine, options.city)
    if not plan.from_revision:
        raise PackError(
            f"The catalogue of {options.city} is empty: run `python -m services_catalog import`."
        )
    lines = (
        options.questions.read_text(encoding="utf-8").splitlines() if options.questions else []
    )
    change = store.Change((*plan.added, *plan.changed), plan.retired, plan.uncovered)
    rehearsing = Rehearsing(engine, options.city, cache=_cache(), encoder=open_encoder)
    changes = rehearsing.what_would_change(
        change, [Question(line.strip()) for line in lines if line.strip()]
    )
    print(f"{options.city}: {plan}. {changes}.")
    for one in changes.differences:
        mark = "PROTECTED " if one in changes.broken else ""
        print(f"{mark}{one.verdict}: {one.question.text!r}")
        print(f"    now:  {one.before}")
        print(f"    then: {one.after}")
    return 1 if changes.broken else 0


def _new_city(options: argparse.Namespace) -> int:
    id = id_of(options.name)
    files = files_of(options.name, datetime.now(UTC).date(), options.phone, options.website)
    folder = write_pack(id, files)
    print(f"Written to {folder}: {', '.join(files)}.")
    print(
        f"Next: python -m services_catalog check --city {id} --remarks, then docs/adopting.md."
    )
    return 0


def _import_places(options: argparse.Namespace) -> int:
    plan = plan_places(
        options.file,
        places_folder(options.city),
        options.type,
        source=options.source,
        as_of=options.as_of.isoformat() if options.as_of else "",
    )
    _tell(options.city, plan, plan.details())
    if not (options.plan or plan.is_empty):
        apply_places(plan, yes_retire=options.yes_retire)
        print("Written. A running line reads it by itself.")
    return 0


def _import_schedule(options: argparse.Namespace) -> int:
    zone = ZoneInfo(load_city(options.city).timezone)
    today = datetime.now(zone).date()
    plan = plan_schedule(
        options.file,
        places_folder(options.city),
        calendar=options.calendar,
        source=options.source,
        as_of=(options.as_of or today).isoformat(),
        today=today,
        zone=zone,
    )
    _tell(options.city, plan, plan.details())
    if not (options.plan or plan.is_empty):
        apply_schedule(plan)
        print("Written. A running line reads it by itself.")
    return 0


def _tell(city: str, plan: object, details: Sequence[str]) -> None:
    for line in details[:MOST_LINES]:
        print(line)
    if len(details) > MOST_LINES:
        print(f"... and {len(details) - MOST_LINES} more.")
    print(f"{city}: {plan}.")


def _export(options: argparse.Namespace) -> int:
    sys.stdout.write(write(_opened(options.database), options.city, options.format))
    return 0


def _convert(options: argparse.Namespace) -> int:
    now = store.load(_opened(options.database), options.city)
    entries = read_file(options.file, now)
    sys.stdout.write(as_yaml(entries))
    dangers = load_city(options.city).safety
    faults = check_entries(((options.file.name, data) for data in entries), dangers)
    for fault in faults:
        if fault.stops:
            print(fault, file=sys.stderr)
    return 0


def _prepare(options: argparse.Namespace) -> int:
    began = time.monotonic()
    print(
        f"{options.city}: reading the catalogue's examples (a minute the first time)...",
        flush=True,
    )
    live = _live(options, _opened(options.database))
    live.start(wait_for_model=True)
    live.close()
    print(f"{options.city}: search is ready ({time.monotonic() - began:.0f} s).")
    return 0


def _search(options: argparse.Namespace) -> int:
    engine = _opened(options.database)
    live = _live(options, engine)
    live.start(wait_for_model=True)
    snapshot = live.now()
    live.close()
    if not snapshot.catalogue.entries:
        print(
            f"The catalogue of {options.city} is empty: run `python -m services_catalog import`.",
            file=sys.stderr,
        )
        return 1
    city = load_city(options.city)
    here = Here(city.name, city.elsewhere)
    found = find(snapshot.index, options.text, about=options.about, here=here)
    if options.json:
        print(json.dumps(_as_json(snapshot.catalogue, found), indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(_as_text(f) for f in found))
    return 0


def _as_json(catalogue: Catalogue, found: Sequence[Found]) -> dict[str, Any]:
    first = _found_json(found[0])
    return {
        "city": catalogue.city,
        "revision": catalogue.revision,
        # The first matter's result stands at the top: most messages have one.
        **first,
        "found": [_found_json(f) for f in found],
    }


def _found_json(found: Found) -> dict[str, Any]:
    data: dict[str, Any] = {
        "outcome": _outcome(found),
        "matter": found.matter,
        "reason": found.reason,
        "matches": [
            {
                "service_id": m.entry.id,
                "title": m.entry.title,
                "confidence": round(m.confidence, 4),
            }
            for m in found.matches
        ],
    }
    if isinstance(found, Answer):
        data |= {
            "service_id": found.entry.id,
            "confidence": round(found.confidence, 4),
            "aspect": found.aspect,
            "text": found.entry.summary,
            "source_url": found.entry.source_url,
            "last_verified": found.entry.last_verified.isoformat(),
            "facts": [asdict(f) for f in found.entry.facts_about(found.aspect)]
            if found.aspect
            else [],
        }
    if isinstance(found, Choices):
        data["question"] = found.question
        data["choices"] = [{"label": o.label, "service_id": o.entry.id} for o in found.options]
    return data


def _outcome(found: Found) -> str:
    if isinstance(found, Answer):
        return "answer"
    return "choices" if isinstance(found, Choices) else "not_found"


def _as_text(found: Found) -> str:
    head = f"{_outcome(found).upper()}: {found.reason}"
    if isinstance(found, Answer):
        entry = found.entry
        body = f"{entry.id}: {entry.title}\n{entry.summary}\n{entry.source_url}"
    elif isinstance(found, Choices):
        lines = [f"- {o.label} ({o.entry.id})" for o in found.options]
        body = "\n".join([found.question, *lines] if found.question else lines)
    else:
        body = "(no guess is made)"
    near = ", ".join(f"{m.entry.id} {m.confidence:.2f}" for m in found.matches)
    return f"{head}\n{body}\nnearest: {near}"


def _opened(url: str) -> Engine:
    engine = open_database(url)
    store.create_tables(engine)
    return engine


def _live(options: argparse.Namespace, engine: Engine) -> LiveCatalogue:
    return LiveCatalogue(engine, options.city, encoder=open_encoder(), cache=_cache())


def _cache() -> Path:
    return Path(os.environ.get("ASK311_SEARCH_CACHE", DEFAULT_CACHE))
