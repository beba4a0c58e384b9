"""One thing done with a draft: whether it may be done now, by this member, on the draft as they saw it; then written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.packs import City
from triage.editing import repository
from triage.editing.draft import NEXT, Deed, Draft, may
from triage.editing.errors import DraftMoved, DraftUnknown, NotNow, NotValid
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.staff.audit import record
from triage.staff.roles import Member

LONGEST_REASON = 500
_MOVED = "This draft was changed in the meantime, perhaps by you in another window. Look at it again before you go on."

Change = Callable[[Connection, Draft, datetime], Draft]


class Doing:
    """Does things with the drafts of one city's entries, each in one transaction with its entry in the audit trail."""

    def __init__(self, database: Database, city: City, clock: Clock) -> None:
        self.database = database
        self.city = city
        self.clock = clock
        self.zone = ZoneInfo(city.timezone)

    def today(self) -> date:
        """Return the day in the city."""
        return self.clock.now().astimezone(self.zone).date()

    def wants_second(self, connection: Connection, draft: Draft) -> bool:
        """Say whether the pack wants a second person, for what the entry is or for what it would become."""
        rules = self.city.editing
        if draft.content is not None and rules.wants_second(draft.content):
            return True
        before = store.state_in(connection, draft.city, draft.entry_id, draft.base_revision)
        return bool(before and before.entry and rules.wants_second(before.entry))

    async def do(
        self, member: Member, draft_id: str, version: int, deed: Deed, change: Change
    ) -> Draft:
        """Do something with a draft.

        Raises:
            DraftUnknown, DraftMoved: it is not there, or not as the member saw it.
            NotNow: it does not stand so that this could be done, or another person has to do it.
        """
        now = self.clock.now()

        def transaction(connection: Connection) -> Draft:
            draft = repository.hold(connection, draft_id)
            if draft is None or draft.city != self.city.id:
                raise DraftUnknown
            if draft.version != version:
                raise DraftMoved(_MOVED)
            second = self.wants_second(connection, draft)
            if not may(draft, deed, member.id, wants_second=second):
                raise NotNow(_not_now(draft, deed, member, second))
            done = change(connection, draft, now)
            if done.version == draft.version:
                return done
            details: dict[str, int | str] = {"draft": draft.id, "version": done.version}
            if done.published_revision:
                details["revision"] = done.published_revision
            record(
                connection, member, f"entry.{deed.value}", draft.entry_id, now=now, **details
            )
            return done

        return await self.database.write(transaction)

    async def move(
        self, member: Member, draft_id: str, version: int, deed: Deed, **values: Any
    ) -> Draft:
        """Do what only changes how a draft stands, and some values of it."""

        def change(connection: Connection, draft: Draft, now: datetime) -> Draft:
            stands = NEXT[draft.stands, deed]
            closed_at = None if stands.is_open else now
            return repository.change(
                connection, draft, stands=stands, closed_at=closed_at, **values
            )

        return await self.do(member, draft_id, version, deed, change)


def required(field: str, text: str, if_empty: str) -> str:
    """Return a line that had to be written.

    Raises:
        NotValid: it was not, or is too long.
    """
    text = " ".join(text.split())
    if not text:
        raise NotValid(field, if_empty)
    if len(text) > LONGEST_REASON:
        raise NotValid(field, f"This is too long by {len(text) - LONGEST_REASON} characters.")
    return text


def _not_now(draft: Draft, deed: Deed, member: Member, wants_second: bool) -> str:
    """Say why something cannot be done with a draft."""
    if not draft.stands.is_open:
        return f"This draft is {draft.stands.value} already."
    if deed is Deed.APPROVE and member.id == draft.author_id:
        return "Nobody approves their own draft. Ask a colleague."
    if deed in (Deed.SAVE, Deed.DROP) and member.id != draft.author_id:
        return f"Only {draft.author_name} writes in this draft. Begin one of your own."
    if deed in (Deed.PUBLISH, Deed.SCHEDULE) and wants_second:
        return "A second person has to approve this entry's changes before they go out."
    return "This cannot be done with the draft as it stands now."
