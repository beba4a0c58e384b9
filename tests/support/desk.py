"""A line that takes reports, for tests: the real actions, and a real triage that keeps the cases, over one database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from rasa_sdk.executor import ActionExecutor
from sqlalchemy import Table

from actions.line import Line
from actions.triage_client import TriageCases
from actions.wiring import executor_for
from services_catalog import store
from services_catalog.database import open_database
from services_catalog.model import ServiceEntry
from services_catalog.notices import store as notice_store
from services_catalog.notices.live import LiveNotices
from services_catalog.notices.model import Notice
from services_catalog.notices.tables import metadata as notice_tables
from services_catalog.places.live import Where
from tests.support.small_town import ENTRIES, TODAY, TOWN, open_town
from tests.triage.talking import front_door, wait_until
from tests.triage.twin import API_SECRET
from triage.cases.tables import metadata

FILE = "line.db"
# Triage reads this pack's routing; the entries are the small town's.
CITY = "toronto"


@dataclass
class HandClock:
    """Tells notices the time that a test says; noon of the town's day until then."""

    at: datetime = field(
        default_factory=lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 17, tzinfo=UTC)
    )

    def __call__(self) -> datetime:
        return self.at


@dataclass
class ReportingLine:
    """The parts of it that tests look at."""

    line: Line
    executor: ActionExecutor
    cases: TriageCases
    triage_url: str
    database_url: str
    clock: HandClock

    def post(self, notice: Notice) -> None:
        """Post a notice as staff do, or change one; return once the actions see it."""
        engine, now = open_database(self.database_url), self.clock()
        with engine.begin() as connection:
            if notice.version == 1:
                notice_store.post_in(connection, CITY, notice, by="test", now=now)
            else:
                before = replace(notice, version=notice.version - 1)
                notice_store.change_in(connection, CITY, before, by="test", now=now)
        engine.dispose()
        wait_until(lambda: notice in self.line.notices().notices)

    def edit(self, *entries: ServiceEntry, retired: Iterable[str] = ()) -> None:
        """Publish entries, or retire some, as a maintainer does; return once the actions see it."""
        engine = open_database(self.database_url)
        before = self.line.now().catalogue.revision
        change = store.Change(entries, retire=tuple(retired))
        store.apply(engine, CITY, change, by="test", reason="an edit in a test")
        engine.dispose()
        wait_until(lambda: self.line.now().catalogue.revision > before)

    def forget_cases(self) -> None:
        """Empty the desk, so that no report is near one of an earlier test."""
        self._empty(*reversed(metadata.sorted_tables))

    def forget_notices(self) -> None:
        """Take all notices away, and set the clock back."""
        self._empty(*notice_tables.sorted_tables)
        self.clock.at = HandClock().at
        wait_until(lambda: not self.line.notices().notices)

    def _empty(self, *tables: Table) -> None:
        engine = open_database(self.database_url)
        with engine.begin() as connection:
            for table in tables:
                connection.execute(table.delete())
        engine.dispose()


@contextmanager
def reporting_line(
    folder: Path, where: Where, entries: Iterable[ServiceEntry] = ENTRIES, today: date = TODAY
) -> Iterator[ReportingLine]:
    """Run one; nobody answers at the assistant's address, as the actions are called themselves."""
    live = open_town(folder, entries, city=CITY, file=FILE)
    url = f"sqlite:///{folder / FILE}"
    town = replace(TOWN, id=CITY)
    clock = HandClock()
    engine = open_database(url)
    notices = LiveNotices(engine, CITY, clock=clock)
    line = Line(live, town, lambda: where, lambda: today, notices=notices.now)
    with front_door(url, "http://127.0.0.1:9") as triage_url:
        notices.start()
        cases = TriageCases(triage_url, API_SECRET)
        yield ReportingLine(line, executor_for(line, cases), cases, triage_url, url, clock)
        notices.close()
    engine.dispose()
    live.close()
