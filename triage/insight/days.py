"""Figures added up by day beforehand: what changed is counted again, and a period is read in a moment.

What happened later may change a day long ago: a conversation goes on, a case is done. So each pass looks for what changed
since the last one, counts the days that this is about from the rows themselves, and puts the sums in the place of the old
ones. A pass that is done twice, or by two processes, changes nothing more: whoever moves `figures_counted` first has counted.
Reading and writing are transactions of their own, so that on SQLite nobody waits while a day is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from triage.cases.tables import cases
from triage.conversations.tables import conversations, feedback, messages
from triage.handover.tables import handovers
from triage.insight import repository
from triage.insight.figures import Sums
from triage.insight.repository import Period
from triage.insight.tables import day_figures, figures_counted
from triage.insight.tallies import Measure, day_after, day_of
from triage.kit.clock import Clock
from triage.kit.db import Database, insert_once

COUNT_EVERY_SECONDS = 60.0
# A row's moment is taken before its transaction ends: so far back it may come to light.
LATE = timedelta(minutes=5)
# So many days are counted in one transaction, when all of them are.
AT_A_TIME = 7
# Once a day these are counted anew. A case that is opened again has another promised day: only so is the former one found.
LATELY = timedelta(days=60)
_BEFORE_ALL, _AFTER_ALL = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_ROW = 1

Counted = Counter[tuple[datetime, str, str]]


@dataclass(frozen=True)
class Read:
    """A period's sums, and until when they are complete; None: nothing was counted yet."""

    sums: Sums
    until: datetime | None


def read(connection: Connection, period: Period, zone: ZoneInfo, now: datetime) -> Read:
    """Return what a period of whole days adds up to."""
    c = day_figures.c
    # What is promised for today may still be kept.
    is_due = or_(c.measure != Measure.PROMISE.value, c.day < day_of(now, zone))
    rows = connection.execute(
        select(c.measure, c.name, func.sum(c.number))
        .where(c.day >= period.start, c.day < period.end, is_due)
        .group_by(c.measure, c.name)
    )
    sums: Sums = Counter({(measure, name): int(number) for measure, name, number in rows})
    return Read(sums, _until(connection))


async def count(database: Database, zone: ZoneInfo, clock: Clock) -> bool:
    """Count what changed since the last pass; everything, the first time. False: another process was quicker."""
    now = clock.now()
    seen = await database.read(_until)
    if seen is None:
        await rebuild(database, zone, clock)
        return True
    if seen.astimezone(zone).date() != now.astimezone(zone).date():
        await _recount(database, zone, Period(day_of(now - LATELY, zone), day_of(now, zone)))

    def changed(connection: Connection) -> tuple[list[Period], Counted]:
        periods = list(runs(_touched(connection, seen - LATE, now, zone), zone))
        return periods, _counted(connection, periods, zone)

    periods, counted = await database.read(changed)

    def put(connection: Connection) -> bool:
        if not _moved(connection, seen, now):
            return False
        _replace(connection, periods, counted)
        return True

    return await database.write(put)


async def rebuild(database: Database, zone: ZoneInfo, clock: Clock) -> int:
    """Count everything anew, some days at a time; return how many days have figures.

    What changes meanwhile is counted again by the next pass.
    """
    began = clock.now()
    first, last = await database.read(_span)
    start = day_of(first or began, zone)
    end = day_after(day_of(last or began, zone), zone)
    outside = [Period(_BEFORE_ALL, start), Period(end, _AFTER_ALL)]
    await database.write(lambda c: _replace(c, outside, Counter()))
    days = await _recount(database, zone, Period(start, end))
    await database.write(lambda c: _set(c, began))
    return days


async def _recount(database: Database, zone: ZoneInfo, period: Period) -> int:
    """Count a period of whole days anew, some at a time; return how many of them have figures."""
    days, start = 0, period.start
    while start < period.end:
        end = start
        for _ in range(AT_A_TIME):
            end = min(day_after(end, zone), period.end)
        part = [Period(start, end)]
        counted = await database.read(lambda c, p=part: _counted(c, p, zone))  # type: ignore[misc]
        await database.write(lambda c, p=part, n=counted: _replace(c, p, n))  # type: ignore[misc]
        days += len({day for day, _, _ in counted})
        start = end
    return days


def runs(days: Iterable[datetime], zone: ZoneInfo) -> Iterator[Period]:
    """Return days as periods: those that follow each other as one."""
    period: Period | None = None
    for day in sorted(set(days)):
        if period and period.end == day:
            period = Period(period.start, day_after(day, zone))
            continue
        if period:
            yield period
        period = Period(day, day_after(day, zone))
    if period:
        yield period


def _touched(
    connection: Connection, since: datetime, now: datetime, zone: ZoneInfo
) -> set[datetime]:
    """Return the days that may count something else since a moment."""
    moments: set[datetime] = set()
    for question in (
        # Conversations in which something was said, or whose resident wanted a person.
        select(conversations.c.created_at)
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .where(messages.c.created_at >= since)
        .distinct(),
        select(conversations.c.created_at)
        .join(handovers, handovers.c.conversation_id == conversations.c.id)
        .where(handovers.c.asked_at >= since),
        select(handovers.c.asked_at).where(handovers.c.first_taken_at >= since),
        select(cases.c.opened_at).where(cases.c.updated_at >= since),
        select(cases.c.due_at).where(cases.c.updated_at >= since, cases.c.due_at.is_not(None)),
        select(messages.c.created_at)
        .join(feedback, feedback.c.message_id == messages.c.id)
        .where(feedback.c.at >= since),
    ):
        moments.update(connection.scalars(question))
    days = {day_of(at, zone) for at in moments}
    # Whatever else happened, happened on these.
    day = day_of(since, zone)
    while day <= now:
        days.add(day)
        day = day_after(day, zone)
    return days


def _counted(connection: Connection, periods: Sequence[Period], zone: ZoneInfo) -> Counted:
    counted: Counted = Counter()
    for period in periods:
        for tally in repository.tallies(connection, period, zone):
            counted[day_of(tally.at, zone), tally.measure.value, tally.name] += tally.number
    return counted


def _replace(connection: Connection, periods: Sequence[Period], counted: Counted) -> None:
    for period in periods:
        connection.execute(
            delete(day_figures).where(
                day_figures.c.day >= period.start, day_figures.c.day < period.end
            )
        )
    if counted:
        connection.execute(
            insert(day_figures),
            [
                {"day": day, "measure": measure, "name": name, "number": number}
                for (day, measure, name), number in counted.items()
            ],
        )


def _span(connection: Connection) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment at which anything counts."""
    ends = [
        connection.execute(select(func.min(moment), func.max(moment))).one()
        for moment in (
            conversations.c.created_at,
            messages.c.created_at,
            cases.c.opened_at,
            cases.c.due_at,
        )
    ]
    return (
        min((row[0] for row in ends if row[0]), default=None),
        max((row[1] for row in ends if row[1]), default=None),
    )


def _until(connection: Connection) -> datetime | None:
    found: datetime | None = connection.scalar(select(figures_counted.c.until))
    return found


def _moved(connection: Connection, seen: datetime, until: datetime) -> bool:
    moved = connection.execute(
        update(figures_counted).where(figures_counted.c.until == seen).values(until=until)
    )
    return moved.rowcount == 1


def _set(connection: Connection, until: datetime) -> None:
    row = {"id": _ROW, "until": until}
    if not insert_once(connection, figures_counted, row, unique="id"):
        connection.execute(update(figures_counted).values(until=until))
