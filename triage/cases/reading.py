"""What staff read about cases: counts, lists, what a search finds, a whole case. Only of queues that the member sees.

Whenever personal facts are shown, the audit trail says to whom.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from enum import Enum, auto
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog.references import read_reference
from triage.cases import export, repository, saved_filters, search, worklist
from triage.cases.case import Case
from triage.cases.case_file import CaseFile, case_file
from triage.cases.changes import known
from triage.cases.errors import CaseUnknown
from triage.cases.saved_filters import SavedFilter
from triage.cases.words import email_of, phone_of, search_words
from triage.cases.worklist import After, Count, Days, Page, Wanted
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.media import repository as media
from triage.staff import repository as staff
from triage.staff.audit import record
from triage.staff.roles import Member, Right

PAGE = 50
MOST_FOUND = 100
# Every open console asks for the counts again and again; they are counted once for all of them.
COUNTS_LAST_SECONDS = 2.0
MOST_EXPORTED = 20_000
EXPORTED_AT_ONCE = 500


class By(Enum):
    """What a search took the words for."""

    REFERENCE = auto()
    PHONE = auto()
    EMAIL = auto()
    WORDS = auto()
    NOT_ALLOWED = auto()  # this member may find by references alone


@dataclass(frozen=True)
class Found:
    """What a search found."""

    by: By
    cases: tuple[Case, ...]
    is_all: bool = True


class Reading:
    """The cases of one city's line as staff look at them."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._counts: list[Count] = []
        self._counted_at = float("-inf")
        self._counting = asyncio.Lock()

    def days(self) -> Days:
        """Return the moments that promised dates are held against just now."""
        now = self._clock.now()
        here = now.astimezone(self._zone)
        midnight = datetime.combine(here.date() + timedelta(days=1), time_of_day(), self._zone)
        return Days(now, midnight - timedelta(seconds=1), now + timedelta(days=7))

    async def counts(self, member: Member) -> list[Count]:
        """Return how many open cases wait in a member's queues; at most two seconds old."""
        async with self._counting:
            if time.monotonic() - self._counted_at > COUNTS_LAST_SECONDS:
                days = self.days()
                self._counts = await self._database.read(lambda c: worklist.counts(c, days))
                self._counted_at = time.monotonic()
        return [count for count in self._counts if member.sees(count.queue)]

    async def mine(self, member: Member) -> int:
        """Return how many open cases a member is responsible for."""
        return await self._database.read(lambda c: worklist.assigned_to(c, member.id))

    async def page(
        self, member: Member, wanted: Wanted, after: After | None = None
    ) -> tuple[Page, int]:
        """Return a part of a list, and how many cases the whole list has."""
        wanted, days = _seen_by(member, wanted), self.days()
        return await self._database.read(
            lambda c: (
                worklist.page(c, wanted, days, after, PAGE),
                worklist.total(c, wanted, days),
            )
        )

    async def reopened_among(self, cases: Sequence[Case]) -> frozenset[str]:
        """Return the ids of those of the cases that were opened again."""
        ids = [case.id for case in cases]
        return await self._database.read(lambda c: repository.reopened_among(c, ids))

    async def total(self, member: Member, wanted: Wanted) -> int:
        """Return how many cases a list has now."""
        wanted, days = _seen_by(member, wanted), self.days()
        return await self._database.read(lambda c: worklist.total(c, wanted, days))

    async def names(self) -> Mapping[str, str]:
        """Return the names of the staff, by id."""
        accounts = await self._database.read(staff.all_accounts)
        return {a.member.id: a.member.name for a in accounts}

    async def find(self, member: Member, text: str) -> Found:
        """Return what is found by a reference, a phone number, an e-mail address, or words of the case and its address.

        Who may not see people finds by reference alone: what one may not read, one may not guess at either.
        """
        if reference := read_reference(text):
            case = await self._database.read(lambda c: repository.by_reference(c, reference))
            return Found(By.REFERENCE, (case,) if case and member.sees(case.queue) else ())
        if not member.may(Right.SEE_PEOPLE):
            return Found(By.NOT_ALLOWED, ())
        queues = None if member.queues is None else sorted(member.queues)
        email, phone = email_of(text), phone_of(text)
        if not (email or phone):
            words = search_words(text)
            found = await self._database.read(
                lambda c: search.by_words(c, words, queues, MOST_FOUND + 1)
            )
            return Found(By.WORDS, tuple(found[:MOST_FOUND]), len(found) <= MOST_FOUND)
        now = self._clock.now()

        def looked_up(connection: Connection) -> list[Case]:
            found = search.by_contact(
                connection, phone=phone, email=email, queues=queues, limit=MOST_FOUND + 1
            )
            shown = [case.reference for case in found[:MOST_FOUND]]
            record(connection, member, "case.find_person", now=now, cases=shown)
            return found

        found = await self._database.write(looked_up)
        by = By.EMAIL if email else By.PHONE
        return Found(by, tuple(found[:MOST_FOUND]), len(found) <= MOST_FOUND)

    async def file(self, member: Member, reference: str, how: str = "view") -> CaseFile:
        """Return all about a case, and note in the audit trail that the member saw it.

        Args:
            how: the verb of the entry: "view", "print".

        Raises:
            CaseUnknown: it is not there for them.
        """

        def question(connection: Connection) -> CaseFile:
            return case_file(connection, member, _seen(connection, member, reference))

        file = await self._database.read(question)
        now, subject = self._clock.now(), file.case.reference
        await self._database.write(lambda c: record(c, member, f"case.{how}", subject, now=now))
        return file

    async def photo(self, member: Member, reference: str, media_id: str) -> None:
        """Make sure that a photo is one of a case that the member sees, and note that they saw it.

        Raises:
            CaseUnknown: it is not.
        """

        now = self._clock.now()

        def question(connection: Connection) -> None:
            case = _seen(connection, member, reference)
            if media_id not in {p.id for p in media.of_case(connection, case.id)}:
                raise CaseUnknown
            record(connection, member, "case.photo", case.reference, now=now)

        await self._database.write(question)

    async def export(
        self, member: Member, wanted: Wanted, names: export.Names, *, with_people: bool
    ) -> AsyncIterator[str]:
        """Yield a list as the lines of a CSV file, and note in the audit trail who took it.

        Args:
            with_people: also residents' words, places and ways to reach them, for who may see these.
        """
        with_people = with_people and member.may(Right.SEE_PEOPLE)
        wanted, days = _seen_by(member, wanted), self.days()
        await self._database.write(
            lambda c: record(c, member, "case.export", now=days.now, with_people=with_people)
        )
        yield export.head(with_people=with_people)
        after: After | None = None
        taken = 0
        while taken < MOST_EXPORTED:

            def question(
                connection: Connection, after: After | None = after
            ) -> tuple[Page, Mapping[str, Sequence[export.Reach]]]:
                part = worklist.page(connection, wanted, days, after, EXPORTED_AT_ONCE)
                reach = export.reach_of(connection, part.cases) if with_people else {}
                return part, reach

            part, reach = await self._database.read(question)
            if part.cases:
                yield export.lines(part.cases, names, days.now, reach if with_people else None)
            taken += len(part.cases)
            after = part.after
            if after is None:
                return

    # ── saved lists ──

    async def saved(self, member: Member) -> list[SavedFilter]:
        """Return the lists that a member saved."""
        return await self._database.read(lambda c: saved_filters.of_member(c, member.id))

    async def save(self, member: Member, name: str, query: str) -> None:
        """Keep a list under a name.

        Raises:
            TooManyFilters: the member has as many as one may have.
        """
        now = self._clock.now()
        await self._database.write(lambda c: saved_filters.save(c, member.id, name, query, now))

    async def forget(self, member: Member, name: str) -> None:
        """Keep a list no longer."""
        await self._database.write(lambda c: saved_filters.forget(c, member.id, name))


def _seen_by(member: Member, wanted: Wanted) -> Wanted:
    if member.queues is None:
        return wanted
    asked = member.queues if wanted.queues is None else wanted.queues & member.queues
    return replace(wanted, queues=asked)


def _seen(connection: Connection, member: Member, reference: str) -> Case:
    case = repository.by_reference(connection, known(reference))
    if case is None or not member.sees(case.queue):
        raise CaseUnknown
    return case
