"""`python -m triage report` and `sample-answers`. See cli.py."""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.database import open_database, read_only
from services_catalog.formats.cells import harmless
from services_catalog.packs import load_city
from triage.insight import days, repository
from triage.insight.figures import added_up, figures_of
from triage.insight.report import Costs, report_of
from triage.insight.repository import Period
from triage.insight.shares import Share
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.kit.redaction import redacted
from triage.settings import Settings

Run = Callable[[argparse.Namespace], int]
MakeCommand = Callable[[str, Run], argparse.ArgumentParser]
COLUMNS = ("message_id", "question", "answer", "service_id", "confidence", "right")
_RIGHT = {"yes": True, "no": False}


class JudgementNotRead(ValueError):
    """A file of judged answers cannot be read; the message says where and what to do."""


def add_commands(command: MakeCommand) -> None:
    """Add the commands to a parser, by what makes one of a name and a function."""
    report = command("report", _report)
    sample = command("sample-answers", _sample)
    command("rebuild-figures", _rebuild)
    for one in (report, sample):
        one.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
        one.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    report.add_argument("--out", type=Path, default=Path("var/report"), help="a folder")
    report.add_argument(
        "--judged", type=Path, help="the CSV of sample-answers, its column 'right' filled in"
    )
    report.add_argument(
        "--cost-of-call", type=float, help="assumed: dollars for a contact handled by a person"
    )
    report.add_argument(
        "--cost-of-answer",
        type=float,
        default=0.0,
        help="assumed: dollars for one answered here",
    )
    sample.add_argument("--number", type=int, default=200)
    sample.add_argument("--seed", type=int, default=311, help="the same draws the same again")


def _report(options: argparse.Namespace) -> int:
    """Write what the line did in a period, as a page to print and as CSV."""
    settings = Settings()  # from the environment
    city = load_city(settings.city)
    zone = ZoneInfo(city.timezone)
    period = _period(options, zone)
    try:
        judged = _judged(options.judged) if options.judged else None
    except (JudgementNotRead, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
    with reading(settings.database_url) as connection:
        titles = {entry.id: entry.title for entry in store.load_in(connection, city.id).entries}
        sums = added_up(repository.tallies(connection, period, zone))
    costs = (
        Costs(options.cost_of_call, options.cost_of_answer)
        if options.cost_of_call is not None
        else None
    )
    report = report_of(
        figures_of(sums),
        titles,
        city=city.name,
        first=options.first,
        last=options.last,
        made_at=datetime.now(UTC).astimezone(zone),
        judged=judged,
        costs=costs,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    page, table = options.out / "report.html", options.out / "figures.csv"
    page.write_text(report.html(), encoding="utf-8")
    table.write_text(report.csv(), encoding="utf-8")
    print(f"Written: {page} and {table}.")
    return 0


def _sample(options: argparse.Namespace) -> int:
    """Print answers of a period drawn by lot, for people to judge: fill in the column 'right' with yes or no."""
    settings = Settings()  # from the environment
    period = _period(options, ZoneInfo(load_city(settings.city).timezone))
    with reading(settings.database_url) as connection:
        drawn = repository.sample(connection, period, options.number, options.seed)
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    for one in drawn:
        sure = "" if one.confidence is None else f"{one.confidence:.3f}"
        question = harmless(redacted(one.question))
        writer.writerow([one.message_id, question, one.answer, one.service_id, sure, ""])
    return 0


def _rebuild(options: argparse.Namespace) -> int:
    """Add up the figures of all days anew, from what is kept; for the console's page of figures."""
    settings = Settings()  # from the environment
    zone = ZoneInfo(load_city(settings.city).timezone)
    began = monotonic()
    database = Database(settings.database_url)
    try:
        counted = asyncio.run(days.rebuild(database, zone, SystemClock()))
    finally:
        database.close()
    print(f"{counted} days have figures ({monotonic() - began:.1f} s).")
    return 0


@contextmanager
def reading(database_url: str) -> Iterator[Connection]:
    """Open the database for one transaction that changes nothing."""
    engine = open_database(database_url)
    try:
        with read_only(engine).begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _period(options: argparse.Namespace, zone: ZoneInfo) -> Period:
    """Return the days asked for, both included, in the city's own time."""
    start = datetime.combine(options.first, time(), zone)
    end = datetime.combine(options.last + timedelta(days=1), time(), zone)
    return Period(start.astimezone(UTC), end.astimezone(UTC))


def _judged(path: Path) -> Share:
    """Return how many of the answers that were judged were found right; rows without a judgement do not count."""
    right = whole = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "right" not in (reader.fieldnames or ()):
            raise JudgementNotRead(
                f"{path.name} has no column 'right': it is filled in with yes or no."
            )
        for row in reader:
            said = (row["right"] or "").strip().lower()
            if not said:
                continue
            if said not in _RIGHT:
                raise JudgementNotRead(
                    f"{path.name}, line {reader.line_num}: 'right' is {said!r}; only yes, no or nothing can stand there."
                )
            whole += 1
            right += _RIGHT[said]
    return Share(right, whole)
