"""Drafts go out: now, at a time, for a while. Those whose time has come are published by whichever process looks first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from triage.editing import repository
from triage.editing.doing import Doing, required
from triage.editing.draft import NEXT, Deed, Draft, Stands
from triage.editing.errors import NotValid
from triage.editing.going_live import end, go_live, ready
from triage.errors import TriageError
from triage.staff.audit import THE_LINE, record
from triage.staff.roles import Member

PUBLISH_EVERY_SECONDS = 1.0
_WHY = "Write why: the history keeps it."


class Publishing:
    """Makes drafts what residents are told."""

    def __init__(self, doing: Doing) -> None:
        self._doing = doing

    @property
    def _dangers(self) -> Collection[str]:
        return self._doing.city.safety

    async def publish(
        self,
        member: Member,
        draft_id: str,
        version: int,
        reason: str,
        *,
        ends_at: datetime | None = None,
    ) -> Draft:
        """Make a draft what residents are told, now; until `ends_at`, if that is given.

        Raises:
            EntryChanged, HasFaults, NotValid: it cannot go out so; nothing has changed.
        """
        said = required("reason", reason, _WHY)
        self._check_times(None, ends_at)

        def change(connection: Connection, draft: Draft, now: datetime) -> Draft:
            goes = ready(connection, draft, self._dangers)
            timed = repository.change(connection, draft, ends_at=ends_at)
            return go_live(connection, timed, goes, by=member.name, reason=said, now=now)

        return await self._doing.do(member, draft_id, version, Deed.PUBLISH, change)

    async def schedule(
        self,
        member: Member,
        draft_id: str,
        version: int,
        reason: str,
        publish_at: datetime,
        *,
        ends_at: datetime | None = None,
    ) -> Draft:
        """Have a draft go out by itself at a time.

        Raises:
            EntryChanged, HasFaults, NotValid: it could not go out so even now; nothing has changed.
        """
        said = required("reason", reason, _WHY)
        self._check_times(publish_at, ends_at)

        def change(connection: Connection, draft: Draft, now: datetime) -> Draft:
            ready(connection, draft, self._dangers)
            return repository.change(
                connection,
                draft,
                stands=Stands.SCHEDULED,
                reason=said,
                decided_by=member.name,
                publish_at=publish_at,
                ends_at=ends_at,
            )

        return await self._doing.do(member, draft_id, version, Deed.SCHEDULE, change)

    async def take_back(self, member: Member, draft_id: str, version: int) -> Draft:
        """Have a draft that was to go out at a time stay a draft."""
        return await self._doing.move(
            member, draft_id, version, Deed.TAKE_BACK, publish_at=None, ends_at=None
        )

    async def publish_due(self) -> int:
        """Publish, and end, whatever should have been by now; return how many. Any number of processes may do it."""
        doing, now = self._doing, self._doing.clock.now()
        waiting = await doing.database.read(lambda c: repository.due(c, doing.city.id, now))
        done = 0
        for _, draft_id in waiting:
            done += await doing.database.write(partial(self._do_due, draft_id, now))
        return done

    def _do_due(self, draft_id: str, now: datetime, connection: Connection) -> bool:
        draft = repository.hold(connection, draft_id)
        # Looked at again, now that nobody else can do it.
        if draft is None:
            return False
        if draft.stands is Stands.SCHEDULED and draft.publish_at and draft.publish_at <= now:
            self._publish_due(connection, draft, now)
            return True
        is_published = draft.stands is Stands.PUBLISHED and draft.ended_at is None
        if is_published and draft.ends_at and draft.ends_at <= now:
            ended, is_back = end(connection, draft, now=now)
            verb = "end" if is_back else "not_ended"
            record(
                connection, THE_LINE, f"entry.{verb}", ended.entry_id, now=now, draft=ended.id
            )
            return True
        return False

    def _publish_due(self, connection: Connection, draft: Draft, now: datetime) -> None:
        by = draft.decided_by or draft.author_name
        try:
            goes = ready(connection, draft, self._dangers)
        except TriageError as why:
            note = f"It was to go out and could not. {why.words}"
            repository.change(
                connection,
                draft,
                stands=NEXT[draft.stands, Deed.HOLD_UP],
                note=note,
                note_by="",
                publish_at=None,
            )
            record(
                connection, THE_LINE, "entry.hold_up", draft.entry_id, now=now, draft=draft.id
            )
            return
        done = go_live(connection, draft, goes, by=by, reason=draft.reason, now=now)
        revision = done.published_revision
        record(
            connection,
            THE_LINE,
            "entry.publish",
            draft.entry_id,
            now=now,
            draft=draft.id,
            revision=revision,
        )

    def _check_times(self, publish_at: datetime | None, ends_at: datetime | None) -> None:
        now = self._doing.clock.now()
        if publish_at and publish_at <= now:
            raise NotValid("publish_at", "Choose a time that is still to come.")
        if ends_at and ends_at <= (publish_at or now):
            raise NotValid("ends_at", "It must end after it begins.")
