"""What can be done with a case: open it, find it, join it, add to it, move it. Each is one transaction.

Whatever is done under a key is done once: the same key again returns the case as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services_catalog.packs import City
from triage.cases import repository, search
from triage.cases.case import Audience, Case, Event, Happened
from triage.cases.changes import Change, Changes, Done, OnMove, Step, event_row, known
from triage.cases.entries import Entries
from triage.cases.errors import AnswerNotValid, CaseUnknown, MoveNotAllowed, NotReportable
from triage.cases.opening import Opened, prepare
from triage.cases.public import Asking
from triage.cases.repository import Near
from triage.cases.schemas import Contact, NewCase, NewFollower, NewInformation
from triage.cases.workflow import Actor, Move, Status
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.media import repository as media
from triage.routing.pack import Routing

MOST_NEAR = 20
CLOSE_EVERY_SECONDS = 3_600
CLOSED_AT_ONCE = 200

# Called with each new case in the transaction that opens it: what it writes is there if and only if the case is.
OnOpen = Callable[[Connection, Case], None]


@dataclass(frozen=True)
class Seen:
    """A case, and who looks at it."""

    case: Case
    asking: Asking


class Cases:
    """The cases of one city's line."""

    def __init__(
        self,
        database: Database,
        city: City,
        routing: Routing,
        entries: Entries,
        clock: Clock,
        on_open: Sequence[OnOpen] = (),
        on_move: Sequence[OnMove] = (),
    ) -> None:
        self._on_open = on_open
        self._database = database
        self._routing = routing
        self._entries = entries
        self._clock = clock
        self.changes = Changes(
            database, city, clock, timedelta(days=routing.reopen_within_days), on_move
        )

    async def open(self, new: NewCase, actor: Actor = Actor.RESIDENT) -> tuple[Seen, bool]:
        """Open a case: it, its first events, where it goes, the contact and the photos, all or nothing.

        Returns:
            The case, and whether it is new: one with the same key is returned as it stands.

        Raises:
            NotReportable, NotTheCitys, AnswerNotValid, CaseIncomplete: there is no case to open.
        """
        before = await self._database.read(lambda c: repository.by_key(c, new.key))
        if before:
            return self._seen(before, new.conversation_id), False
        entry = (await self._entries.now()).get(new.service_id)
        if entry is None:
            raise NotReportable
        now = self._clock.now()
        opened = prepare(
            new, entry, self._routing, self.changes.zone, self.changes.working, now
        )

        def change(connection: Connection) -> tuple[Case, bool]:
            is_new = self._add(connection, new, opened, actor, now)
            case = repository.by_key(connection, new.key)
            assert case is not None  # noqa: S101 (added above, or before)
            if is_new:
                for also in self._on_open:
                    also(connection, case)
            return case, is_new

        case, is_new = await self._database.write(change)
        return self._seen(case, new.conversation_id), is_new

    def _add(
        self, connection: Connection, new: NewCase, opened: Opened, actor: Actor, now: datetime
    ) -> bool:
        if not repository.add_case(connection, **opened.values):
            return False
        case_id = opened.values["id"]
        search.add_words(
            connection,
            case_id,
            now,
            opened.values["service_name"],
            new.description,
            opened.values["address"] or "",
        )
        self._attach(connection, new.photos, case_id, new.conversation_id)
        if new.contact:
            _keep_contact(connection, case_id, None, new.contact, now)
        repository.add_events(
            connection,
            case_id,
            [
                event_row(
                    Happened.OPENED,
                    actor,
                    now,
                    data={"channel": new.channel, "photos": new.photos},
                ),
                event_row(
                    Happened.ROUTED,
                    Actor.SYSTEM,
                    now,
                    audience=Audience.STAFF,
                    data=opened.decision.as_data(),
                ),
            ],
        )
        return True

    async def find(self, reference: str, conversation_id: str | None = None) -> Seen:
        """Return the case with a reference, however it is written.

        Raises:
            CaseUnknown: there is none.
        """

        def question(connection: Connection) -> tuple[Case, bool]:
            case = repository.by_reference(connection, known(reference))
            if case is None:
                raise CaseUnknown
            return case, bool(repository.joined_by(connection, [case], conversation_id))

        case, has_joined = await self._database.read(question)
        return self._seen(case, conversation_id, has_joined)

    async def of_conversation(self, conversation_id: str) -> list[Seen]:
        """Return the cases that were opened or joined in a conversation, the newest first."""
        found = await self._database.read(
            lambda c: repository.of_conversation(c, conversation_id)
        )
        return [self._seen(case, conversation_id, has_joined=True) for case in found]

    async def near(
        self, service_id: str, latitude: float, longitude: float, within: float
    ) -> list[Near]:
        """Return the open cases of a service within so many metres of a point, the nearest first."""
        return await self._database.read(
            lambda c: repository.near(c, service_id, latitude, longitude, within, MOST_NEAR)
        )

    async def thread(self, reference: str, audiences: Sequence[Audience]) -> list[Event]:
        """Return what happened to a case, in order, as far as these may read it.

        Raises:
            CaseUnknown: there is none with this reference.
        """

        def question(connection: Connection) -> list[Event]:
            case = repository.by_reference(connection, known(reference))
            if case is None:
                raise CaseUnknown
            return repository.thread(connection, case, audiences)

        return await self._database.read(question)

    async def follow(self, reference: str, new: NewFollower) -> Seen:
        """Add somebody who has the same matter; whoever reported or joined it already is not counted twice.

        Raises:
            CaseUnknown: there is no such case.
            MoveNotAllowed: it is not open any more.
        """

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            is_in = case.conversation_id == new.conversation_id or repository.joined_by(
                connection, [case], new.conversation_id
            )
            if is_in:
                return None
            if not case.status.is_open:
                raise MoveNotAllowed("This report is finished. Please make a new one.")
            follower = repository.add_follower(connection, case, new.conversation_id, now)
            if new.contact:
                _keep_contact(connection, case.id, follower, new.contact, now)
            event = event_row(
                Happened.JOINED, Actor.RESIDENT, now, key=new.key, audience=Audience.STAFF
            )
            repository.add_events(connection, case.id, [event])
            return Happened.JOINED, Actor.RESIDENT

        return await self._change(reference, new.key, new.conversation_id, change)

    async def add(self, reference: str, new: NewInformation) -> Seen:
        """Add what a resident tells later; if the City waits for it, the work goes on.

        Raises:
            CaseUnknown: there is no such case.
            MoveNotAllowed: it is not open any more.
            AnswerNotValid: a photo is not one of this conversation's.
        """

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            if not case.status.is_open:
                raise MoveNotAllowed(
                    "This report is finished, so nothing can be added. If it is not fixed, say so, or make a new one."
                )
            self._attach(connection, new.photos, case.id, new.conversation_id)
            values: dict[str, Any] = {"updated_at": now}
            kind: Move | Happened = Happened.ADDED
            if case.status is Status.WAITING:
                kind = Move.ANSWER
                values |= {"status": Status.IN_PROGRESS.value, "asked": None}
            repository.set_case(connection, case, **values)
            search.add_words(connection, case.id, case.opened_at, new.text or "")
            event = event_row(
                kind,
                Actor.RESIDENT,
                now,
                key=new.key,
                text=new.text,
                data={"photos": new.photos},
            )
            repository.add_events(connection, case.id, [event])
            return kind, Actor.RESIDENT

        return await self._change(reference, new.key, new.conversation_id, change)

    async def move(self, reference: str, step: Step) -> Seen:
        """Move a case as the workflow's table allows.

        Raises:
            CaseUnknown: there is no such case.
            MoveNotAllowed: not now, not by this one, or not without what the move needs.
        """

        return await self._change(
            reference,
            step.key,
            step.conversation_id,
            lambda connection, case, now: self.changes.move(connection, case, step, now),
        )

    async def close_old(self) -> int:
        """Close for good the resolved cases that nobody may reopen any more; return how many there were.

        Raises:
            DatabaseUnavailable: it has to be tried again.
        """
        closed = 0
        while True:
            before = self._clock.now() - self.changes.reopen_within
            found = await self._database.read(
                lambda c, before=before: repository.resolved_before(c, before, CLOSED_AT_ONCE)  # type: ignore[misc]
            )
            for reference in found:
                step = Step(Move.CLOSE, Actor.SYSTEM, key=f"close:{before:%Y%m%d%H%M%S%f}")
                # Reopened, or closed by another process, in between.
                with suppress(MoveNotAllowed):
                    await self.move(reference, step)
                    closed += 1
            if len(found) < CLOSED_AT_ONCE:
                return closed

    async def _change(
        self, reference: str, key: str, conversation_id: str | None, change: Change
    ) -> Seen:
        case, has_joined = await self.changes.make(reference, key, change, conversation_id)
        return self._seen(case, conversation_id, has_joined)

    def _attach(
        self,
        connection: Connection,
        ids: Sequence[str],
        case_id: str,
        conversation_id: str | None,
    ) -> None:
        found = media.photos(connection, ids)
        is_theirs = all(
            p.conversation_id == conversation_id and p.case_id in (None, case_id) for p in found
        )
        if len(found) != len(set(ids)) or not is_theirs:
            raise AnswerNotValid(
                "photos", "These are not photos of this conversation, or of another report."
            )
        media.attach(connection, ids, case_id)

    def asking(self, conversation_id: str | None = None, *, has_joined: bool = False) -> Asking:
        """Return who asks, and when: now."""
        return Asking(
            self._clock.now(),
            self.changes.zone,
            self.changes.reopen_within,
            conversation_id,
            has_joined,
        )

    def _seen(self, case: Case, conversation_id: str | None, has_joined: bool = False) -> Seen:
        return Seen(case, self.asking(conversation_id, has_joined=has_joined))


def _keep_contact(
    connection: Connection,
    case_id: str,
    follower_id: str | None,
    contact: Contact,
    now: datetime,
) -> None:
    repository.add_contact(connection, case_id, follower_id, now, **contact.model_dump())
