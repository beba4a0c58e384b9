"""What staff do with a case: move it, note something, give it to somebody, to another queue, join it to another one.

Each is one transaction with its entry in the audit trail. A case of a queue that a member may not see is not there for them.
Who acts says how they saw the case (`By.version`): what somebody else did in between is not overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from triage.cases import duplicates, labels, repository, search
from triage.cases.case import Audience, Case, Happened
from triage.cases.changes import Changes, Done, Step, event_row, known
from triage.cases.errors import CaseChanged, CaseUnknown, MoveNotAllowed
from triage.cases.workflow import Actor, Move
from triage.kit.db import Database
from triage.routing.pack import Routing
from triage.routing.rules import Queue
from triage.staff import repository as staff
from triage.staff.audit import record
from triage.staff.roles import Member, Right


@dataclass(frozen=True)
class By:
    """Who of the staff does something, and how they saw the case."""

    member: Member
    key: str  # the same again does nothing twice
    version: int | None  # of the case on their page; None: it does not matter


_Change = Callable[[Connection, Case, datetime], Done]


class Desk:
    """The cases of one city's line as staff work on them."""

    def __init__(self, database: Database, changes: Changes, routing: Routing) -> None:
        self._database = database
        self._changes = changes
        self._routing = routing

    async def move(
        self,
        reference: str,
        by: By,
        move: Move,
        text: str | None = None,
        outcome: str | None = None,
    ) -> Case:
        """Move a case as the workflow's table allows; whoever starts a case that is nobody's has it.

        Raises:
            CaseUnknown, CaseChanged: it is not there for them, or not as they saw it.
            MoveNotAllowed: not now, or not without what the move needs.
        """
        step = Step(move, Actor.STAFF, by.key, text, outcome, member_id=by.member.id)

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            done = self._changes.move(connection, case, step, now)
            if move is Move.START and case.assigned_to is None:
                self._assign(connection, case, by, by.member.id, now)
            return done

        return await self._do(reference, by, move.value, change)

    async def note(self, reference: str, by: By, text: str) -> Case:
        """Write down something for staff.

        Raises:
            CaseUnknown: it is not there for them.
        """

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            event = event_row(
                Happened.NOTED,
                Actor.STAFF,
                now,
                key=by.key,
                audience=Audience.STAFF,
                member_id=by.member.id,
                text=text,
            )
            repository.add_events(connection, case.id, [event])
            search.add_words(connection, case.id, case.opened_at, text)
            return Happened.NOTED, Actor.STAFF

        return await self._do(reference, by, "note", change)

    async def assign(self, reference: str, by: By, to: str | None) -> Case:
        """Make a member responsible for a case; None: nobody.

        Raises:
            CaseUnknown, CaseChanged: it is not there for them, or not as they saw it.
            MoveNotAllowed: the case is finished, or the one named does not work in its queue.
        """

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            _must_be_open(case)
            if to == case.assigned_to:
                return None
            if to and not _works_in(connection, to, case.queue):
                raise MoveNotAllowed("This person does not work in the queue of this case.")
            self._assign(connection, case, by, to, now, key=by.key)
            return Happened.ASSIGNED, Actor.STAFF

        return await self._do(reference, by, "assign", change, to=to)

    async def reroute(self, reference: str, by: By, queue_id: str) -> Case:
        """Move a case to another queue, where nobody has it yet; keep as a label that it did not belong where it was.

        Residents see which division has their report: if that changes, the thread says so to them too.

        Raises:
            CaseUnknown, CaseChanged: it is not there for them, or not as they saw it.
            MoveNotAllowed: the case is finished, is there already, or there is no such queue.
        """

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            _must_be_open(case)
            queue = self._routing.queues.get(queue_id)
            if queue is None or queue_id == case.queue:
                raise MoveNotAllowed("Choose another queue, one of those in the list.")
            return self._reroute(connection, case, by, queue, now)

        return await self._do(reference, by, "reroute", change, to=queue_id)

    async def join(self, reference: str, by: By, into: str, text: str) -> Case:
        """Close a case as a duplicate of another one, which all its people follow from now on.

        Args:
            into: the other one's reference.
            text: what its residents are told.

        Raises:
            CaseUnknown, CaseChanged: it is not there for them, or not as they saw it.
            MoveNotAllowed: the other one is not there for them, not open, or the same one.
        """
        try:
            target = known(into)
        except CaseUnknown as fault:
            raise MoveNotAllowed(f"{into} is no reference. Check it for a slip.") from fault

        def hold_both(connection: Connection) -> None:
            # In one order, whoever joins which to which: two who do it crosswise do not wait for each other.
            for one in sorted({known(reference), target}):
                repository.hold(connection, one)

        def change(connection: Connection, case: Case, now: datetime) -> Done:
            other = repository.hold(connection, target)
            if other is None or not by.member.sees(other.queue):
                raise MoveNotAllowed(f"There is no case {target} in your queues.")
            if other.id == case.id:
                raise MoveNotAllowed("A case cannot be joined to itself.")
            if not other.status.is_open:
                raise MoveNotAllowed(f"{target} is finished. Join an open case.")

            def take_over(connection: Connection, held: Case, now: datetime) -> Done:
                moved = duplicates.take_over(connection, case, held, now)
                event = event_row(
                    Happened.JOINED,
                    Actor.STAFF,
                    now,
                    key=by.key,
                    audience=Audience.STAFF,
                    member_id=by.member.id,
                    data={"duplicate": case.reference, "people": moved},
                )
                repository.add_events(connection, held.id, [event])
                return Happened.JOINED, Actor.STAFF

            self._changes.make_within(connection, target, by.key, take_over, now)
            step = Step(
                Move.RESOLVE, Actor.STAFF, by.key, text, duplicates.OUTCOME, None, by.member.id
            )
            done = self._changes.move(connection, case, step, now)
            repository.set_case(connection, case, duplicate_of=other.id)
            return done

        return await self._do(reference, by, "join", change, before=hold_both, to=target)

    def _reroute(
        self, connection: Connection, case: Case, by: By, queue: Queue, now: datetime
    ) -> Done:
        decision = repository.decision(connection, case)
        repository.set_case(
            connection, case, queue=queue.id, division=queue.division, assigned_to=None
        )
        rerouted = event_row(
            Happened.REROUTED,
            Actor.STAFF,
            now,
            key=by.key,
            audience=Audience.STAFF,
            member_id=by.member.id,
            data={
                "from_queue": case.queue,
                "to_queue": queue.id,
                "rule": decision.get("rule"),
                "inputs": decision.get("inputs", {}),
            },
        )
        seq = repository.add_events(connection, case.id, [rerouted])
        labels.add(connection, case, seq, queue.id, decision, by.member.id, now)
        if queue.division != case.division:
            repository.set_case(connection, case, updated_at=now)
            passed_on = event_row(
                Happened.PASSED_ON,
                Actor.STAFF,
                now,
                member_id=by.member.id,
                data={"division": queue.division, "was": case.division},
            )
            repository.add_events(connection, case.id, [passed_on])
        return Happened.REROUTED, Actor.STAFF

    @staticmethod
    def _assign(
        connection: Connection,
        case: Case,
        by: By,
        to: str | None,
        now: datetime,
        key: str | None = None,
    ) -> None:
        repository.set_case(connection, case, assigned_to=to)
        event = event_row(
            Happened.ASSIGNED,
            Actor.STAFF,
            now,
            key=key,
            audience=Audience.STAFF,
            member_id=by.member.id,
            data={"member": to},
        )
        repository.add_events(connection, case.id, [event])

    async def _do(
        self,
        reference: str,
        by: By,
        verb: str,
        change: _Change,
        *,
        before: Callable[[Connection], None] | None = None,
        **details: str | None,
    ) -> Case:
        now = self._changes.clock.now()

        def transaction(connection: Connection) -> Case:
            done: list[Case] = []

            def checked(connection: Connection, case: Case, now: datetime) -> Done:
                if not by.member.sees(case.queue):
                    raise CaseUnknown
                if by.version is not None and repository.has_changed(
                    connection, case, by.version
                ):
                    raise CaseChanged
                done.append(case)
                return change(connection, case, now)

            if before:
                before(connection)
            case = self._changes.make_within(connection, reference, by.key, checked, now)
            if done:
                # Last: whoever records holds up everybody else who does.
                record(
                    connection, by.member, f"case.{verb}", case.reference, now=now, **details
                )
            return case

        return await self._database.write(transaction)


def _must_be_open(case: Case) -> None:
    if not case.status.is_open:
        raise MoveNotAllowed("This case is finished. Reopen it first.")


def _works_in(connection: Connection, member_id: str, queue: str) -> bool:
    account = staff.account_of(connection, member_id)
    return (
        account is not None
        and account.disabled_at is None
        and account.member.may(Right.WORK_CASES)
        and account.member.sees(queue)
    )
